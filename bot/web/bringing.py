"""The page on which somebody brings a file: `/import`."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from functools import partial
from typing import Any, Generic, TypeVar

from aiohttp import web

from bot.messages import Refusal
from bot.web import bodies
from bot.web.bodies import Route, Takes
from bot.web.desk import Desk, Work
from bot.web.html import Html
from bot.web.pages import Door, Intake, Visitor

K = TypeVar("K")
S = TypeVar("S")
T = TypeVar("T")
KEPT = 4  # files that lie here at once; the oldest makes room
PATIENT = 60.0  # seconds for the whole of a file: it may lie on a slow share
LONGEST_NAME = 120  # characters
FRESH = {"Cache-Control": "no-store"}


class Bringing(Generic[K, S]):
    """Its routes. Files stay in memory, so that nothing is left of them wherever we are stopped.

    All reading and writing is done in `pool`, never in the event loop.
    """

    def __init__(
        self,
        intake: Intake[K, S],
        html: Html,
        pool: Executor,
        door: Door[S],
        company: Callable[[], str],
    ) -> None:
        self._work = Work(intake, html)
        self._largest, self._html, self._company = intake.largest, html, company
        self._pool, self._door = pool, door
        self._desks: dict[str, Desk[K, S]] = {}
        self._arriving = 0

    def routes(self) -> Iterable[Route]:
        """What the server must know."""
        get, post = self._door.get, self._door.post
        file = Takes(("application/octet-stream",), self._largest, PATIENT, reads_itself=True)
        return (
            get("/import", self.page),
            post("/import/file", self.take, file),
            get("/import/file/{id}", self.state),
            get("/import/file/{id}/{name}", self.save),
            post("/import/file/{id}/look", self.look),
            post("/import/file/{id}/bring", self.bring),
            post("/import/file/{id}/stop", self.stop),
        )

    def close(self) -> None:
        """Let go of all work: what is not committed is undone."""
        for desk in self._desks.values():
            desk.is_stopped.set()

    async def page(self, request: web.Request, visitor: Visitor[S]) -> web.Response:
        """The page; a file that lies here already is named in its address."""
        desk = self._theirs(request.query.get("file", ""), visitor)
        shown = desk.html if desk and not desk.is_busy else await self._first(visitor)
        text = self._html.fill(
            "bringing",
            company=await self._in_pool(self._company),
            token=visitor.token,
            who=visitor.name,
            shown=shown,
            desk=desk.id if desk else "",
            largest=self._largest,
        )
        return web.Response(text=text, content_type="text/html", headers=FRESH)

    async def _first(self, visitor: Visitor[S]) -> str:
        try:
            return await self._in_pool(partial(self._work.first, visitor))
        except Refusal as refused:
            raise web.HTTPForbidden(text=refused.text) from refused

    async def take(self, request: web.Request, visitor: Visitor[S]) -> web.Response:
        """Somebody sends a file."""
        await self._first(visitor)  # who may bring nothing sends nothing either
        name = request.query.get("name", "").strip()[-LONGEST_NAME:] or "your list"
        self._make_room()
        self._arriving += 1
        try:
            content = await bodies.body(request, self._too_large(name))
        finally:
            self._arriving -= 1
        desk: Desk[K, S] = Desk(name, visitor)
        self._desks[desk.id] = desk
        self._begin(self._work.read, desk, content)
        return self._told(desk)

    async def state(self, request: web.Request, visitor: Visitor[S]) -> web.Response:
        """How far it is."""
        return self._told(self._desk(request, visitor))

    async def look(self, request: web.Request, visitor: Visitor[S]) -> web.Response:
        """Somebody says which column means what."""
        desk, values = self._desk(request, visitor), _values(await bodies.told(request))
        if desk.step == "ready":
            desk.begin("looking")
            self._begin(self._work.look, desk, values)
        return self._told(desk)

    async def bring(self, request: web.Request, visitor: Visitor[S]) -> web.Response:
        """Somebody wants it kept. Pressed twice, it is done once."""
        desk, values = self._desk(request, visitor), _values(await bodies.told(request))
        if desk.step == "ready":
            desk.begin("saving")
            self._begin(self._work.bring, desk, values)
        return self._told(desk)

    async def stop(self, request: web.Request, visitor: Visitor[S]) -> web.Response:
        """Somebody wants nothing of it."""
        desk = self._desk(request, visitor)
        desk.is_stopped.set()
        if not desk.is_busy:
            del self._desks[desk.id]
        return self._told(desk)

    async def save(self, request: web.Request, visitor: Visitor[S]) -> web.Response:
        """A file to keep, made from what was read."""
        name = request.match_info["name"]
        text = self._desk(request, visitor).files.get(name)
        if text is None:
            raise web.HTTPNotFound(text="That is no longer here. Choose the file again.")
        headers = {**FRESH, "Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(  # Excel tells UTF-8 by its mark alone
            body=text.encode("utf-8-sig"), content_type="text/csv", charset="utf-8", headers=headers
        )

    def _begin(self, work: Callable[..., None], *given: Any) -> None:
        self._pool.submit(work, *given)

    async def _in_pool(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def _theirs(self, id: str, visitor: Visitor[S]) -> Desk[K, S] | None:
        desk = self._desks.get(id)
        return desk if desk and desk.visitor.id == visitor.id else None

    def _desk(self, request: web.Request, visitor: Visitor[S]) -> Desk[K, S]:
        desk = self._theirs(request.match_info["id"], visitor)
        if desk is None:
            raise web.HTTPNotFound(
                text="I no longer have that file, and nothing of it is half done. Choose it again."
            )
        return desk

    def _make_room(self) -> None:
        idle = [desk for desk in self._desks.values() if not desk.is_busy]
        while idle and len(self._desks) + self._arriving >= KEPT:
            del self._desks[idle.pop(0).id]
        if len(self._desks) + self._arriving >= KEPT:
            raise web.HTTPServiceUnavailable(
                text="I am still busy with other files. Try again in a minute.",
                headers={"Retry-After": "60"},
            )

    def _too_large(self, name: str) -> str:
        return (
            f"{name} is larger than {self._largest // 2**20} MB, more than I read. "
            "Save only the sheet with the projects, as .csv, and choose that."
        )

    @staticmethod
    def _told(desk: Desk[K, S]) -> web.Response:
        return web.json_response(desk.state(), headers=FRESH)


def _values(told: dict[str, Any]) -> dict[str, str]:
    values = told.get("values")
    if not isinstance(values, dict):
        raise web.HTTPBadRequest(text="That is not what this page sends.")
    return {str(name): str(value) for name, value in values.items()}
