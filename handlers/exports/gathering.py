"""Reads the whole map out of the database, as entries that name each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlmodel import select

from handlers.exports import labels
from handlers.exports.entries import Entry, Names, known, order
from handlers.exports.seen import Seen
from handlers.exports.shape import FORMAT, Money
from handlers.exports.telling import decided
from storage import capabilities, initiatives, links, metrics
from storage.capabilities import Capability
from storage.database import Session
from storage.initiatives import Initiative
from storage.links import Link
from storage.metrics import Metric, Reading
from storage.people import Person
from storage.priorities import Priority

LOWER = ("initiative", "metric", "capability")
T = TypeVar("T", Priority, Capability, Initiative, Metric)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The map, as it is written; and its decisions as they stand, for tables."""

    map: Entry
    stand: Sequence[Entry]


def gather(session: Session, seen: Seen) -> Gathered:
    """All that this export holds; what is not known is not in it."""
    return _Gathering(session, seen).all_of_it()


@dataclass(slots=True)
class _Gathering:
    session: Session
    seen: Seen
    names: Names = field(default_factory=dict)
    links: dict[tuple[str, int], list[Link]] = field(default_factory=dict)

    def all_of_it(self) -> Gathered:
        told, self.names["person"] = labels.by_id(self.session)
        for link in links.all_of_them(self.session):
            self.links.setdefault(_lower(link), []).append(link)
        goals = list(self.session.exec(select(Priority)))
        abilities = capabilities.all_of_them(self.session)
        projects = initiatives.all_of_them(self.session)
        numbers = metrics.all_of_them(self.session)
        self.names["priority"] = {one.id: one.name for one in goals}
        self.names["capability"] = {one.id: one.name for one in abilities}
        self.names["initiative"] = {one.id: one.name for one in projects}
        readings = metrics.readings_of(self.session, {one.id for one in numbers})
        company = self.session.organisation
        told_of = decided(self.session, self.seen, self.names)
        map = known(
            {
                "throughline": FORMAT,
                "left out": known({"private decisions": self.seen.left_out or None}),
                "company": {
                    "name": company.name,
                    "zone": company.zone,
                    "currency": company.currency,
                },
                "people": [self._person(label, one) for label, one in told],
                "priorities": [self._priority(one) for one in _by_name(goals)],
                "capabilities": [self._capability(one) for one in _by_name(abilities)],
                "projects and tools": [self._project(one) for one in _by_name(projects)],
                "numbers": [self._number(one, readings[one.id]) for one in _by_name(numbers)],
                "decisions": [decision for decision, _ in told_of],
            }
        )
        return Gathered(map, [standing for _, standing in told_of])

    def _person(self, label: str, one: Person) -> Entry:
        wants = one.wants if self.seen.is_whole and one.wants != "usual" else None
        return known(
            {
                "name": one.name, "id": label if label != one.name else None,
                "email": one.email, "side": one.side, "role": one.role, "title": one.title,
                "zone": one.zone, "wants": wants, "away until": one.away_until,
                "left": one.gone_at, "added": one.created_at,
            },
            "name",
        )  # fmt: skip

    def _priority(self, one: Priority) -> Entry:
        return known(
            {
                "name": one.name, "owner": self._who(one.owner_id), "category": one.category,
                "rank": one.rank, "because": one.because, "retired": one.retired_at,
                "added": one.created_at,
            },
            "name",
        )  # fmt: skip

    def _capability(self, one: Capability) -> Entry:
        return known(
            {
                "name": one.name, "owner": self._who(one.owner_id), "state": one.state,
                "plain": one.plain, "added": one.created_at,
                "serves": self._serves("capability", one.id),
            },
            "name",
        )  # fmt: skip

    def _project(self, one: Initiative) -> Entry:
        has_cost = one.cost is not None and one.currency is not None
        return known(
            {
                "name": one.name, "kind": one.kind, "also called": list(one.aliases),
                "owner": self._who(one.owner_id), "area": one.area, "plain": one.plain,
                "phase": one.phase, "status": one.status, "starts": one.starts_on,
                "ends": one.ends_on,
                "cost": Money(one.cost or 0, one.currency or "") if has_cost else None,
                "vendor": one.vendor, "renews": one.renews_on,
                "unclear": dict(sorted(one.unclear.items())),
                "the list said": dict(sorted(one.imported.items())),
                "added": one.created_at, "serves": self._serves("initiative", one.id),
            },
            "name",
        )  # fmt: skip

    def _number(self, one: Metric, readings: Sequence[Reading]) -> Entry:
        told = [
            known(
                {
                    "day": said.day, "value": said.value, "by": self._who(said.said_by_id),
                    "at": said.said_at,
                }
            )
            for said in readings
        ]  # fmt: skip
        return known(
            {
                "name": one.name, "owner": self._who(one.owner_id), "unit": one.unit,
                "direction": one.direction, "baseline": one.baseline, "target": one.target,
                "every days": one.every_days, "added": one.created_at,
                "serves": self._serves("metric", one.id), "readings": told,
            },
            "name",
        )  # fmt: skip

    def _serves(self, noun: str, id: int) -> list[Entry]:
        return sorted(map(self._link, self.links.get((noun, id), ())), key=_upper)

    def _link(self, link: Link) -> Entry:
        through = link.capability_id if link.initiative_id else None
        return known(
            {
                "capability": self.names["capability"].get(through or 0),
                "priority": self.names["priority"].get(link.priority_id or 0),
                "strength": link.strength if link.strength != 2 else None,
                "by": self._who(link.said_by_id), "at": link.said_at, "list": link.source,
                "confirmed by": self._who(link.confirmed_by_id),
                "confirmed at": link.confirmed_at,
            },
            "capability", "priority",
        )  # fmt: skip

    def _who(self, id: int | None) -> str | None:
        return self.names["person"].get(id) if id is not None else None


def _lower(link: Link) -> tuple[str, int]:
    ends = ((noun, getattr(link, f"{noun}_id")) for noun in LOWER)
    return next((noun, id) for noun, id in ends if id is not None)


def _upper(entry: Entry) -> tuple[bool, tuple[str, str]]:
    through = entry.get("capability")
    return through is None, order(entry["priority"] if through is None else through)


def _by_name(rows: Iterable[T]) -> list[T]:
    return sorted(rows, key=lambda row: order(row.name))
