"""Times durable changes beside a bare loop of inserts: `python -m tests.bench.writes`.

The bare loop commits one insert at a time with the same driver and the same pragmas. One client
goes through answering one command at a time; 64 go at once, and what waits together commits
together.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Barrier
from time import perf_counter

from bot.answering import Answering
from bot.clock import SharedClock
from bot.messages import Account, Card, Channel, Command, Reply
from bot.router import Route, Router
from storage.capabilities import Capability
from storage.database import PRAGMAS, Database, Session
from storage.migrations import migrate
from storage.store import Store

CLIENTS = 64
ONE, MANY = 0.3, 0.6  # of the bare loop
ROUNDS = 3  # the best of so many, for both: the machine has other work too
DANA = Account("bench", "acme", "dana", "Dana")
GENERAL = Channel("bench", "acme", "general")


def bare(folder: Path, count: int) -> float:
    """Inserts a second, one commit each."""
    module = import_module("pysqlite3" if find_spec("pysqlite3") else "sqlite3")
    connection = module.connect(folder / f"bare-{perf_counter()}.db", isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE said (id INTEGER PRIMARY KEY, name TEXT, at TEXT)")
    began = perf_counter()
    for number in range(count):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO said (name, at) VALUES (?, '2026')", (f"Name {number}",))
        connection.execute("COMMIT")
    taken = perf_counter() - began
    connection.close()
    return count / taken


def _change(command: Command, session: Session) -> Reply:
    session.add(Capability(name=command.text, created_at=session.now))
    session.flush()
    return Card("Saved")


class Commands:
    """A database of its own, and commands that change it."""

    def __init__(self, folder: Path) -> None:
        self._database = Database(f"sqlite:///{folder / 'writes.db'}")
        migrate(self._database)
        clock = SharedClock(self._database.now)
        store = Store(self._database, clock.now)
        store.found("Acme Lifts", "UTC")
        route: Route[Session] = Route("do", "changes", _change)
        self._clock = clock
        self._answering: Answering[Session] = Answering(Router([route]), store)
        self._made = 0
        self.run(1, 20)  # whoever speaks is met, statements are compiled

    def run(self, clients: int, count: int) -> float:
        """Durable changes a second, by so many clients at once."""
        first, each = self._made, count // clients
        self._made += each * clients
        together = Barrier(clients + 1)

        def client(number: int) -> None:
            together.wait()
            for one in range(each):
                name = f"Ability {first + number * each + one}"
                now = self._clock.now()
                answer = self._answering.answer(Command("do", DANA, GENERAL, now, name, key=name))
                assert answer.cards == (Card("Saved"),)

        with ThreadPoolExecutor(clients) as pool:
            runs = [pool.submit(client, number) for number in range(clients)]
            together.wait()
            began = perf_counter()
            for run in runs:
                run.result()
            return each * clients / (perf_counter() - began)

    def close(self) -> None:
        self._database.close()


def _best(measure: Callable[[], float]) -> float:
    return max(measure() for _ in range(ROUNDS))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1500)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as name:
        folder = Path(name)
        loop = _best(lambda: bare(folder, count))
        commands = Commands(folder)
        one = _best(lambda: commands.run(1, count))
        many = _best(lambda: commands.run(CLIENTS, count))
        commands.close()
    print(f"writes: a bare loop commits {loop:,.0f} a second")
    print(f"writes: 1 client {one:,.0f} a second, {one / loop:.2f} of it (wanted {ONE})")
    print(f"writes: {CLIENTS} clients {many:,.0f} a second, {many / loop:.2f} (wanted {MANY})")
    return 0 if one >= ONE * loop and many >= MANY * loop else 1


if __name__ == "__main__":
    sys.exit(main())
