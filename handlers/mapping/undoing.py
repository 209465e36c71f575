"""Takes back what one command changed on the map: each change is followed by its opposite."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import select

from bot.messages import Refusal
from handlers import rights
from handlers.ask import kept
from handlers.mapping import notes
from handlers.mapping.hanging import hung_on
from handlers.mapping.keeping import LABELS, NAMED, word
from handlers.saying import number
from storage import (
    confirmations,
    events,
    links,
    objections,
    organisations,
    people,
    questions,
    refreshing,
)
from storage.database import Session
from storage.events import Event
from storage.links import ENDS, Link
from storage.metrics import Reading
from storage.people import Person
from storage.things import TABLES

FIELDS = {"owner": "owner_id", "gone": "gone_at"}  # as events name them
TOLD = LABELS | {"side": "Side", "role": "Role", "gone_at": "Gone", "aliases": "Other names"}


@dataclass(slots=True)
class TakingBack:
    """One act that is taken back, and what that did, in words."""

    session: Session
    act: list[Event]
    events: list[Event] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    is_order_moved: bool = False  # the order is one thing: it is restored whole, or not at all
    renumbered: dict[tuple[str, int], int] = field(default_factory=dict)

    def run(self) -> None:
        """All of it, the last change first. A `Refusal` where something else hangs on it."""
        ranked = [(self._thing(one), one.after["rank"]) for one in self.act if "rank" in one.after]
        self.is_order_moved = any(one is None or one.rank != rank for one, rank in ranked)
        for event in reversed(self.act):
            self._demand(event)
            match event.noun, event.what:
                case "link", "added":
                    self._unlink(event)
                case "link", "removed":
                    self._link_again(event)
                case _, "added":
                    self._take_off(event)
                case _, "removed":
                    self._put_back(event)
                case _:
                    self._restore(event)
        self.session.flush()
        events.record(self.session, self.events)
        organisations.touch_map(self.session, self.session.organisation)
        kept.tell(self.session, self.events)

    def _demand(self, event: Event) -> None:
        """Who may no longer do a thing may not take it back either."""
        person = people.who(self.session, event.thing_id) if event.noun == "person" else None
        if person and "role" in event.after:
            rights.demand(self.session, "role")
        elif person and "gone" in event.after:
            rights.demand(self.session, "gone", person)
        elif person:
            rights.demand(self.session, "side", person)
        elif event.noun == "priority":
            rights.demand(self.session, "priority")
        else:
            rights.demand(self.session, "change the map")

    # Things

    def _take_off(self, event: Event) -> None:
        thing = self._thing(event)
        if thing is None:
            return
        if hung := hung_on(thing, event, self.session):
            raise Refusal(f"{thing.name} stays on the map: {hung}.")
        full = thing.model_dump(exclude={"organisation_id"})
        self.session.delete(thing)
        self.session.flush()
        objections.settle(self.session, f"{event.noun}/{thing.id}", "removed")
        questions.not_there(self.session, event.noun, thing.id)
        self._happened(event, thing, "removed", full, {})
        self.done.append(f"{thing.name} is off the map again.")

    def _put_back(self, event: Event) -> None:
        table = TABLES[event.noun]
        if self.session.exec(select(table).where(table.name == event.name)).first():
            raise Refusal(f"There is another {event.name} on the map by now.")
        values = {name: _typed(table, name, value) for name, value in event.before.items()}
        if self.session.get(table, event.thing_id):
            del values["id"]
        thing = table(**values)
        self.session.add(thing)
        self.session.flush()
        self.renumbered[event.noun, event.thing_id] = thing.id
        given = {name: value for name, value in event.before.items() if name in LABELS and value}
        self._happened(event, thing, "added", {}, given)
        self.done.append(f"{thing.name} is on the map again.")

    def _restore(self, event: Event) -> None:
        thing = self._thing(event)
        if thing is None:
            self.kept.append(f"{event.name} is no longer on the map.")
            return
        if "reading" in event.after:
            self._restore_reading(event, thing)
        if notes.only(event.before) or notes.only(event.after):
            self.done.append(notes.restore(self.session, event, thing))
            now, then = notes.only(event.after), notes.only(event.before)
            self._happened(event, thing, "changed", now, then)
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for name in {**event.before, **event.after}:
            column, value = FIELDS.get(name, name), event.before.get(name)
            if column not in type(thing).model_fields or event.after.get(name) == value:
                continue
            now = getattr(thing, column)
            if self._is_other(now, event.after.get(name), column) or self._is_stuck(column, value):
                self.kept.append(self._why_kept(event, thing, name))
                continue
            before[name], after[name] = event.after.get(name), value
            setattr(thing, column, _typed(type(thing), column, value))
            if column in TOLD:
                told = self._told(column, before[name]), self._told(column, value)
                self.done.append(f"{thing.name}, {TOLD[column]}: {told[0]} → {told[1]}.")
        if not after:
            return
        if event.noun == "link":
            self._wait_again(event, thing, event.after)
            self.done.append(
                f"The word on {event.name} and {self._upper(event.after)} is as before."
            )
            self._happened(event, _lower(event), "changed", event.after, word(thing))
        else:
            self._refresh(event, thing, after)
            self._happened(event, thing, "changed", before, after)

    def _refresh(self, event: Event, thing: Any, after: dict[str, Any]) -> None:
        """What stands in the chats names things and people as they are now."""
        if event.noun == "person":
            refreshing.of_person(self.session, thing.id)
        elif NAMED & after.keys():
            refreshing.of(self.session, event.noun, thing.id)

    def _is_other(self, now: Any, after: Any, column: str) -> bool:
        kept = events.plain(now)
        return bool((kept or "")[:10] != (after or "") if column == "gone_at" else kept != after)

    def _is_stuck(self, column: str, name: Any) -> bool:
        if column == "rank":
            return self.is_order_moved
        if column != "name":
            return False
        table = TABLES[self.act[0].noun]
        return self.session.exec(select(table).where(table.name == name)).first() is not None

    def _why_kept(self, event: Event, thing: Any, name: str) -> str:
        label = TOLD.get(FIELDS.get(name, name), name)
        since = [one for one in events.after(self.session, event) if name in one.after]
        by = people.who(self.session, since[-1].by_id) if since and since[-1].by_id else None
        who = "you" if by and by.id == self.session.me.id else by.name if by else "somebody"
        have = "have" if who == "you" else "has"
        return f"{thing.name}, {label}: {who} {have} changed it since."

    def _restore_reading(self, event: Event, metric: Any) -> None:
        said, before = event.after["reading"], event.before["reading"]
        if "day" in event.before:  # it was taken back, and is said again
            day = _typed(Reading, "day", event.before["day"])
            me, now = self.session.me.id, self.session.now
            self.session.add(
                Reading(metric_id=metric.id, day=day, value=before, said_by_id=me, said_at=now)
            )
            after = {"reading": before, "day": event.before["day"]}
            self._happened(event, metric, "changed", {"reading": said}, after)
            self.done.append(f"{metric.name}: it is {number(before)} again.")
            return
        mine = select(Reading).where(
            Reading.metric_id == metric.id,
            Reading.said_by_id == event.by_id,
            Reading.said_at == event.at,
            Reading.value == said,
        )
        if reading := self.session.exec(mine).first():
            self.session.delete(reading)
            self._happened(event, metric, "changed", event.after, {"reading": before})
            self.done.append(f"{metric.name}: nobody has said {number(said)}.")

    # Links

    def _unlink(self, event: Event) -> None:
        link = self._link(event.after)
        if link is None:
            self.kept.append(f"{event.name}: the link is gone already.")
            return
        if link.confirmed_by_id not in (None, self.session.me.id):
            by = people.who(self.session, link.confirmed_by_id)
            name = by.name if by else "Somebody"
            self.kept.append(f"{event.name}: {name} has confirmed the link since; unlink it.")
            return
        self.session.delete(link)
        self.session.flush()
        confirmations.answer(self.session, links.key_of(link), "gone")
        objections.settle(self.session, links.key_of(link), "removed")
        self._happened(event, _lower(event), "removed", word(link), {})
        self.done.append(f"{event.name} no longer serves {self._upper(event.after)}.")

    def _link_again(self, event: Event) -> None:
        ends = {
            name: event.before[name] for name in event.before if name.removesuffix("_id") in ENDS
        }
        new = {
            name: self.renumbered.get((name.removesuffix("_id"), id), id)
            for name, id in ends.items()
        }
        if self._link(new):
            self.kept.append(f"{event.name}: it is linked again already.")
            return
        values = event.before | new
        link = Link(**{name: _typed(Link, name, value) for name, value in values.items()})
        self.session.add(link)
        self.session.flush()
        self._wait_again(event, link, ends)
        self._happened(event, _lower(event), "added", {}, word(link))
        self.done.append(f"{event.name} serves {self._upper(new)} again.")

    def _wait_again(self, event: Event, link: Link, ends: dict[str, Any]) -> None:
        """Whoever waited for a word on it, or owed one, does so again."""
        key = links.key_of(link)
        lower, upper = (end for end in ENDS if ends.get(f"{end}_id"))
        before = links.key(lower, ends[f"{lower}_id"], upper, ends[f"{upper}_id"])
        objections.reopen(self.session, before, event.at, key)
        if link.confirmed_by_id is None:
            confirmations.reopen(self.session, before, event.at, key)
        else:
            confirmations.answer(self.session, key, "yes")

    def _link(self, ends: dict[str, Any]) -> Link | None:
        wanted = select(Link)
        for end in ENDS:
            wanted = wanted.where(getattr(Link, f"{end}_id") == ends.get(f"{end}_id"))
        return self.session.exec(wanted).first()

    def _upper(self, ends: dict[str, Any]) -> str:
        noun = max((one for one in ENDS if ends.get(f"{one}_id")), key=ENDS.index)
        row = self.session.get(TABLES[noun], ends[f"{noun}_id"])
        return row.name if row else "it"

    # All

    def _thing(self, event: Event) -> Any:
        if event.noun == "link":
            return self._link(event.after)
        if event.noun == "person":
            return people.who(self.session, event.thing_id)
        id = self.renumbered.get((event.noun, event.thing_id), event.thing_id)
        return self.session.get(TABLES[event.noun], id)

    def _told(self, column: str, value: Any) -> str:
        if column == "owner_id" and value is not None:
            person = people.who(self.session, int(value))
            return person.name if person else "somebody"
        return str(value) if value not in (None, "", []) else "nothing"

    def _happened(
        self, event: Event, thing: Any, what: str, before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        self.events.append(
            events.happened(self.session, event.noun, thing, what, before, after, undoes=event.act)
        )


@dataclass(frozen=True, slots=True)
class Lower:
    """The lower end of a link, whose event it is."""

    id: int
    name: str


def _lower(event: Event) -> Lower:
    return Lower(event.thing_id, event.name)


def _typed(table: type[Any], name: str, value: Any) -> Any:
    if table is Person and name == "gone_at":
        value = f"{value}T00:00:00Z" if value else None
    return TypeAdapter(table.model_fields[name].annotation).validate_python(value)
