"""Tells decisions with all that was said of them, in an export's entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from handlers.exports.entries import Entry, Names, known
from handlers.exports.seen import Seen
from handlers.exports.shape import HIDDEN, SAID
from storage import decisions
from storage.channels import Channel
from storage.database import Session
from storage.decisions import Decision, DecisionEvent, Standing
from storage.rooms import Room

AT_ONCE = 500  # decisions read at once


def decided(session: Session, seen: Seen, names: Names) -> list[tuple[Entry, Entry]]:
    """The decisions that leave, by number: each with all that was said, and as it stands."""
    telling = _Telling(names, _numbers(session, seen.ids), _places(session))
    return [
        (told := telling.decision(standing), told | telling.standing(standing))
        for start in range(0, len(seen.ids), AT_ONCE)
        for standing in decisions.stand(session, seen.ids[start : start + AT_ONCE])
    ]


def _numbers(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """What each decision is called; one that is private has no name outside."""
    may = set(ids)
    found = session.exec(select(Decision.id, Decision.number))
    return {id: f"D-{number}" if id in may else HIDDEN for id, number in found}


def _places(session: Session) -> dict[int, str]:
    rooms = {room.id: room.name for room in session.exec(select(Room))}
    return {
        one.id: rooms.get(one.room_id or 0) or one.name or one.external_id
        for one in session.exec(select(Channel).order_by(col(Channel.id)))
    }


@dataclass(frozen=True, slots=True)
class _Telling:
    names: Names
    numbers: dict[int, str]
    places: dict[int, str]

    def decision(self, standing: Standing) -> Entry:
        one = standing.decision
        order = {event.id: place for place, event in enumerate(standing.events, start=1)}
        return known(
            {
                "decision": one.name, "title": one.title, "needed": one.is_needed or None,
                "by": self.names["person"].get(one.by_id), "at": one.at,
                "in": self.places[one.channel_id], "from": one.source, "link": one.link,
                "then": [self._event(event, order) for event in standing.events],
            },
            "title",
        )  # fmt: skip

    def standing(self, one: Standing) -> Entry:
        """What all that was said adds up to, for a table."""
        person, priority = self.names["person"], self.names["priority"]
        return known(
            {
                "status": one.status, "owner": person.get(one.owner_id or 0),
                "priority": priority.get(one.priority_id or 0), "because": one.because,
                "due": one.due_on, "review": one.review_on,
                "asked": [person[id] for id in one.asked if id in person],
                "told": list(one.told), "risk": "yes" if one.accepts_risk else None,
                "blocks": [name for id in one.blocks if (name := self.names["initiative"].get(id))],
                "expects": one.expects, "replaces": self.numbers.get(one.replaces or 0),
                "replaced by": self.numbers.get(one.replaced_by or 0),
            }
        )  # fmt: skip

    def _event(self, event: DecisionEvent, order: dict[int, int]) -> Entry:
        told = {
            field: self._datum(kind, event.data.get(datum), order)
            for datum, field, kind in SAID[event.what]
        }
        who = self.names["person"].get(event.by_id)
        return known({"said": event.what, "by": who, "at": event.at, **told})

    def _datum(self, kind: str, value: Any, order: dict[int, int]) -> Any:
        match kind, value:
            case _, None:
                return None
            case "person" | "priority" | "initiative", int():
                return self.names[kind].get(value)
            case "people", list():
                return [self.names["person"][id] for id in value if id in self.names["person"]]
            case "decision", int():
                return self.numbers.get(value)
            case "event", int():
                return order.get(value)
        return value
