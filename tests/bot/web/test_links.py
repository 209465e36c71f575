"""A one-time link in a browser: shown to anybody who has it, pressed once, in one browser."""

import http.client
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser import Served, chromium

ROOT = Path(__file__).parents[3]
DANA = "dana@harnisfeld.example"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("links")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    server = Served(folder)
    yield server
    assert server.stop() == 0, server.log()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def link(served: Served, folder: Path, text: str = "export") -> str:
    """Where the page is that somebody was given in a terminal."""
    told = subprocess.run(
        [sys.executable, "-m", "bot", "do", "--as", DANA, "--json", text],
        env={"PATH": "/usr/bin", "DATABASE_URL": f"sqlite:///{folder / 'served.db'}",
             "PUBLIC_URL": served.address},
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    (found,) = re.findall(rf"{served.address}/x/[\w-]{{43}}", json.loads(told.stdout)["text"])
    return str(found)


def ask(
    method: str, address: str, headers: dict[str, str] | None = None, body: str = ""
) -> tuple[int, http.client.HTTPMessage, bytes]:
    where = urlsplit(address)
    assert where.hostname
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=20)
    connection.request(method, where.path, body=body, headers=headers or {})
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    return answer.status, answer.headers, said


def opened(address: str) -> tuple[str, str]:
    """The cookie and the seal of a browser that opened the page."""
    status, headers, page = ask("GET", address)
    assert status == 200
    seal = re.search(rb'name="seal" value="(\w+)"', page)
    assert seal
    return headers["Set-Cookie"].partition(";")[0], seal[1].decode()


def press(address: str, cookie: str, seal: str, **more: str) -> tuple[int, bytes]:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, **more}
    status, _, said = ask("POST", address, headers, urlencode({"seal": seal}))
    return status, said


@pytest.mark.parametrize("body", ["", "\xff\xfe", "seal=%ff", "seal=%00&seal=\xe9", "&" * 4000])
def test_a_press_that_sends_junk_gets_a_sentence(served: Served, body: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=klingon"}
    status, _, said = ask("POST", f"{served.address}/x/{'x' * 43}", headers, body)
    assert (status, said.endswith(b".")) == (403, True)


def test_previews_use_nothing_up_and_one_press_does(served: Served, folder: Path) -> None:
    address = link(served, folder, "export as yaml")
    for method in ("GET", "HEAD", "GET"):
        assert ask(method, address)[0] == 200
    cookie, seal = opened(address)
    status, said = press(address, cookie, seal)
    assert status == 200
    assert said.startswith(b"# A company's map")
    assert press(address, cookie, seal)[0] == 410
    assert ask("GET", address)[0] == 410


def test_of_four_presses_at_once_one_is_given_the_file(served: Served, folder: Path) -> None:
    address = link(served, folder, "export as yaml")
    cookie, seal = opened(address)
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda _: press(address, cookie, seal)[0], range(4)))
    assert sorted(got) == [200, 410, 410, 410]


def test_another_browser_cannot_press_what_this_one_was_shown(served: Served, folder: Path) -> None:
    address = link(served, folder, "export as yaml")
    cookie, seal = opened(address)
    other, other_seal = opened(address)
    assert press(address, "", seal)[0] == 403
    assert press(address, other, seal)[0] == 403
    assert press(address, cookie, "")[0] == 403
    assert press(address, cookie, seal, **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert press(address, cookie, seal, **{"Content-Type": "text/plain"})[0] == 415
    assert press(address, other, other_seal)[0] == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(served: Served, folder: Path) -> None:
    said = ask("GET", link(served, folder))[1]["Set-Cookie"]
    assert "HttpOnly" in said
    assert "SameSite=Strict" in said
    assert "Path=/x" in said


@pytest.mark.parametrize("token", ["x", "x" * 43, "%ff", "a%2f..%2fb", "x" * 2000])
def test_a_link_that_is_none_gets_a_page_that_says_what_to_do(served: Served, token: str) -> None:
    status, headers, page = ask("GET", f"{served.address}/x/{token}")
    assert status == 410
    assert b"Ask me for a new one" in page
    assert headers["Cache-Control"] == "no-store"


def test_no_other_host_is_answered(served: Served, folder: Path) -> None:
    assert ask("GET", link(served, folder), {"Host": "evil.example"})[0] == 403


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_button_gives_the_file_and_everybody_can_use_the_page(
    browser: Browser, served: Served, folder: Path, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 700},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.goto(link(served, folder))
    expect(page.get_by_role("heading", name="Your export is ready")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page).response["violations"]
    assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()
    assert waiting.value.suggested_filename == "harnisfeld-tents-halls.xlsx"
    assert not troubles
    page.reload()
    expect(page.get_by_role("heading", name="This link is over")).to_be_visible()
    context.close()


def test_the_sandbox_shows_a_link_that_can_be_followed(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    page.goto(served.address)
    expect(page.locator(".pane.business .card").first).to_be_visible()  # it is greeted first
    field = page.locator("#text-business")
    field.fill("export")
    field.press("Escape")
    field.press("Enter")
    shown = page.locator(".pane.business .card").last.get_by_role("link")
    expect(shown).to_have_text("Open the page with the download")
    assert str(shown.get_attribute("href")).startswith(f"{served.address}/x/")
    page.close()
