"""Pages to look at: each is shown to whoever visits, with their rights, and how far it is."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Generic, TypeVar
from uuid import uuid4

from aiohttp import web

from bot.messages import Refusal
from bot.web.bodies import Route
from bot.web.html import Html
from bot.web.pages import Door, Page, View, Visit, Visitor

S = TypeVar("S")
SOON = 1.0  # seconds in which most pages are done, and nobody is told how far
FRESH = 60.0  # seconds for which what was looked up waits for whoever wanted it
AT_ONCE = 2  # that take long: more of them would hold up what people ask in chats


class Stopped(Exception):  # noqa: N818  we are told to stop
    """Nobody waits for it any more."""


@dataclass(slots=True)
class Look(Generic[S]):
    """One visitor looks at one page that takes long."""

    visitor: Visitor[S]
    address: str
    id: str = field(default_factory=lambda: uuid4().hex)
    done: int = 0
    total: int = 0
    is_stopped: Event = field(default_factory=Event)
    ended: float | None = None
    work: Future[Page] = field(default_factory=Future)

    @property
    def is_busy(self) -> bool:
        return not self.work.done()

    def tell(self, done: int, total: int) -> None:
        """Say how far it is; raises `Stopped` where nobody wants it any more."""
        if self.is_stopped.is_set():
            raise Stopped
        self.done, self.total = done, total


class Views(Generic[S]):
    """All pages to look at, behind one door. Nothing is kept but what is being looked up."""

    def __init__(
        self,
        views: Sequence[View[S]],
        html: Html,
        pool: Executor,
        door: Door[S],
        company: Callable[[], str],
        now: Callable[[], float] = time.monotonic,
        soon: float = SOON,
    ) -> None:
        self._views, self._html, self._pool, self._door = views, html, pool, door
        self._company, self._now, self._soon = company, now, soon
        self._looks: dict[str, Look[S]] = {}

    def routes(self) -> Iterable[Route]:
        """What the server must know."""
        pages = [self._door.get(one.path, partial(self._page, one)) for one in self._views]
        return (*pages, self._door.get("/looking/{id}", self.far))

    def close(self) -> None:
        """Let go of what nobody will see."""
        for look in self._looks.values():
            look.is_stopped.set()

    async def far(self, request: web.Request, visitor: Visitor[S]) -> web.Response:
        """How far it is."""
        look = self._looks.get(request.match_info["id"])
        if look is None or look.visitor.id != visitor.id:
            raise web.HTTPNotFound(text="Load the page again.")
        told = {"is_busy": look.is_busy, "done": look.done, "total": look.total}
        return web.json_response(told, headers={"Cache-Control": "no-store"})

    async def _page(
        self, view: View[S], request: web.Request, visitor: Visitor[S]
    ) -> web.StreamResponse:
        values = {**request.query, **request.match_info}
        try:
            if view.takes_long and request.method != "HEAD":
                return await self._after_a_while(view, request.path_qs, values, visitor)
            shown = partial(_shown, view, values, visitor, lambda _done, _total: None)
            page = await asyncio.get_running_loop().run_in_executor(self._pool, shown)
        except Refusal as refused:
            page = Page("refused", {"said": refused.text}, status=403)
        return await self._filled(page, visitor)

    async def _after_a_while(
        self, view: View[S], address: str, values: dict[str, str], visitor: Visitor[S]
    ) -> web.Response:
        look = self._look(view, address, values, visitor)
        waiting = asyncio.wrap_future(look.work)
        waiting.add_done_callback(_is_seen)
        await asyncio.wait([waiting], timeout=self._soon)
        if look.is_busy:
            return await self._filled(Page("looking", {"look": look}), visitor)
        self._looks.pop(look.id, None)
        return await self._filled(look.work.result(), visitor)

    def _look(
        self, view: View[S], address: str, values: dict[str, str], visitor: Visitor[S]
    ) -> Look[S]:
        """What this visitor waits for already; else it is begun."""
        for one in [*self._looks.values()]:
            if one.ended is not None and self._now() - one.ended > FRESH:
                del self._looks[one.id]
            elif (one.visitor.id, one.address) == (visitor.id, address):
                return one
        if sum(one.is_busy for one in self._looks.values()) >= AT_ONCE:
            raise web.HTTPServiceUnavailable(
                text="I am looking this up for others already. Load the page again in a minute.",
                headers={"Retry-After": "60"},
            )
        look = Look(visitor, address)
        look.work = self._pool.submit(_shown, view, values, visitor, look.tell)
        look.work.add_done_callback(lambda _: self._end(look))
        self._looks[look.id] = look
        return look

    def _end(self, look: Look[S]) -> None:
        look.ended = self._now()

    async def _filled(self, page: Page, visitor: Visitor[S]) -> web.Response:
        company = await asyncio.get_running_loop().run_in_executor(self._pool, self._company)
        known = {"company": company, "token": visitor.token, "who": visitor.name}
        return self._html.page(page.template, {**known, **page.facts}, page.status)


def _is_seen(waiting: asyncio.Future[Page]) -> None:
    """What went wrong is told to whoever comes for the page, and to nobody else."""
    if not waiting.cancelled():
        waiting.exception()


def _shown(
    view: View[S], values: dict[str, str], visitor: Visitor[S], tell: Callable[[int, int], None]
) -> Page:
    with visitor.reading() as session:
        return view.show(Visit(None, values, tell), session)
