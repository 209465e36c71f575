"""Knows who somebody in Slack is: a colleague, a guest or a stranger; and keeps it as it changes.

Slack tells of changes by events; whoever is met first is asked about, and so is, by a tick, whoever
was met since and whoever nothing was heard of for a week. Addresses come by the tick alone.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from bot.clock import Clock
from bot.messages import Account, Channel, Refusal
from bot.platforms import NotSent, Unknown, Unreachable
from bot.slack import payloads, users
from bot.slack.calls import Calls, Refused
from bot.slack.doings import PLATFORM, Here
from bot.slack.payloads import Payload
from bot.slack.users import Home, User

EVENTS = ("user_change", "team_join")
BELIEVED = timedelta(minutes=10)  # what another process was told meanwhile
WEEK = timedelta(days=7)
MOST = 20  # asked in one tick: Slack lets a hundred pass a minute
MOST_KNOWN = 20_000  # of whom one process remembers what they are
NOBODY_SAYS = (
    "Slack does not tell me just now who you are, and I answer nobody I do not know. "
    "Try again in a minute."
)

P = ParamSpec("P")
T = TypeVar("T")


class Hearsay(Protocol):
    """Remembers what is told of people; every call is committed when it returns."""

    def known(self, spot: Channel, id: str) -> tuple[str, str] | None: ...
    def unheard(self, spot: Channel, since: timedelta, most: int) -> list[str]: ...
    def learn(self, spot: Channel, told: User) -> bool: ...
    def unsaid(self, spot: Channel, id: str) -> None: ...


class Peopling:
    """`pool` is where the database is asked."""

    def __init__(self, calls: Calls, hearsay: Hearsay, clock: Clock, pool: Executor) -> None:
        self._calls, self._hearsay, self._clock, self._pool = calls, hearsay, clock, pool
        self._met: OrderedDict[tuple[str, str], tuple[datetime, User]] = OrderedDict()
        self._homes: dict[str, Home] = {}

    async def account(self, tenant: str, id: str) -> Account:
        """Somebody with their name and standing. Raises `Refusal` where nobody can say.

        Who is a guest is told apart before anything is answered; their address is not asked for.
        """
        if found := self._fresh(tenant, id):
            return _account(found)
        if known := await self._ask(self._hearsay.known, _spot(tenant), id):
            name, standing = known
            told = Account(PLATFORM, tenant, id, name)
            return replace(told, standing="guest") if standing == "guest" else told
        try:
            user = await self.look(tenant, id)
        except (NotSent, Unknown, Unreachable) as silent:
            raise Refusal(NOBODY_SAYS) from silent
        if user is None:
            raise Refusal(NOBODY_SAYS)
        return _account(user)

    async def standing(self, account: Account) -> str:
        """ "guest", "stranger", or nothing for a colleague."""
        return (await self.account(account.tenant, account.id)).standing

    async def look(self, tenant: str, id: str) -> User | None:
        """What Slack says of somebody now; nothing where it knows nobody."""
        home = await self._home(tenant)
        try:
            said = await self._calls.ask(tenant, "users.info", user=id)
        except Refused as told:
            if told.error in ("user_not_found", "user_not_visible"):
                return None
            raise Unreachable(told.error) from told
        user = users.user(payloads.inner(said, "user"), home)
        if user:
            self._remember(tenant, user)
        return user

    def known_bot(self, tenant: str, id: str) -> bool:
        """Whether this is a bot, as far as Slack was asked lately."""
        found = self._fresh(tenant, id)
        return found is not None and found.is_bot

    async def hear(self, here: Here, event: Payload) -> None:
        """One of `EVENTS`, however often and in whatever order."""
        user = users.user(payloads.inner(event, "user"), await self._home(here.tenant))
        if user and not user.is_bot:
            self._remember(here.tenant, user)
            await self._ask(self._hearsay.learn, _spot(here.tenant), user)

    async def ask_anew(self) -> int:
        """A tick: ask Slack about those who were met lately, or not heard of for long."""
        count = 0
        for one in await self._calls.tenants():
            spot = _spot(one.tenant)
            for id in await self._ask(self._hearsay.unheard, spot, WEEK, MOST):
                try:
                    user = await self.look(one.tenant, id)
                except (NotSent, Unknown, Unreachable):
                    break  # another time: the next would fare no better
                if user:
                    await self._ask(self._hearsay.learn, spot, user)
                else:
                    await self._ask(self._hearsay.unsaid, spot, id)
                count += 1
        return count

    # What this process remembers

    def _fresh(self, tenant: str, id: str) -> User | None:
        at, user = self._met.get((tenant, id), (None, None))
        return user if at and self._clock.now() - at < BELIEVED else None

    def _remember(self, tenant: str, user: User) -> None:
        before = self._met.pop((tenant, user.id), None)
        newest = before[1] if before and before[1].as_of > user.as_of else user
        self._met[tenant, user.id] = (self._clock.now(), newest)
        while len(self._met) > MOST_KNOWN:
            self._met.popitem(last=False)

    async def _home(self, tenant: str) -> Home:
        if tenant not in self._homes:
            try:
                said = await self._calls.ask(tenant, "auth.test")
            except Refused as told:
                raise Unreachable(told.error) from told
            ids = (str(said.get(name) or "") for name in ("team_id", "enterprise_id"))
            self._homes[tenant] = Home(tenant, *ids)
        return self._homes[tenant]

    async def _ask(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        running = asyncio.get_running_loop()
        asked = running.run_in_executor(self._pool, partial(call, *args, **kwargs))
        return await asyncio.shield(asked)


def _spot(tenant: str) -> Channel:
    return Channel(PLATFORM, tenant, "")


def _account(user: User) -> Account:
    """Without their address: that comes by a tick, which may join two."""
    return Account(PLATFORM, user.tenant, user.id, user.name, standing=user.standing)
