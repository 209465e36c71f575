"""Lets in only pages of ours on this machine."""

import secrets
from dataclasses import replace
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from aiohttp import web

from bot.web import bodies
from bot.web.bodies import Page, Route, Takes
from bot.web.front import hostname, is_loopback
from bot.web.pages import Visited, Visitor

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
TOKEN = "X-Throughline-Token"  # noqa: S105  the header's name
JSON = Takes(("application/json",))

S = TypeVar("S")


class Doorkeeper:
    """A loopback port is not private: any page a person has open may post to it, and behind a proxy
    it is the internet. So: our own host name, our own origin, our token, and nothing forwarded.

    Nobody who passes is counted: it is the person at this machine.
    """

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)

    def get(self, path: str, page: Page) -> Route:
        """This page, for whoever may come in."""
        return bodies.get(path, page, self._guarded(Takes()))

    def post(self, path: str, page: Page, takes: Takes = JSON) -> Route:
        """The same, for what is sent to it."""
        return bodies.post(path, page, self._guarded(takes))

    def check(self, request: web.Request) -> None:
        """Raise 403 with a sentence for whoever may not come in."""
        if any(name in request.headers for name in FORWARDED):
            raise web.HTTPForbidden(text="The sandbox is for this machine only, not for a proxy.")
        if not is_loopback(hostname(request)):
            raise web.HTTPForbidden(text="Open the sandbox as http://127.0.0.1 or localhost.")
        if request.method in ("GET", "HEAD"):
            return
        if netloc(request.headers.get("Origin", "")) != request.host:
            raise web.HTTPForbidden(text="That did not come from the sandbox's own page.")
        given = request.headers.get(TOKEN, "").encode()
        if not secrets.compare_digest(given, self.token.encode()):
            raise web.HTTPForbidden(text="Throughline was restarted. Load the page again.")

    def _guarded(self, takes: Takes) -> Takes:
        return replace(takes, may=self.check, is_counted=False)


class Local(Generic[S]):
    """The same door, for pages that ask who visits: it is whoever runs us."""

    def __init__(self, door: Doorkeeper, visitor: Visitor[S]) -> None:
        self._door, self._visitor = door, visitor

    def get(self, path: str, page: Visited[S]) -> Route:
        """This page, for whoever sits at this machine."""
        return self._door.get(path, self._theirs(page))

    def post(self, path: str, page: Visited[S], takes: Takes = JSON) -> Route:
        """The same, for what is sent to it."""
        return self._door.post(path, self._theirs(page), takes)

    def _theirs(self, page: Visited[S]) -> Page:
        async def visited(request: web.Request) -> web.StreamResponse:
            return await page(request, self._visitor)

        return visited


def netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # such as http://[::1
        return ""
