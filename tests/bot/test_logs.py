"""No log, figure or finding ever holds what somebody typed, also where things go wrong."""

import asyncio
import gc
import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy.exc import IntegrityError
from sqlmodel import insert

from bot import logs
from bot.answering import Answering
from bot.counting import Counting
from bot.messages import Command, Reply
from bot.readiness import Home, Readiness
from bot.router import Route, Router
from bot.ticking import Tick, Ticking
from bot.web import bodies, server
from bot.web.bodies import Takes
from handlers import router
from storage import trouble
from storage.database import Database, Session
from storage.health import Health
from storage.inbox import Heard
from tests.chat import Chat
from tests.clock import Clock
from tests.scene import of_the_company

CANARY = f"canary{uuid4().hex}"
TYPED = (
    'decide buy the {c} @dana', 'decide "{c}" because "{c}" for "{c}"', 'needs "{c}" from @{c}',
    'priority "{c}" owner @dana because "{c}"', 'project "{c}" cost 3k EUR', 'map {c}',
    'tool "{c}" vendor "{c}" renews 15 Jan', 'capability "{c}"', 'number "{c}" 6.5',
    'who owns {c}?', 'what is {c}', 'rename "{c}" to "other {c}"', 'link "{c}" to "{c}"',
    'not right "{c}" to "{c}"', 'because D-1 "{c}"', 'room {c}', 'room join {c}', 'zone {c}',
    'side {c}', 'role @{c} facilitator', 'away until {c}', 'gone @{c}', 'this is me {c}',
    'stop {c}', 'undo {c}', 'export as {c}', 'decisions for "{c}"', 'explode {c}', 'collide {c}',
)  # fmt: skip


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that the process would write to its standard error."""
    root, written = logging.getLogger(), io.StringIO()
    before = (root.level, root.handlers[:], sys.excepthook, threading.excepthook)
    monkeypatch.setattr(sys, "stderr", written)
    logs.to_stderr()
    logs.uncaught()
    yield written
    root.setLevel(before[0])
    root.handlers[:], sys.excepthook, threading.excepthook = before[1:]


def explode(command: Command, _session: Session) -> Reply:
    """A bug whose text is what was typed, twice over."""
    try:
        raise KeyError(command.text)
    except KeyError as inner:
        raise ValueError(f"no such thing: {command.text}") from inner


def collide(command: Command, session: Session) -> Reply:
    """The database refuses it, and says which value it had already."""
    row = {"organisation_id": 1, "key": command.text, "at": session.now}
    session.connection().execute(insert(Heard), [row, row])
    raise AssertionError


def talking(database: Database, clock: Clock, counting: Counting) -> Chat:
    chat = of_the_company(database, clock)
    routes = [
        *router().routes.values(),
        Route("explode", "changes", explode),
        Route("collide", "changes", collide),
    ]
    chat.answering = Answering(
        Router(routes, router().keepers.items()),
        chat.store,
        why=trouble.kind,
        count=counting.command,
    )
    return chat


def fault_of(chat: Chat, who: str, typed: str) -> Exception | None:
    """What goes wrong with it, logged as the edge does."""
    try:
        chat.types(who, typed)
    except (ValueError, IntegrityError) as fault:
        logging.getLogger("bot.web.front").exception("failed", extra={"path": "/say"})
        return fault
    return None


def test_what_people_type_is_in_no_log_and_in_no_figure(
    database: Database, clock: Clock, logged: io.StringIO
) -> None:
    counting = Counting()
    chat = talking(database, clock, counting)
    broken = 0
    for who in ("dana", CANARY):
        for typed in TYPED:
            told = fault_of(chat, who, typed.format(c=CANARY))
            if told is None:
                continue
            is_told = isinstance(told, ValueError) or not database.is_sqlite
            assert (CANARY in str(told)) == is_told  # it is there to be leaked
            broken += 1
    assert broken == 4
    health = Health(chat.store, ("chat",))
    figures = counting.text(health.figures(), {}).decode()
    assert 'command="decide",outcome="answered"' in figures
    assert 'command="explode",outcome="broken"' in figures
    with ThreadPoolExecutor(2) as pool:
        home = Home(*database.version(), database.file, health.revision())
        readiness = Readiness(health, home, dict, trouble.kind, clock, clock.elapsed, pool)
        found = asyncio.run(readiness.look())
    said = logged.getvalue()
    lines = [json.loads(line) for line in said.splitlines()]
    assert {"answered", "failed"} <= {line["event"] for line in lines}
    assert "builtins.KeyError" in said
    assert "test_logs.py" in said
    assert CANARY not in said
    assert CANARY not in figures
    assert CANARY not in repr(found)


def test_an_error_that_reaches_the_edge_leaves_its_text_behind(
    clock: Clock, logged: io.StringIO
) -> None:
    async def boom(request: web.Request) -> web.Response:
        raise ExceptionGroup(
            "several", [ValueError((await bodies.body(request)).decode()), OSError(CANARY)]
        )

    async def tick() -> None:
        raise RuntimeError(CANARY)

    async def forgotten() -> None:
        raise RuntimeError(CANARY)

    async def story() -> str:
        asyncio.get_running_loop().set_exception_handler(logs.of_loop)
        ticking = Ticking([Tick("send", tick, 3600)], clock)
        ticking.start()
        runner = web.AppRunner(
            server.application([bodies.post("/x/{token}", boom, Takes(("text/plain",)))]),
            access_log=None,
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}/x/{CANARY}?text={CANARY}"
        async with aiohttp.ClientSession() as browser, browser.post(address, data=CANARY) as answer:
            assert answer.status == 500
            said = await answer.text()
        lost = asyncio.create_task(forgotten())
        await asyncio.wait([lost])
        del lost
        gc.collect()
        await runner.cleanup()
        await ticking.stop()
        return said

    assert CANARY not in asyncio.run(story())
    thread = threading.Thread(target=int, args=[CANARY])
    thread.start()
    thread.join()
    sys.excepthook(ValueError, ValueError(CANARY), None)
    said = logged.getvalue()
    events = [json.loads(line)["event"] for line in said.splitlines()]
    assert {"failed", "in the event loop", "a thread ended", "ended"} <= set(events), events
    assert any("raised an exception" in event for event in events)
    assert '"path": "/x"' in said
    assert CANARY not in said
