"""The sandbox, as a platform: two panes of one company side by side, on this machine only."""

import asyncio
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from aiohttp import web

from bot.answering import Answer, Answering, Meeting
from bot.clock import Clock
from bot.doctor import Finding
from bot.messages import Account, Button, Card, Channel, Command, Form, from_json, to_json
from bot.platforms import Gone
from bot.web import bodies
from bot.web.bodies import Route
from bot.web.doorkeeper import Doorkeeper
from bot.web.history import History, Standing
from bot.web.html import Html
from bot.web.seats import PANES, Seat, players, seated

PAGES = {"import": "/import"}  # commands that have a page of their own here
LONGEST = 4000  # characters typed at once, as in the chats
SHOWN = 60  # messages of a pane at once
LOOK = 0.5  # seconds between looks for what another process said

T = TypeVar("T")
M = TypeVar("M", bound=Meeting)


class Sandbox:
    """Its routes, and the chat that the sender sees.

    All work on the database is done in `pool`, never in the event loop.
    """

    name = "sandbox"
    can_find = True

    def __init__(
        self,
        answering: Answering[M],
        history: History,
        suggest: Callable[[Account, str], Sequence[str]],
        html: Html,
        clock: Clock,
        pool: Executor,
        company: Callable[[], str],
        standing: Callable[[Command, Sequence[str]], Sequence[tuple[str, Card]]],
        door: Doorkeeper,
    ) -> None:
        self._answer = answering.answer
        self._hear = answering.router.hear
        self._history, self._suggest, self._html = history, suggest, html
        self._clock, self._pool, self._company = clock, pool, company
        self._standing = standing
        self._door = door
        self._news = asyncio.Event()
        self._closing = False

    def routes(self) -> Iterable[Route]:
        """What the server must know."""
        get, post = self._door.get, self._door.post
        return (
            get("/", self.page),
            get("/sandbox/pane", self.pane),
            get("/sandbox/stream", self.stream),
            get("/sandbox/suggest", self.suggest),
            post("/sandbox/say", self.say),
            post("/sandbox/press", self.press),
            post("/sandbox/submit", self.submit),
        )

    def close(self) -> None:
        """End the streams, so that the server can stop."""
        self._closing = True
        self._tell()

    async def _in_pool(self, work: Callable[..., T], *given: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *given)

    # Pages

    async def page(self, request: web.Request) -> web.Response:
        """Both panes. Who sits in them is in the address, so that it can be kept and shared."""
        cast = await self._in_pool(self._players)
        seats = [seated(cast, {"pane": p, "as": request.query.get(p, "")}) for p in PANES]
        panes = []
        for seat in seats:
            shown = await self._in_pool(self._history.after, seat.who, seat.channel, 0, SHOWN)
            panes.append({"key": seat.pane, "label": PANES[seat.pane], "who": seat.who.email,
                          "lines": [self._line(line) for line in shown]})  # fmt: skip
        page = self._html.fill(
            "sandbox",
            company=await self._in_pool(self._company),
            panes=panes,
            players=cast,
            token=self._door.token,
        )
        return web.Response(
            text=page, content_type="text/html", headers={"Cache-Control": "no-store"}
        )

    async def pane(self, request: web.Request) -> web.Response:
        """What one person has before them in one pane."""
        seat = await self._seat_of(request.query)
        shown = await self._in_pool(self._history.after, seat.who, seat.channel, 0, SHOWN)
        return web.json_response({"lines": [self._told(seat, line) for line in shown]})

    async def suggest(self, request: web.Request) -> web.Response:
        """What one might be about to type."""
        seat = await self._seat_of(request.query)
        typed = request.query.get("text", "")[:LONGEST]
        return web.json_response(
            {"lines": list(await self._in_pool(self._suggest, seat.who, typed))}
        )

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """New messages of the panes as they come, also from other processes."""
        seats = [await self._seat_of({"pane": p, "as": request.query.get(p, "")}) for p in PANES]
        last = _last(request)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        await response.write(b"retry: 1000\n\n")
        with suppress(ConnectionResetError):
            while not self._closing and request.transport:  # without one nobody reads it any more
                newest = await self._in_pool(self._history.newest)
                if newest > last:
                    for seat in seats:
                        lines = await self._in_pool(
                            self._history.after, seat.who, seat.channel, last, SHOWN
                        )
                        for line in lines:
                            told = json.dumps(self._told(seat, line))
                            await response.write(f"data: {told}\n\n".encode())
                    last = newest
                    await response.write(f"id: {last}\ndata: {{}}\n\n".encode())
                await self._wait()
        return response

    # What the sender asks of a chat

    async def post(self, channel: Channel, under: str, card: Card, uid: str) -> str:
        """Say it to everybody in a pane, or to one person wherever they sit."""
        said = await self._in_pool(self._history.post, channel, to_json(card), uid)
        self._tell()
        return str(said)

    async def edit(self, channel: Channel, message_id: str, card: Card) -> None:
        if not await self._in_pool(self._history.edit, int(message_id), to_json(card)):
            raise Gone("it is not in the pane any more")
        self._tell()

    async def find(self, channel: Channel, uid: str, under: str, since: datetime) -> str | None:
        found = await self._in_pool(self._history.find, uid)
        return str(found) if found else None

    async def private(self, account: Account) -> Channel:
        return Channel(
            self.name, "", f"direct/{account.email or account.id}", account.name, "direct"
        )

    def lane(self, channel: Channel, is_edit: bool) -> tuple[str, float]:
        return self.name, 0.0

    async def members(self, channel: Channel) -> Collection[Account]:
        return await self._in_pool(self._players)

    async def check(self) -> Collection[Finding]:
        return ()

    # What people do

    async def say(self, request: web.Request) -> web.Response:
        """Somebody typed something."""
        told = await bodies.told(request)
        seat = await self._seat_of(told)
        typed = str(told.get("text", ""))
        if len(typed) > LONGEST:
            raise web.HTTPRequestEntityTooLarge(
                LONGEST, len(typed), text=f"That is longer than {LONGEST:,} characters."
            )
        heard = self._hear(typed)
        values = {"near": heard.near} if heard.near else {}
        await self._run(seat, typed, _key(told), heard.name, heard.text, values)
        return web.json_response({})

    async def press(self, request: web.Request) -> web.Response:
        """Somebody pressed a button on a card that stands in their pane."""
        told = await bodies.told(request)
        seat = await self._seat_of(told)
        button = await self._in_pool(self._button, seat, told)
        typed = button.text or button.label if button.sends in ("ask", "help") else ""
        key = _key(told)
        await self._run(seat, typed, key, button.sends, button.text, button.values)
        return web.json_response({})

    async def submit(self, request: web.Request) -> web.Response:
        """Somebody filled in a form that stands in their pane."""
        told = await bodies.told(request)
        seat = await self._seat_of(told)
        line, form = await self._in_pool(self._form, seat, told)
        given: dict[str, Any] = told["values"]
        values = {one.name: str(given.get(one.name, "")).strip() for one in form.inputs}
        missing = next((i for i in form.inputs if i.is_needed and not values[i.name]), None)
        if missing:
            raise web.HTTPUnprocessableEntity(text=f"“{missing.label}” is still empty.")
        command = self._command(seat, _key(told), form.sends, form.text, {**form.values, **values})
        answer = await self._answered(command)
        if answer.refusal:
            raise web.HTTPUnprocessableEntity(text=answer.refusal.text)
        filled = Card(form.title, "\n".join(filter(None, values.values())))
        await self._in_pool(self._history.edit, line.id, to_json(filled))
        kept = [to_json(card) for card in answer.cards]
        await self._in_pool(self._history.say, seat.who, seat.channel, "", kept)
        self._tell()
        return web.json_response({})

    async def _run(
        self, seat: Seat, typed: str, key: str, name: str, text: str, values: Mapping[str, str]
    ) -> None:
        command = self._command(seat, key, name, text, values)
        answer = await self._answered(command)
        if answer.is_repeat:
            return
        shown: list[Card | Form] = [*answer.cards, *([answer.form] if answer.form else [])]
        if answer.refusal:
            shown = [Card(answer.refusal.text, buttons=answer.refusal.buttons)]
        elif typed and not answer.where:  # what is refreshed may stand far up, or elsewhere
            said = await self._in_pool(self._standing, command, answer.said)
            shown += [card for _, card in said]
        kept = [to_json(one) for one in shown]
        await self._in_pool(self._history.say, seat.who, seat.channel, typed, kept)
        self._tell()

    async def _answered(self, command: Command) -> Answer:
        """Where nothing can be kept, the answer cannot stand in the pane either."""
        answer = await self._in_pool(self._answer, command)
        if answer.is_trouble and answer.refusal:
            raise web.HTTPServiceUnavailable(text=answer.refusal.text)
        return answer

    def _command(
        self, seat: Seat, key: str, name: str, text: str, values: Mapping[str, str]
    ) -> Command:
        return Command(name, seat.who, seat.channel, self._clock.now(), text, values, key)

    def _form(self, seat: Seat, told: dict[str, Any]) -> tuple[Standing, Form]:
        try:
            line = self._history.standing(seat.who, seat.channel, bodies.number(told["line"]))
            form = from_json(line.body) if line and line.is_ours else None
            assert isinstance(form, Form)
            assert isinstance(told.get("values"), dict)
            assert line is not None
            return line, form
        except (KeyError, ValueError, AssertionError) as gone:
            raise web.HTTPNotFound(text="That form is no longer there.") from gone

    def _button(self, seat: Seat, told: dict[str, Any]) -> Button:
        try:
            line = self._history.standing(seat.who, seat.channel, bodies.number(told["line"]))
            card = from_json(line.body) if line and line.is_ours else None
            assert isinstance(card, Card)
            place = bodies.number(told["button"])
            if place < 0:
                raise IndexError
            return card.buttons[place]
        except (KeyError, ValueError, IndexError, TypeError, AssertionError) as gone:
            raise web.HTTPNotFound(text="That button is no longer there.") from gone

    def _players(self) -> list[Account]:
        return players(self._history.cast())

    async def _seat_of(self, told: Any) -> Seat:
        return seated(await self._in_pool(self._players), told)

    # What they see

    def _line(self, line: Standing) -> str:
        said = from_json(line.body) if line.is_ours else None
        form = said if isinstance(said, Form) else None
        return self._html.fill(
            "line", line=line, card=None if form else said, form=form, pages=PAGES
        )

    def _told(self, seat: Seat, line: Standing) -> dict[str, object]:
        return {
            "pane": seat.pane,
            "as": seat.who.email,
            "id": line.id,
            "revision": line.revision,
            "html": self._line(line),
        }

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), LOOK)


def _last(request: web.Request) -> int:
    """The last message that the page has; a browser sends its own number again after a break."""
    given = request.headers.get("Last-Event-ID") or request.query.get("last") or 0
    try:
        return bodies.number(given)
    except ValueError as none:
        raise web.HTTPBadRequest(text="That is no number of a message.") from none


def _key(told: dict[str, Any]) -> str:
    """The page numbers its deliveries, so that one sent again is known."""
    return str(told.get("key") or uuid4())[:100]
