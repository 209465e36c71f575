"""The metronome beats on whatever happens, and a commit need not wait for it."""

import asyncio
from collections.abc import Awaitable, Callable
from threading import Thread

import pytest

from bot.ticking import Tick, Ticking
from tests.clock import MONDAY, Clock

HOUR = 3600.0
PATIENCE = 10.0  # real seconds after which a test gives up; none waits for them


class Counter:
    """Work that says when it ran."""

    def __init__(self) -> None:
        self.count = 0
        self.ran = asyncio.Event()
        self.during: Callable[[], Awaitable[object]] | None = None

    async def work(self) -> None:
        self.count += 1
        if self.during:
            during, self.during = self.during, None
            await during()
        self.ran.set()

    async def runs(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.ran.wait()
        self.ran.clear()


def test_the_first_tick_is_at_once_and_its_time_is_readable(clock: Clock) -> None:
    async def story() -> None:
        counter = Counter()
        ticking = Ticking([Tick("send", counter.work, HOUR)], clock)
        ticking.start()
        clock.wind(minutes=1)
        assert ticking.last() == {"send": MONDAY}
        await counter.runs()
        await asyncio.sleep(0)
        assert ticking.last() == {"send": clock.now()}
        assert ticking.last()["send"] > MONDAY
        await ticking.stop()

    asyncio.run(story())


def test_a_commit_in_another_thread_wakes_it_long_before_the_next_beat(clock: Clock) -> None:
    async def story() -> None:
        counter = Counter()
        ticking = Ticking([Tick("send", counter.work, HOUR)], clock)
        ticking.start()
        await counter.runs()
        Thread(target=ticking.wake, args=["send"]).start()
        await counter.runs()
        assert counter.count == 2
        await ticking.stop()

    asyncio.run(story())


def test_a_commit_during_a_tick_is_followed_by_one_more(clock: Clock) -> None:
    async def story() -> None:
        counter = Counter()
        ticking = Ticking([Tick("send", counter.work, HOUR)], clock)
        ticking.start()
        await counter.runs()

        async def committed() -> None:
            ticking.wake("send")
            ticking.wake("send")
            await asyncio.sleep(0)
            await asyncio.sleep(0)

        counter.during = committed
        await ticking.run("send")
        assert counter.count == 3
        await ticking.stop()

    asyncio.run(story())


def test_a_tick_that_fails_is_not_a_success_and_the_next_one_comes(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        counter = Counter()
        ticking = Ticking([Tick("send", counter.work, HOUR)], clock)

        async def fail() -> None:
            counter.ran.set()
            raise ZeroDivisionError

        counter.during = fail
        ticking.start()
        await counter.runs()
        clock.wind(minutes=1)
        assert ticking.last() == {"send": MONDAY}
        ticking.wake("send")
        await counter.runs()
        await ticking.stop()
        assert ticking.last() == {"send": clock.now()}

    asyncio.run(story())
    assert "ZeroDivisionError" in caplog.text


def test_a_tick_that_hangs_is_cut_off(clock: Clock) -> None:
    async def story() -> None:
        counter = Counter()
        counter.during = asyncio.Event().wait
        ticking = Ticking([Tick("send", counter.work, HOUR, at_most=0.01)], clock)
        with pytest.raises(TimeoutError):
            await ticking.run("send")

    asyncio.run(story())


def test_stopping_lets_what_runs_come_to_its_end(clock: Clock) -> None:
    async def story() -> None:
        counter, go, began = Counter(), asyncio.Event(), asyncio.Event()

        async def slow() -> None:
            began.set()
            await go.wait()

        counter.during = slow
        ticking = Ticking([Tick("send", counter.work, HOUR)], clock)
        ticking.start()
        await began.wait()
        stopping = asyncio.create_task(ticking.stop())
        await asyncio.sleep(0)
        assert not stopping.done()
        go.set()
        await stopping
        assert counter.ran.is_set()

    asyncio.run(story())


def test_no_beat_is_ever_dropped_for_being_late(clock: Clock) -> None:
    async def story() -> None:
        counter = Counter()
        ticking = Ticking([Tick("send", counter.work, HOUR)], clock)
        ticking.start()
        job = ticking._scheduler.get_job("send")
        assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
        await ticking.stop()

    asyncio.run(story())
