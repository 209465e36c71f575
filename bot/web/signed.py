"""Pages for people who signed in: by a private link, in one browser, until they sign out.

The browser has a secret in a cookie; a page has another one, made of it, and sends that with all
it sends. So no other site's page can act for whoever is signed in.
"""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import Generic, Protocol, TypeVar

from aiohttp import web

from bot.web import bodies, links
from bot.web.bodies import Page, Route, Takes
from bot.web.doorkeeper import JSON, TOKEN, netloc
from bot.web.html import Html
from bot.web.links import PRESSED, Hosts
from bot.web.pages import SignedOut, Visited, Visitor

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
LASTS = 8 * 3600  # seconds; how long a visit lasts is the memory's to say, this tidies up after it

S = TypeVar("S")
T = TypeVar("T")
S_co = TypeVar("S_co", covariant=True)


class Entered(Protocol):
    """What whoever pressed the button of a link gets: a browser's secret, and the page it is to."""

    @property
    def secret(self) -> str: ...
    @property
    def path(self) -> str: ...


class Memory(Protocol[S_co]):
    """Knows whose browser has a secret, and opens a transaction for them or raises `SignedOut`."""

    def who(self, secret: str) -> str:
        """Their name; nothing for nobody."""
        ...

    def reading(self, secret: str) -> AbstractContextManager[S_co]: ...

    def writing(self, secret: str) -> AbstractContextManager[S_co]: ...

    def leave(self, secret: str) -> None: ...


class Signed(Generic[S]):
    """The door to the pages of whoever is signed in, and how they sign out."""

    def __init__(self, memory: Memory[S], html: Html, pool: Executor, hosts: Hosts) -> None:
        self._memory, self._html, self._pool, self._hosts = memory, html, pool, hosts
        # a browser takes a cookie of that name only from us, over https, for the whole host
        self.cookie = "__Host-throughline" if hosts.are_secure else "throughline"

    def routes(self) -> Iterable[Route]:
        """What the server must know."""
        return (bodies.post("/out", self.leave, replace(PRESSED, may=self._hosts.check)),)

    def get(self, path: str, page: Visited[S]) -> Route:
        """This page, for whoever is signed in."""
        return bodies.get(path, self._theirs(page), Takes(may=self._hosts.check))

    def post(self, path: str, page: Visited[S], takes: Takes = JSON) -> Route:
        """The same, for what is sent to it by a page of ours."""
        return bodies.post(path, self._theirs(page), replace(takes, may=self._check))

    def enter(self, entered: Entered) -> web.Response:
        """Keep the secret in the browser, and go on to the page."""
        headers = {"Location": entered.path, "Cache-Control": "no-store"}
        response = web.Response(status=303, headers=headers)
        self._keep(response, entered.secret, LASTS)
        return response

    async def leave(self, request: web.Request) -> web.Response:
        """Whoever is signed in here signs out."""
        secret = self._secret(request)
        given = await links.sent_as(request, "token")
        if not (_is_same_site(request) and secret and _is_token(given, secret)):
            raise web.HTTPForbidden(text="Press the button on a page of mine that is open here.")
        await self._in_pool(partial(self._memory.leave, secret))
        response = self._html.page("signed_out", {"is_done": True})
        self._keep(response, "", 0)
        return response

    def _keep(self, response: web.Response, secret: str, seconds: int) -> None:
        response.set_cookie(
            self.cookie, secret, path="/", max_age=seconds, httponly=True, samesite="Lax",
            secure=self._hosts.are_secure,
        )  # fmt: skip

    def _check(self, request: web.Request) -> None:
        self._hosts.check(request)
        if netloc(request.headers.get("Origin", "")) != request.host:
            raise web.HTTPForbidden(text="That did not come from a page of mine.")
        if not _is_token(request.headers.get(TOKEN, ""), self._secret(request)):
            raise web.HTTPForbidden(text="You are not signed in any more. Load the page again.")

    def _theirs(self, page: Visited[S]) -> Page:
        async def visited(request: web.Request) -> web.StreamResponse:
            try:
                return await page(request, await self._visitor(request))
            except SignedOut:
                return self._out(request)

        return visited

    async def _visitor(self, request: web.Request) -> Visitor[S]:
        secret = self._secret(request)
        name = await self._in_pool(partial(self._memory.who, secret)) if secret else ""
        if not name:
            raise SignedOut
        return Visitor(
            _of(secret, "visitor"),
            _of(secret, "page"),
            partial(self._memory.reading, secret),
            partial(self._memory.writing, secret),
            name,
        )

    def _out(self, request: web.Request) -> web.Response:
        if "text/html" not in request.headers.get("Accept", ""):  # a page's script asks
            raise web.HTTPForbidden(text="You are not signed in any more. Load the page again.")
        return self._html.page("signed_out", {"is_done": False}, 403)

    def _secret(self, request: web.Request) -> str:
        known = request.cookies.get(self.cookie, "")
        return known if SECRET.fullmatch(known) else ""

    async def _in_pool(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


def _is_same_site(request: web.Request) -> bool:
    """A form's own origin is not told to anybody, for our pages send no referrer."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


def _is_token(given: str, secret: str) -> bool:
    return bool(secret) and secrets.compare_digest(given.encode(), _of(secret, "page").encode())


def _of(secret: str, use: str) -> str:
    """Made of the secret, and nobody makes the secret of it."""
    return hashlib.sha256(f"{use}/{secret}".encode()).hexdigest()
