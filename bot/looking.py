"""Asks something slow in a thread, once at a time, for everybody who wants to know."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Generic, TypeVar

T = TypeVar("T")
FRESH = 2.0  # seconds for which an answer serves whoever asks again
PATIENT = 3.0  # seconds that anybody waits for one


class Looking(Generic[T]):
    """However often it is asked and however long it hangs, it takes no more than one thread."""

    def __init__(
        self,
        look: Callable[[], T],
        pool: Executor,
        elapsed: Callable[[], float],
        patient: float = PATIENT,
    ) -> None:
        self._look, self._pool, self._elapsed, self._patient = look, pool, elapsed, patient
        self._asked: asyncio.Future[T] | None = None
        self._asked_at = 0.0
        self.well_at: float | None = None

    async def ask(self) -> T:
        """What it says, or what it raises; `TimeoutError` while it says nothing."""
        is_fresh = self._elapsed() - self._asked_at < FRESH
        if self._asked is None or (self._asked.done() and not is_fresh):
            self._asked_at = self._elapsed()
            loop = asyncio.get_running_loop()
            self._asked = loop.run_in_executor(self._pool, self._look)
            self._asked.add_done_callback(self._done)
        async with asyncio.timeout(self._patient):
            return await asyncio.shield(self._asked)

    def _done(self, asked: "asyncio.Future[T]") -> None:
        if not asked.cancelled() and asked.exception() is None:
            self.well_at = self._elapsed()
