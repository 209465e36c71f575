"""Makes a digest for one room out of the company's facts: what is new there, and what it asks."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot import messages
from digests import asks
from digests.facts import Facts
from digests.sections import NEWS, SECTIONS, Room
from storage import editions, visibility
from storage.channels import Channel
from storage.database import Session
from storage.readers import Reader

WEEK, DAYS = 7, 2


@dataclass(frozen=True, slots=True)
class Made:
    """The facts of one digest, ready to be kept; and the keys of what it shows as it stands."""

    facts: dict[str, Any]
    shows: tuple[str, ...]

    @property
    def is_quiet(self) -> bool:
        return bool(self.facts["is_quiet"])


def place(channel: Channel) -> messages.Channel:
    """A channel as whoever reads there is asked about."""
    return messages.Channel(channel.platform, channel.tenant, channel.external_id, channel.name)


def make(session: Session, home: Channel, facts: Facts, missed: tuple[date, ...] = ()) -> Made:
    """What the room of this channel is told at the moment of the facts."""
    last = editions.last(session, home, facts.at)
    zone = ZoneInfo(home.zone or session.organisation.zone)
    homes = visibility.homes_for(session, Reader(place(home)))
    room = Room(
        last.at if last else None,
        last.facts["known"] if last else {},
        lambda channel_id, is_shared: is_shared or channel_id in homes,
    )
    kept, more = asks.choose(facts, room.may_read)
    keys = {one["key"] for some in kept.values() for one in some}
    sections = {name: told for name, make_it in SECTIONS.items() if (told := make_it(facts, room))}
    until = facts.at.astimezone(zone).date()
    since = last.at.astimezone(zone).date() if last else None
    made = {
        "until": until.isoformat(),
        "since": since.isoformat() if since else None,
        "span": _span(since, until),
        "missed": [day.isoformat() for day in missed],
        "asks": kept,
        "more_asks": more,
        "sections": sections,
        "known": room.known,
        "counts": _counts(facts, room),
        "is_first": last is None,
        "is_quiet": last is not None and not _is_news(sections, keys, last.facts),
        "head": facts.head,
    }
    return Made(made, tuple(sorted(_shown(kept, sections))))


def _shown(kept: dict[str, list[asks.Ask]], sections: dict[str, Any]) -> set[str]:
    """The keys of what it shows as it stands then, not as it stood."""
    every = [one for some in kept.values() for one in some]
    every += [one for told in sections.values() for one in told["items"] if "key" in one]
    return {key for one in every for key in one.get("shows", [one["key"]])}


def _span(since: date | None, until: date) -> str:
    if since is None:
        return "week"
    days = (until - since).days
    return "day" if days <= DAYS else "week" if days <= 2 * WEEK else "month"


def _is_news(sections: dict[str, Any], keys: set[str], before: dict[str, Any]) -> bool:
    """Whether there is anything that the last one there did not say."""
    asked = {one["key"] for some in before["asks"].values() for one in some}
    return bool(keys - asked) or any(name in sections for name in NEWS)


def _counts(facts: Facts, room: Room) -> dict[str, int]:
    return {
        "projects": sum(one.is_live for one in facts.projects.values()),
        "numbers": len(facts.metrics),
        "decisions": sum(room.may_read(one.home, one.is_shared) for one in facts.decisions),
    }
