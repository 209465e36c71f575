"""Knows who is in which channel of Slack, what it is called, and whether it is private.

Events tell of single changes; a tick lists anew what was not listed for half an hour. Of a channel
that changed in any other way Slack is asked how it is now, so that no order can make it wrong.
"""

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from bot.clock import Clock
from bot.messages import Channel, Refusal
from bot.platforms import NotSent, Unknown, Unreachable
from bot.slack import payloads
from bot.slack.calls import Calls, Refused
from bot.slack.doings import PLATFORM, Here
from bot.slack.payloads import Payload
from bot.slack.peopling import Peopling
from bot.slack.saying import Saying
from bot.slack.users import User

CHANGED = tuple(
    f"{noun}_{what}"
    for noun in ("channel", "group")
    for what in ("rename", "archive", "unarchive", "deleted")
)
LEFT = ("channel_left", "group_left")
PASSED = ("member_joined_channel", "member_left_channel")
EVENTS = (*CHANGED, *LEFT, *PASSED, "channel_id_changed")
HALF_AN_HOUR = timedelta(minutes=30)
APART = timedelta(seconds=10)  # our clock and Slack's; of two such words the event is believed
MOST_LOOKED = 20  # open channels looked at in one tick
MOST_ASKED = 50  # people asked about for one list: the others are asked about with the next

P = ParamSpec("P")
T = TypeVar("T")


class Hearsay(Protocol):
    """Remembers what is told of places; every call is committed when it returns."""

    def came(self, channel: Channel, tenant: str, id: str, at: datetime) -> None: ...
    def left(self, channel: Channel, tenant: str, id: str, at: datetime) -> None: ...
    def learn_place(self, channel: Channel) -> None: ...
    def moved(self, channel: Channel, id: str) -> None: ...
    def stale(self, spot: Channel, since: timedelta) -> list[tuple[str, bool]]: ...
    def open(self, spot: Channel) -> list[str]: ...
    def met(self, spot: Channel, ids: Collection[str]) -> dict[str, str]: ...
    def meet(self, spot: Channel, told: User) -> None: ...
    def inside(
        self, channel: Channel, members: Collection[tuple[str, str]], at: datetime
    ) -> None: ...


class Placing:
    """`pool` is where the database is asked."""

    def __init__(
        self,
        calls: Calls,
        saying: Saying,
        peopling: Peopling,
        hearsay: Hearsay,
        clock: Clock,
        pool: Executor,
    ) -> None:
        self._calls, self._saying, self._peopling = calls, saying, peopling
        self._hearsay, self._clock, self._pool = hearsay, clock, pool
        self._looked: dict[tuple[str, str], datetime] = {}

    # What happens

    async def hear(self, here: Here, event: Payload) -> None:
        """One of `EVENTS`."""
        kind = payloads.text(event, "type")
        if kind in PASSED:
            await self._passed(here, event, came=kind == "member_joined_channel")
        elif kind in LEFT:
            channel = self._channel(here, payloads.text(event, "channel"))
            await self._ask(self._hearsay.left, channel, here.tenant, "", _at(event))
        elif kind == "channel_id_changed":
            channel = self._channel(here, payloads.text(event, "old_channel_id"))
            new = payloads.text(event, "new_channel_id")
            await self._ask(self._hearsay.moved, channel, new)
        elif kind in CHANGED:
            told = event.get("channel")
            id = payloads.text(told, "id") if isinstance(told, dict) else None
            await self.look(here.tenant, id or payloads.text(event, "channel"))

    async def _passed(self, here: Here, event: Payload, *, came: bool) -> None:
        channel = self._channel(here, payloads.text(event, "channel"))
        id = payloads.text(event, "user")
        tell = self._hearsay.came if came else self._hearsay.left
        if id == here.bot_user:
            await self._ask(tell, channel, here.tenant, "", _at(event))
            if came:
                await self.look(here.tenant, channel.id)
            return
        if self._peopling.known_bot(here.tenant, id):
            return
        try:
            tenant = (await self._peopling.account(here.tenant, id)).tenant
        except Refusal:  # as a colleague they are found in the list
            tenant = here.tenant
        await self._ask(tell, channel, tenant, id, _at(event))

    async def look(self, tenant: str, id: str) -> None:
        """Ask how a channel is now. One that we cannot see any more is private, or gone."""
        try:
            said = await self._calls.ask(tenant, "conversations.info", channel=id)
        except Refused as told:
            if told.error == "channel_not_found":
                shut = Channel(PLATFORM, tenant, id, "", "private")
                await self._ask(self._hearsay.learn_place, shut)
            return
        except (NotSent, Unknown, Unreachable):
            return  # the next tick asks again
        self._looked[tenant, id] = self._clock.now()
        here = payloads.inner(said, "channel")
        if here.get("is_im"):
            return
        is_open = not here.get("is_private") and not here.get("is_mpim")
        name = payloads.text(here, "name", otherwise="")
        found = Channel(PLATFORM, tenant, id, name, "open" if is_open else "private")
        await self._ask(self._hearsay.learn_place, found)

    # A tick

    async def list_anew(self) -> int:
        """List what was not listed lately. Gives how many channels were."""
        count = 0
        for one in await self._calls.tenants():
            spot = Channel(PLATFORM, one.tenant, "")
            for id, is_room in await self._ask(self._hearsay.stale, spot, HALF_AN_HOUR):
                count += await self._list(one.tenant, id, one.bot_id, is_room)
            await self._look_around(spot)
        return count

    async def _look_around(self, spot: Channel) -> None:
        """Nothing tells us that an open channel was made private, so it is asked about."""
        now = self._clock.now()
        long_ago = now - 2 * HALF_AN_HOUR
        every = await self._ask(self._hearsay.open, spot)
        looked = {id: self._looked.get((spot.tenant, id), long_ago) for id in every}
        due = [id for id in every if now - looked[id] >= HALF_AN_HOUR]
        for id in sorted(due, key=looked.__getitem__)[:MOST_LOOKED]:
            await self.look(spot.tenant, id)

    async def _list(self, tenant: str, id: str, us: str, is_room: bool) -> bool:
        channel, at = Channel(PLATFORM, tenant, id), self._clock.now() - APART
        await self.look(tenant, id)
        try:
            found = await self._saying.members(channel)
        except (NotSent, Unknown, Unreachable):
            return False  # what was heard before is not believed for long
        ids = [account.id for account in found if account.id != us]
        members = await self._told_apart(tenant, ids, is_room)
        await self._ask(self._hearsay.inside, channel, members, at)
        return True

    async def _told_apart(
        self, tenant: str, ids: Collection[str], is_room: bool
    ) -> list[tuple[str, str]]:
        """Each with their own tenant. Whoever is in a room becomes a person to us, and no bot."""
        spot = Channel(PLATFORM, tenant, "")
        met = await self._ask(self._hearsay.met, spot, ids)
        unmet = [id for id in ids if id not in met]
        for id in unmet[:MOST_ASKED] if is_room else ():
            try:
                user = await self._peopling.look(tenant, id)
            except (NotSent, Unknown, Unreachable):
                break
            if user and not user.is_bot and not user.is_closed:
                await self._ask(self._hearsay.meet, spot, user)
                met[id] = user.tenant
        return [(met.get(id, tenant), id) for id in ids if not self._peopling.known_bot(tenant, id)]

    def _channel(self, here: Here, id: str) -> Channel:
        return Channel(PLATFORM, here.tenant, id)

    async def _ask(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        running = asyncio.get_running_loop()
        asked = running.run_in_executor(self._pool, partial(call, *args, **kwargs))
        return await asyncio.shield(asked)


def _at(event: Payload) -> datetime:
    """When it happened, by Slack's clock."""
    try:
        return datetime.fromtimestamp(float(payloads.text(event, "event_ts")), UTC)
    except (ValueError, OverflowError, OSError) as none:
        raise payloads.Junk("event_ts") from none
