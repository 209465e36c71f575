"""The small company in Slack, heard by all that is real: the door or a socket, Bolt, the database.

    async with talking(chat, "http") as company:
        dana, steering = company.dana, company.steering
        shown = await company.slack.types(dana, steering, "which priority does One login support?")

What is to be said is said by the real sender, whenever something was committed.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Literal

from aiohttp import web

from bot import messages
from bot.answering import Answering
from bot.composing import Composing
from bot.messages import Card, Command
from bot.sender import Patience, Sender
from bot.slack.calls import Calls
from bot.slack.door import Door
from bot.slack.hearing import Hearing
from bot.slack.installed import Installed
from bot.slack.lately import NamedLately
from bot.slack.listening import Listening
from bot.slack.mentioned import Mentioned
from bot.slack.outcomes import Outcomes
from bot.slack.peopling import Peopling
from bot.slack.replies import Replies
from bot.slack.running import Running
from bot.slack.saying import Saying
from bot.slack.seen import Place
from bot.slack.sockets import Disconnected, Sockets
from bot.slack.workspaces import App, Workspaces
from bot.slack.workspaces import Installed as Told
from bot.web import server
from bot.web.front import Front
from handlers import composers, decide, router
from storage import connecting, trouble
from storage.connections import Connections
from storage.database import Session
from storage.delivering import Delivering
from storage.hearsay import Hearsay
from storage.kept import Keeping
from storage.mentions import Mentions
from storage.sending import Claim
from tests.chat import Chat
from tests.slack.server import Slack

By = Literal["http", "socket"]


class Company:
    """Throughline, and the company that talks to it."""

    def __init__(self, chat: Chat, slack: Slack, patience: float) -> None:
        self.chat, self.slack = chat, slack
        self.acme = slack.workspace("Acme")
        self.dana = self.acme.person("Dana Brandt", email="dana@acme.example")
        self.lee = self.acme.person("Lee Novak", email="lee@acme.example")
        self.omar = self.acme.person("Omar Haddad", email="omar@acme.example")
        self.steering = self.acme.channel("steering", self.dana, self.lee, self.omar)
        self.pool = ThreadPoolExecutor(8)
        self.holding = ThreadPoolExecutor(2)  # of whoever stands in the way
        self.running = Running(self.pool)
        self.woken, self.is_saying = asyncio.Event(), False
        self._loop = asyncio.get_running_loop()
        store = chat.store
        with store.writing_home() as session:
            told = Told(self.acme.id, "Acme", bot_id=self.acme.bot.id)
            connecting.keep(session, told, None, session.now)
        self.answering: Answering[Session] = Answering(router(), store, self._wake, trouble.kind)
        self.workspaces = Workspaces(
            Connections(store, None, lambda _seconds: True), App(api=slack.api), chat.clock,
            self.pool, lambda: None, (self.acme.id, self.acme.token),
        )  # fmt: skip
        self.calls = Calls(self.workspaces, slack.api)
        naming, hearsay = Mentions(store.database, store.whose), Hearsay(store)
        lately = NamedLately(naming, time.monotonic)
        keeping = Keeping(store.database, chat.clock.now, store.whose)
        self.composing: Composing[Session] = Composing(composers(), decide.may_see)

        def see(at: messages.Channel) -> Place:
            return Place(at, lately, keeping)

        self.saying = Saying(self.calls, see, hearsay, self.pool)
        peopling = Peopling(self.calls, hearsay, chat.clock, self.pool)
        self.replies = Replies(self.calls)
        self.hearing = Hearing(
            Outcomes(self.answering, self._standing, see, chat.clock),
            self.replies,
            self.calls,
            Mentioned(peopling, naming, hearsay, self.running, time.monotonic),
            self.saying,
            self.running,
            "memo",
            patience,
        )
        installed = Installed(self.workspaces, time.monotonic)
        self.listening = Listening(self.hearing, installed)
        self.door = Door(slack.signing_secret, time.time, self.listening.hear)
        self.sockets = Sockets(
            slack.app_token, slack.api, self.listening.hear, self.running, time.monotonic, 0.3
        )
        self.sender: Sender[Claim, Session] = Sender(
            Delivering(store, lambda _seconds: True),
            [self.saying],
            self.composing,
            chat.clock,
            time.monotonic,
            self.pool,
            Patience(at_once=1),
        )

    def _standing(self, command: Command, keys: Sequence[str]) -> list[tuple[str, Card]]:
        with self.chat.store.reading(command.by, command.at) as session:
            found = [(key, self.composing.stand(key, session)) for key in keys]
        return [(key, card) for key, card in found if card]

    def _wake(self) -> None:
        self._loop.call_soon_threadsafe(self.woken.set)

    async def says_what_is_due(self) -> None:
        while True:
            await self.woken.wait()
            self.is_saying = True
            self.woken.clear()
            await self.sender.send()
            self.is_saying = False

    async def is_connected(self) -> None:
        """Until Slack reaches us by a socket."""
        async with asyncio.timeout(30):
            while True:
                with suppress(Disconnected):
                    return await self.sockets.look()

    async def settles(self) -> None:
        """Until nothing goes on any more."""
        async with asyncio.timeout(30):
            while len(self.running) or self.woken.is_set() or self.is_saying:
                await asyncio.sleep(0.01)

    async def close(self) -> None:
        await self.sockets.close()
        left = await self.running.drain(20)
        await self.replies.close()
        await self.calls.close()
        await asyncio.get_running_loop().run_in_executor(self.holding, self.pool.shutdown)
        self.holding.shutdown()
        assert not left


@asynccontextmanager
async def talking(chat: Chat, by: By = "http", patience: float = 2.0) -> AsyncIterator[Company]:
    """The company moves into Slack, where Throughline hears it by this transport."""
    async with Slack.start(by=by) as slack:
        one = Company(chat, slack, patience)
        slack.patience = 20.0  # where much else runs
        runner = web.AppRunner(server.application([one.door.route()], Front()), shutdown_timeout=1)
        listening = await server.listen(runner, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        slack.listens(f"http://127.0.0.1:{port}/slack/events")
        saying = asyncio.create_task(one.says_what_is_due())
        try:
            if by == "socket":
                await one.is_connected()
            yield one
        finally:
            listening.close()
            await runner.cleanup()
            await one.close()
            saying.cancel()
