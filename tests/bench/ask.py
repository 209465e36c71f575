"""Times finding a name among 350 and among 10,000: `python -m tests.bench.ask`."""

import sys
import tempfile
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter_ns

from storage.names import Index, Name
from tests.soak.companies import Company
from tests.soak.portfolios import company, held_back
from tests.soak.questions import Asked
from tests.soak.typed_forms import FORMS

SIZES = (350, 10_000)
ANSWERED = 150  # whole questions per size
ASKED = 3000  # typed forms per size
MOST_MICROSECONDS = 5000
MOST_GROWTH = 3.0
MOST_BUILDING_SECONDS = 1.0


def main() -> int:
    random = Random(1)
    medians: list[float] = []
    slow = False
    for size in SIZES:
        stored, unknown = held_back(company(size + size // 4, random), 0.2, random)
        names = [Name("initiative", i, text) for i, text in enumerate(stored, 1)]
        started = perf_counter_ns()
        index = Index(names)
        built = (perf_counter_ns() - started) / 1e9
        taken = [_microseconds(index, typed) for typed in _typed(stored, unknown, random)]
        medians.append(median(taken))
        p95 = quantiles(taken, n=20)[-1]
        slow |= p95 > MOST_MICROSECONDS or built > MOST_BUILDING_SECONDS
        print(
            f"{len(names):6} names: built in {built:.3f} s; "
            f"find: median {medians[-1]:.0f} µs, p95 {p95:.0f} µs, most {max(taken):.0f} µs, "
            f"mean {sum(taken) / len(taken):.0f} µs"
        )
    growth = medians[1] / medians[0]
    print(f"ask: find grows {growth:.2f} times from {SIZES[0]} to {SIZES[1]} names")
    answers = [_whole_answer(size, random) for size in SIZES]
    whole = answers[1] / answers[0]
    print(
        f"ask: a whole answer takes {answers[0]:.2f} ms at {SIZES[0]} names, "
        f"{answers[1]:.2f} ms at {SIZES[1]}: {whole:.2f} times"
    )
    slow |= answers[0] > MOST_MICROSECONDS / 1000
    return 1 if slow or max(growth, whole) > MOST_GROWTH else 0


def _whole_answer(size: int, random: Random) -> float:
    """Median milliseconds from a typed question to its card, database and all."""
    known = Company(*held_back(company(size + size // 4, random), 0.2, random))
    with tempfile.TemporaryDirectory() as folder:
        asked = Asked(known, Path(folder))
        asked.ask("what are our priorities")  # reads the names once
        taken = []
        for name in random.sample(list(known.stored), ANSWERED):
            started = perf_counter_ns()
            asked.ask(f"which priority does {name.text} support?")
            taken.append((perf_counter_ns() - started) / 1e6)
        asked.database.close()
    return median(taken)


def _typed(stored: list[str], unknown: list[str], random: Random) -> list[str]:
    """Forms of stored and of unknown names, one unknown for every four stored."""
    typed: list[str] = []
    while len(typed) < ASKED:
        name = random.choice(unknown if len(typed) % 5 == 4 else stored)
        form = random.choice(FORMS)(name, random)
        if form:
            typed.append(form)
    return typed


def _microseconds(index: Index, typed: str) -> float:
    started = perf_counter_ns()
    index.find(typed)
    return (perf_counter_ns() - started) / 1000


if __name__ == "__main__":
    sys.exit(main())
