"""One-time links: a page that says what is ready, and a button that gives it, once.

Whoever opens the page uses nothing up: chats open every link to show a preview of it. The button
does. It works only in a browser that was shown the page, so that no other page can press it: the
page carries a seal that is made of its address and of a cookie that only that browser has.
"""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import Protocol, TypeVar
from urllib.parse import parse_qs, quote, urlsplit

from aiohttp import web

from bot.messages import Card
from bot.web import bodies, front
from bot.web.bodies import Route, Takes
from bot.web.html import Html

COOKIE = "throughline_link"
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
LIVES = 600  # seconds
ELSEWHERE = "Open the link in this browser, and press the button on the page it shows."
PRESSED = Takes(("application/x-www-form-urlencoded",), largest=4096)

T = TypeVar("T")


class Offer(Protocol):
    """What stands on the page; without `press` there is nothing to get."""

    @property
    def card(self) -> Card: ...
    @property
    def press(self) -> str: ...


class File(Protocol):
    """What somebody gets."""

    @property
    def name(self) -> str: ...
    @property
    def media(self) -> str: ...
    @property
    def content(self) -> bytes: ...


class Keeper(Protocol):
    """Knows what a token is good for."""

    def look(self, token: str) -> Offer: ...

    def take(self, token: str) -> File | None:
        """The file, to one who comes first; to everybody else nothing."""
        ...


class Links:
    """The pages under `/x/`. `public` is where a browser finds us, if that is set.

    Where it is not, and only this machine reaches us, no other host's name is answered.
    """

    def __init__(
        self, keeper: Keeper, html: Html, pool: Executor, public: str, is_local: bool
    ) -> None:
        self._keeper, self._html, self._pool = keeper, html, pool
        self._public, self._is_local = urlsplit(public), is_local

    def routes(self) -> Iterable[Route]:
        """What the server must know."""
        return (
            bodies.get("/x/{token}", self.show),
            bodies.post("/x/{token}", self.press, PRESSED),
        )

    async def show(self, request: web.Request) -> web.Response:
        """What is ready. The link stays good."""
        front.only_ours(request, self._public.hostname, self._is_local)
        token = request.match_info["token"]
        offer = await self._in_pool(self._keeper.look, token)
        known = request.cookies.get(COOKIE, "")
        mine = known if TOKEN.fullmatch(known) else secrets.token_urlsafe(32)
        response = self._page(offer, seal=seal_of(token, mine))
        if offer.press:
            response.set_cookie(
                COOKIE, mine, path="/x", max_age=LIVES, httponly=True, samesite="Strict",
                secure=self._public.scheme == "https",
            )  # fmt: skip
        return response

    async def press(self, request: web.Request) -> web.Response:
        """The file, once."""
        front.only_ours(request, self._public.hostname, self._is_local)
        token = request.match_info["token"]
        if not await is_from_our_page(request, token):
            raise web.HTTPForbidden(text=ELSEWHERE)
        found = await self._in_pool(self._keeper.take, token)
        if found is None:
            return self._page(await self._in_pool(self._keeper.look, token))
        return web.Response(
            body=found.content,
            content_type=found.media,
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
                "Cache-Control": "no-store",
            },
        )

    def _page(self, offer: Offer, seal: str = "") -> web.Response:
        return web.Response(
            text=self._html.fill("link", offer=offer, seal=seal),
            status=200 if offer.press else 410,
            content_type="text/html",
            headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"},
        )

    async def _in_pool(self, work: Callable[[str], T], token: str) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, token)


async def is_from_our_page(request: web.Request, token: str) -> bool:
    """Whether the button was pressed on the page, in the browser that was shown it."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    mine = request.cookies.get(COOKIE, "")
    sent = (await bodies.body(request)).decode(errors="replace")
    (given, *_) = parse_qs(sent).get("seal", [""])
    is_sealed = secrets.compare_digest(given.encode(), seal_of(token, mine).encode())
    return bool(TOKEN.fullmatch(mine)) and is_sealed


def seal_of(token: str, mine: str) -> str:
    """Made of what only this page and this browser know together."""
    return hashlib.sha256(f"{token}/{mine}".encode()).hexdigest()
