"""The front door: who and what is let through to a page, and what a browser may do with it."""

import ipaddress
import logging
import re
import time
from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

from aiohttp import web

from bot import trouble
from bot.web import bodies
from bot.web.bodies import TAKES, Page, Route, Takes
from bot.web.callers import Callers

log = logging.getLogger(__name__)
AT_ONCE = 256  # requests that pages work on
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
BUSY = "I am busy with other requests. Try again in a second."
UNREADABLE = "I cannot read that request."
SENTENCES = {  # where the library refuses, and says it in its own way
    403: "That is not for you to see.",
    404: "Nothing is here.",
    405: "That is not how this page is asked.",
    416: "That part is not there.",
}


@runtime_checkable
class Waiting(Protocol):
    """A connection that knows whether we wait for it or it waits for us."""

    def works(self) -> None: ...
    def rests(self) -> None: ...


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def hostname(request: web.Request) -> str:
    """By which name we were asked, without its port."""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:  # such as [::1
        return ""


def only_ours(request: web.Request, public: str | None, is_local: bool) -> None:
    """Answer under no other host's name than `public`; any is ours where nobody has set one."""
    host = hostname(request)
    if (is_local or public) and not (is_loopback(host) or host == public):
        raise web.HTTPForbidden(text="Nothing is here under that name.")


class Front:
    """Stands before every route.

    `now` is in seconds and never goes back; `why` says what is the matter with the database.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        at_once: int = AT_ONCE,
        why: Callable[[BaseException], str] = lambda _: "",
    ) -> None:
        self._takes: dict[web.AbstractRoute, Takes] = {}
        self._callers = Callers(now)
        self._at_once, self._working = at_once, 0
        self._why = why

    def application(self, routes: Iterable[Route]) -> web.Application:
        """These routes, and this door before them."""
        app = web.Application(middlewares=[self.stand])
        app.on_response_prepare.append(_tell_the_browser)
        for route in routes:
            definition = web.RouteDef(route.method, route.path, route.page, {})
            if route.method == "GET":
                definition = web.get(route.path, route.page)
            (added,) = app.add_routes([definition])
            for one in added.resource or ():  # a page comes with its HEAD
                self._takes.setdefault(one, route.takes)
        return app

    def takes(self, route: web.AbstractRoute) -> Takes:
        """What this route takes. Raises `KeyError` for one that did not come by this door."""
        return self._takes[route]

    @web.middleware
    async def stand(self, request: web.Request, handler: Page) -> web.StreamResponse:
        """Let through what the route takes, and say in a sentence why not."""
        try:
            return await self._let_through(request, handler)
        except web.HTTPException as refused:
            if refused.text == f"{refused.status}: {refused.reason}":
                refused.text = SENTENCES.get(refused.status, f"{refused.reason}.")
            raise
        except ConnectionError:  # whoever asked has left: there is nobody to tell, and no error
            raise
        except Exception as fault:  # the edge: who asked gets a sentence, the operator the place
            if kind := self._why(fault):
                log.error("not kept", exc_info=fault, extra={"why": kind})
                return web.Response(status=503, text=trouble.unread(kind).text)
            log.exception("failed", extra={"path": request.path})
            return web.Response(status=500, text="Something went wrong here. Nothing was lost.")

    async def _let_through(self, request: web.Request, page: Page) -> web.StreamResponse:
        if not is_sound(request):
            raise web.HTTPBadRequest(text=UNREADABLE)
        takes = self._takes.get(request.match_info.route)
        if takes is None:
            self._count(request)
            raise request.match_info.http_exception or web.HTTPNotFound()
        request[TAKES] = takes
        takes.may(request)
        _check_type(request, takes)
        if takes.is_counted and not takes.knows:
            self._count(request)
        if not takes.reads_itself:
            await bodies.body(request)
        if takes.knows and not await takes.knows(request, await bodies.body(request)):
            self._count(request)
            raise web.HTTPUnauthorized(text="I do not know who sent this.")
        return await self._work(request, page)

    def _count(self, request: web.Request) -> None:
        if wait := self._callers.ask(request.remote or ""):
            raise web.HTTPTooManyRequests(
                text=f"That was a lot at once. Try again in {wait} s.",
                headers={"Retry-After": str(wait)},
            )

    async def _work(self, request: web.Request, page: Page) -> web.StreamResponse:
        if self._working >= self._at_once:
            raise web.HTTPServiceUnavailable(text=BUSY, headers={"Retry-After": "1"})
        connection = request.protocol if isinstance(request.protocol, Waiting) else None
        self._working += 1
        if connection:
            connection.works()
        try:
            return await page(request)
        finally:
            self._working -= 1
            if connection:
                connection.rests()


def is_sound(request: web.Request) -> bool:
    """Whether it names one host and is text throughout: no page or database can take the rest."""
    hosts = request.headers.getall("Host", [])
    names_one = len(hosts) == 1 if request.version >= (1, 1) else len(hosts) < 2
    return (
        names_one
        and all(HOST.fullmatch(host) for host in hosts)
        and request.raw_path.isascii()
        and all(map(bodies.is_text, (request.path, *request.query, *request.query.values())))
        and all(map(bodies.is_text, request.headers.values()))
    )


def _check_type(request: web.Request, takes: Takes) -> None:
    if takes.types and request.content_type not in takes.types:
        raise web.HTTPUnsupportedMediaType(
            text=f"This takes {' or '.join(takes.types)}, and nothing else."
        )
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise web.HTTPUnsupportedMediaType(text="Send it as it is, not compressed.")


async def _tell_the_browser(_request: web.Request, response: web.StreamResponse) -> None:
    """What it may not do with anything of ours."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
