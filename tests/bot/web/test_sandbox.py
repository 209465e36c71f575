"""The sandbox as a newcomer meets it, in a real browser; and as a stranger's page meets it."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import Served, chromium, knock, ours

WIDTHS = (360, 768, 1280)
QUESTION = "which priority does One login support?"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(tmp_path_factory.mktemp("sandbox"))
    yield server
    assert server.stop() == 0, server.log()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(8000)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    outside: list[str] = []
    host = urlsplit(served.address).netloc
    page.on(
        "request",
        lambda asked: outside.append(asked.url) if urlsplit(asked.url).netloc != host else None,
    )
    page.goto(served.address)
    expect(page.locator(".pane.business .card").first).to_be_visible()
    yield page
    context.close()
    assert not outside, "the page asked somebody else"
    assert not troubles, troubles


def ask(page: Page, pane: str, text: str) -> None:
    field = page.locator(f"#text-{pane}")
    field.fill(text)
    field.press("Escape")
    field.press("Enter")


def last_card(page: Page, pane: str) -> str:
    return page.locator(f".pane.{pane} .card").last.inner_text()


def test_a_newcomer_presses_the_example_and_sees_the_whole_line(page: Page) -> None:
    page.locator(".pane.business button.main").last.click()
    steps = page.locator(".pane.business .card").last.locator(".step .what")
    expect(steps).to_have_text(["project", "ability", "priority", "number"])
    assert "only you can see this" in page.locator(".pane.business .line").last.inner_text()


def test_both_sides_get_the_same_answer(page: Page) -> None:
    for pane in ("business", "it"):
        ask(page, pane, QUESTION)
        expect(page.locator(f".pane.{pane} .card").last.locator("h3")).to_have_text("One login")
    assert last_card(page, "business") == last_card(page, "it")


def test_the_keyboard_alone_completes_a_question(page: Page) -> None:
    field = page.locator("#text-it")
    field.focus()
    page.keyboard.type("who owns crm c")
    option = page.locator("#list-it [role=option]").first
    expect(option).to_have_text("who owns CRM connector?")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "list-it-0")
    page.keyboard.press("Enter")
    expect(page.locator(".pane.it .card").last.locator("h3")).to_have_text("CRM connector")
    expect(page.locator(".pane.it .card .person").last).to_have_text("Marta Zielińska")


def test_what_somebody_types_is_never_obeyed(page: Page) -> None:
    evil = '<img src=x onerror="document.title=1"> **bold** <!channel> {{ 7 * 7 }}'
    ask(page, "business", evil)
    expect(page.locator(".pane.business .typed").last).to_have_text(evil)
    title = page.locator(".pane.business .card h3").last
    expect(title).to_contain_text('<img src=x onerror="document.title=1"> **bold**')
    assert page.locator(".lines img, .lines h3 strong").count() == 0


def test_an_unknown_project_is_said_to_be_unknown_and_the_nearest_can_be_pressed(
    page: Page,
) -> None:
    ask(page, "business", "which priority does the Pharos archive portal support?")
    card = page.locator(".pane.business .card").last
    expect(card.locator("h3")).to_contain_text("I don't know a project called")
    card.get_by_role("button", name="Pharos", exact=True).click()
    expect(page.locator(".pane.business .card").last.locator("h3")).to_have_text("Pharos")


def test_one_can_be_somebody_else_and_sees_only_their_own(page: Page) -> None:
    ask(page, "business", QUESTION)
    expect(page.locator(".pane.business .typed").last).to_have_text(QUESTION)
    page.locator(".pane.business select").select_option(label="Omar Haddad · Business")
    expect(page.locator(".pane.business .card h3").last).to_contain_text("Omar, this is")
    assert QUESTION not in page.locator(".pane.business .lines").inner_text()
    page.reload()
    expect(page.locator(".pane.business select")).to_have_value("omar@harnisfeld.example")


def test_another_window_of_the_same_person_follows(browser: Browser, page: Page) -> None:
    second = page.context.new_page()
    second.goto(page.url)
    expect(second.locator(".pane.it .card").first).to_be_visible()
    ask(page, "it", "what's late")
    expect(second.locator(".pane.it .card").last.locator("h3")).to_contain_text("late")
    expect(page.locator(".pane.it .card").last.locator("h3")).to_contain_text("late")
    shown = second.locator(".pane.it .line").count()
    expect(page.locator(".pane.it .line")).to_have_count(shown)


def test_the_conversation_survives_a_restart(browser: Browser, tmp_path: Path) -> None:
    server = Served(tmp_path)
    page = browser.new_page()
    page.goto(server.address)
    expect(page.locator(".pane.it .card").first).to_be_visible()
    ask(page, "it", QUESTION)
    expect(page.locator(".pane.it .card").last.locator("h3")).to_have_text("One login")
    before = page.locator(".pane.it .lines").inner_text()
    page.close()
    assert server.stop() == 0
    server.start()
    page = browser.new_page()
    page.goto(server.address)
    expect(page.locator(".pane.it .card").last.locator("h3")).to_have_text("One login")
    assert page.locator(".pane.it .lines").inner_text() == before
    page.close()
    server.stop()


def test_a_question_left_open_does_not_stop_the_page_when_it_is_loaded_again(page: Page) -> None:
    ask(page, "business", "what is Zorblax for")
    page.locator(".pane.business").get_by_role("button", name="I know: it is…").last.click()
    expect(page.locator(".pane.business form.fill").last).to_be_visible()
    page.reload()
    ask(page, "business", QUESTION)
    expect(page.locator(".pane.business .card h3").last).to_have_text("One login")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_clipped_and_everybody_can_use_it(
    browser: Browser, served: Served, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(served.address)
    expect(page.locator(".pane.chosen .card").first).to_be_visible()
    for text in (QUESTION, "what are our priorities", "what do we spend", "what's late", "help"):
        count = page.locator(".pane.business .card").count()
        ask(page, "business", text)
        expect(page.locator(".pane.business .card")).to_have_count(count + 1)
    page.locator("#text-business").fill("which priority does")
    expect(page.locator("#list-business")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = page.evaluate(
        "[...document.querySelectorAll('.chosen .lines *')]"
        ".filter(one => !one.closest('svg, .scroll'))"
        ".filter(one => one.getBoundingClientRect().right > innerWidth)"
        ".map(one => one.className)"
    )
    assert not wide
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert not serious, json.dumps([(one["id"], one["nodes"][0]["html"]) for one in serious])
    context.close()


# Strangers


GOOD = json.dumps({"pane": "it", "as": "lee@harnisfeld.example", "text": "help"})


def test_our_own_page_may_say_something(served: Served) -> None:
    assert knock(served, "POST", "/sandbox/say", ours(served), GOOD)[0] == 200


@pytest.mark.parametrize(
    "change",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"X-Throughline-Token": "guessed"},
        {"X-Throughline-Token": ""},
        {"Host": "evil.example"},
        {"X-Forwarded-For": "203.0.113.7"},
        {"Forwarded": "for=203.0.113.7"},
    ],
)
def test_a_page_of_somebody_else_may_not(served: Served, change: dict[str, str]) -> None:
    status, said = knock(served, "POST", "/sandbox/say", {**ours(served), **change}, GOOD)
    assert status == 403
    assert said.endswith(".")


def test_a_form_of_somebody_else_may_not(served: Served) -> None:
    headers = {**ours(served), "Content-Type": "text/plain"}
    assert knock(served, "POST", "/sandbox/say", headers, GOOD)[0] == 415


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '{"pane": "other"}',
        '{"pane": ["it"]}',
        "\x00",
        '{"pane": "it", "text": 7}',
    ],
)
def test_junk_gets_a_sentence_and_never_a_traceback(served: Served, body: str) -> None:
    status, said = knock(served, "POST", "/sandbox/say", ours(served), body)
    assert status in (200, 400)
    assert "Traceback" not in said


@pytest.mark.parametrize("line", ["0", "-1", "99999", "x", None, 1.5])
def test_a_button_that_is_not_there_cannot_be_pressed(served: Served, line: object) -> None:
    body = json.dumps({"pane": "it", "as": "lee@harnisfeld.example", "line": line, "button": 0})
    assert knock(served, "POST", "/sandbox/press", ours(served), body)[0] == 404


def test_what_is_too_long_is_refused_with_a_sentence(served: Served) -> None:
    body = json.dumps({"pane": "it", "as": "", "text": "x" * 5000})
    status, said = knock(served, "POST", "/sandbox/say", ours(served), body)
    assert status == 413
    assert said == "That is longer than 4,000 characters."
    assert knock(served, "POST", "/sandbox/say", ours(served), "x" * 300_000)[0] == 413


def test_the_process_says_that_it_is_alive(served: Served) -> None:
    assert knock(served, "GET", "/healthz", {"Host": "probe"}) == (200, "ok\n")


def test_the_page_may_run_and_load_only_what_is_ours(served: Served) -> None:
    where = urlsplit(served.address)
    assert where.hostname
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=5)
    connection.request("GET", "/")
    policy = connection.getresponse().headers["Content-Security-Policy"]
    connection.close()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
