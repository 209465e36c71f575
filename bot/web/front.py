"""Stands in front of every page: who may come in, and what a browser may do with what it gets."""

import asyncio
import ipaddress
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)
LARGEST_BODY = 256 * 1024  # bytes
SILENT = 5.0  # seconds without a byte after which nobody waits for the rest of a body
PATIENT = 60.0  # seconds for the whole of a file: it may lie on a slow share
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
TOKEN = "X-Throughline-Token"  # noqa: S105  the header's name


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@web.middleware
async def headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tell the browser what it may not do. A stream has sent its own headers already."""
    try:
        response = await handler(request)
    except web.HTTPException as refused:
        refused.headers.update(HEADERS)
        raise
    except Exception:  # the edge: whoever asked gets a sentence, the operator gets the place
        log.exception("failed", extra={"path": request.path})
        response = web.Response(status=500, text="Something went wrong here. Nothing was lost.")
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


class Doorkeeper:
    """Lets in only pages of ours on this machine.

    A loopback port is not private: any page a person has open may post to it, and behind a proxy
    it is the internet. So: our own host name, our own origin, our token, and nothing forwarded.
    """

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)

    def guard(self, page: Handler, takes: str = "application/json") -> Handler:
        """This page, for whoever may come in; what is posted to it is of this type."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            self.check(request, takes)
            return await page(request)

        return guarded

    def check(self, request: web.Request, takes: str = "application/json") -> None:
        """Raise 403 with a sentence for whoever may not come in."""
        if any(name in request.headers for name in FORWARDED):
            raise web.HTTPForbidden(text="The sandbox is for this machine only, not for a proxy.")
        if not is_loopback(urlsplit(f"//{request.host}").hostname or ""):
            raise web.HTTPForbidden(text="Open the sandbox as http://127.0.0.1 or localhost.")
        if request.method in ("GET", "HEAD"):
            return
        origin = request.headers.get("Origin", "")
        if urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="That did not come from the sandbox's own page.")
        if not secrets.compare_digest(request.headers.get(TOKEN, ""), self.token):
            raise web.HTTPForbidden(text="Throughline was restarted. Load the page again.")
        if request.content_type != takes:
            raise web.HTTPUnsupportedMediaType(text=f"This takes {takes}, and nothing else.")


async def body(request: web.Request, most: int, too_large: str) -> bytes:
    """All that is sent, of at most so many bytes; whoever falls silent is not waited for."""
    refused = web.HTTPRequestEntityTooLarge(most, request.content_length or most, text=too_large)
    if (request.content_length or 0) > most:
        raise refused
    sent = bytearray()
    try:
        async with asyncio.timeout(PATIENT):
            while chunk := await asyncio.wait_for(request.content.readany(), SILENT):
                sent += chunk
                if len(sent) > most:
                    raise refused
    except TimeoutError as slow:
        raise web.HTTPRequestTimeout(text="It did not arrive in time. Send it again.") from slow
    return bytes(sent)


async def told(request: web.Request) -> dict[str, Any]:
    """The JSON object that a page of ours sends."""
    sent = await body(request, LARGEST_BODY, "That is more than a page of mine sends.")
    try:
        found = json.loads(sent)
    except (ValueError, RecursionError) as broken:
        raise web.HTTPBadRequest(text="That is not JSON.") from broken
    if not isinstance(found, dict):
        raise web.HTTPBadRequest(text="That is not what a page of mine sends.")
    return found
