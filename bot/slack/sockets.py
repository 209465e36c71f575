"""Hears Slack by a connection that we open ourselves: no address of ours need be on the internet.

Whatever was not acknowledged when a connection ended is sent again by Slack, to whichever process
has one then.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import payloads
from bot.slack.payloads import Junk, Payload
from bot.slack.running import Running

log = logging.getLogger(__name__)
LOST = 20.0  # seconds without a connection, after which another client is built
PING = 5.0  # seconds between two signs of life


class Disconnected(Exception):  # noqa: N818  a state, said by the tick that looks at it
    """Slack cannot reach us now."""


class Sockets:
    """One client at a time. `elapsed` is in seconds and never goes back."""

    def __init__(
        self,
        app_token: str,
        api: str,
        hear: Callable[[Payload], Awaitable[tuple[int, str, str]]],
        running: Running,
        elapsed: Callable[[], float],
        ping: float = PING,
    ) -> None:
        self._app_token, self._api, self._ping = app_token, api, ping
        self._hear, self._running, self._elapsed = hear, running, elapsed
        self._client: SocketModeClient | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._well_at = elapsed()
        self._is_resting = False

    def rest(self) -> None:
        """Take nothing new: Slack sends it to another process, or again."""
        self._is_resting = True

    async def look(self) -> None:
        """Connect where there is no connection, by a new client where the old one found none.

        Raises `Disconnected` while there is none.
        """
        if self._is_resting:
            return
        if self._client is not None and await self._client.is_connected():
            self._well_at = self._elapsed()
            return
        if self._client is None or self._elapsed() - self._well_at >= LOST:
            await self._connect()
        else:
            await asyncio.wait({self._task}, timeout=self._ping)
        if not (self._client and await self._client.is_connected()):
            raise Disconnected("no connection to Slack")

    @property
    def _task(self) -> "asyncio.Task[None]":
        assert self._connecting is not None
        return self._connecting

    async def _connect(self) -> None:
        await self._close()
        self._well_at = self._elapsed()
        quiet = logging.getLogger("slack_sdk")
        quiet.setLevel(logging.CRITICAL)  # it logs what people typed
        client = SocketModeClient(
            self._app_token,
            logger=quiet,
            web_client=AsyncWebClient(base_url=self._api, retry_handlers=[], logger=quiet),
            ping_interval=self._ping,
        )
        client.socket_mode_request_listeners.append(self._take)
        self._client = client
        self._connecting = asyncio.get_running_loop().create_task(_through(client.connect))
        await asyncio.wait({self._connecting}, timeout=self._ping)

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        if not self._is_resting:
            await asyncio.shield(self._running.start(self._answer(client, request)))

    async def _answer(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        status, text, kind = 400, "", ""
        try:
            status, text, kind = await self._hear(payloads.sound(request.payload))
        except Junk as junk:
            log.warning("not understood", extra={"piece": str(junk)})
        said = json.loads(text) if status == 200 and text and kind == "application/json" else None
        answer = SocketModeResponse(envelope_id=request.envelope_id, payload=said)
        try:
            await client.send_socket_mode_response(answer)
        except (ConnectionError, RuntimeError) as lost:  # Slack sends it again
            log.info("not acknowledged", extra={"why": type(lost).__name__})

    async def close(self) -> None:
        """For good."""
        self.rest()
        await self._close()

    async def _close(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait({self._connecting})
        if self._client is not None:
            await _through(self._client.close)
        self._client, self._connecting = None, None


async def _through(untyped: Callable[[], Awaitable[None]]) -> None:
    """The SDK says nothing of what these two give."""
    await untyped()
