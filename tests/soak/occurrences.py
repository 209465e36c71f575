"""Lets 10,000 digests come due while three processes plan and say them, and are killed.

`python -m tests.soak.occurrences`. Most are due within the run, some were due on days before, when
nobody ran. Afterwards every date of every rhythm must have one row, every one that was to be said
must stand in the chat once, the auditor must find nothing, and a naive planner must not pass.
"""

import argparse
import asyncio
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import OperationalError
from sqlmodel import col, select, update

from bot.clock import SharedClock
from bot.composing import Composing
from bot.messages import Card
from bot.sender import Patience, Sender
from bot.ticking import Tick, Ticking
from digests import composing
from digests.planning import Planning
from storage import channels, occurrences, organisations, outbox, schedules
from storage.calendar import Calendar
from storage.database import Database, Session
from storage.delivering import Delivering
from storage.migrations import migrate
from storage.occurrences import Occurrence
from storage.outbox import Message
from storage.people import Account, Person
from storage.schedules import Schedule
from storage.sending import Claim
from storage.store import Store
from tests import postgres
from tests.platform import Client
from tests.soak import outbox as faulty
from tests.soak.senders import notice, pause

DIGESTS = 10_000
CHANNELS = 50
MINUTES = 2  # within which they come due
MISSED = 0.2  # of the schedules were due on the days before as well
BEFORE = 4  # days
PATIENCE = Patience(http=1.0, lease=3.0, settle=1.5, again=0.2, working=3.0, at_once=4)
KILLS_PER = 60  # one for so many digests
LONGEST = 150.0, 0.25  # seconds, and more for each digest


@dataclass
class Count:
    """What came of it."""

    said: int = 0
    skipped: int = 0
    kills: int = 0
    lost_answers: int = 0
    seconds: float = 0.0
    twice: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        return not self.twice and not self.missing and not self.wrong

    def __str__(self) -> str:
        return (
            f"said {self.said}, skipped {self.skipped} with a reason, twice {len(self.twice)}, "
            f"missing {len(self.missing)}, wrong {len(self.wrong)}; "
            f"lost answers {self.lost_answers}, kills {self.kills}, {self.seconds:.0f} s"
        )


class Run:
    """One database, three processes."""

    def __init__(self, address: str, count: int, random: Random, is_naive: bool) -> None:
        self.address, self.random, self.is_naive = address, random, is_naive
        self.database = Database(address)
        migrate(self.database)
        self.store = Store(self.database, self.database.now)
        self.organisation = self.store.found("Acme Lifts", "UTC").id
        self.wanted, self.count = count, Count()
        self.expected: set[tuple[int, Any]] = set()
        self.began = time.monotonic()

    async def go(self) -> Count:
        with faulty._chat(self.random) as where:
            client = Client("chat", where)
            self._fill()
            processes = [self._process(where) for _ in range(3)]
            try:
                await self._break_things(processes, where)
                while self._left() and self._is_in_time():
                    await asyncio.sleep(0.5)
                self._check(await client.log())
            finally:
                for process in processes:
                    process.kill()
                    process.wait()
                await client.close()
        self.database.close()
        self.count.seconds = time.monotonic() - self.began
        return self.count

    def _fill(self) -> None:
        now = self.database.now()
        with self.database.writing(self.organisation) as session:
            boss = Person(name="Omar", role="facilitator", created_at=now)
            session.add(boss)
            session.flush()
            session.add(Account(platform="chat", tenant="acme", external_id="omar",
                                person_id=boss.id, name="Omar"))  # fmt: skip
            names = [f"channel-{n}" for n in range(CHANNELS)]
            places = [channels.place(session, "chat", "acme", name, name) for name in names]
            made = [self._schedule(places, boss.id, now) for _ in range(self.wanted)]
            session.add_all(made)
            session.flush()
            for one in made:
                days = schedules.days(one, Calendar(), one.from_on, self._ends(now).date())
                self.expected |= {
                    (one.id, day) for day in days
                    if schedules.due_at(one, day, "UTC", Calendar()) <= self._ends(now)
                }  # fmt: skip

    def _ends(self, now: datetime) -> datetime:
        return now.replace(second=0, microsecond=0) + timedelta(minutes=MINUTES)

    def _schedule(self, places: list[Any], owner_id: int, now: datetime) -> Schedule:
        """Due once a day, at one of the next minutes; some from days before on."""
        at = self._ends(now) - timedelta(minutes=self.random.randrange(MINUTES))
        missed = self.random.random() < MISSED
        since = at.date() - timedelta(days=BEFORE if missed else 0)
        return Schedule(
            channel_id=self.random.choice(places).id, owner_id=owner_id, weekdays="0123456",
            anchor_on=since, from_on=since, at=at.time(), created_at=now,
        )  # fmt: skip

    def _process(self, where: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "tests.soak.occurrences", "--database", self.address,
             "--platform", where, *["--naive"] * self.is_naive],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    async def _break_things(self, processes: "list[subprocess.Popen[bytes]]", where: str) -> None:
        kills = max(2, self.wanted // KILLS_PER)
        while self._left() > self.wanted * 0.05 and self._is_in_time():
            await asyncio.sleep(1.5)
            if self.count.kills < kills:
                self.count.kills += 1
                at = self.random.randrange(len(processes))
                processes[at].send_signal(signal.SIGKILL)
                processes[at].wait()
                processes[at] = self._process(where)

    def _is_in_time(self) -> bool:
        return time.monotonic() - self.began < LONGEST[0] + LONGEST[1] * self.wanted

    def _left(self) -> int:
        """The dates that nobody has seen to, and the messages that are not said."""
        with self.database.reading(self.organisation) as session:
            rows = session.exec(select(Message.key, Message.state)).all()
            seen = set(session.exec(select(Occurrence.schedule_id, col(Occurrence.day))).all())
        waiting = sum(state not in ("sent", "held", "failed") for _, state in rows)
        if self.is_naive:
            seen = {_date_of(key) for key, _ in rows if key.startswith("digest/")}
        return waiting + len({pair for pair in self.expected if pair not in seen})

    def _check(self, log: dict[str, Any]) -> None:
        self.count.lost_answers = sum(bool(uid) for uid in log["lost"])
        stands = Counter(one["uid"] for one in log["standing"])
        with self.database.reading(self.organisation) as session:
            session.organisation = organisations.ours(session)
            rows = session.exec(select(Occurrence)).all()
            messages = session.exec(select(Message).where(col(Message.key).startswith("digest/")))
            said = Counter(_date_of(one.key) for one in messages for _ in range(stands[one.id]))
            late = occurrences.audit(session, self.database.now() + timedelta(minutes=16))
            late = [key for key in late if _date_of(key) in self.expected]
        seen = {(row.schedule_id, row.day): row for row in rows}
        for pair in sorted(self.expected):
            row, times = seen.get(pair), said[pair]
            if times > 1:
                self.count.twice.append(f"{pair}: {times} times")
            elif row is None:
                self.count.missing.append(f"{pair}")
            elif row.state == "planned" and not times:
                self.count.missing.append(f"{pair} was planned, and stands nowhere")
            elif row.state == "skipped" and times:
                self.count.wrong.append(f"{pair} was skipped, and stands there")
            self.count.said += times
            self.count.skipped += row is not None and row.state == "skipped"
        self.count.wrong += [f"the auditor finds {key}" for key in late]


def _date_of(key: str) -> tuple[int, Any]:
    _, id, day, *_ = key.split("/")
    return int(id), datetime.fromisoformat(day).date()


# One process


async def run(asked: argparse.Namespace) -> None:
    database = Database(asked.database)
    clock = SharedClock(database.now)
    store = Store(database, clock.now)
    client = Client("chat", asked.platform)
    planning = Planning(store, time.monotonic)
    plan = Naive(database, store).plan if asked.naive else planning.plan
    nouns = {"digest": plainly if asked.naive else composing.compose, "held": notice,
             "failed": notice}  # fmt: skip
    with ThreadPoolExecutor(PATIENCE.at_once + 2) as pool:
        sender: Sender[Claim, Session] = Sender(
            Delivering(store, pause), [client], Composing(nouns), clock, time.monotonic, pool,
            PATIENCE,
        )  # fmt: skip

        async def plans() -> None:
            with suppress(OperationalError):  # who is killed may leave the others waiting
                await asyncio.get_running_loop().run_in_executor(pool, plan)

        ticking = Ticking(
            [
                Tick("plan", plans, 0.3),
                Tick("send", sender.send, PATIENCE.again / 2),
                Tick("reconcile", sender.reconcile, PATIENCE.settle / 3),
            ],
            clock,
        )
        ticking.start()
        await asyncio.Event().wait()


def plainly(key: str, _session: Session) -> Card | None:
    return Card(key)


class Naive:
    """Says what is due, then notes when it is due next: the design everybody writes first."""

    def __init__(self, database: Database, store: Store) -> None:
        self._database, self._store = database, store

    def plan(self) -> None:
        now = self._store.now()
        with self._database.reading(1) as session:
            due = schedules.due(session, now, 20)
        for one in due:
            day = now.date()
            with self._database.beside(1) as session:
                at = schedules.due_at(one, day, "UTC", Calendar())
                if at <= now:
                    key = f"{occurrences.key(one.id, day)}/{uuid4()}"
                    outbox.in_channel(session, one.channel_id, key, "", None, now)
            with self._database.beside(1) as session:
                later = at if at > now else at + timedelta(days=1)
                session.execute(
                    update(Schedule).where(col(Schedule.id) == one.id).values(next_at=later)
                )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    for option in ("database", "platform"):
        parser.add_argument(f"--{option}", default="")
    parser.add_argument("--naive", action="store_true")
    asked = parser.parse_args()
    if asked.database:
        asyncio.run(run(asked))
        return 0
    cluster = postgres.start()
    try:
        passed = [_one(kind, cluster, asked, is_naive) for kind, is_naive in SETS]
        return 0 if all(passed) else 1
    finally:
        if cluster:
            cluster.stop()


SETS = (("sqlite", False), ("postgresql", False), ("sqlite", True))


def _one(
    kind: str, cluster: postgres.Cluster | None, asked: argparse.Namespace, is_naive: bool
) -> bool:
    name = f"occurrences: {kind}, 3 processes{', a naive planner' if is_naive else ''}"
    if kind == "postgresql" and cluster is None:
        print(f"{name}: skipped, no PostgreSQL server is installed")
        return True
    count = max(30, int(DIGESTS * asked.share / (10 if is_naive else 2)))
    with faulty._database(kind, cluster) as address:
        result = asyncio.run(Run(address, count, Random(asked.seed), is_naive).go())
    passed = result.is_right != is_naive
    print(f"{name}: {'passed' if passed else 'FAILED'}, seed {asked.seed}: {result}", flush=True)
    if not passed:
        print(*result.twice[:5], *result.missing[:5], *result.wrong[:5], sep="\n  ", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main())
