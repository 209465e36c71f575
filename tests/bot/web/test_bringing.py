"""Bringing one's own list in a browser: what is seen, what comes of it, what cannot go wrong."""

import csv
import json
import re
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import Workbook
from playwright.sync_api import Browser, Page, expect

from storage import demo, initiatives
from storage.database import Database
from storage.organisations import Organisation
from tests.browser import Served, chromium, knock, ours

WIDTHS = (360, 768, 1280)
HEADERS = ("Project name", "Strategic goal", "Owner", "Budget (EUR k)", "Go-live", "RAG")
ROWS = (
    ("Tent shop online", "Sell more", "Lee Novak", "340", "2026-12-01", "Green"),
    ("Old server exit", "", "", "600", "tbc", "Amber"),
    ("=SUM(A1)", "", "dana@acme.example", "=prose", "31/12/2026", "Red"),
)
SHARED = Path(__file__).parents[4] / "shared" / "data" / "gmpp_2022.csv"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served(tmp_path)
    yield server
    assert server.stop() == 0, server.log()


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(15_000)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    outside: list[str] = []
    host = urlsplit(served.address).netloc
    page.on(
        "request",
        lambda asked: outside.append(asked.url) if urlsplit(asked.url).netloc != host else None,
    )
    page.goto(f"{served.address}/import")
    yield page
    context.close()
    assert not outside, "the page asked somebody else"
    assert not troubles, troubles


def written(
    path: Path, rows: Sequence[Sequence[str]] = ROWS, headers: Sequence[str] = HEADERS
) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *rows])
    return path


def many(path: Path, count: int) -> Path:
    rows = [(f"Project number {one}", f"Goal {one % 5}", f"Person {one % 90}", str(one), "", "")
            for one in range(count)]  # fmt: skip
    return written(path, rows)


def choose(page: Page, path: Path) -> None:
    page.set_input_files("#file", path)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def heading(page: Page, text: str) -> None:
    expect(page.locator("#shown h2")).to_have_text(text, timeout=30_000)


def names(folder: Path) -> set[str]:
    """What is on the map now, read beside the running server."""
    database = Database(f"sqlite:///{folder / 'served.db'}")
    with database.reading(1) as session:
        found = {one.name for one in initiatives.all_of_them(session)}
    database.close()
    return found


def company(folder: Path) -> str:
    database = Database(f"sqlite:///{folder / 'served.db'}")
    with database.reading(1) as session:
        organisation = session.get(Organisation, 1)
        assert organisation
    database.close()
    return organisation.name


def test_a_list_is_shown_first_then_brought_and_then_it_answers(page: Page, tmp_path: Path) -> None:
    before = names(tmp_path)
    choose(page, written(tmp_path / "ours.csv"))
    heading(page, "This is what I understood")
    expect(page.locator("#field-initiative")).to_have_value("Project name")
    expect(page.locator("#field-priority")).to_have_value("Strategic goal")
    expect(page.locator("#shown")).to_contain_text("3 rows. Nothing is changed yet.")
    expect(page.locator("#shown .sums")).to_contain_text("3 new")
    assert names(tmp_path) == before
    page.get_by_label("Keep both on the map").check()
    press(page, "Import 3 projects")
    heading(page, "I read 1 of 3 rows; 2 need you")
    expect(page.locator("#shown")).to_contain_text("2 projects name no priority: normal on day one")
    row = page.locator(".found tbody tr").first
    for cell, said in enumerate(("3", "Go-live", "tbc", "not a date", "Write one day")):
        expect(row.locator("td").nth(cell)).to_contain_text(said)
    assert names(tmp_path) == before | {name for name, *_ in ROWS}
    page.get_by_role("link", name="Which priority does").click()
    field = page.locator("#text-business")
    expect(field).to_have_value(re.compile("which priority does .* support"))
    assert "type=" not in page.url
    field.fill("which priority does tent shop online support?")
    field.press("Escape")
    field.press("Enter")
    expect(page.locator(".pane.business .card").last).to_contain_text("Supports Sell more")


def test_the_invented_company_makes_room_after_a_word_on_what_goes(
    page: Page, tmp_path: Path
) -> None:
    before = names(tmp_path)
    choose(page, written(tmp_path / "ours.csv"))
    page.get_by_label("What your company is called").fill("Acme Lifts")
    press(page, "Import 3 projects")
    sure = page.get_by_role("dialog")
    expect(sure).to_contain_text(f"What goes: {len(before)} projects and tools")
    sure.get_by_role("button", name="Go back").click()
    expect(sure).to_be_hidden()
    assert names(tmp_path) == before
    press(page, "Import 3 projects")
    press(page, "Replace it and import")
    heading(page, "I read 1 of 3 rows; 2 need you")
    expect(page.locator("#shown")).to_contain_text(f"{demo.name()} is off it")
    assert names(tmp_path) == {name for name, *_ in ROWS}
    assert company(tmp_path) == "Acme Lifts"
    page.get_by_role("navigation").get_by_role("link").click()
    expect(page.locator(".where")).to_contain_text("Acme Lifts in a sandbox")
    for pane in ("business", "it"):
        card = page.locator(f".pane.{pane} .card").last
        expect(card).to_contain_text("3 projects and tools")
        expect(card.get_by_role("link")).to_have_count(0)
    page.goto(page.url.split("?")[0] + "import")
    expect(page.locator("#shown")).to_contain_text("3 projects and tools on the map")
    choose(page, written(tmp_path / "ours.csv"))
    expect(page.locator("#shown .sums")).to_contain_text("3 as before")
    expect(page.locator("fieldset")).to_have_count(0)


def test_another_column_may_be_chosen_and_one_column_means_one_thing(
    page: Page, tmp_path: Path
) -> None:
    headers = ("Ref", "Thing", "Other thing", "Who")
    rows = [("1", "One login", "Faster onboarding", "Lee"), ("2", "CRM", "Grow revenue", "Dana")]
    choose(page, written(tmp_path / "odd.csv", rows, headers))
    expect(page.get_by_role("alert").first).to_contain_text("which column holds the names")
    page.locator("#field-initiative").select_option("Thing")
    page.get_by_text("What else a list can say").click()
    page.locator("#field-priority").select_option("Thing")
    expect(page.get_by_role("alert").first).to_contain_text("chosen for both Name and Business")
    assert page.get_by_role("button", name="Import").count() == 0
    page.locator("#field-priority").select_option("Other thing")
    expect(page.locator("#field-priority")).to_be_focused()
    page.get_by_label("Keep both on the map").check()
    press(page, "Import 2 projects")
    heading(page, "I read all 2 rows")
    assert {"One login", "CRM"} <= names(tmp_path)


def test_a_workbook_can_be_dropped_on_the_page(page: Page, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADERS, *ROWS):
        sheet.append(row)
    book.save(tmp_path / "ours.xlsx")
    content = list((tmp_path / "ours.xlsx").read_bytes())
    page.evaluate(
        """content => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(content)], "ours.xlsx"));
            document.getElementById("drop").dispatchEvent(
                new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        content,
    )
    heading(page, "This is what I understood")
    expect(page.locator("#shown")).to_contain_text("ours.xlsx has 3 rows")


BAD = {
    "empty.csv": (b"\n\n", "is empty"),
    "header.csv": (b"Project name,Owner\n", "has headers and no rows"),
    "corrupt.xlsx": (b"PK\x03\x04junk", "I could not open it"),
    "locked.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "has a password"),
    "photo.png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "is not a list I can read"),
    "quote.csv": (b'Name,Owner\nCRM,"Dana\nERP,Lee\n', "never closed"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_list_gets_a_sentence_and_changes_nothing(
    page: Page, tmp_path: Path, name: str
) -> None:
    before = names(tmp_path)
    content, said = BAD[name]
    (tmp_path / name).write_bytes(content)
    choose(page, tmp_path / name)
    heading(page, "I could not read that")
    expect(page.get_by_role("alert").first).to_contain_text(said)
    expect(page.locator("#shown")).to_contain_text("Nothing was changed.")
    page.get_by_role("link", name="Choose a file").click()
    heading(page, "Use your own list")
    assert names(tmp_path) == before


def test_a_row_without_a_name_is_named_before_anything_is_brought(
    page: Page, tmp_path: Path
) -> None:
    choose(page, written(tmp_path / "ours.csv", [*ROWS, ("", "Sell more", "Ana", "1", "", "")]))
    expect(page.get_by_role("alert").first).to_contain_text("Line 5 has no name in the column")
    assert page.get_by_role("button", name="Import").count() == 0


def test_what_is_too_large_is_not_even_sent(page: Page, tmp_path: Path, served: Served) -> None:
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(100 * 2**20)
    choose(page, tmp_path / "large.csv")
    expect(page.locator("#trouble")).to_have_text(
        "large.csv is larger than 50 MB, more than I read. "
        "Save only the sheet with the projects, as .csv, and choose that."
    )
    headers = {**sending(served), "Content-Length": str(100 * 2**20)}
    status, said = knock(served, "POST", "/import/file?name=large.csv", headers)
    assert (status, said[:31]) == (413, "large.csv is larger than 50 MB,")


def test_it_says_how_far_it_is_and_can_be_stopped_without_a_trace(
    page: Page, tmp_path: Path
) -> None:
    before = names(tmp_path)
    page.evaluate(
        """() => {
            window.said = [];
            new MutationObserver(() => said.push(document.getElementById("doing").textContent
                + ": " + document.getElementById("far").textContent))
                .observe(document.getElementById("working"),
                         { subtree: true, childList: true, characterData: true });
        }"""
    )
    choose(page, many(tmp_path / "many.csv", 6000))
    page.get_by_label("Keep both on the map").check(timeout=30_000)
    press(page, "Import 6,000 projects")
    expect(page.locator("#far")).to_contain_text("of 6,000 projects", timeout=30_000)
    press(page, "Stop")
    heading(page, "Stopped")
    assert names(tmp_path) == before
    said = page.evaluate("said")
    assert any(one.startswith("Sending the file") for one in said)
    page.get_by_role("link", name="Choose a file").click()
    choose(page, many(tmp_path / "few.csv", 30))
    page.get_by_label("Keep both on the map").check()
    press(page, "Import 30 projects")
    heading(page, "I read all 30 rows")


def test_a_crash_in_the_middle_leaves_nothing_half_done(browser: Browser, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    server = Served(other)
    before = names(other)
    tab = browser.new_page()
    tab.goto(f"{server.address}/import")
    choose(tab, many(tmp_path / "many.csv", 6000))
    expect(tab.locator("#choices")).to_be_visible(timeout=30_000)
    press(tab, "Import 6,000 projects")
    press(tab, "Replace it and import")
    expect(tab.locator("#far")).to_contain_text("of 6,000 projects", timeout=30_000)
    server.stop(signal.SIGKILL)
    expect(tab.locator("#trouble")).to_contain_text("Nothing was half done")
    assert names(other) == before
    server.start()
    tab.goto(f"{server.address}/import")
    choose(tab, many(tmp_path / "few.csv", 30))
    press(tab, "Import 30 projects")
    press(tab, "Replace it and import")
    heading(tab, "I read all 30 rows")
    assert len(names(other)) == 30
    tab.close()
    assert server.stop() == 0


def test_what_could_not_be_read_can_be_saved_and_nothing_in_it_is_a_formula(
    page: Page, tmp_path: Path
) -> None:
    odd = [("", "", "=1+1" if one % 2 else "@cmd", "soon", "") for one in range(30)]
    plain = [("", "", "100", "2026-12-01", "")] * 60
    rows = [(f"Project {place}", *rest) for place, rest in enumerate([*odd, *plain])]
    choose(page, written(tmp_path / "ours.csv", rows))
    page.get_by_text("60 cells to look at").click()
    expect(page.locator(".found tbody tr")).to_have_count(20)
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save all 60 as CSV").click()
    with open(saving.value.path(), encoding="utf-8-sig", newline="") as file:
        saved = list(csv.reader(file))
    assert saved[0] == ["Line", "Column", "It says", "Why I could not read it", "What to do"]
    assert {row[2] for row in saved[1:]} == {"soon", "'@cmd", "'=1+1"}
    assert len(saved) == 61
    assert not [cell for row in saved for cell in row if cell[:1] in ("=", "+", "-", "@")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_step_fits_and_everybody_can_use_it(
    browser: Browser, served: Served, tmp_path: Path, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(f"{served.address}/import")
    is_fit(page)
    choose(page, written(tmp_path / "ours.csv"))
    page.locator("details.found summary").click()
    is_fit(page)
    press(page, "Import 3 projects")
    expect(page.get_by_role("dialog")).to_be_visible()
    is_fit(page)
    press(page, "Replace it and import")
    heading(page, "I read 1 of 3 rows; 2 need you")
    is_fit(page)
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04")
    page.goto(f"{served.address}/import")
    choose(page, tmp_path / "bad.xlsx")
    heading(page, "I could not read that")
    is_fit(page)
    context.close()


def is_fit(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert not serious, json.dumps([(one["id"], one["nodes"][0]["html"]) for one in serious])


def test_the_keyboard_alone_brings_a_list(page: Page, tmp_path: Path) -> None:
    page.locator("#file").focus()
    page.on("filechooser", lambda _asked: None)  # from now on it is ours to answer, which takes
    expect(page.locator("#file")).to_be_focused()  # the browser a moment
    page.evaluate("0")
    with page.expect_file_chooser() as asking:
        page.keyboard.press("Enter")
    asking.value.set_files(written(tmp_path / "ours.csv"))
    expect(page.locator("#shown h2")).to_be_focused()
    page.get_by_role("button", name="Import 3 projects").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Replace it and import").focus()
    page.keyboard.press("Enter")
    heading(page, "I read 1 of 3 rows; 2 need you")
    expect(page.locator("#shown h2")).to_be_focused()


def test_a_page_that_is_loaded_again_shows_what_lies_there(page: Page, tmp_path: Path) -> None:
    choose(page, written(tmp_path / "ours.csv"))
    heading(page, "This is what I understood")
    page.reload()
    heading(page, "This is what I understood")
    press(page, "Cancel")
    heading(page, "Use your own list")


def test_the_real_portfolio_is_brought_as_it_is(page: Page, tmp_path: Path) -> None:
    if not SHARED.exists():
        pytest.skip("../shared/data/gmpp_2022.csv is not here")
    choose(page, SHARED)
    press(page, "Import 235 projects")
    press(page, "Replace it and import")
    heading(page, "I read 190 of 235 rows; 45 need you")
    assert len(names(tmp_path)) == 235


def test_a_newcomer_finds_the_way_from_the_first_screen(page: Page, served: Served) -> None:
    page.goto(served.address)
    page.locator(".pane.business .card").get_by_role("link", name="Use my own list").click()
    heading(page, "Use your own list")
    page.get_by_role("link", name="Back to the sandbox").click()
    page.get_by_role("navigation").get_by_role("link", name="Use my own list").click()
    heading(page, "Use your own list")


# Strangers


def sending(served: Served) -> dict[str, str]:
    return {**ours(served), "Content-Type": "application/octet-stream"}


def state(served: Served, method: str, path: str, body: str | bytes = "") -> dict[str, str]:
    headers = sending(served) if isinstance(body, bytes) else ours(served)
    status, said = knock(served, method, f"/import/file{path}", headers, body)
    assert status == 200, said
    found: dict[str, str] = json.loads(said)
    return found


def settled(served: Served, id: str) -> dict[str, str]:
    for _ in range(400):
        found = state(served, "GET", f"/{id}")
        if found["step"] not in ("reading", "looking", "saving"):
            return found
    raise AssertionError("it never ends")


def test_pressed_twice_it_is_brought_once(served: Served, tmp_path: Path) -> None:
    content = written(tmp_path / "ours.csv").read_bytes()
    id = state(served, "POST", "?name=ours.csv", content)["id"]
    assert settled(served, id)["step"] == "ready"
    for _ in range(2):
        state(served, "POST", f"/{id}/bring", json.dumps({"values": {"replace": "no"}}))
    assert "<strong>3</strong> new" in settled(served, id)["html"]
    state(served, "POST", f"/{id}/bring", json.dumps({"values": {"replace": "yes"}}))
    assert "<strong>3</strong> new" in settled(served, id)["html"]
    assert len(names(tmp_path)) > 3


@pytest.mark.parametrize(
    "change",
    [
        {"Origin": "https://evil.example"},
        {"Origin": ""},
        {"X-Throughline-Token": "guessed"},
        {"Host": "evil.example"},
        {"X-Forwarded-For": "203.0.113.7"},
    ],
)
def test_a_page_of_somebody_else_brings_nothing(served: Served, change: dict[str, str]) -> None:
    headers = {**sending(served), **change}
    status, said = knock(served, "POST", "/import/file?name=x.csv", headers, b"Name\nx\n")
    assert status == 403
    assert said.endswith(".")


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "application/json"])
def test_a_form_of_somebody_else_brings_nothing(served: Served, kind: str) -> None:
    headers = {**ours(served), "Content-Type": kind}
    assert knock(served, "POST", "/import/file", headers, b"Name\nx\n")[0] == 415


def test_what_is_not_there_any_more_is_said(served: Served) -> None:
    for method, path in (("GET", ""), ("POST", "/look"), ("POST", "/bring"), ("POST", "/stop")):
        body = "{}" if method == "POST" else ""
        status, said = knock(served, method, f"/import/file/gone{path}", ours(served), body)
        assert (status, said[:28]) == (404, "I no longer have that file, ")


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"values": 7}', '{"values": {"owner": 1}}'])
def test_junk_gets_a_sentence_and_never_a_traceback(
    served: Served, tmp_path: Path, body: str
) -> None:
    id = state(served, "POST", "", written(tmp_path / "ours.csv").read_bytes())["id"]
    settled(served, id)
    status, said = knock(served, "POST", f"/import/file/{id}/look", ours(served), body)
    assert status in (200, 400)
    assert "Traceback" not in said


def test_only_so_many_files_lie_here_at_once(served: Served, tmp_path: Path) -> None:
    content = written(tmp_path / "ours.csv").read_bytes()
    ids = []
    for one in range(6):
        ids.append(state(served, "POST", f"?name={one}.csv", content)["id"])
        assert settled(served, ids[-1])["step"] == "ready"
    assert knock(served, "GET", f"/import/file/{ids[0]}", {})[0] == 404
