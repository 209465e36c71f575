"""Pages that take long: how far it is, what comes of it, and that nobody waits for another's."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from bot.messages import Refusal
from bot.web import bodies
from bot.web.bodies import Route, Takes
from bot.web.html import Html
from bot.web.pages import Page, View, Visit, Visited, Visitor
from bot.web.viewing import Views
from tests.knocking import Said, asked, knock, standing


@contextmanager
def nothing() -> Iterator[list[str]]:
    yield []


class Open:
    """A door without a lock: whoever says a name in their address is that."""

    def get(self, path: str, page: Visited[list[str]]) -> Route:
        async def visited(request: web.Request) -> web.StreamResponse:
            name = request.headers.get("X-Name", "dana")
            return await page(request, Visitor(name, "token", nothing, nothing, name))

        return bodies.get(path, visited)

    def post(self, path: str, page: Visited[list[str]], takes: Takes | None = None) -> Route:
        raise NotImplementedError


class Site:
    """One page that is done when it is let, behind that door."""

    def __init__(self) -> None:
        self.go, self.shown, self.now = Event(), 0, 0.0
        self.pool = ThreadPoolExecutor(4)

    def show(self, visit: Visit[None], _session: list[str]) -> Page:
        self.shown += 1
        visit.tell(3, 9)
        assert self.go.wait(10)
        visit.tell(9, 9)
        if visit.values.get("who") == "guest":
            raise Refusal("Not for guests.")
        return Page("refused", {"said": f"done {self.shown} {visit.values}"})

    def views(self) -> Views[list[str]]:
        views = (View("/slow", self.show, takes_long=True), View("/quick", self.show))
        html = Html(ZoneInfo("UTC"))
        return Views(views, html, self.pool, Open(), lambda: "Acme", lambda: self.now, soon=0.05)


def visiting(site: Site, *steps: tuple[str, str]) -> list[Said]:
    """What each is told who asks for a page, one after the other; "go" lets it be done."""

    async def all_of_it() -> list[Said]:
        views, said = site.views(), []
        async with standing(*views.routes()) as port:
            for who, path in steps:
                if who == "go":
                    site.go.set()
                    while any(one.is_busy for one in views._looks.values()):
                        await asyncio.sleep(0)
                elif who == "later":
                    site.now += float(path)
                else:
                    far = next(iter(views._looks), "")
                    start = f"GET {path.replace('FAR', far)}"
                    said.append(await knock(port, asked(start, f"X-Name: {who}\n")))
            site.go.set()
            views.close()
        return said

    try:
        return asyncio.run(all_of_it())
    finally:
        site.go.set()
        site.pool.shutdown()


@pytest.fixture
def slow() -> Site:
    return Site()


def test_a_page_that_takes_long_says_how_far_it_is_and_is_shown_once_done(slow: Site) -> None:
    first, far, again, last = visiting(
        slow, ("dana", "/slow?a=1"), ("dana", "/looking/FAR"), ("dana", "/slow?a=1"), ("go", ""),
        ("dana", "/slow?a=1"),
    )  # fmt: skip
    assert 'max="9" value="3"' in first.text
    assert json.loads(far.text) == {"is_busy": True, "done": 3, "total": 9}
    assert "data-look" in again.text
    assert "done 1 {&#39;a&#39;: &#39;1&#39;}" in last.text
    assert slow.shown == 1, "whoever loads the page again waits for the same"


def test_what_was_shown_is_looked_up_anew_the_next_time(slow: Site) -> None:
    slow.go.set()
    said = visiting(slow, ("dana", "/slow"), ("dana", "/slow"))
    assert ["done 1" in said[0].text, "done 2" in said[1].text] == [True, True]


def test_what_nobody_came_for_is_not_shown_as_new_a_minute_later(slow: Site) -> None:
    said = visiting(
        slow, ("dana", "/slow"), ("go", ""), ("later", "61"), ("dana", "/slow"), ("dana", "/slow")
    )
    assert "done 2" in said[1].text + said[2].text


def test_nobody_sees_how_far_another_is_or_what_came_of_it(slow: Site) -> None:
    said = visiting(slow, ("dana", "/slow"), ("lee", "/looking/FAR"), ("go", ""), ("lee", "/slow"))
    assert said[1].status == 404
    assert slow.shown == 2


def test_two_look_at_once_and_the_next_is_asked_to_wait(slow: Site) -> None:
    said = visiting(slow, ("dana", "/slow"), ("lee", "/slow"), ("ana", "/slow"))
    assert [one.status for one in said] == [200, 200, 503]


@pytest.mark.parametrize("path", ["/slow?who=guest", "/quick?who=guest"])
def test_a_refusal_is_a_page_that_says_so(slow: Site, path: str) -> None:
    slow.go.set()
    (said,) = visiting(slow, ("dana", path))
    assert (said.status, "Not for guests." in said.text) == (403, True)
