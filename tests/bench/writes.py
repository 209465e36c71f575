"""Times durable decisions beside a bare loop of inserts: `python -m tests.bench.writes`.

A decision is `decide … @owner fri`, as somebody types it in a room of two chats: heard by the
real router, answered by the real handler, and kept. That is fourteen rows: the delivery, the
decision, two things said of it, how it stands, who has part in it, three entries of the record and
its head, its number, and a message for either chat.

The bare loop makes the same durable: for each decision the very rows that the product wrote for
one, with ids of their own, by plain SQL through the same driver, into a copy of the same database
with the same pragmas, one commit each. It knows every value beforehand and decides nothing. A
loop of one row per commit, into a table without an index, stands beside it.

One client waits for each answer; 64 go at once, and what waits together commits together. What is
wanted is a share of the bare loop, on the same disk, whose sync is told first. The shares were set
where 800 durable commits a second are the most; many a laptop's disk only says that it has synced,
ten times as fast, and there nearly all of the time is Python's. So both are measured twice: as this
disk is, which is only told; and with each commit of either taking as long as on that disk, which is
held to what is wanted.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median
from time import perf_counter

from tests import postgres
from tests.bench.bare import Bare
from tests.bench.deciding import Deciding

CLIENTS = 64
ONE, MANY = 0.3, 0.6  # of the bare loop
SYNC = 1 / 800  # seconds, of the disk on which these were set
ROUNDS = 5  # in turn, the best of each: the machine has other work too


def _sync(folder: Path, count: int = 200) -> float:
    """Seconds until a page is on the disk, as the disk says."""
    file = folder / "sync"
    taken: list[float] = []
    with file.open("wb", buffering=0) as opened:
        for _ in range(count):
            opened.write(bytes(4096))
            began = perf_counter()
            os.fdatasync(opened.fileno())
            taken.append(perf_counter() - began)
    file.unlink()
    return median(taken)


def _measured(name: str, deciding: Deciding, bare: Bare, count: int, wait: float) -> bool:
    """Print what each manages in a second; says whether ours is as much as is wanted."""
    deciding.wait = bare.wait = wait
    runs: dict[str, Callable[[], float]] = {
        "row": lambda: bare.rows(count),
        "loop": lambda: bare.decisions(count),
        "one": lambda: deciding.run(1, count),
        "many": lambda: deciding.run(CLIENTS, count * 2),
    }
    best = dict.fromkeys(runs, 0.0)
    for _ in range(ROUNDS):
        for run, measure in runs.items():
            best[run] = max(best[run], measure())
    row, loop, one, many = best.values()
    print(f"writes, {name}: a bare loop commits {loop:,.0f} decisions a second, {row:,.0f} rows")
    for clients, made, wanted in ((1, one, ONE), (CLIENTS, many, MANY)):
        short = f", {wanted - made / loop:.2f} short" if made < wanted * loop else ""
        print(
            f"writes, {name}: {clients} at once {made:,.0f} decisions a second, "
            f"{made / loop:.2f} of the same rows (wanted {wanted}{short}), "
            f"{made / row:.2f} of one row"
        )
    return one >= ONE * loop and many >= MANY * loop


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured")
    parser.add_argument("--postgresql", action="store_true", help="measure that too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="throughline-bench-", dir=asked.folder) as name:
        folder = Path(name)
        sync = _sync(folder)
        print(f"writes: the disk says that a page is synced in {1e6 * sync:,.0f} µs")
        deciding = Deciding(f"sqlite:///{folder / 'ours.db'}")
        bare = Bare.beside(deciding, folder / "bare.db")
        _measured("SQLite, as this disk is", deciding, bare, asked.count, 0)
        wait = max(0.0, SYNC - sync)
        is_enough = _measured("SQLite, 800 commits a second", deciding, bare, asked.count, wait)
        deciding.close()
    if asked.postgresql:
        _on_postgresql(asked.count)
    return 0 if is_enough else 1


def _on_postgresql(count: int) -> None:
    """The same with a server that syncs; nothing is wanted of it."""
    cluster = postgres.start(options=postgres.DURABLE)
    if cluster is None:
        print("writes: no PostgreSQL server is installed; not measured")
        return
    try:
        deciding = Deciding(postgres.address(str(cluster.folder), postgres.TEMPLATE))
        _measured("PostgreSQL", deciding, Bare.beside(deciding), count, 0)
        deciding.close()
    finally:
        cluster.stop()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
