"""What every soak can be asked: which share of its full count, and with which seed."""

import argparse
from random import SystemRandom


def parser(doc: str | None) -> argparse.ArgumentParser:
    """A program's command line, which may ask for more; its module says what it does."""
    asked = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    asked.add_argument("--share", type=float, default=1.0, help="of the full count")
    asked.add_argument(
        "--seed", type=int, default=SystemRandom().randrange(10**9), help="to see it again"
    )
    return asked
