"""Knows how to type whoever is mentioned, so that a command means them on every platform."""

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from bot.messages import Account, Channel
from bot.platforms import NotSent, Unknown, Unreachable
from bot.slack.lately import Lately
from bot.slack.peopling import Peopling
from bot.slack.running import Running
from bot.slack.users import User

MOST = 8  # people looked up for one message


class Addresses(Protocol):
    """Remembers who was met. Asked in a pool."""

    def addresses(self, place: Channel, ids: Collection[str]) -> Mapping[str, str]: ...


class Meeting(Protocol):
    """Keeps somebody who will be spoken of. Committed when it returns."""

    def meet(self, spot: Channel, told: User) -> None: ...


class Mentioned:
    """Who somebody is, and who is meant by a mention."""

    def __init__(
        self,
        people: Peopling,
        addresses: Addresses,
        hearsay: Meeting,
        running: Running,
        elapsed: Callable[[], float],
    ) -> None:
        self._people, self._addresses = people, addresses
        self._accounts: Lately[tuple[str, str], Account] = Lately(elapsed)
        self._hearsay, self._running = hearsay, running

    async def account(self, tenant: str, id: str) -> Account:
        """Somebody with their name and standing. Raises `Refusal` where nobody can say."""
        if known := self._accounts.get((tenant, id)):
            return known
        return self._accounts.keep((tenant, id), await self._people.account(tenant, id))

    async def called(self, at: Channel, ids: list[str]) -> Mapping[str, str]:
        """By their ids; whoever is met first is asked about, and is a person from now on."""
        known = dict(await self._running.in_pool(self._addresses.addresses, at, ids))
        for id in [one for one in ids if one not in known][:MOST]:
            try:
                user = await self._people.look(at.tenant, id)
            except (NotSent, Unknown, Unreachable):
                break  # they stand there by their id
            if user and not user.is_bot:
                await self._running.in_pool(self._hearsay.meet, at, user)
                known[id] = user.email or f"@{id}"
        return known
