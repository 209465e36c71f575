"""The small company in Slack: the real sender, ticks and database, and the fake Slack behind them.

Time stands still until it is wound, for us and for Slack. Commands are given as `tests.chat` gives
them, with Slack's accounts and places; what is said comes through Slack.
"""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from aiohttp import web
from sqlmodel import col, select

from bot import messages
from bot.composing import Composing
from bot.messages import Account
from bot.sender import Patience, Sender
from bot.slack.calls import Calls
from bot.slack.doings import Here
from bot.slack.payloads import Payload
from bot.slack.peopling import EVENTS as PEOPLE
from bot.slack.peopling import Peopling
from bot.slack.placing import Placing
from bot.slack.saying import Saying
from bot.slack.seen import Place
from bot.slack.workspaces import App, Installed, Workspaces
from handlers import composers, decide
from storage import connecting, people
from storage.connections import Connections
from storage.database import Session
from storage.delivering import Delivering
from storage.hearsay import Hearsay
from storage.kept import Keeping
from storage.mentions import Mentions
from storage.outbox import Message
from storage.people import Person
from storage.sending import Claim
from tests.chat import Chat
from tests.slack.server import Slack
from tests.slack.world import Channel, User, Workspace

PATIENT = Patience(at_once=1)


class Office:
    """One workspace of the company, and whoever sends for it."""

    def __init__(self, chat: Chat, slack: Slack, patience: Patience = PATIENT) -> None:
        self.told: list[Payload] = []
        self.chat, self.slack, self.store, self.clock = chat, slack, chat.store, chat.clock
        self.acme: Workspace = slack.workspace("Acme")
        self.pool = ThreadPoolExecutor(6)
        connections = Connections(self.store, None, lambda _seconds: True)
        self.hearsay = Hearsay(self.store)
        with self.store.writing_home() as session:
            told = Installed(self.acme.id, "Acme", bot_id=self.acme.bot.id)
            connecting.keep(session, told, None, session.now)
        workspaces = Workspaces(
            connections, App(api=slack.api), self.clock, self.pool, lambda: None,
            (self.acme.id, self.acme.token),
        )  # fmt: skip
        self.calls = Calls(workspaces, slack.api)
        naming = Mentions(self.store.database, self.store.whose)
        keeping = Keeping(self.store.database, self.clock.now, self.store.whose)
        self.saying = Saying(
            self.calls, lambda at: Place(at, naming, keeping), self.hearsay, self.pool
        )
        self.peopling = Peopling(self.calls, self.hearsay, self.clock, self.pool)
        self.placing = Placing(
            self.calls, self.saying, self.peopling, self.hearsay, self.clock, self.pool
        )
        self.sender: Sender[Claim, Session] = Sender(
            Delivering(self.store, lambda _seconds: True),
            [self.saying],
            Composing(composers(), decide.may_see),
            self.clock,
            self.clock.elapsed,
            self.pool,
            patience,
        )

    async def close(self) -> None:
        await self.calls.close()
        await self._runner.cleanup()
        self.pool.shutdown()

    # who and where

    def at(self, where: Channel) -> messages.Channel:
        privacy = {"public": "open", "direct": "direct"}.get(where.kind, "private")
        return messages.Channel("slack", self.acme.id, where.id, where.name, privacy)  # type: ignore[arg-type]  # one of the three

    async def known(self, who: User) -> Account:
        return await self.peopling.account(self.acme.id, who.id)

    def person(self, who: User) -> Person | None:
        """Whom this account belongs to."""
        tenant = self.acme.id if who.of is self.acme else who.of.id
        with self.chat.looking() as session:
            account = people.account(session, "slack", tenant, who.id)
            return people.who(session, account.person_id) if account else None

    # what happens

    async def colleague(self, name: str, **told: Any) -> User:
        """Somebody of the company, who has spoken to us here: `tests.company` has their address."""
        first = name.partition(" ")[0].lower()
        who = self.acme.person(name, **{"email": f"{first}@acme.example", **told})
        await self.types(who, self.slack.direct(who), "home")
        await self.peopling.ask_anew()
        return who

    async def types(self, who: User, where: Channel, text: str) -> None:
        """Somebody types this there; what they are answered is `chat.text(name)`."""
        name = who.handle
        self.chat.accounts[name] = await self.known(who)
        self.chat.does(name, replace(self.chat.typed(name, text), at=self.at(where)))

    async def _heard(self, request: web.Request) -> web.Response:
        self.told.append((await request.json())["event"])
        return web.Response()

    async def hears(self) -> None:
        """Every event that Slack has told since, each twice, the newest first."""
        here = Here(self.acme.id, self.acme.bot.id)
        told, self.told = self.told, []
        for event in reversed([*told, *told]):
            hearing = self.peopling if event["type"] in PEOPLE else self.placing
            await hearing.hear(here, event)

    async def listens(self) -> None:
        """From now on Slack tells us what happens."""
        app = web.Application()
        app.add_routes([web.post("/slack/events", self._heard)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]  # is listening
        self.slack.listens(f"http://127.0.0.1:{port}/slack/events")

    async def ticks(self, seconds: float = 0.0) -> None:
        """Time passes, and all ticks run."""
        self.clock.wind(seconds=seconds)
        await self.peopling.ask_anew()
        await self.placing.list_anew()
        await self.sender.reconcile()
        await self.sender.send()

    # what there is

    def rows(self, key: str = "") -> list[Message]:
        with self.chat.looking() as session:
            found = session.exec(select(Message).order_by(col(Message.created_at))).all()
        return [one for one in found if one.key.startswith(key)]

    def reads(self, who: User, where: Channel) -> str:
        return self.slack.reads(who, where)


@asynccontextmanager
async def office(chat: Chat, patience: Patience = PATIENT) -> AsyncIterator[Office]:
    """The company moves into Slack."""
    async with Slack.start(now=lambda: chat.clock.now().timestamp()) as slack:
        one = Office(chat, slack, patience)
        await one.listens()
        try:
            yield one
        finally:
            await one.close()
