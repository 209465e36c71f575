"""What rendering must know of the place where it is read."""

from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.messages import Channel


class Seen(Protocol):
    """A place, as whoever reads there sees it. All of it may ask the database: use it in a pool."""

    @property
    def zone(self) -> ZoneInfo:
        """The channel's own time."""
        ...

    def mention(self, person_id: int) -> str | None:
        """The id of this person's account in this tenant; none where they have no account there."""
        ...

    def keep(self, text: str) -> str:
        """Keep what is too long for Slack; the same text in the same place has the same token."""
        ...

    def kept(self, token: str) -> str | None:
        """What was kept here under this token; nothing once it was let go of."""
        ...


class Keeping(Protocol):
    """Keeps what is too long for Slack, for some days, and gives it back in the same place only."""

    def keep(self, place: Channel, text: str) -> str: ...

    def kept(self, place: Channel, token: str) -> str | None: ...


class Naming(Protocol):
    """Knows who somebody is on a platform, and what time it is in a place."""

    def account_of(self, place: Channel, person_id: int) -> str | None: ...

    def zone(self, place: Channel) -> ZoneInfo: ...


@dataclass(frozen=True, slots=True)
class Place:
    """`Seen`, over whoever remembers."""

    at: Channel
    naming: Naming
    keeping: Keeping
    _zones: list[ZoneInfo] = field(default_factory=list)  # asked once for all that is drawn

    @property
    def zone(self) -> ZoneInfo:
        if not self._zones:
            self._zones.append(self.naming.zone(self.at))
        return self._zones[0]

    def mention(self, person_id: int) -> str | None:
        return self.naming.account_of(self.at, person_id)

    def keep(self, text: str) -> str:
        return self.keeping.keep(self.at, text)

    def kept(self, token: str) -> str | None:
        return self.keeping.kept(self.at, token)
