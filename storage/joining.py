"""Makes one person of two who turned out to be the same, so that it can be taken apart again."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select, update

from storage.calendar import FreeDay
from storage.capabilities import Capability
from storage.codes import Code, Try
from storage.confirmations import Confirmation
from storage.database import Session
from storage.decisions import Decision, DecisionEvent, DecisionState
from storage.editions import Opinion, OwnTemplate
from storage.events import Event
from storage.history import Said
from storage.initiatives import Initiative
from storage.links import Link
from storage.metrics import Metric, Reading
from storage.nudges import Nudge
from storage.objections import Objection
from storage.occurrences import Occurrence
from storage.outbox import Message
from storage.parties import Party
from storage.people import Account, Alias, Person
from storage.priorities import Priority
from storage.questions import Question
from storage.schedules import Schedule
from storage.shown import Shown
from storage.sorting import Sorting
from storage.visits import Visit

# how things stand goes along; what happened keeps the id under which it did (people.who)
CARRIED: tuple[tuple[type[Any], str], ...] = (
    (Account, "person_id"),
    (Priority, "owner_id"),
    (Capability, "owner_id"),
    (Initiative, "owner_id"),
    (Metric, "owner_id"),
    (Link, "said_by_id"),
    (Link, "confirmed_by_id"),
    (Question, "asked_by_id"),
    (Confirmation, "asked_id"),
    (Objection, "by_id"),
    (Nudge, "person_id"),
    (Said, "seen_by_id"),
    (Message, "person_id"),
    (Message, "caused_by_id"),
    (DecisionState, "owner_id"),
    (Sorting, "person_id"),
    (Shown, "person_id"),
    (Schedule, "owner_id"),
    (Opinion, "person_id"),
)
KEPT: tuple[tuple[type[Any], str], ...] = (
    (Event, "by_id"),
    (Question, "told_by_id"),
    (Objection, "settled_by_id"),
    (Reading, "said_by_id"),
    (Said, "by_id"),
    (Decision, "by_id"),
    (DecisionEvent, "by_id"),
    (Party, "person_id"),
    (Code, "by_id"),
    (Visit, "person_id"),
    (Try, "by_id"),
    (Occurrence, "by_id"),
    (FreeDay, "by_id"),
    (OwnTemplate, "by_id"),
    (Alias, "was_id"),
    (Alias, "person_id"),
)
RIGHTS = ("guest", "member", "auditor", "facilitator", "admin")
OWN = ("side", "role", "title", "wants", "zone", "away_until")


def join(session: Session, one: Person, other: Person) -> Alias:
    """From now on both are one: who has an address, else who was here first."""
    stays, goes = sorted((one, other), key=lambda each: (each.email is None, each.id))
    moved: dict[str, Any] = {"had": {name: _plain(getattr(stays, name)) for name in OWN}}
    moved["rows"] = {
        f"{table.__tablename__}.{column}": _carry(session, table, column, goes.id, stays.id)
        for table, column in CARRIED
    }
    stays.side = stays.side or goes.side
    stays.role = max(stays.role, goes.role, key=RIGHTS.index)
    stays.title = stays.title or goes.title
    stays.zone = stays.zone or goes.zone
    stays.away_until = stays.away_until or goes.away_until
    stays.wants = goes.wants if stays.wants == "usual" else stays.wants
    alias = Alias(was_id=goes.id, person_id=stays.id, at=session.now, moved=moved)
    session.add(alias)
    session.flush()
    return alias


def _carry(session: Session, table: type[Any], column: str, was: int, now: int) -> list[int]:
    theirs = col(getattr(table, column)) == was
    ids = list(session.exec(select(table.id).where(theirs)))
    if ids:
        session.exec(update(table).where(theirs).values({column: now}))
    return ids


def take_apart(session: Session, alias: Alias) -> tuple[Person, Person]:
    """They are two again, with what each had; what has gone to somebody else since stays there.

    Gives who stayed and who is back.
    """
    stays = session.get_one(Person, alias.person_id)
    back = session.get_one(Person, alias.was_id)
    for table, column in CARRIED:
        ids = alias.moved["rows"].get(f"{table.__tablename__}.{column}", [])
        if ids:
            own = col(getattr(table, column))
            session.exec(
                update(table)
                .where(col(table.id).in_(ids), own == stays.id)
                .values({column: back.id})
            )
    for name, value in alias.moved["had"].items():
        setattr(stays, name, _typed(name, value))
    alias.undone_at = session.now
    session.flush()
    return stays, back


def last(session: Session, person_id: int) -> Alias | None:
    """The newest join of this person that still holds."""
    return session.exec(
        select(Alias)
        .where(Alias.person_id == person_id, col(Alias.undone_at).is_(None))
        .order_by(col(Alias.id).desc())
    ).first()


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _typed(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value).date() if name == "away_until" and value else value
