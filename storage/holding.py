"""What somebody holds: every open thing that has them as its owner, and giving it to another."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlmodel import col, select

from storage import (
    decisions,
    events,
    initiatives,
    organisations,
    outbox,
    refreshing,
    schedules,
    things,
)
from storage.capabilities import Capability
from storage.database import Session
from storage.decisions import Decision, DecisionEvent, DecisionState, Standing
from storage.metrics import Metric
from storage.people import Person
from storage.priorities import Priority
from storage.schedules import Schedule


class Held(Protocol):
    """A thing with an owner."""

    id: int
    name: str
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that people hold: what it is called, which are open, how it is given."""

    noun: str
    one: str
    many: str
    open: Callable[[Session], Sequence[Held]]
    give: Callable[[Session, Held, Person | None], None]


def kinds() -> tuple[Kind, ...]:
    """Every kind, in the order in which it is said. A new noun that has owners adds itself here."""
    return (
        Kind("priority", "priority", "priorities", _live_priorities, _giver("priority")),
        Kind("capability", "ability", "abilities", _all(Capability), _giver("capability")),
        Kind("project", "project", "projects", _running("project"), _giver("initiative")),
        Kind("tool", "tool", "tools", _running("tool"), _giver("initiative")),
        Kind("metric", "number", "numbers", _all(Metric), _giver("metric")),
        Kind("decision", "decision", "decisions", _open_decisions, _hand_over),
        Kind("digest", "digest", "digests", _digests, _leave),
    )


def held_by(session: Session, person_id: int) -> list[tuple[Kind, list[Held]]]:
    """What is open with somebody, by kind; kinds of which nothing is are left out."""
    found = [
        (kind, [one for one in kind.open(session) if one.owner_id == person_id]) for kind in kinds()
    ]
    return [(kind, things) for kind, things in found if things]


def is_taken_over(session: Session, person_id: int, since: datetime) -> bool:
    """Whether something that was theirs until then is somebody else's, or nobody's, by now."""
    given = (e for e in events.handed_over(session, person_id) if e.at >= since)
    theirs = (things.find(session, one.noun, one.thing_id) for one in given)
    if any(one and one.owner_id != person_id for one in theirs):
        return True
    passed_on = select(DecisionEvent.decision_id).where(
        DecisionEvent.what == "owner", col(DecisionEvent.at) >= since
    )
    return any(
        one.owner_id != person_id and _owner_at(one, since) == person_id
        for one in decisions.stand(session, session.exec(passed_on))
    )


def _owner_at(standing: Standing, at: datetime) -> int | None:
    before = [event for event in standing.events if event.at < at]
    return decisions.fold(standing.decision, before).owner_id


def counts(session: Session) -> Counter[int]:
    """How many open things each person holds, by the person's id."""
    return Counter(
        one.owner_id for kind in kinds() for one in kind.open(session) if one.owner_id is not None
    )


def _all(table: type[Any]) -> Callable[[Session], Sequence[Held]]:
    def every(session: Session) -> Sequence[Held]:
        found: list[Held] = list(session.exec(select(table)))
        return sorted(found, key=lambda one: one.name.casefold())

    return every


def _live_priorities(session: Session) -> Sequence[Held]:
    live = select(Priority).where(col(Priority.retired_at).is_(None))
    return sorted(session.exec(live), key=lambda one: (one.rank is None, one.rank, one.name))


def _running(kind: str) -> Callable[[Session], Sequence[Held]]:
    def running(session: Session) -> Sequence[Held]:
        return [
            one
            for one in initiatives.all_of_them(session)
            if one.kind == kind and one.status not in initiatives.ENDED
        ]

    return running


@dataclass(slots=True)
class _Decided:
    """A decision or a digest, as something that somebody holds."""

    id: int
    name: str
    owner_id: int | None


def _open_decisions(session: Session) -> list[_Decided]:
    """Also those that may not be read: they are counted, and given on, without their words."""
    found = session.exec(
        select(Decision, DecisionState, decisions.readable(session))
        .join(DecisionState, col(DecisionState.decision_id) == col(Decision.id))
        .where(
            DecisionState.organisation_id == Decision.organisation_id,
            col(DecisionState.status).in_(decisions.OPEN),
            col(DecisionState.owner_id).is_not(None),
        )
        .order_by(col(Decision.number))
    )
    return [
        _Decided(one.id, f"{one.name} {one.title if is_read else '(private)'}", state.owner_id)
        for one, state, is_read in found
    ]


def _hand_over(session: Session, thing: Held, to: Person | None) -> None:
    """Whoever it is given to is asked, as everybody is; its card says so wherever it stands."""
    decision = session.get_one(Decision, thing.id)
    decisions.say(
        session, decision, "owner", session.me.id, session.now, person=to.id if to else None
    )
    outbox.changed(session, f"{decisions.NOUN}/{decision.number}", session.now)


def _digests(session: Session) -> list[_Decided]:
    return [_Decided(one.id, one.name, one.owner_id) for one in schedules.live(session)]


def _leave(session: Session, thing: Held, to: Person | None) -> None:
    """Whoever it is given to hears of trouble with it from now on."""
    session.get_one(Schedule, thing.id).owner_id = to.id if to else None


def _giver(noun: str) -> Callable[[Session, Held, Person | None], None]:
    def give(session: Session, thing: Held, to: Person | None) -> None:
        before, thing.owner_id = thing.owner_id, to.id if to else None
        owner = {"owner": before}, {"owner": thing.owner_id}
        changed = events.happened(session, noun, thing, "changed", *owner)
        session.flush()
        events.record(session, [changed])
        refreshing.of(session, noun, thing.id)
        organisations.touch_map(session, session.organisation)

    return give
