"""The HTTP server: its routes, and how it starts and stops."""

import asyncio
import logging
import signal
from collections.abc import Callable, Iterable

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot import logs, trouble
from bot.web import front
from bot.web.html import HERE

log = logging.getLogger(__name__)
DRAINING = 6  # seconds in which whoever was heard is answered; the sender gets as many beside them


class PortTaken(Exception):  # noqa: N818  it is told to the operator in words
    """Something else listens there."""


def application(
    routes: Iterable[web.AbstractRouteDef], why: Callable[[BaseException], str] = lambda _: ""
) -> web.Application:
    """Every route, behind the same door. `why` says what is the matter with the database."""
    app = web.Application(
        middlewares=[front.headers, in_trouble(why)], client_max_size=front.LARGEST_BODY
    )
    app.add_routes([web.get("/healthz", healthz), web.static("/static", HERE / "static"), *routes])
    return app


def in_trouble(why: Callable[[BaseException], str]) -> Middleware:
    """Whoever asks while the database cannot be used gets a sentence, and may ask again."""

    @web.middleware
    async def told(request: web.Request, handler: front.Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Exception as fault:
            kind = why(fault)
            if not kind:
                raise
            log.error("not kept", exc_info=fault, extra={"why": kind})
            raise web.HTTPServiceUnavailable(text=trouble.unread(kind).text) from fault

    return told


async def healthz(_request: web.Request) -> web.Response:
    """The process runs and answers; nothing more."""
    return web.Response(text="ok\n")


def no_chat_yet() -> web.RouteDef:
    """What `/` says where neither a chat nor the sandbox may be."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(
            text="Throughline runs here, but no chat is connected to it yet. The sandbox exists "
            "only where HOST is 127.0.0.1.\n"
        )

    return web.get("/", page)


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
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError as taken:
        await runner.cleanup()
        raise PortTaken(
            f"I cannot listen on {host} port {port} ({taken.strerror}). "
            "Set PORT to another one, or stop what uses it."
        ) from taken
    at = runner.addresses[0]
    started(f"http://{'[' + at[0] + ']' if ':' in at[0] else at[0]}:{at[1]}")
    await ending.wait()
    stop()
    await runner.cleanup()
