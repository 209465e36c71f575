"""How often a caller whom nothing proves may ask: a bucket of requests for each address."""

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable


class Callers:
    """Counts them. `now` is in seconds and never goes back.

    Behind a proxy many people come from one address, so the buckets are large: they are there to
    stop a program that asks as fast as it can, not a person.
    """

    def __init__(
        self,
        now: Callable[[], float],
        burst: int = 200,  # requests
        rate: float = 20.0,  # requests a second, for ever
        most: int = 10_000,  # addresses remembered; whoever asked longest ago is forgotten first
    ) -> None:
        self._now, self._burst, self._rate, self._most = now, burst, rate, most
        self._asked: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def ask(self, address: str) -> int:
        """Take one request out of the bucket: 0, or in how many seconds there is one again."""
        whose, now = _whose(address), self._now()
        left, since = self._asked.pop(whose, (float(self._burst), now))
        left = min(float(self._burst), left + (now - since) * self._rate)
        is_enough = left >= 1
        self._asked[whose] = (left - is_enough, now)
        if len(self._asked) > self._most:
            self._asked.popitem(last=False)
        return 0 if is_enough else max(1, math.ceil((1 - left) / self._rate))

    def __len__(self) -> int:
        return len(self._asked)


def _whose(address: str) -> str:
    """One household has a /64 of IPv6 addresses, and counts once."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
