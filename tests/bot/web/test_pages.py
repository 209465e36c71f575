"""The pages in a real browser: signed in by a link, in any width, by day and by night."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from storage.database import Database
from tests.browser import chromium
from tests.clock import Clock
from tests.scene import of_the_company
from tests.visiting import Site, site

WIDTHS = (360, 768, 1280)
SHOWN = ("/record", "/record?head=record+1+deadbeef", "/decisions", "/decisions/1", "/decisions/9",
         "/import")  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def acme(sqlite: Database, clock: Clock) -> Iterator[Site]:
    chat = of_the_company(sqlite, clock)
    chat.types("dana", 'decide "Buy <b>the</b> CRM" owner @lee for "Faster onboarding" asked @ana')
    chat.types("lee", "accept D-1").types("lee", "decide " + "x" * 180 + " @lee")
    with site(chat) as found:
        yield found


def signed_in(page: Page, acme: Site, who: str, typed: str) -> None:
    page.goto(acme.address + acme.link(who, typed))
    page.get_by_role("button", name="Go on as").click()


def test_a_link_is_opened_pressed_read_compared_and_left_by_keyboard(
    browser: Browser, acme: Site
) -> None:
    page = browser.new_page()
    page.goto(acme.address + acme.link("lee", "record"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Open Acme Lifts in this browser")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The record")).to_be_visible()
    short = page.locator("dd").first.inner_text()
    page.get_by_label("A head that you kept").fill(short)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(f"It goes on from {short}")
    page.get_by_role("link", name="The decisions, each to be printed").click()
    page.get_by_role("link", name="D-1 Buy <b>the</b> CRM").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("D-1 Buy <b>the</b> CRM")
    expect(page.locator("main")).to_contain_text("Unchanged since")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    page.goto(f"{acme.address}/record")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not signed in here")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_everybody_can_read_the_pages(
    browser: Browser, acme: Site, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    signed_in(page, acme, "lee", "record")
    for path in SHOWN:
        page.goto(acme.address + path)
        expect(page.locator("main h2:visible")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        found = Axe().run(page).response["violations"]
        assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")], path
    assert not troubles
    context.close()


def test_on_paper_there_is_the_decision_and_no_button(browser: Browser, acme: Site) -> None:
    page = browser.new_page(color_scheme="dark")
    signed_in(page, acme, "lee", "record D-1")
    expect(page.get_by_role("heading", level=2)).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.get_by_role("link", name="The record")).to_be_hidden()
    expect(page.get_by_role("heading", level=2)).to_be_visible()
    ground = "getComputedStyle(document.querySelector('main')).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.close()
