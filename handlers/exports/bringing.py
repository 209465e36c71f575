"""Brings an exported map back: what is not here is added, what is here stays as it is.

Things are the same where their names are. Where the file says something else of one, that is
reported and nothing is overwritten: a person decides which of the two is right.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import select

from handlers.exports import labels
from handlers.exports.entries import Entry
from handlers.exports.reading import Line
from handlers.exports.rows import COLUMNS, Row, differing, values
from handlers.exports.shape import OPERATOR
from handlers.imports.problems import Unclear
from storage import events, links, organisations
from storage.database import Session
from storage.events import Event
from storage.links import Link
from storage.metrics import Metric, Reading
from storage.people import Person
from storage.store import is_empty

Tell = Callable[[int, int], None]
NOUNS = {"priorities": "priority", "capabilities": "capability",
         "projects and tools": "initiative", "numbers": "metric"}  # fmt: skip


@dataclass(slots=True)
class Brought:
    """What came of it."""

    added: dict[str, int] = field(default_factory=dict)
    same: int = 0
    differs: list[str] = field(default_factory=list)
    renumbered: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Bringing:
    """One file into one organisation, in one transaction. Raises `Unclear` with the line."""

    session: Session
    source: str
    brought: Brought = field(default_factory=Brought)
    people: dict[str, int] = field(default_factory=dict)
    things: dict[str, dict[str, Row]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    links: set[tuple[int | None, ...]] = field(default_factory=set)

    def bring_map(self, map: Entry) -> None:
        """All but the decisions."""
        if is_empty(self.session):
            self._company(map["company"])
        self._people(map.get("people", []))
        for section, noun in NOUNS.items():
            table = COLUMNS[noun].table
            rows = self.session.exec(select(table)).all()
            self.things[noun] = {row.name: row for row in rows}
            self._things(map.get(section, []), section, noun)
        self.links = {_ends(one) for one in links.all_of_them(self.session)}
        for section, noun in NOUNS.items():
            for entry in map.get(section, []):
                self._serves(entry, noun)
        for entry in map.get("numbers", []):
            self._readings(entry)
        self.session.flush()
        events.record(self.session, self.events)
        organisations.touch_map(self.session, self.session.organisation)

    def who(self, entry: Entry, name: str = "by") -> int | None:
        """Whom an entry names there."""
        said = entry.get(name)
        if said is None:
            return None
        if said not in self.people:
            raise Unclear(f"{at(entry)}: there is nobody called “{said}” in this file")
        return self.people[said]

    def thing(self, entry: Entry, noun: str, name: str) -> Row:
        """What an entry names there."""
        found = self.things[noun].get(entry[name])
        if found is None:
            raise Unclear(f"{at(entry)}: there is no {name} called “{entry[name]}” in this file")
        return found

    def count(self, section: str) -> None:
        """One more is added."""
        self.brought.added[section] = self.brought.added.get(section, 0) + 1

    def _company(self, company: Entry) -> None:
        organisation = self.session.organisation
        organisation.name, organisation.zone = company["name"], company["zone"]
        organisation.currency = company["currency"]
        self.session.add(organisation)

    def _people(self, told: list[Entry]) -> None:
        known, _ = labels.by_id(self.session)
        by_label = dict(known)
        by_email = {one.email: one for _, one in known if one.email}
        self.people = {OPERATOR: self.session.me.id}
        made: list[tuple[str, Person]] = []
        for entry in told:
            label: str = entry.get("id") or entry["name"]
            if label in self.people or label in dict(made):
                raise Unclear(f"{at(entry)}: “{label}” stands here twice")
            one = by_email.get(entry.get("email", "")) or by_label.get(label)
            new = values("person", entry)
            if one is None or (one.email and entry.get("email") and one.email != entry["email"]):
                made.append((label, Person(**new)))
                self.session.add(made[-1][1])
                self.session.flush()
                self.people[label] = made[-1][1].id
                self.count("people")
            else:
                self.people[label] = one.id
                self._compare(label, one, new)

    def _things(self, told: list[Entry], section: str, noun: str) -> None:
        known = self.things[noun]
        listed: set[str] = set()
        new: list[Row] = []
        for entry in told:
            name = entry["name"]
            if name in listed:
                raise Unclear(f"{at(entry)}: “{name}” stands here twice")
            listed.add(name)
            said = values(noun, entry) | {"owner_id": self.who(entry, "owner")}
            if name in known:
                self._compare(name, known[name], said)
                continue
            known[name] = COLUMNS[noun].table(**said)
            new.append(known[name])
            self.session.add(known[name])
            self.count(section)
        self.session.flush()
        self.events += [
            events.happened(self.session, noun, one, "added", {}, {}, self.source) for one in new
        ]

    def _compare(self, name: str, one: Any, said: dict[str, Any]) -> None:
        names = {id: label for label, id in self.people.items()}
        found = list(differing(one, said, names))
        if not found:
            self.brought.same += 1
        for label, here, there in found:
            self.brought.differs.append(f"{name}: {label} is {here} here, {there} in the file")

    def _serves(self, entry: Entry, noun: str) -> None:
        lower = self.thing(entry, noun, "name")
        for told in entry.get("serves", ()):
            ends = [end for end in ("capability", "priority") if end in told]
            if len(ends) != 1:
                raise Unclear(f"{at(told)}: say either the capability or the priority it serves")
            upper = self.thing(told, ends[0], ends[0])
            link = Link(
                **{f"{noun}_id": lower.id, f"{ends[0]}_id": upper.id},
                strength=told.get("strength", 2), said_by_id=self.who(told), said_at=told["at"],
                source=told.get("list", ""), confirmed_by_id=self.who(told, "confirmed by"),
                confirmed_at=told.get("confirmed at"),
            )  # fmt: skip
            if not 1 <= link.strength <= 3:
                raise Unclear(f"{at(told)}: the strength is 1, 2 or 3")
            if _ends(link) not in self.links:
                self.links.add(_ends(link))
                self.session.add(link)
                self.count("links")

    def _readings(self, entry: Entry) -> None:
        metric = self.thing(entry, "metric", "name")
        assert isinstance(metric, Metric)
        mine = select(Reading).where(Reading.metric_id == metric.id)
        known = {(one.day, one.value, one.said_at) for one in self.session.exec(mine)}
        for told in entry.get("readings", ()):
            if (told["day"], told["value"], told["at"]) not in known:
                reading = Reading(
                    metric_id=metric.id, day=told["day"], value=told["value"],
                    said_by_id=self.who(told), said_at=told["at"],
                )  # fmt: skip
                self.session.add(reading)
                self.session.flush()
                self.count("readings")


def at(entry: Entry) -> str:
    """Where an entry stands."""
    return f"line {entry.line}" if isinstance(entry, Line) else "somewhere"


def _ends(link: Link) -> tuple[int | None, ...]:
    return link.initiative_id, link.metric_id, link.capability_id, link.priority_id
