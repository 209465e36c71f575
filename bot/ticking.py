"""The metronome: it says when to look, and decides nothing; the rows decide who does what.

Every process ticks. APScheduler keeps the beat and no more: a memory store, interval ticks, no
tick ever dropped for being late (its own standard drops what is a second late), none beside itself.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import Clock


@dataclass(frozen=True, slots=True)
class Tick:
    """Some work, every so many seconds, each time for at most so many.

    Where one that `is_vital` comes to no end for a minute, this process is not ready any more.
    """

    name: str
    work: Callable[[], Awaitable[object]]
    every: float
    at_most: float = 60.0
    is_vital: bool = True


class Ticking:
    """Runs inside an event loop, from `start` to `stop`. What a tick raises is logged."""

    def __init__(self, ticks: Iterable[Tick], clock: Clock) -> None:
        self._ticks = {tick.name: tick for tick in ticks}
        self._clock = clock
        self._last: dict[str, datetime] = {}
        self._woken: set[str] = set()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._is_stopping = False

    def start(self) -> None:
        """Tick from now on; the first time at once."""
        self._loop = asyncio.get_running_loop()
        self._started_at = self._clock.now()
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()}, timezone=UTC, event_loop=self._loop
        )
        for tick in self._ticks.values():
            self._scheduler.add_job(
                self.run,
                IntervalTrigger(seconds=tick.every, timezone=UTC),
                args=[tick.name],
                id=tick.name,
                next_run_time=datetime.now(UTC),  # the metronome's own time, in no row
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )
        # that a beat found the last one still at work is no news, and would fill the log
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        self._scheduler.start()

    def rest(self) -> None:
        """Begin nothing more."""
        self._is_stopping = True
        self._scheduler.pause()

    async def stop(self, within: float | None = None) -> None:
        """Begin nothing more, and let what runs come to its end, or cut it off after so long."""
        self.rest()
        if self._running:
            _, late = await asyncio.wait(self._running.values(), timeout=within)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1)
        self._scheduler.shutdown(wait=False)

    def wake(self, name: str) -> None:
        """Tick now, from any thread: something was committed."""
        self._loop.call_soon_threadsafe(self._wake, name)

    def _wake(self, name: str) -> None:
        self._woken.add(name)
        if name not in self._running and not self._is_stopping:
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    async def run(self, name: str) -> None:
        """One beat; and one more for whoever was too late for it."""
        tick = self._ticks[name]
        task = asyncio.current_task()
        assert task is not None
        self._running[name] = task
        try:
            is_wanted = True
            while is_wanted and not self._is_stopping:
                self._woken.discard(name)
                async with asyncio.timeout(tick.at_most):
                    await tick.work()
                self._last[name] = self._clock.now()
                is_wanted = name in self._woken
        finally:
            del self._running[name]

    def last(self) -> dict[str, datetime]:
        """When each tick last succeeded; since the start, for one that never did."""
        return {name: self._last.get(name, self._started_at) for name in self._ticks}

    def vital(self) -> dict[str, datetime]:
        """The same, of those without which this process is not ready."""
        return {name: at for name, at in self.last().items() if self._ticks[name].is_vital}
