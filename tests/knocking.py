"""Knocks at our front door with any bytes at all, over a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from aiohttp import web

from bot.web import server
from bot.web.bodies import Route
from bot.web.connections import HEAD, MOST
from bot.web.front import Front


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered."""

    status: int
    headers: dict[str, str]
    text: str


@asynccontextmanager
async def standing(
    *routes: Route,
    front: Front | None = None,
    application: web.Application | None = None,
    most: int = MOST,
    head: float = HEAD,
) -> AsyncIterator[int]:
    """A server of these routes, on a port of its own."""
    app = application or server.application(routes, front)
    runner = web.AppRunner(app, shutdown_timeout=1)
    listening = await server.listen(runner, "127.0.0.1", 0, most, head)
    yield listening.sockets[0].getsockname()[1]
    listening.close()
    await runner.cleanup()


def asked(
    start: str = "GET /healthz", headers: str = "", body: bytes = b"", version: str = "1.1"
) -> bytes:
    """A request as bytes; each of the headers on a line."""
    lines = f"{start} HTTP/{version}\nHost: here\n{headers}".rstrip("\n") + "\n\n"
    return lines.replace("\n", "\r\n").encode("utf-8", "surrogateescape") + body


class Caller:
    """A connection, held open until it is let go."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, sent: bytes) -> None:
        self._writer.write(sent)
        await self._writer.drain()

    async def hear(self, is_head: bool = False) -> Said:
        """The answer, in five seconds; status 0 where the connection was closed without one."""
        async with asyncio.timeout(5):
            try:
                start, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().splitlines()
                headers = {
                    name.lower(): value
                    for name, _, value in (line.partition(": ") for line in lines if line)
                }
                size = 0 if is_head else int(headers.get("content-length", 0))
                text = (await self._reader.readexactly(size)).decode()
            except (asyncio.IncompleteReadError, ConnectionError):
                return Said(0, {}, "")
            return Said(int(start.split()[1]), headers, text)

    async def is_let_go(self) -> bool:
        """Whether the other side has closed it, in five seconds."""
        async with asyncio.timeout(5):
            try:
                return not await self._reader.read()
            except ConnectionError:
                return True

    async def close(self) -> None:
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


async def call(port: int, address: str = "127.0.0.1") -> Caller:
    """A connection from this address of this machine."""
    return Caller(*await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0)))


async def knock(port: int, sent: bytes, address: str = "127.0.0.1") -> Said:
    """Send this, and hear what is said."""
    caller = await call(port, address)
    try:
        await caller.send(sent)
        return await caller.hear(sent.startswith(b"HEAD"))
    finally:
        await caller.close()
