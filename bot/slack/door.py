"""Lets in what Slack signed, before anything else looks at it."""

import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.slack import payloads
from bot.slack.payloads import Junk, Payload
from bot.web import bodies
from bot.web.bodies import Route, Takes

log = logging.getLogger(__name__)
PATH = "/slack/events"  # commands, events and interactions, all of them
FRESH = 300  # seconds: what is older is a recording
TYPES = ("application/json", "application/x-www-form-urlencoded")
NOT_SLACKS = "That is not what Slack sends."


class Door:
    """`now` is the time in seconds since 1970, `hear` answers what came in."""

    def __init__(
        self,
        secret: str,
        now: Callable[[], float],
        hear: Callable[[Payload], Awaitable[tuple[int, str, str]]],
    ) -> None:
        self._secret, self._now, self._hear = secret.encode(), now, hear

    def route(self) -> Route:
        """The one address that Slack is given."""
        return bodies.post(PATH, self.page, Takes(TYPES, knows=self.knows))

    async def knows(self, request: web.Request, sent: bytes) -> bool:
        """Whether Slack signed these bytes a moment ago."""
        told = request.headers.get("X-Slack-Request-Timestamp", "")
        if not (told.isascii() and told.isdigit() and len(told) < 12):
            return False
        if abs(self._now() - int(told)) > FRESH:
            return False
        given = request.headers.get("X-Slack-Signature", "")
        return hmac.compare_digest(signature(self._secret, told, sent), given.encode())

    async def page(self, request: web.Request) -> web.Response:
        """What Slack sent. Nothing it can be makes this fail."""
        try:
            payload = payloads.read(await bodies.body(request), request.content_type)
            status, text, kind = await self._hear(payload)
        except Junk as junk:
            log.warning("not understood", extra={"piece": str(junk)})
            return web.Response(status=400, text=NOT_SLACKS)
        return web.Response(status=status, text=text, content_type=kind)


def signature(secret: bytes, timestamp: str, sent: bytes) -> bytes:
    """What Slack writes into the header for these bytes."""
    whole = b"v0:" + timestamp.encode() + b":" + sent
    return b"v0=" + hmac.new(secret, whole, hashlib.sha256).hexdigest().encode()
