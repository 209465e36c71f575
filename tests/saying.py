"""A company that has things to say: one database, a faulty chat, and processes that send."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from sqlmodel import select

from bot.composing import Composing, everybody
from bot.messages import Card, Channel
from bot.platforms import Platform
from bot.sender import Patience, Sender
from handlers import waiting
from storage import channels, outbox
from storage.channels import Channel as StoredChannel
from storage.database import Database, Session
from storage.delivering import Delivering
from storage.organisations import Organisation
from storage.outbox import Message
from storage.people import Account, Person
from storage.sending import Claim
from storage.store import Store
from tests.clock import Clock
from tests.platform import Chat, Client, Server

T = TypeVar("T")
HANG = 0.2  # real seconds, only where a test wants a server that hangs


class World:
    """Time stands still until it is wound; `says` is how a message titled by its key now reads."""

    def __init__(self, database: Database, clock: Clock, store: Store) -> None:
        self.database, self.clock, self.store = database, clock, store
        self.organisation: Organisation = store.found("Acme Lifts", "Europe/Berlin")
        self.chat = Chat(now=clock.elapsed, hang=3 * HANG)
        self.may_see: Callable[[str, Channel, object], bool] = everybody
        self.words: dict[str, str | None] = {}
        self.patience = Patience(at_once=1)
        self.pool = ThreadPoolExecutor(4)
        self.runner = asyncio.Runner()
        self.server = Server(self.chat)
        self.run(self.server.start())
        self.client = Client("chat", f"http://127.0.0.1:{self.server.port}")
        self.pauses: list[float] = []

    def run(self, work: Awaitable[T]) -> T:
        async def all_of_it() -> T:
            return await work

        return self.runner.run(all_of_it())

    def close(self) -> None:
        self.run(self.client.close())
        self.run(self.server.stop())
        self.runner.close()
        self.pool.shutdown()

    # what is there

    def channel(self, name: str = "steering") -> StoredChannel:
        with self.database.writing(self.organisation.id) as session:
            return channels.place(session, "chat", "acme", name, name)

    def person(self, name: str, role: str = "member", account: str = "") -> Person:
        with self.database.writing(self.organisation.id) as session:
            person = Person(name=name, role=role, created_at=self.clock.now())
            session.add(person)
            session.flush()
            if account:
                session.add(
                    Account(
                        platform="chat",
                        tenant="acme",
                        external_id=account,
                        person_id=person.id,
                        name=name,
                    )
                )
        return person

    def post(self, key: str, channel: str = "steering", by: Person | None = None) -> str:
        """A command wants this said."""
        at = self.channel(channel)
        with self.database.writing(self.organisation.id) as session:
            by_id = by.id if by else None
            return outbox.in_channel(session, at.id, key, "", by_id, self.clock.now())

    def asks(self, person: Person, *keys: str, by: Person | None = None) -> None:
        """A command asks somebody in private."""
        with self.database.writing(self.organisation.id) as session:
            for key in keys:
                outbox.to_person(session, person.id, key, by.id if by else None, self.clock.now())

    def change(self, key: str, words: str | None) -> None:
        """A command changes what a message shows."""
        with self.database.writing(self.organisation.id) as session:
            outbox.changed(session, key, self.clock.now())
        self.words[key] = words

    def row(self, id: str) -> Message:
        with self.database.reading(self.organisation.id) as session:
            return session.exec(select(Message).where(Message.id == id)).one()

    def rows(self, key: str) -> list[Message]:
        with self.database.reading(self.organisation.id) as session:
            return list(session.exec(select(Message).where(Message.key == key)))

    # who sends

    def sender(self, platform: Platform | None = None) -> Sender[Claim, Session]:
        """A process that sends."""
        rows = Delivering(self.store, self.pause)
        compose = {"decision": self._compose, "held": self._compose, "failed": self._compose}
        compose["waiting"] = partial(waiting.compose, compose)
        return Sender(
            rows,
            [platform or self.client],
            Composing(compose, self.may_see),
            self.clock,
            self.clock.elapsed,
            self.pool,
            self.patience,
        )

    def client_lane(self, platform: str, tenant: str, id: str, is_edit: bool) -> tuple[str, float]:
        return self.client.lane(Channel(platform, tenant, id), is_edit)

    def pause(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        return len(self.pauses) > 50

    def _compose(self, key: str, _session: Session) -> Card | None:
        words = self.words.get(key, key)
        return Card(words) if words is not None else None

    def sends(self, platform: Platform | None = None) -> int:
        """One tick of `send`."""
        return self.run(self.sender(platform).send())

    def reconciles(self, platform: Platform | None = None) -> None:
        """One tick of `reconcile`."""
        self.run(self.sender(platform).reconcile())

    def passes(self, seconds: float, platform: Platform | None = None) -> None:
        """Time passes, and both ticks run."""
        self.clock.wind(seconds=seconds)
        self.reconciles(platform)
        self.sends(platform)

    def reads(self, channel: str = "steering") -> list[str]:
        """What stands in the channel."""
        return self.chat.titles(channel)
