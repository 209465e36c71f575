"""The server: what listens, what speaks, and how both come to their end."""

import argparse
import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial

from bot import logs
from bot.platforms import Platform
from bot.roof import paging
from bot.roof.connecting import print_first_codes
from bot.roof.house import House
from bot.roof.slack import in_slack
from bot.sender import Sender
from bot.settings import Settings
from bot.ticking import Tick, Ticking
from bot.web import front, seats, server
from bot.web.doorkeeper import Doorkeeper, Local
from bot.web.front import Front
from bot.web.html import Html
from bot.web.links import Hosts
from bot.web.pages import Door
from bot.web.sandbox import Sandbox
from digests.planning import Planning
from handlers import board
from storage import channels, trouble
from storage.database import Session
from storage.delivering import Delivering
from storage.forgetting import Forgetting
from storage.history import History

ROOM = "Steering"  # of the sandbox: it stands in both panes
DRAINING = 5.0  # seconds in which what was acknowledged comes to its end, beside the sender
TURN = 0.0005  # seconds of Python for one thread, then another's: whoever listens must get theirs
ENDING = 8.0  # seconds from a signal to stop until what is being said is left to the next start


def serve(chosen: Settings, _asked: argparse.Namespace) -> int:
    """Run the bot and its pages until a signal to stop."""
    logs.uncaught()
    sys.setswitchinterval(TURN)
    house = House(chosen)
    looking = ThreadPoolExecutor(3, thread_name_prefix="health")
    with ThreadPoolExecutor(8, thread_name_prefix="command") as pool:
        asyncio.run(_serving(house, pool, looking))
    looking.shutdown(wait=False)
    house.close()
    return 0


async def _serving(house: House, pool: ThreadPoolExecutor, looking: ThreadPoolExecutor) -> None:
    chosen = house.settings
    if chosen.has_sandbox and not chosen.has_slack:  # first of all: it says in which zone we are
        house.store.seed_demo(rename=not chosen.organisation, rezone=not chosen.tz)
    hosts = Hosts(chosen.public_url, front.is_loopback(chosen.host))
    html = Html(house.zone(), board.TEMPLATES)
    ending = threading.Event()
    slack = await in_slack(house, pool, ending) if chosen.has_slack else None
    routes = [*paging.files(house.store, html, pool, hosts), *(slack.routes if slack else ())]
    platforms: list[Platform] = [slack.platform] if slack else []
    door: Door[Session]
    started, closing = house.stands_at, list[Callable[[], None]]()
    if chosen.has_sandbox:
        keeper = Doorkeeper()
        sandbox = _sandbox(house, html, pool, keeper)
        house.store.open_room(ROOM, seats.channels())
        with house.store.writing_home() as session:
            for pane in seats.channels():
                channels.reads_as(session, pane, pane.id)
        platforms.append(sandbox)
        routes += sandbox.routes()
        closing.append(sandbox.close)
        door = Local(keeper, paging.operator(house, keeper))
        started = house.stands_with_sandbox_at
    else:
        door, ways = paging.signing(house.store, html, pool, hosts)
        routes += ways
        if not slack:
            routes.append(server.no_chat_yet())
    shown, closes = paging.pages(html, pool, door, house.company)
    routes += shown
    closing += closes
    ticks = slack.ticks if slack else ()
    async with _saying(house, platforms, ticks, pool, ending) as (ticking, rest):
        routes += house.healthy(platforms, ticking, looking).routes()
        app = server.application(routes, Front(why=trouble.kind))
        if slack:
            closing.append(slack.rest)
            started = partial(_started, house, started)
        stop = partial(_all, [*closing, rest])
        try:
            await server.run(app, chosen.host, chosen.port, started, stop)
        finally:
            if slack:
                await slack.end(DRAINING)


def _started(house: House, started: Callable[[str], None], address: str) -> None:
    started(address)
    print_first_codes(house)


def _all(calls: Iterable[Callable[[], None]]) -> None:
    for call in calls:
        call()


def _sandbox(house: House, html: Html, pool: ThreadPoolExecutor, door: Doorkeeper) -> Sandbox:
    return Sandbox(
        house.answering,
        History(house.store),
        house.suggest,
        html,
        house.clock,
        pool,
        house.company,
        house.standing,
        door,
    )


@asynccontextmanager
async def _saying(
    house: House,
    platforms: Sequence[Platform],
    more: Sequence[Tick],
    pool: ThreadPoolExecutor,
    ending: threading.Event,
) -> AsyncIterator[tuple[Ticking, Callable[[], None]]]:
    """The sender and its metronome, while the server runs; and what lets them begin no more."""
    ends_at = list[float]()
    sender = Sender(
        Delivering(house.store, ending.wait),
        platforms,
        house.composing,
        house.clock,
        time.monotonic,
        pool,
    )
    forgetting, planning = Forgetting(house.store), Planning(house.store, time.monotonic)

    async def in_pool(work: Callable[[], object]) -> object:
        return await asyncio.get_running_loop().run_in_executor(pool, work)

    async def plan() -> None:
        if await in_pool(planning.plan):
            house.wake()

    forget = partial(in_pool, forgetting.forget)
    ticks = [Tick("forget", forget, every=3600, is_vital=False), *more]
    if platforms:  # where there is no chat, what is to be said waits for one
        ticks.append(Tick("plan", plan, every=2))
        ticks.append(Tick("replan", partial(in_pool, planning.reconcile), every=60, is_vital=False))
        ticks.append(Tick("send", sender.send, every=5))
        ticks.append(Tick("reconcile", sender.reconcile, every=15))
    ticking = Ticking(ticks, house.clock)
    ticking.start()
    if platforms:
        house.wake = partial(ticking.wake, "send")

    def rest() -> None:
        ends_at.append(time.monotonic() + ENDING)
        sender.rest()
        ticking.rest()

    try:
        yield ticking, rest
    finally:
        if not ends_at:
            rest()
        await ticking.stop(within=max(ends_at[0] - time.monotonic(), 0.5))
        ending.set()
