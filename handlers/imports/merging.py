"""Brings what a list says onto the map: only what the list changed since it was last imported."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import select

from handlers.ask import kept
from handlers.imports.rows import LINKED, Told, same
from storage import confirmations, events, links, objections, organisations, people
from storage.capabilities import Capability
from storage.database import Session
from storage.events import Event
from storage.initiatives import Initiative
from storage.links import Link
from storage.metrics import Metric
from storage.people import Person
from storage.priorities import Priority

Tell = Callable[[int, int], None]
Ends = tuple[int | None, ...]
STEP = 250  # projects between two words on progress
_ADDRESS = re.compile(r"[^\s<>(),;]+@[^\s<>(),;]+\.[^\s<>(),;]+")


@dataclass(slots=True)
class Counts:
    """What came of it, in projects and tools."""

    added: int = 0
    changed: int = 0
    same: int = 0
    priorities: int = 0
    capabilities: int = 0
    people: int = 0
    unlinked: int = 0
    not_listed: int = 0


@dataclass(slots=True)
class Merging:
    """One import into one organisation's map, in one transaction."""

    session: Session
    source: str
    kind: str  # of what says nothing of its kind
    counts: Counts = field(default_factory=Counts)
    events: list[Event] = field(default_factory=list)
    tables: dict[type[Any], dict[str, Any]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    links: dict[Ends, Link] = field(default_factory=dict)
    links_of: dict[int, list[Link]] = field(default_factory=dict)
    goal_of: dict[str, str] = field(default_factory=dict)

    def bring(self, told: list[Told], tell: Tell) -> Counts:
        """All of it. `tell` hears how many projects are done, of how many."""
        touched = self._touched(told)
        was = {}
        for done, one in enumerate(touched):  # half of the work; the other half is their links
            was[one.key] = self._bring_one(one)
            if done % STEP == 0:
                tell(done // 2, len(touched))
        self.session.flush()
        self.goal_of = _single_goals(told)
        for done, one in enumerate(touched):
            self._link(one, *was[one.key])
            if done % STEP == 0:
                tell((len(touched) + done) // 2, len(touched))
        self.session.flush()
        self._say_what_is_new()
        events.record(self.session, self.events)
        if touched:
            organisations.touch_map(self.session, self.session.organisation)
            kept.tell(self.session, self.events)
        self.counts.unlinked = sum(not (one.priorities or one.capabilities) for one in told)
        tell(len(touched), len(touched))
        return self.counts

    def foresee(self, told: list[Told]) -> Counts:
        """What bringing it would come to; nothing is changed."""
        touched = self._touched(told)
        known = self.tables[Initiative]
        self.counts.added = sum(one.key not in known for one in touched)
        self.counts.changed = len(touched) - self.counts.added
        self.counts.unlinked = sum(not (one.priorities or one.capabilities) for one in told)
        return self.counts

    def _touched(self, told: list[Told]) -> list[Told]:
        """The projects that are new, or of which the list says something else than last time."""
        self._look()
        known = self.tables[Initiative]
        listed = {known[one.key].id for one in told if one.key in known}
        self.counts.not_listed = len({one.id for one in known.values()} - listed)
        touched = [one for one in told if self._differs(known.get(one.key), one)]
        self.counts.same = len(told) - len(touched)
        return touched

    def _look(self) -> None:
        tables: tuple[type[Any], ...] = (Initiative, Priority, Capability, Metric)
        for table in tables:
            rows = self.session.exec(select(table)).all()
            self.tables[table] = {same(row.name): row for row in rows}
        known = self.tables[Initiative]
        for one in list(known.values()):
            for alias in one.aliases:  # a list may go on calling it by the name it had
                known.setdefault(same(alias), one)
        for person in people.everybody(self.session):
            self.people[person.name.casefold()] = person
            if person.email:
                self.people[person.email] = person
        for link in links.all_of_them(self.session):
            self._file(link)

    @staticmethod
    def _differs(known: Initiative | None, told: Told) -> bool:
        return known is None or any(
            known.imported.get(name) != text for name, text in told.cells.items()
        )

    def _bring_one(self, told: Told) -> tuple[Initiative, dict[str, str], dict[str, Any]]:
        """The project with its new values; what the list said before; its values before."""
        one = self.tables[Initiative].get(told.key)
        if one is None:
            one = self._made(Initiative, told.name, kind=self.kind, imported={})
            self.counts.added += 1
        else:
            self.counts.changed += 1
        said = dict(one.imported)
        new = [name for name, text in told.cells.items() if said.get(name) != text]
        before = {name: getattr(one, name) for name in new if name not in LINKED}
        for name in new:
            self._set(one, name, told)
        one.imported = said | told.cells
        one.unclear = {n: t for n, t in one.unclear.items() if n not in new} | {
            name: text for name, text in told.unclear.items() if name in new
        }
        return one, said, before

    def _set(self, one: Initiative, name: str, told: Told) -> None:
        value = told.values.get(name)
        match name:
            case "cost":
                one.cost, one.currency = value or (None, None)
            case "owner":
                one.owner_id = self._person(value).id if value else None
            case "kind":
                one.kind = value or self.kind
            case "area" | "plain" | "vendor":
                setattr(one, name, value or "")
            case "status" | "phase" | "starts_on" | "ends_on" | "renews_on":
                setattr(one, name, value)

    def _link(
        self, told: Told, one: Initiative, said: Mapping[str, str], before: Mapping[str, Any]
    ) -> None:
        goals = [self._named(Priority, name) for name in told.priorities]
        abilities = [self._named(Capability, name) for name in told.capabilities]
        if told.cells.get("priority") != said.get("priority"):
            self._keep_links(one, "priority", {goal.id for goal in goals})
        if told.cells.get("capability") != said.get("capability"):
            self._keep_links(one, "capability", {ability.id for ability in abilities})
        for ability in abilities:
            if (goal := self.goal_of.get(same(ability.name))) and goal in told.priorities:
                self._join(capability_id=ability.id, priority_id=self._named(Priority, goal).id)
        if name := told.values.get("metric"):
            self._metric(name, told, goals)
        after = {name: getattr(one, name) for name in before}
        if said and before != after:
            self._happened("initiative", one, "changed", before, after)

    def _keep_links(self, one: Initiative, end: str, wanted: set[int]) -> None:
        """Exactly these links come from lists; what people said or confirmed stays as it is."""
        for link in list(self.links_of.get(one.id, ())):
            theirs = getattr(link, f"{end}_id")
            is_ours = link.source and not link.confirmed_by_id
            if is_ours and theirs and theirs not in wanted:
                self.links_of[one.id].remove(link)
                self.session.delete(self.links.pop(_ends(link)))
                confirmations.answer(self.session, links.key_of(link), "gone")
                objections.settle(self.session, links.key_of(link), "removed")
                self._happened("link", one, "removed", _said(link), {})
        for id in wanted:
            self._join(initiative_id=one.id, **{f"{end}_id": id})

    def _join(self, **ends: Any) -> None:
        link = Link(
            said_by_id=self.session.me.id, said_at=self.session.now, source=self.source, **ends
        )
        if _ends(link) not in self.links:
            self._file(link)
            self.session.add(link)

    def _file(self, link: Link) -> None:
        self.links[_ends(link)] = link
        if link.initiative_id:
            self.links_of.setdefault(link.initiative_id, []).append(link)

    def _metric(self, name: str, told: Told, goals: list[Priority]) -> None:
        one = self._named(Metric, name)
        for value in ("baseline", "target"):
            if told.values.get(value) is not None:
                setattr(one, value, told.values[value])
        if one.baseline is not None and one.target is not None and one.baseline != one.target:
            one.direction = "up" if one.target > one.baseline else "down"
        for goal in goals:
            self._join(metric_id=one.id, priority_id=goal.id)

    def _named(self, table: type[Any], name: str) -> Any:
        found = self.tables[table].get(same(name))
        if found is None:
            found = self._made(table, name)
            self.session.flush()
            self.counts.priorities += table is Priority
            self.counts.capabilities += table is Capability
        return found

    def _made(self, table: type[Any], name: str, **values: Any) -> Any:
        made = table(name=name, created_at=self.session.now, **values)
        self.session.add(made)
        self.tables[table][same(name)] = made
        return made

    def _person(self, said: str) -> Person:
        address = _ADDRESS.search(said)
        email = address[0].lower() if address else None
        name = re.sub(r"[<>()]", "", said.replace(address[0], "") if address else said).strip()
        name = name or (email or "").partition("@")[0].replace(".", " ").title()
        found = self.people.get(email or "") or self.people.get(name.casefold())
        if found is None:
            found = Person(name=name, email=email, created_at=self.session.now)
            self.session.add(found)
            self.session.flush()
            self.counts.people += 1
        self.people[name.casefold()] = self.people[email or name.casefold()] = found
        return found

    def _say_what_is_new(self) -> None:
        for noun, table in (
            ("priority", Priority),
            ("capability", Capability),
            ("initiative", Initiative),
            ("metric", Metric),
        ):
            for one in self.tables[table].values():
                if one.created_at == self.session.now:
                    self._happened(noun, one, "added", {}, {})

    def _happened(
        self, noun: str, one: Any, what: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        self.events.append(
            events.happened(self.session, noun, one, what, before, after, self.source)
        )


def _ends(link: Link) -> Ends:
    return (link.initiative_id, link.metric_id, link.capability_id, link.priority_id)


def _single_goals(told: list[Told]) -> dict[str, str]:
    """The priority of each capability that the list names with one priority only.

    With several, a row says what its project is for, and not what the capability is for.
    """
    goals: dict[str, set[str]] = {}
    for one in told:
        for ability in one.capabilities:
            goals.setdefault(same(ability), set()).update(one.priorities)
    return {ability: next(iter(found)) for ability, found in goals.items() if len(found) == 1}


def _said(link: Link) -> dict[str, Any]:
    return {f"{end}_id": getattr(link, f"{end}_id") for end in links.ENDS}
