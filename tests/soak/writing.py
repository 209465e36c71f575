"""A process that logs decisions, several at once, and says so: `python -m tests.soak.writing`.

A line on standard output is the promise that a decision is kept: its number, written at once.
"""

import argparse
import os
from concurrent.futures import ThreadPoolExecutor

from storage import database
from tests.bench.deciding import Deciding

AT_ONCE = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--synchronous", default="FULL")
    given = parser.parse_args()
    database.PRAGMAS = tuple(
        f"synchronous={given.synchronous}" if one.startswith("synchronous=") else one
        for one in database.PRAGMAS
    )
    deciding = Deciding(given.database)

    def log(number: int) -> None:
        deciding.decide(number)
        os.write(1, f"buy tent {number}\n".encode())

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(log, 1000 + number) for number in range(given.count)]:
            done.result()
    deciding.close()


if __name__ == "__main__":
    main()
