"""Signing in by a private link: once, in one browser, for some hours, and as nobody else."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from storage.initiatives import all_of_them
from storage.visits import Visit
from tests.chat import Chat
from tests.visiting import PUBLIC, Browser, Site, held, site

LIST = "Project name,Goal\nCanteen app,Grow revenue\n"
OCTETS = {"Content_Type": "application/octet-stream"}


@pytest.fixture
def acme(chat: Chat) -> Iterator[Site]:
    chat.types("dana", "decide buy the CRM @dana")
    with site(chat) as found:
        yield found


def test_looking_at_a_link_uses_nothing_up_and_one_press_signs_in(acme: Site) -> None:
    link = acme.link("dana", "record")
    for method in ("GET", "HEAD", "GET"):
        assert Browser(acme).asks(method, link).status == 200
    browser = Browser(acme)
    assert "Go on as Dana Brandt" in browser.sees(link).text
    said = browser.enters(link)
    assert (said.status, said.headers["Location"]) == (303, "/record")
    page = browser.sees("/record")
    assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
    assert "You are signed in here as Dana Brandt" in page.text
    assert Browser(acme).sees(link).status == 410
    assert browser.sees(link).status == 410


def test_of_four_presses_at_once_one_signs_in(acme: Site) -> None:
    link = acme.link("dana", "record")
    browsers = [Browser(acme) for _ in range(4)]
    seals = [held(one.sees(link).text, "seal") for one in browsers]
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda b, s: b.sends(link, {"seal": s}).status, browsers, seals))
    assert sorted(said) == [303, 410, 410, 410]


def test_a_link_lasts_ten_minutes_and_works_in_the_browser_that_was_shown_it(acme: Site) -> None:
    link = acme.link("dana", "record")
    mine, other = Browser(acme), Browser(acme)
    seal = held(mine.sees(link).text, "seal")
    assert other.sends(link, {"seal": seal}).status == 403
    assert mine.sends(link, {"seal": seal}, Sec_Fetch_Site="cross-site").status == 403
    acme.chat.clock.wind(minutes=10)
    assert mine.sends(link, {"seal": seal}).status == 410
    assert "This link is over" in mine.sees(link).text
    assert mine.sees("/record").status == 403


def test_a_link_leads_to_the_page_that_was_asked_for(acme: Site) -> None:
    assert Browser(acme).enters(acme.link("dana", "record D-1")).headers["Location"] == (
        "/decisions/1"
    )
    assert Browser(acme).enters(acme.link("lee", "import")).headers["Location"] == "/import"


def test_a_link_to_a_file_signs_nobody_in_and_the_other_way_round(acme: Site) -> None:
    token = acme.link("dana", "record").removeprefix("/in/")
    acme.chat.types("dana", "export")
    assert Browser(acme).sees(f"/in/{acme.chat.text('dana').split('/x/')[1][:43]}").status == 410
    assert Browser(acme).sees(f"/x/{token}").status == 404  # not even mounted here


@pytest.mark.parametrize("path", ["/record", "/decisions", "/decisions/1", "/import"])
def test_who_is_not_signed_in_is_told_how_and_sees_nothing(acme: Site, path: str) -> None:
    for cookie in ("", "x" * 43, "junk"):
        browser = Browser(acme, {"throughline": cookie} if cookie else {})
        said = browser.sees(path)
        assert said.status == 403
        assert "You are not signed in here" in said.text
        assert "CRM" not in said.text


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(acme: Site) -> None:
    (cookie,) = Browser(acme).enters(acme.link("dana", "record")).cookies
    assert cookie.startswith("throughline=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_for_https_and_this_host_alone(chat: Chat) -> None:
    with site(chat, PUBLIC) as acme:
        browser = Browser(acme, host="throughline.example")
        cookies = browser.enters(acme.link("dana", "record")).cookies
        assert cookies[0].startswith("__Host-throughline=")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookies[0].split("; "))
        assert browser.sees("/record").status == 200
        browser.host = "evil.example"
        assert browser.sees("/record").status == 403


def test_the_browsers_secret_is_kept_nowhere(acme: Site) -> None:
    browser = acme.browser("dana")
    with acme.chat.looking() as session:
        (visit,) = session.exec(select(Visit)).all()
    assert browser.cookies["throughline"] not in str(visit.model_dump())
    assert browser.cookies["throughline"] not in browser.sees("/record").text


def test_a_visit_ends_after_eight_hours(acme: Site) -> None:
    browser = acme.browser("dana")
    acme.chat.clock.wind(hours=7, minutes=59)
    assert browser.sees("/record").status == 200
    acme.chat.clock.wind(minutes=1)
    assert browser.sees("/record").status == 403


def test_signing_out_ends_it_for_whoever_kept_the_cookie_too(acme: Site) -> None:
    browser, elsewhere = acme.browser("dana"), acme.browser("dana")
    secret, token = browser.cookies["throughline"], browser.token()
    assert browser.sends("/out", {"token": "x"}).status == 403
    assert browser.sends("/out", {"token": token}, Sec_Fetch_Site="cross-site").status == 403
    assert browser.sees("/record").status == 200
    assert "You are signed out" in browser.sends("/out", {"token": token}).text
    assert browser.cookies["throughline"] == ""
    assert Browser(acme, {"throughline": secret}).sees("/record").status == 403
    assert elsewhere.sees("/record").status == 200


def test_whoever_leaves_or_has_another_role_is_out_and_stays_out(acme: Site) -> None:
    dana, ana = acme.browser("dana"), acme.browser("ana")
    acme.chat.types("lee", "gone @dana").types("omar", "role @ana guest")
    assert (dana.sees("/record").status, ana.sees("/record").status) == (403, 403)
    acme.chat.types("lee", "back @dana").types("omar", "role @ana member")
    assert (dana.sees("/record").status, ana.sees("/record").status) == (403, 403)
    assert acme.browser("ana").sees("/record").status == 200


def test_a_link_of_whoever_has_left_signs_nobody_in(acme: Site) -> None:
    link = acme.link("dana", "record")
    acme.chat.types("lee", "gone @dana")
    assert Browser(acme).sees(link).status == 410


def test_a_page_shows_what_its_visitor_may_read_and_nothing_else(acme: Site) -> None:
    acme.chat.types("dana", "decide close the canteen @dana", at="direct")
    dana, lee = acme.browser("dana"), acme.browser("lee")
    assert "close the canteen" in dana.sees("/decisions/2").text
    assert "close the canteen" in dana.sees("/decisions").text
    hidden, missing = lee.sees("/decisions/2"), lee.sees("/decisions/3")
    assert hidden.status == missing.status == 404
    assert hidden.text.replace("decision 2", "") == missing.text.replace("decision 3", "")
    assert "canteen" not in lee.sees("/decisions").text


def test_a_guest_is_given_no_link(acme: Site) -> None:
    acme.chat.types("omar", "role @ana guest")
    acme.chat.types("ana", "record").refused("ana", "Guests can ask me")


# Bringing a list


def test_who_keeps_the_map_brings_a_list_in_their_name(acme: Site) -> None:
    lee = acme.browser("lee", "import")
    assert "You are signed in here as Lee Novak" in lee.sees("/import").text
    ours = lee.ours()
    sent = lee.asks("POST", "/import/file?name=ours.csv", LIST, **OCTETS, **ours)
    desk = f"/import/file/{json.loads(sent.text)['id']}"
    assert _until(lee, desk, "ready")["step"] == "ready"
    kind = {"Content_Type": "application/json"}
    lee.asks("POST", f"{desk}/bring", json.dumps({"values": {}}), **kind, **ours)
    assert "is on the map" in str(_until(lee, desk, "done")["html"])
    with acme.chat.looking() as session:
        assert "Canteen app" in {one.name for one in all_of_them(session)}
    acme.chat.types("dana", "what changed this week?").sees("dana", "Lee Novak")


def test_who_does_not_keep_it_can_neither_look_nor_send_a_file(acme: Site) -> None:
    dana = acme.browser("dana")
    assert dana.sees("/import").status == 403
    sent = dana.asks("POST", "/import/file?name=x.csv", LIST, **OCTETS, **dana.ours())
    assert (sent.status, "Only Lee, who keeps the map" in sent.text) == (403, True)
    acme.chat.types("dana", "import").refused("dana", "Only Lee, who keeps the map")


def test_nobody_sees_the_file_that_somebody_else_brought(acme: Site) -> None:
    lee, omar = acme.browser("lee", "import"), acme.browser("omar", "import")
    sent = lee.asks("POST", "/import/file?name=ours.csv", LIST, **OCTETS, **lee.ours())
    desk = f"/import/file/{json.loads(sent.text)['id']}"
    _until(lee, desk, "ready")
    assert omar.sees(desk).status == 404
    assert "Canteen" not in omar.sees(f"/import?file={desk.rpartition('/')[2]}").text


@pytest.mark.parametrize(
    "wrong", [{"Origin": "https://evil.example"}, {"Origin": ""}, {"X_Throughline_Token": "x"}]
)
def test_no_other_sites_page_can_send_as_whoever_is_signed_in(
    acme: Site, wrong: dict[str, str]
) -> None:
    lee = acme.browser("lee", "import")
    sent = lee.asks("POST", "/import/file?name=x.csv", LIST, **OCTETS, **{**lee.ours(), **wrong})
    assert sent.status == 403


def _until(browser: Browser, desk: str, step: str) -> dict[str, object]:
    for _ in range(2000):
        state: dict[str, object] = json.loads(browser.sees(desk).text)
        if state["step"] in (step, "over"):
            return state
    raise AssertionError(f"it never came to {step}")
