"""The page behind a link to join a company: it says which one, and asks how one wants to come.

Whoever opens it uses nothing up. The button sends the browser on, to the chat that lets us in; it
works only in a browser that was shown the page, as those under `/x/` do.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from bot.messages import Card
from bot.web import bodies, front, links
from bot.web.bodies import Route
from bot.web.html import Html
from bot.web.links import COOKIE, LIVES, PRESSED, TOKEN

NO_WAY = Card(
    "No other workspace can join yet",
    "Whoever runs me must first set me up for several: README says how, under Settings.",
)


@dataclass(frozen=True, slots=True)
class Way:
    """A chat to connect: what its button says, where that leads, and how one is sent there."""

    name: str
    press: str
    origin: str
    begin: Callable[[web.Request, str], Awaitable[web.Response]]


class Offer(Protocol):
    """What stands on the page, and whether there is something to press."""

    @property
    def card(self) -> Card: ...
    @property
    def is_good(self) -> bool: ...


class Keeper(Protocol):
    """Knows what a token is good for."""

    def look(self, token: str) -> Offer: ...


class Joins:
    """The pages under `/j/`. `public` and `is_local` are as for `bot.web.links`."""

    def __init__(
        self,
        keeper: Keeper,
        ways: Sequence[Way],
        html: Html,
        pool: Executor,
        public: str,
        is_local: bool,
    ) -> None:
        self._keeper, self._ways = keeper, {way.name: way for way in ways}
        self._html, self._pool = html, pool
        self._public, self._is_local = urlsplit(public), is_local

    def routes(self) -> Iterable[Route]:
        """What the server must know."""
        return (
            bodies.get("/j/{token}", self.show),
            bodies.post("/j/{token}", self.press, PRESSED),
        )

    async def show(self, request: web.Request) -> web.Response:
        """Which company it is. The link stays good."""
        front.only_ours(request, self._public.hostname, self._is_local)
        token = request.match_info["token"]
        offer = await self._look(token)
        known = request.cookies.get(COOKIE, "")
        mine = known if TOKEN.fullmatch(known) else secrets.token_urlsafe(32)
        response = self._page(offer, links.seal_of(token, mine))
        if offer.is_good:
            response.set_cookie(
                COOKIE, mine, path="/j", max_age=LIVES, httponly=True, samesite="Strict",
                secure=self._public.scheme == "https",
            )  # fmt: skip
        return response

    async def press(self, request: web.Request) -> web.StreamResponse:
        """On to the chat. The link is used up when the chat has let us in."""
        front.only_ours(request, self._public.hostname, self._is_local)
        token = request.match_info["token"]
        if not await links.is_from_our_page(request, token):
            raise web.HTTPForbidden(text=links.ELSEWHERE)
        sent = parse_qs((await bodies.body(request)).decode(errors="replace"))
        way = self._ways.get(sent.get("way", [""])[0])
        offer = await self._look(token)
        if way is None or not offer.is_good:
            return self._page(offer, "")
        return await way.begin(request, token)

    def _page(self, offer: Offer, seal: str) -> web.Response:
        ways = tuple(self._ways.values()) if offer.is_good else ()
        card = offer.card if self._ways else NO_WAY
        leads = " ".join(["'self'", *(way.origin for way in ways)])
        policy = front.HEADERS["Content-Security-Policy"]
        return web.Response(
            text=self._html.fill("joining", card=card, ways=ways, seal=seal),
            status=200 if offer.is_good else 410,
            content_type="text/html",
            headers={
                "Cache-Control": "no-store",
                "X-Robots-Tag": "noindex",
                # a browser holds a form to its policy also where it is sent on
                "Content-Security-Policy": policy.replace(
                    "form-action 'self'", f"form-action {leads}"
                ),
            },
        )

    async def _look(self, token: str) -> Offer:
        running = asyncio.get_running_loop()
        return await running.run_in_executor(self._pool, self._keeper.look, token)
