"""One-time links: a page that says what is ready, and a button that gives it, once.

What is given is a file, or a way in to pages (`bot.web.signed`).

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
from typing import Generic, Protocol, TypeVar
from urllib.parse import parse_qs, quote, urlsplit

from aiohttp import web

from bot.messages import Card
from bot.web import bodies, front
from bot.web.bodies import Route, Takes
from bot.web.html import Html

COOKIE = "throughline_link"
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
LIVES = 600  # seconds
PRESSED = Takes(("application/x-www-form-urlencoded",), largest=4096)

T = TypeVar("T")
G = TypeVar("G")
G_co = TypeVar("G_co", covariant=True)


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


class Keeper(Protocol[G_co]):
    """Knows what a token is good for."""

    def look(self, token: str) -> Offer: ...

    def take(self, token: str) -> G_co | None:
        """What is given, to one who comes first; to everybody else nothing."""
        ...


class Hosts:
    """The names under which we answer. `public` is where a browser finds us, if that is set.

    Where it is not, and only this machine reaches us, no other host's name is answered.
    """

    def __init__(self, public: str, is_local: bool) -> None:
        self._public, self._is_local = urlsplit(public), is_local
        self.are_secure = self._public.scheme == "https"

    def check(self, request: web.Request) -> None:
        """Raise 403 where we were asked under another's."""
        host = front.hostname(request)
        is_ours = front.is_loopback(host) or host == self._public.hostname
        if (self._is_local or self._public.hostname) and not is_ours:
            raise web.HTTPForbidden(text="Nothing is here under that name.")


class Links(Generic[G]):
    """The pages under a path like `/x`; `give` makes an answer of what a keeper gives."""

    def __init__(
        self,
        path: str,
        keeper: Keeper[G],
        give: Callable[[G], web.Response],
        html: Html,
        pool: Executor,
        hosts: Hosts,
    ) -> None:
        self._path, self._keeper, self._give = path, keeper, give
        self._html, self._pool, self._hosts = html, pool, hosts

    def routes(self) -> Iterable[Route]:
        """What the server must know."""
        return (
            bodies.get(f"{self._path}/{{token}}", self.show),
            bodies.post(f"{self._path}/{{token}}", self.press, PRESSED),
        )

    async def show(self, request: web.Request) -> web.Response:
        """What is ready. The link stays good."""
        self._hosts.check(request)
        token = request.match_info["token"]
        offer = await self._in_pool(self._keeper.look, token)
        known = request.cookies.get(COOKIE, "")
        mine = known if TOKEN.fullmatch(known) else secrets.token_urlsafe(32)
        response = self._page(offer, seal=_seal(token, mine))
        if offer.press:
            response.set_cookie(
                COOKIE, mine, path=self._path, max_age=LIVES, httponly=True, samesite="Strict",
                secure=self._hosts.are_secure,
            )  # fmt: skip
        return response

    async def press(self, request: web.Request) -> web.Response:
        """What it is for, once."""
        self._hosts.check(request)
        token = request.match_info["token"]
        if not await _is_from_our_page(request, token):
            raise web.HTTPForbidden(
                text="Open the link in this browser, and press the button on the page it shows."
            )
        found = await self._in_pool(self._keeper.take, token)
        if found is None:
            return self._page(await self._in_pool(self._keeper.look, token))
        return self._give(found)

    def _page(self, offer: Offer, seal: str = "") -> web.Response:
        return self._html.page("link", {"offer": offer, "seal": seal}, 200 if offer.press else 410)

    async def _in_pool(self, work: Callable[[str], T], token: str) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, token)


def file(found: File) -> web.Response:
    """A file, to be kept."""
    return web.Response(
        body=found.content,
        content_type=found.media,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
            "Cache-Control": "no-store",
        },
    )


async def _is_from_our_page(request: web.Request, token: str) -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    mine = request.cookies.get(COOKIE, "")
    given = await sent_as(request, "seal")
    is_sealed = secrets.compare_digest(given.encode(), _seal(token, mine).encode())
    return bool(TOKEN.fullmatch(mine)) and is_sealed


async def sent_as(request: web.Request, name: str) -> str:
    """What a form of ours sends under this name."""
    sent = (await bodies.body(request)).decode(errors="replace")
    (given, *_) = parse_qs(sent).get(name, [""])
    return given


def _seal(token: str, mine: str) -> str:
    """Made of what only this page and this browser know together."""
    return hashlib.sha256(f"{token}/{mine}".encode()).hexdigest()
