"""Times durable decisions beside a bare loop of inserts: `python -m tests.bench.writes`.

A decision is `decide … @owner fri`, as somebody types it in a room of two chats: heard by the
real router, answered by the real handler, and kept. That is eight rows: the delivery, the
decision, two things said of it, how it stands, its number, and a message for either chat.

The bare loop makes the same durable: for each decision the very rows that the product wrote for
one, with ids of their own, by plain SQL through the same driver, into a copy of the same database
with the same pragmas, one commit each. It knows every value beforehand and decides nothing. A
loop of one row per commit, into a table without an index, stands beside it.

One client waits for each answer; 64 go at once, and what waits together commits together. What is
wanted is a share of the bare loop: both stand on the same disk, whose sync is told first. The
faster that is, the more of the time is Python's, and the smaller the share: what is wanted is
reached where a sync takes a few milliseconds, and not where it takes a fraction of one. How much
is missing is told; this fails only below a floor that every disk allows.
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
FLOOR = 0.15  # of what is wanted
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


def _measured(name: str, deciding: Deciding, bare: Bare, count: int) -> bool:
    """Print what each manages in a second; says whether ours is above the floor."""
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
    return one >= FLOOR * ONE * loop and many >= FLOOR * MANY * loop


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured")
    parser.add_argument("--postgresql", action="store_true", help="measure that too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="throughline-bench-", dir=asked.folder) as name:
        folder = Path(name)
        print(f"writes: the disk says that a page is synced in {1e6 * _sync(folder):,.0f} µs")
        deciding = Deciding(f"sqlite:///{folder / 'ours.db'}")
        bare = Bare.beside(deciding, folder / "bare.db")
        is_enough = _measured("SQLite", deciding, bare, asked.count)
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
        _measured("PostgreSQL", deciding, Bare.beside(deciding), count)
        deciding.close()
    finally:
        cluster.stop()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
