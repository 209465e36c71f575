"""Says 2,000 things through a faulty chat while its senders die: `python -m tests.soak.outbox`.

Senders are killed and frozen, the chat loses answers and goes away; then what stands in the chat
is compared with what was saved. Nothing may stand twice, nothing may be missing, nothing may be
given up that could be said, and a naive sender must not pass.
"""

import asyncio
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bot.messages import Card, from_json
from bot.sender import Patience
from storage import channels, outbox
from storage.database import Database
from storage.migrations import migrate
from storage.outbox import Message
from storage.people import Account, Person
from storage.store import Store
from tests import postgres
from tests.platform import Client
from tests.soak import options

MESSAGES = 2000
FEW = 100
CHANNELS = 25
FAULTS = 0.2
FORBIDDEN = 0.01  # of the messages go where nobody may ever post
CHANGED = 0.2  # of the messages are changed while all this goes on
PATIENCE = Patience(http=1.0, lease=3.0, settle=1.5, again=0.2, working=3.0, at_once=4)
LAG, HANG = 1.0, 2.0  # seconds until the history shows a message, and without an answer
FROZEN = 9.0  # seconds, longer than it takes the others to look twice and post
AWAY = 12.0
EVERY = 1.5  # seconds between two blows
KILLS, FREEZES = 40, 8
LONGEST = 60.0, 0.5  # seconds, and more for each message, until we stop waiting for the last


@dataclass(frozen=True, slots=True)
class Set:
    """One configuration."""

    kind: str
    processes: int
    is_blind: bool = False
    is_naive: bool = False

    def __str__(self) -> str:
        kind = f"{self.kind}, {self.processes} process{'es' if self.processes > 1 else ''}"
        extra = (", nobody may look" if self.is_blind else "") + (
            ", a naive sender" if self.is_naive else ""
        )
        return kind + extra


SETS = (
    Set("postgresql", 3),
    Set("sqlite", 1),
    Set("sqlite", 3),
    Set("sqlite", 3, is_blind=True),
    Set("sqlite", 1, is_naive=True),
)


@dataclass
class Count:
    """What came of it."""

    sent: int = 0
    held: int = 0
    lost_answers: int = 0
    kills: int = 0
    freezes: int = 0
    seconds: float = 0.0
    twice: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        return not self.twice and not self.lost and not self.wrong

    def __str__(self) -> str:
        return (
            f"sent {self.sent}, twice {len(self.twice)}, lost {len(self.lost)}, "
            f"wrong {len(self.wrong)}, held {self.held}; lost answers {self.lost_answers}, "
            f"kills {self.kills}, freezes {self.freezes}, {self.seconds:.0f} s"
        )


class Run:
    """One configuration, from the first message to the last."""

    def __init__(self, one: Set, address: str, count: int, random: Random) -> None:
        self.set, self.address, self.random = one, address, random
        self.database = Database(address)
        migrate(self.database)
        self.store = Store(self.database, self.database.now)
        self.organisation = self.store.found("Acme Lifts", "UTC").id
        self.count = Count()
        self.keys = [f"decision/{number}" for number in range(count)]
        self.forbidden: set[str] = set()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.frozen: set[int] = set()
        self.began = time.monotonic()

    async def go(self) -> Count:
        with _chat(self.random) as where:
            client = Client("chat", where)
            self._fill()
            self.processes = [self._sender(where) for _ in range(self.set.processes)]
            try:
                await self._break_things(client, where)
                await self._settles()
                self._check(await client.log())
            finally:
                for process in self.processes:
                    process.send_signal(signal.SIGCONT)
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
            session.add(
                Account(platform="chat", tenant="acme", external_id="omar", person_id=boss.id,
                        name="Omar")
            )  # fmt: skip
            names = [f"channel-{n}" for n in range(CHANNELS)] + ["forbidden"]
            places = [channels.place(session, "chat", "acme", name, name) for name in names]
            for key in self.keys:
                place = self.random.choice(places[:-1])
                if self.random.random() < FORBIDDEN:
                    place = places[-1]
                    self.forbidden.add(key)
                outbox.in_channel(session, place.id, key, "", None, now)

    def _sender(self, where: str) -> "subprocess.Popen[bytes]":
        flags = ["--blind"] * self.set.is_blind + ["--naive"] * self.set.is_naive
        return subprocess.Popen(
            [sys.executable, "-m", "tests.soak.senders", "--database", self.address,
             "--platform", where, "--patience", json.dumps(asdict(PATIENCE)), *flags],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    async def _break_things(self, client: Client, where: str) -> None:
        """Kill, freeze, be away and change things, until most of it is said."""
        some = len(self.keys) / MESSAGES
        kills, freezes = max(1, round(KILLS * some)), max(1, round(FREEZES * some))
        away = AWAY * min(1.0, 4 * some)
        frozen: list[asyncio.Task[None]] = []
        while self._left() > len(self.keys) * 0.1 and self._is_in_time():
            await asyncio.sleep(EVERY)
            with suppress(OperationalError):  # a frozen process may hold SQLite's lock
                await asyncio.to_thread(self._change)
            if self.set.is_naive:
                continue
            if away and self._left() < len(self.keys) * 0.6:
                await client.leave(away)
                away = 0.0
            free = [p for p in self.processes if p.pid not in self.frozen]
            if not free:
                continue
            victim = self.random.choice(free)
            if self.random.random() < freezes / (kills + freezes):
                if self.count.freezes < freezes:
                    frozen.append(asyncio.create_task(self._freeze(victim)))
            elif self.count.kills < kills:
                self.count.kills += 1
                victim.kill()
                victim.wait()
                self.processes[self.processes.index(victim)] = self._sender(where)
        await asyncio.gather(*frozen)

    async def _freeze(self, process: "subprocess.Popen[bytes]") -> None:
        self.count.freezes += 1
        self.frozen.add(process.pid)
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(FROZEN)
        process.send_signal(signal.SIGCONT)
        self.frozen.discard(process.pid)

    def _change(self) -> None:
        if self.set.is_naive:
            return
        with self.database.writing(self.organisation) as session:
            now = self.database.now()
            for key in self.random.sample(self.keys, max(1, int(len(self.keys) * CHANGED / 20))):
                outbox.changed(session, key, now)

    def _rows(self) -> list[Message]:
        with self.database.reading(self.organisation) as session:
            return list(session.exec(select(Message)))

    def _left(self) -> int:
        return sum(row.state not in ("sent", "held", "failed") for row in self._rows())

    def _is_in_time(self) -> bool:
        return time.monotonic() - self.began < LONGEST[0] + LONGEST[1] * len(self.keys)

    async def _settles(self) -> None:
        while self._left() and self._is_in_time():
            await asyncio.sleep(0.5)

    def _check(self, log: dict[str, Any]) -> None:
        rows = self._rows()
        standing: dict[str, list[str]] = {}
        for one in log["standing"]:
            card = from_json(one["card"])
            assert isinstance(card, Card)
            standing.setdefault(one["uid"], []).append(str(card.title))
        self.count.lost_answers = sum(bool(uid) for uid in log["lost"])
        for row in rows:
            if not row.is_notice:
                self._check_one(row, standing.get(row.id, []))
        if self.count.held > (self.count.lost_answers + self._crashes()) * self.set.is_blind:
            self.count.wrong.append(f"{self.count.held} held")

    def _crashes(self) -> int:
        """A crash or a freeze loses the answers to what was under way."""
        return (self.count.kills + self.count.freezes) * PATIENCE.at_once

    def _check_one(self, row: Message, said: list[str]) -> None:
        if len(said) > 1:
            self.count.twice.append(row.key)
        if row.state == "held":
            self.count.held += 1
        elif row.key in self.forbidden:
            if row.state != "failed" or said:
                self.count.wrong.append(f"{row.key} is {row.state}")
        elif row.state != "sent":
            self.count.lost.append(f"{row.key} is {row.state}: {row.why}")
        elif not said:
            self.count.lost.append(f"{row.key} is sent, but stands nowhere")
        else:
            self.count.sent += 1
            if said[-1] != f"{row.key} at {row.wanted}":
                self.count.wrong.append(f"{said[-1]}, but {row.wanted} is wanted")


@contextmanager
def _chat(random: Random) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.platform", "--rate", str(FAULTS), "--lag", str(LAG),
         "--hang", str(HANG), "--retry-after", "0.2", "--seed", str(random.randrange(10**6))],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def _database(kind: str, cluster: postgres.Cluster | None) -> Iterator[str]:
    if kind == "postgresql":
        assert cluster is not None
        with postgres.Server(str(cluster.folder), "soak").empty() as address:
            yield address
        return
    with tempfile.TemporaryDirectory(prefix="throughline-soak-") as folder:
        yield f"sqlite:///{Path(folder) / 'throughline.db'}"


def main() -> int:
    parser = options.parser(__doc__)
    parser.add_argument("--only", type=int, nargs="*", help="these configurations, from 0")
    given = parser.parse_args()
    count = max(20, int(MESSAGES * given.share))
    cluster = postgres.start()
    chosen = [(place, one) for place, one in enumerate(SETS)
              if given.only is None or place in given.only]  # fmt: skip
    try:
        return 0 if asyncio.run(_all(chosen, cluster, count, given.seed)) else 1
    finally:
        if cluster:
            cluster.stop()


async def _all(
    chosen: list[tuple[int, Set]], cluster: postgres.Cluster | None, count: int, seed: int
) -> bool:
    """A few messages all at once, for most of it is waiting; many one after the other."""
    some = 1 if count > FEW else len(chosen)
    free = asyncio.Semaphore(some)

    async def one_of_them(place: int, one: Set) -> bool:
        async with free:
            return await _one(one, cluster, count, seed, Random(seed + place))

    return all(await asyncio.gather(*(one_of_them(*pair) for pair in chosen)))


async def _one(
    one: Set, cluster: postgres.Cluster | None, count: int, seed: int, random: Random
) -> bool:
    if one.kind == "postgresql" and cluster is None:
        print(f"outbox: {one}: skipped, no PostgreSQL server is installed")
        return True
    with _database(one.kind, cluster) as address:
        result = await Run(one, address, count, random).go()
    passed = result.is_right != one.is_naive
    print(f"outbox: {one}: {'passed' if passed else 'FAILED'}, seed {seed}: {result}", flush=True)
    if not passed:
        print(*result.twice[:5], *result.lost[:5], *result.wrong[:5], sep="\n  ", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main())
