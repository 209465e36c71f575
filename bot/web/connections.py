"""Connections, so many of them: whoever does not get to the point makes room for others.

Left alone, aiohttp waits an hour for the rest of a line, takes any number of connections, and logs
a traceback for every byte of junk.
"""

import asyncio
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.web.front import BUSY, HEADERS, UNREADABLE

MOST = 512  # open at once; many systems give a process 1,024 files in all
HEAD = 5.0  # seconds from the first byte of a request to the end of its headers
LARGEST_HEAD = 64 * 1024  # bytes
IDLE = 75.0  # seconds: proxies that keep connections mostly let go of them after 60
SETTINGS: dict[str, Any] = {
    "access_log": None,
    "auto_decompress": False,  # signatures are over the bytes that came
    "keepalive_timeout": IDLE,
    "lingering_time": 5.0,  # whoever is refused while sending gets to read why
    "max_headers": 64,
}
SLOW = "It did not arrive in time. Send it again."
EXPECTED = "I expect nothing of that kind. Send it without Expect."


class Connections:
    """All that are open, those first that we have waited for longest."""

    def __init__(self, server: web.Server, most: int = MOST, head: float = HEAD) -> None:
        self.head, self._most = head, most
        self._server, self._page = server, server.request_handler
        server.request_handler = self._answer
        self._waiting: dict[Connection, None] = {}
        self._working: set[Connection] = set()

    def __call__(self) -> asyncio.Protocol:
        """A new one, for a server that listens."""
        return Connection(self, self._server)

    def open(self, one: "Connection") -> bool:
        """Keep it, and make room for it. Says no where all others are being answered."""
        self._waiting[one] = None
        if len(self) <= self._most:
            return True
        oldest = next(iter(self._waiting))
        if oldest is one:
            return False
        self.close(oldest)
        oldest.force_close()
        return True

    def works(self, one: "Connection") -> None:
        """It waits for us."""
        if one in self._waiting:
            del self._waiting[one]
            self._working.add(one)

    def rests(self, one: "Connection") -> None:
        """We wait for it."""
        if one in self._working:
            self._working.discard(one)
            self._waiting[one] = None

    def close(self, one: "Connection") -> None:
        """It is gone."""
        self._waiting.pop(one, None)
        self._working.discard(one)

    def __len__(self) -> int:
        return len(self._waiting) + len(self._working)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Before the application: the library puts what is expected into its answer, also where
        that is no text and cannot be put anywhere."""
        if request.headers.get("Expect", "100-continue").lower() != "100-continue":
            return web.Response(status=417, text=EXPECTED, headers=HEADERS)
        return await self._page(request)


class Connection(web.RequestHandler):
    """One of them: its headers come in time, and are not endless."""

    def __init__(self, all_of_them: Connections, server: web.Server) -> None:
        super().__init__(server, loop=asyncio.get_running_loop(), **SETTINGS)
        self._all = all_of_them
        self._cut: asyncio.TimerHandle | None = None
        self._heard = 0  # bytes of headers

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if not self._all.open(self):
            self._cut_off(503, BUSY)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._all.close(self)
        self._expect_nothing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._waiter is None or self._waiter.done():  # the headers are here, or we are closed
            return self._expect_nothing()
        self._heard += len(data)
        if self._cut is None:
            self._cut = self._loop.call_later(self._all.head, self._cut_off, 408, SLOW)
        if self._heard > LARGEST_HEAD:
            self._cut_off(400, UNREADABLE)
        return None

    def works(self) -> None:
        """A page answers."""
        self._all.works(self)

    def rests(self) -> None:
        """The page has answered."""
        self._all.rests(self)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Junk, and whoever left before the answer, are no error of ours: nothing is logged."""
        if not isinstance(exc, HttpProcessingError | ConnectionError):
            return super().handle_error(request, status, exc, message)
        response = web.Response(status=400, text=UNREADABLE, headers=HEADERS)
        response.force_close()
        return response

    def _cut_off(self, status: int, sentence: str) -> None:
        if self.transport is not None:
            said = {**HEADERS, "Content-Type": "text/plain; charset=utf-8", "Retry-After": "1",
                    "Content-Length": str(len(sentence)), "Connection": "close"}  # fmt: skip
            lines = [f"HTTP/1.1 {status} -", *(f"{name}: {value}" for name, value in said.items())]
            self.transport.write("\r\n".join([*lines, "", sentence]).encode())
        self.force_close()

    def _expect_nothing(self) -> None:
        self._heard = 0
        if self._cut:
            self._cut.cancel()
            self._cut = None
