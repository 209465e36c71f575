"""Says what was saved: each message once, however the network, the platform and we ourselves fail.

A message is claimed (committed), composed from committed state, frozen (committed), and only then
posted; what came of it is written under the claim's fence. RELIABILITY.md gives the reasons.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, ParamSpec, TypeVar

from bot.clock import Clock
from bot.composing import Composing
from bot.messages import Account, Card, Channel, from_json, to_json
from bot.outbox import Claim, Rows
from bot.platforms import (
    Gone,
    NotSent,
    Platform,
    Unknown,
    Unreachable,
    is_on_time,
    last_word,
)

C = TypeVar("C", bound=Claim)
S = TypeVar("S")
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds, in the order http ≪ lease ≪ lease + settle: a lost post is looked for when it can
    no longer be under way."""

    http: float = 10.0
    lease: float = 45.0
    settle: float = 30.0
    looks: int = 2
    again: float = 2.0  # after a failure that says nothing of when
    working: float = 20.0  # one round of sending takes no new message after this
    at_once: int = 8

    def __post_init__(self) -> None:
        if self.http > self.lease / 3:
            raise ValueError("a post that begins in the lease's first third must end within it")


class Sender(Generic[C, S]):
    """Any number of processes may run one; the rows decide who says what."""

    def __init__(
        self,
        rows: Rows[C, S],
        platforms: Collection[Platform],
        composing: Composing[S],
        clock: Clock,
        elapsed: Callable[[], float],
        pool: Executor,
        patience: Patience | None = None,
    ) -> None:
        self._rows, self._composing, self._clock = rows, composing, clock
        self._platforms = {platform.name: platform for platform in platforms}
        self._elapsed, self._pool, self._patience = elapsed, pool, patience or Patience()
        self._is_resting = False

    def rest(self) -> None:
        """Take no new message; what is under way comes to its end."""
        self._is_resting = True

    # Saying

    async def send(self) -> int:
        """Say what is due, several at once. Gives how many were taken."""
        until = self._elapsed() + self._patience.working
        workers = (self._work(until) for _ in range(self._patience.at_once))
        return sum(await _all_of(workers))

    async def _work(self, until: float) -> int:
        count = 0
        while self._elapsed() < until and not self._is_resting:
            began = self._elapsed()
            claimed = await self._ask(
                self._rows.claim,
                self._clock.now(),
                self._patience.lease,
                tuple(self._platforms),
                self._lane_of,
            )
            if claimed is None:
                break
            count += 1
            await self._say(claimed, began)
        return count

    def _lane_of(self, platform: str, tenant: str, id: str, is_edit: bool) -> tuple[str, float]:
        return self._platforms[platform].lane(Channel(platform, tenant, id), is_edit)

    async def _say(self, claimed: C, began: float) -> None:
        channel = await self._channel(claimed)
        if channel is None:
            return
        card = await self._frozen(claimed, channel)
        if card is None:
            return
        platform = self._platforms[channel.platform]
        is_on_time.set(lambda: self._elapsed() - began <= self._patience.lease / 3)
        try:
            last_word()
            async with asyncio.timeout(self._patience.http):
                if claimed.message_id:
                    await platform.edit(channel, claimed.message_id, card)
                    message_id = claimed.message_id
                else:
                    message_id = await platform.post(channel, claimed.under, card, claimed.uid)
        except NotSent as told:
            until = self._in(max(told.again_after, 0.0) or self._patience.again)
            write = self._rows.wait if told.again_after else self._rows.again
            await self._ask(write, claimed, until, str(told))
        except (Unknown, TimeoutError) as lost:
            await self._lost(claimed, str(lost) or "no answer")
        except Gone:
            await self._ask(self._rows.gone, claimed, self._clock.now())
        except Unreachable as told:
            await self._ask(self._rows.failed, claimed, told.why, self._clock.now())
        else:
            await self._ask(self._rows.sent, claimed, message_id, self._clock.now())

    async def _lost(self, claimed: C, why: str) -> None:
        """Only a first post must not be repeated blindly, and only where somebody minds."""
        if claimed.message_id or claimed.is_notice:
            await self._ask(self._rows.again, claimed, self._in(self._patience.again), why)
        else:
            await self._ask(self._rows.lost, claimed, self._in(self._patience.settle), why)

    async def _channel(self, claimed: C) -> Channel | None:
        if claimed.place:
            return Channel(*claimed.place)
        here = [Account(*one) for one in claimed.accounts if one[0] in self._platforms]
        if not here:
            why = "there is no chat in which they can be reached"
            await self._ask(self._rows.failed, claimed, why, self._clock.now())
            return None
        try:
            async with asyncio.timeout(self._patience.http):
                channel = await self._platforms[here[0].platform].private(here[0])
        except (NotSent, Unknown, TimeoutError) as told:
            await self._ask(self._rows.again, claimed, self._in(self._patience.again), str(told))
            return None
        except Unreachable as told:
            await self._ask(self._rows.failed, claimed, told.why, self._clock.now())
            return None
        place = (channel.platform, channel.tenant, channel.id, channel.name)
        return channel if await self._ask(self._rows.place, claimed, place) else None

    async def _frozen(self, claimed: C, channel: Channel) -> Card | None:
        if claimed.card:
            kept = from_json(claimed.card)
            assert isinstance(kept, Card)
            return kept
        card = await self._ask(self._compose, claimed, channel)
        if isinstance(card, str):
            await self._ask(self._rows.failed, claimed, card, self._clock.now())
            return None
        return card if await self._ask(self._rows.freeze, claimed, to_json(card)) else None

    def _compose(self, claimed: C, channel: Channel) -> Card | str:
        with self._rows.at(claimed.organisation_id, channel) as session:
            return self._composing.card(
                claimed.key, channel, session, is_standing=bool(claimed.message_id)
            )

    # Looking after what fell silent

    async def reconcile(self) -> None:
        """Take back what a dead sender had claimed, and look for what was perhaps said."""
        await self._ask(self._rows.expire, self._clock.now(), self._patience.settle)
        looked_for = await self._ask(self._rows.unknown, self._clock.now())
        await _all_of(self._look(claimed) for claimed in looked_for)

    async def _look(self, looked: C) -> None:
        assert looked.place is not None
        channel = Channel(*looked.place)
        platform = self._platforms.get(channel.platform)
        if platform is None:
            return
        if not platform.can_find:
            why = "the answer was lost, and nobody but a person can look there"
            await self._ask(self._rows.hold, looked, why, self._clock.now())
            return
        try:
            async with asyncio.timeout(self._patience.http):
                message_id = await platform.find(channel, looked.uid)
        except NotSent as told:
            later = self._in(told.again_after or self._patience.again)
            await self._ask(self._rows.unseen, looked, later)
        except (Unknown, TimeoutError):
            await self._ask(self._rows.unseen, looked, self._in(self._patience.again))
        except Unreachable as told:
            await self._ask(self._rows.hold, looked, told.why, self._clock.now())
        else:
            await self._seen(looked, message_id)

    async def _seen(self, looked: C, message_id: str | None) -> None:
        now = self._clock.now()
        if message_id:
            await self._ask(self._rows.found, looked, message_id, now)
        else:
            look_at = self._in(self._patience.settle)
            await self._ask(self._rows.missed, looked, self._patience.looks, now, look_at)

    def _in(self, seconds: float) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)

    async def _ask(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The database is asked in a thread of our own, and what was asked of it is done even if
        nobody waits for it any more: a result that is known must be written."""
        running = asyncio.get_running_loop()
        asked = running.run_in_executor(self._pool, partial(call, *args, **kwargs))
        return await asyncio.shield(asked)


async def _all_of(works: Iterable[Awaitable[T]]) -> list[T]:
    """Do all of it, and only then say what went wrong: one bug must not stop its neighbours."""
    done = await asyncio.gather(*works, return_exceptions=True)
    faults = [one for one in done if isinstance(one, BaseException)]
    if faults:
        raise BaseExceptionGroup("while sending", faults)
    return [one for one in done if not isinstance(one, BaseException)]
