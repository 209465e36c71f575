"""Every change of the map: who, when, before and after, and which were one command's."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import JSON, CheckConstraint, Column, Index, insert
from sqlmodel import Field, Session, col, or_, select

from storage import chain, counters, outbox, showings
from storage.database import Session as OurSession
from storage.tables import Ours, one_of, points_at


class Event(Ours, table=True):
    """One change of one thing. `before` is empty for what is new, `after` for what is gone.

    The changes of one command share their `act`; `undoes` is the act that was taken back by it.
    """

    __tablename__ = "events"
    __table_args__ = (
        points_at("people", "by_id"),
        CheckConstraint(one_of("what", "added", "changed", "removed"), name="what"),
        Index(None, "organisation_id", "at"),
        Index(None, "organisation_id", "by_id", "at"),
    )

    id: int = Field(default=None, primary_key=True)
    at: datetime
    by_id: int | None = None
    noun: str
    thing_id: int
    name: str
    what: str
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    after: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    source: str = ""
    act: str | None = None  # of none that was kept before there were acts
    undoes: str | None = None


class Thing(Protocol):
    """Whatever can change: it has a number and a name."""

    id: int
    name: str


def happened(
    session: OurSession,
    noun: str,
    thing: Thing,
    what: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    source: str = "",
    undoes: str | None = None,
) -> Event:
    """A change that this session's person makes now; what JSON cannot hold is kept as its text.

    All changes of one session, which is one command, are one act.
    """
    session.act = session.act or str(counters.next_of(session, "act"))
    return Event(
        organisation_id=session.organisation.id,
        at=session.now,
        by_id=session.me.id,
        noun=noun,
        thing_id=thing.id,
        name="" if noun == "person" else thing.name,  # people can be erased, records cannot
        what=what,
        before={name: plain(value) for name, value in before.items()},
        after={name: plain(value) for name, value in after.items()},
        source=source,
        act=session.act,
        undoes=undoes,
    )


def plain(value: Any) -> Any:
    """A value as an event keeps it."""
    is_json = value is None or isinstance(value, str | int | float | list | dict)
    return value if is_json else str(value)


def record(session: Session, events: Sequence[Event]) -> None:
    """Keep these changes, in this order."""
    if not events:
        return
    made = session.execute(
        insert(Event).returning(col(Event.id), sort_by_parameter_order=True),
        [event.model_dump(exclude={"id"}) for event in events],
    )
    for event, id in zip(events, made.scalars(), strict=True):
        event.id = id
    chain.append(session, events)
    for key in showings.of_any(session, {_about(event) for event in events}):
        outbox.changed(session, key, events[0].at)


def _about(event: Event) -> str:
    """What changed, as a key; of a link it is the lower end, a project as a rule."""
    return f"{'initiative' if event.noun == 'link' else event.noun}/{event.thing_id}"


def since(session: OurSession, at: datetime) -> list[Event]:
    """What changed on this map from then on, oldest first."""
    began = session.organisation.map_began_at
    at = max(at, began) if began else at
    return list(session.exec(select(Event).where(Event.at >= at).order_by(col(Event.id))))


def last_act(session: Session, person_id: int, at: datetime) -> list[Event]:
    """What this person's last command after then changed, if it was not taken back; in its order.

    What takes something back is no act of its own: before it comes what was done before. What does
    it again is one.
    """
    mine = select(Event).where(Event.by_id == person_id, Event.at > at, col(Event.act).is_not(None))
    acts: dict[str, list[Event]] = {}
    for event in session.exec(mine.order_by(col(Event.id))):
        acts.setdefault(event.act or "", []).append(event)
    undone: set[str] = set()
    for act, together in reversed(acts.items()):
        if act not in undone and together[0].undoes:
            undone.add(together[0].undoes)
    taking_back: set[str] = set()
    for act, together in acts.items():
        if together[0].undoes and together[0].undoes not in taking_back:
            taking_back.add(act)
    left = [one for act, one in acts.items() if act not in undone | taking_back]
    return left[-1] if left else []


def of_act(session: Session, act: str) -> list[Event]:
    """The changes of one command, in their order."""
    return list(session.exec(select(Event).where(Event.act == act).order_by(col(Event.id))))


def is_undone(session: Session, act: str) -> bool:
    """Whether it was taken back."""
    return session.exec(select(Event.id).where(Event.undoes == act)).first() is not None


def after(session: Session, event: Event) -> list[Event]:
    """What happened to the same thing since, oldest first, but for the rest of the same act."""
    later = select(Event).where(
        Event.noun == event.noun,
        Event.thing_id == event.thing_id,
        col(Event.id) > event.id,
        or_(col(Event.act).is_(None), Event.act != event.act),
    )
    return list(session.exec(later.order_by(col(Event.id))))


def handed_over(session: Session, person_id: int) -> list[Event]:
    """The changes by which what this person owned was handed over, oldest first."""
    given = session.exec(select(Event).where(Event.what == "changed").order_by(col(Event.id)))
    return [one for one in given if one.before.get("owner") == person_id and "owner" in one.after]
