"""Every change of the map: who, when, before and after."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import JSON, CheckConstraint, Column, Index, insert
from sqlmodel import Field, Session, col, select

from storage import chain
from storage.database import Session as OurSession
from storage.tables import Ours, one_of, points_at


class Event(Ours, table=True):
    """One change of one thing. `before` is empty for what is new, `after` for what is gone."""

    __tablename__ = "events"
    __table_args__ = (
        points_at("people", "by_id"),
        CheckConstraint(one_of("what", "added", "changed", "removed"), name="what"),
        Index(None, "organisation_id", "at"),
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
) -> Event:
    """A change that this session's person makes now; what JSON cannot hold is kept as its text."""
    return Event(
        organisation_id=session.organisation.id,
        at=session.now,
        by_id=session.me.id,
        noun=noun,
        thing_id=thing.id,
        name="" if noun == "person" else thing.name,  # people can be erased, records cannot
        what=what,
        before={name: _plain(value) for name, value in before.items()},
        after={name: _plain(value) for name, value in after.items()},
        source=source,
    )


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else str(value)


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


def since(session: OurSession, at: datetime) -> list[Event]:
    """What changed on this map from then on, oldest first."""
    began = session.organisation.map_began_at
    at = max(at, began) if began else at
    return list(session.exec(select(Event).where(Event.at >= at).order_by(col(Event.id))))
