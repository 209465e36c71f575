"""Cuts the power while decisions are logged: `python -m tests.soak.power`.

A real process logs decisions on SQLite under `strace`. Its system calls are then played to a model
of a disk (`tests.soak.disk`), which is cut off at random moments, half of them right after a
decision was acknowledged; what the disk still has is opened with the real program. Everything that
was acknowledged must be there, the record whole, and SQLite's own check content. The same process
with `synchronous=NORMAL` must lose something, or this count could not fail.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from random import Random

from sqlmodel import select

from storage import recorded
from storage.database import Database
from storage.decisions import Decision
from storage.migrations import migrate
from tests.soak import options
from tests.soak.disk import CALLS, Trace

CUTS, FEWEST = 400, 10
DECISIONS = 240  # enough for the WAL to begin anew a few times
AIMED = 0.5  # of the cuts come right after an acknowledgement
CONTROL = 0.25  # as many cuts as this, of a process that does not wait for the disk
NAME = "power.db"


def record(folder: Path, decisions: int, synchronous: str) -> Trace:
    """What a process that logs so many decisions asks of the system."""
    where, log = folder / synchronous, folder / f"{synchronous}.trace"
    where.mkdir()
    command = [
        "strace", "-f", "-y", "-xx", "-s", "10000000", "-e", f"trace={CALLS}", "-o", str(log),
        sys.executable, "-m", "tests.soak.writing", "--database", f"sqlite:///{where / NAME}",
        "--count", str(decisions), "--synchronous", synchronous,
    ]  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True)
    trace = Trace(where)
    with log.open(encoding="ascii") as lines:
        trace.read(lines)
    log.unlink()
    said = sorted(one for _, one in trace.acknowledged)
    assert said == sorted(done.stdout.decode().splitlines())  # nothing was missed in the trace
    assert len(trace.acknowledged) == decisions
    return trace


def cut(trace: Trace, random: Random) -> tuple[int, int, str]:
    """One power cut: how much was acknowledged before, how much of it is lost, what is broken."""
    at = random.randrange(trace.first, trace.last + 1)
    if random.random() < AIMED:
        at = random.choice(trace.acknowledged)[0] + random.randrange(3)
    with tempfile.TemporaryDirectory() as folder:
        acknowledged = trace.cut(at, random, Path(folder))
        try:
            found, broken = _open(Path(folder) / NAME)
        except Exception as problem:  # noqa: BLE001  whatever it is, it is what we look for
            return len(acknowledged), len(acknowledged), f"{type(problem).__name__}: {problem}"
    return len(acknowledged), len(acknowledged - found), broken


def _open(file: Path) -> tuple[set[str], str]:
    """What is there after the program has started again, and what is wrong with it."""
    with closing(Database(f"sqlite:///{file}")) as database:
        migrate(database)
        with database.reader.connect() as connection:
            sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
        faults = [fault for one in recorded.verify(database) for fault in one.faults]
        with database.reading() as session:
            titles = set(session.exec(select(Decision.title)))
    return titles, "" if sound == "ok" and not faults else f"{sound}, {faults[:3]}"


def main() -> int:
    given = options.parser(__doc__).parse_args()
    if shutil.which("strace") is None:
        print("power: strace is absent; no power was cut")
        return int(os.environ.get("CI_REQUIRES_ALL") == "1")
    random = Random(given.seed)
    cuts = max(FEWEST, round(CUTS * given.share))
    decisions = max(60, round(DECISIONS * min(1.0, given.share * 4)))
    with tempfile.TemporaryDirectory() as folder:
        full = record(Path(folder), decisions, "FULL")
        outcomes = [cut(full, random) for _ in range(cuts)]
        normal = record(Path(folder), decisions, "NORMAL")
        control = [cut(normal, random) for _ in range(max(FEWEST, round(cuts * CONTROL)))]
    acknowledged = sum(one[0] for one in outcomes)
    lost = sum(one[1] for one in outcomes)
    broken = [one[2] for one in outcomes if one[2]]
    losing = sum(one[1] > 0 for one in control)
    is_well = not lost and not broken and losing > 0
    print(
        f"power: seed {given.seed}, {cuts} cuts among {decisions} decisions, {acknowledged} times "
        f"one was acknowledged before the cut; lost {lost}, broken {len(broken)}; with "
        f"synchronous=NORMAL {losing} of {len(control)} cuts lost something: "
        f"{'passed' if is_well else 'failed'}"
    )
    for one in broken[:5]:
        print(f"  {one}")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
