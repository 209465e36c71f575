"""Stands in front of every page: who may come in, and what a browser may do with what it gets."""

import ipaddress
import logging
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)
LARGEST_BODY = 256 * 1024  # bytes
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

    def check(self, request: web.Request) -> None:
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
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="The sandbox takes JSON.")
