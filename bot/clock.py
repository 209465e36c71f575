"""What time it is: the database's, so that all processes agree, carried on by elapsed time."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Says the time as an aware UTC instant. Nothing below the roof asks anybody else."""

    def now(self) -> datetime: ...


class SharedClock:
    """The time that `read` said last, plus what has passed since on a clock nobody can set."""

    def __init__(self, read: Callable[[], datetime]) -> None:
        self._read = read
        self.reset()

    def reset(self) -> None:
        """Ask again."""
        self._said, self._at = self._read(), time.monotonic()

    def now(self) -> datetime:
        return self._said + timedelta(seconds=time.monotonic() - self._at)
