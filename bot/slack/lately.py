"""Remembers for a few seconds what the database says: the same people are spoken of again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from bot.messages import Channel
from bot.slack.seen import Naming

BELIEVED = 10.0  # seconds
MOST = 20_000
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Lately(Generic[K, V]):
    """What was found under each key. `elapsed` is in seconds and never goes back."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed, self._lock = elapsed, Lock()
        self._found: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """Nothing where it is not known, or not believed any more."""
        with self._lock:
            until, value = self._found.get(key, (0.0, None))
            return value if self._elapsed() < until else None

    def keep(self, key: K, value: V) -> V:
        with self._lock:
            self._found.pop(key, None)
            self._found[key] = self._elapsed() + BELIEVED, value
            if len(self._found) > MOST:
                self._found.popitem(last=False)
        return value


class NamedLately:
    """A `Naming` that asks another one, and not for everybody each time."""

    def __init__(self, naming: Naming, elapsed: Callable[[], float]) -> None:
        self._naming = naming
        self._accounts: Lately[tuple[str, str, int], str] = Lately(elapsed)

    def account_of(self, place: Channel, person_id: int) -> str | None:
        key = place.platform, place.tenant, person_id
        known = self._accounts.get(key)
        if known is None:
            found = self._naming.account_of(place, person_id)
            known = self._accounts.keep(key, found or "")
        return known or None

    def zone(self, place: Channel) -> ZoneInfo:
        return self._naming.zone(place)
