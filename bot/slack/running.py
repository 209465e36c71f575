"""What goes on after Slack was answered: kept until it is done, also when we are told to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Executor
from functools import partial
from typing import Any, ParamSpec, TypeVar

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")


class Running:
    """Our own list of what is under way: the SDK cancels what runs after it has answered."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin, and see it through. What it raises is logged, and raised to whoever waits."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            log.error("failed", exc_info=fault)

    async def in_pool(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do this in a thread; it is done even if nobody waits for it any more."""
        running = asyncio.get_running_loop()
        done: Awaitable[T] = running.run_in_executor(self._pool, partial(work, *args, **kwargs))
        return await asyncio.shield(done)

    async def drain(self, within: float) -> int:
        """Wait so many seconds until all is done, also what begins meanwhile: how much is not."""
        running = asyncio.get_running_loop()
        until = running.time() + within
        while self._tasks and (left := until - running.time()) > 0:
            await asyncio.wait(set(self._tasks), timeout=left)
        return len(self._tasks)
