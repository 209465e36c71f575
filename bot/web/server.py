"""The HTTP server: its routes, and how it starts and stops."""

import asyncio
import signal
from collections.abc import Callable, Iterable

from aiohttp import web

from bot import logs
from bot.web import bodies
from bot.web.bodies import Route, Takes
from bot.web.connections import HEAD, MOST, Connections
from bot.web.front import Front
from bot.web.html import HERE

STATIC = HERE / "static"
DRAINING = 6  # seconds in which whoever was heard is answered; the sender gets as many beside them


class PortTaken(Exception):  # noqa: N818  it is told to the operator in words
    """Something else listens there."""


def application(routes: Iterable[Route], front: Front | None = None) -> web.Application:
    """Every route, behind the same door."""
    always = (bodies.get("/healthz", healthz, Takes(is_counted=False)), static())
    return (front or Front()).application([*always, *routes])


def static() -> Route:
    """Our pages' styles and scripts: those that are there, by their names, and no path."""
    names = {file.name for file in STATIC.iterdir()}

    async def file(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in names:
            raise web.HTTPNotFound
        return web.FileResponse(STATIC / name)

    return bodies.get("/static/{name}", file)


async def healthz(_request: web.Request) -> web.Response:
    """The process runs and answers; nothing more."""
    return web.Response(text="ok\n")


def no_chat_yet() -> Route:
    """What `/` says where neither a chat nor the sandbox may be."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(
            text="Throughline runs here, but no chat is connected to it yet. The sandbox exists "
            "only where HOST is 127.0.0.1.\n"
        )

    return bodies.get("/", page)


async def run(
    app: web.Application,
    host: str,
    port: int,
    started: Callable[[str], None],
    stop: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGINT or SIGTERM. `started` is told the address, `stop` is called at the end."""
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(logs.of_loop)
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, ending.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=DRAINING)
    try:
        listening = await listen(runner, host, port)
    except OSError as taken:
        await runner.cleanup()
        raise PortTaken(
            f"I cannot listen on {host} port {port} ({taken.strerror}). "
            "Set PORT to another one, or stop what uses it."
        ) from taken
    at = listening.sockets[0].getsockname()
    started(f"http://{'[' + at[0] + ']' if ':' in at[0] else at[0]}:{at[1]}")
    await ending.wait()
    stop()
    listening.close()
    await runner.cleanup()


async def listen(
    runner: web.AppRunner, host: str, port: int, most: int = MOST, head: float = HEAD
) -> asyncio.Server:
    """Take so many connections for this application, each with so many seconds for its headers."""
    await runner.setup()
    assert runner.server
    connections = Connections(runner.server, most, head)
    return await asyncio.get_running_loop().create_server(connections, host, port, backlog=MOST)
