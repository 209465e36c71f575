"""Two processes over one database: what is said through one stands in the pages of the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import Served, chromium

PANES = ("business", "it")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def pages(browser: Browser, empty_address: str, tmp_path: Path) -> Iterator[tuple[Page, Page]]:
    """A page of each of two servers, marked, so that a reload would show."""
    servers, opened = [], []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        servers.append(Served(tmp_path / name, DATABASE_URL=empty_address))
    for server in servers:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(server.address)
        for pane in PANES:
            expect(page.locator(f".pane.{pane} .card").first).to_be_visible(timeout=15_000)
        page.evaluate("window.isStillHere = true")
        opened.append(page)
    yield opened[0], opened[1]
    for page in opened:
        assert page.evaluate("window.isStillHere"), "it was loaded again"
        page.close()
    assert [server.stop() for server in servers] == [0, 0]


def says(page: Page, pane: str, text: str) -> None:
    field = page.locator(f"#text-{pane}")
    field.fill(text)
    field.press("Escape")
    field.press("Enter")


def everywhere(pages: tuple[Page, Page]) -> list[Locator]:
    """The decision's card, in both panes of both pages."""
    return [
        page.locator(f".pane.{pane} .line", has_text="D-1 ").filter(has_text="Buy the CRM")
        for page in pages
        for pane in PANES
    ]


def test_a_decision_stands_in_four_panes_and_changes_in_place(pages: tuple[Page, Page]) -> None:
    one, other = pages
    says(one, "business", "decide buy the CRM @lee fri")
    cards = [card.filter(has_not_text="only you can see this") for card in everywhere(pages)]
    for card in cards:
        expect(card).to_have_count(1, timeout=20_000)
        expect(card).to_contain_text("no answer yet")
    numbers = [card.get_attribute("data-id") for card in cards]
    mine = other.locator(".pane.it .line", has_text="D-1 ").last
    mine.get_by_role("button", name="I own it").click()
    for card in cards:
        expect(card).not_to_contain_text("no answer yet", timeout=20_000)
        expect(card).to_have_count(1)
    says(one, "it", "done D-1")
    for card in cards:
        expect(card).to_contain_text("Done", timeout=20_000)
    assert [card.get_attribute("data-id") for card in cards] == numbers
