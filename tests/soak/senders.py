"""One sender as a process of its own, to be killed and frozen: `python -m tests.soak.senders`.

With `--naive` it is the design everybody writes first, a lease and a retry, for the checker to
catch: `tests.soak.outbox` must find what it says twice.
"""

import argparse
import asyncio
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlmodel import col, or_, select, update

from bot.clock import SharedClock
from bot.composing import Composing
from bot.messages import Card, Channel
from bot.platforms import NotSent, Unknown, Unreachable
from bot.sender import Patience, Sender
from bot.ticking import Tick, Ticking
from storage.channels import Channel as StoredChannel
from storage.database import Database, Session
from storage.delivering import Delivering
from storage.outbox import Message
from storage.sending import Claim
from storage.store import Store
from tests.platform import Client


def compose(key: str, session: Session) -> Card | None:
    """What is true now: the revision that is wanted."""
    wanted = select(Message.wanted).where(Message.key == key)
    return Card(f"{key} at {session.exec(wanted).first() or 0}")


def notice(key: str, _session: Session) -> Card | None:
    return Card(key)


def pause(seconds: float) -> bool:
    """Wait, and never give up."""
    time.sleep(seconds)
    return False


async def send(asked: argparse.Namespace) -> None:
    database = Database(asked.database)
    clock = SharedClock(database.now)
    store = Store(database, clock.now)
    client = Client("chat", asked.platform, can_find=not asked.blind)
    nouns = {"decision": compose, "held": notice, "failed": notice}
    patience = Patience(**json.loads(asked.patience))
    with ThreadPoolExecutor(patience.at_once + 1) as pool:
        rows = Delivering(store, pause)
        sender: Sender[Claim, Session] = Sender(
            rows, [client], Composing(nouns), clock, time.monotonic, pool, patience
        )
        ticks = [
            Tick("send", sender.send, patience.again / 2),
            Tick("reconcile", sender.reconcile, patience.settle / 3),
        ]
        ticking = Ticking(ticks, clock)
        ticking.start()
        print("ready", flush=True)
        await asyncio.Event().wait()


class Naive:
    """Marks a row, posts it, and tries again whenever that did not go well."""

    def __init__(self, database: Database, lease: float) -> None:
        self._database, self._lease = database, lease

    def take(self, now: datetime) -> tuple[Message, StoredChannel] | None:
        with self._database.beside(1) as session:
            is_free = or_(col(Message.lease_until).is_(None), col(Message.lease_until) <= now)
            due = (
                select(Message, StoredChannel)
                .join(StoredChannel, col(Message.channel_id) == col(StoredChannel.id))
                .where(col(Message.state).in_(("pending", "sending")), is_free)
                .limit(1)
            )
            found = session.exec(due).first()
            if found:
                self._set(session, found[0], state="sending",
                          lease_until=now + timedelta(seconds=self._lease))  # fmt: skip
        return found

    def finish(self, message: Message, state: str, **values: object) -> None:
        with self._database.beside(1) as session:
            self._set(session, message, state=state, lease_until=None, **values)

    def _set(self, session: Session, message: Message, **values: object) -> None:
        session.execute(
            update(Message)
            .where(col(Message.id) == message.id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


async def send_naively(asked: argparse.Namespace) -> None:
    database = Database(asked.database)
    patience = Patience(**json.loads(asked.patience))
    naive, client = Naive(database, patience.lease), Client("chat", asked.platform)
    print("ready", flush=True)
    while True:
        taken = naive.take(database.now())
        if taken is None:
            await asyncio.sleep(patience.again)
            continue
        message, stored = taken
        channel = Channel(stored.platform, stored.tenant, stored.external_id)
        try:
            async with asyncio.timeout(patience.http):
                card = Card(f"{message.key} at {message.wanted}")
                id = await client.post(channel, "", card, message.id)
        except (NotSent, Unknown, TimeoutError):
            naive.finish(message, "pending")
        except Unreachable:
            naive.finish(message, "failed")
        else:
            naive.finish(message, "sent", message_id=id, said=message.wanted)


def main() -> int:
    parser = argparse.ArgumentParser()
    for option in ("database", "platform", "patience"):
        parser.add_argument(f"--{option}", required=True)
    parser.add_argument("--blind", action="store_true", help="the platform has no history")
    parser.add_argument("--naive", action="store_true")
    asked = parser.parse_args()
    asyncio.run(send_naively(asked) if asked.naive else send(asked))
    return 0


if __name__ == "__main__":
    sys.exit(main())
