"""Who is signed in in which browser, for some hours; the browser's secret itself is kept nowhere.

A visit is over when its time is, when somebody signs out, when its person has left, or when they
have another role than when they came: what they could not see now must not stay open.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, col, delete, select, update

from storage import people
from storage.database import Session
from storage.people import Person
from storage.tables import Ours, points_at

LASTS = timedelta(hours=8)  # a working day
BYTES = 32


class Visit(Ours, table=True):
    """One browser in which somebody signed in, by the hash of what only that browser has."""

    __tablename__ = "visits"
    __table_args__ = (
        points_at("people", "person_id"),
        UniqueConstraint("digest"),
        Index(None, "organisation_id", "person_id"),
    )

    id: int = Field(default=None, primary_key=True)
    digest: str
    person_id: int
    role: str
    began_at: datetime
    ended_at: datetime | None = None


def begin(session: Session, person: Person) -> str:
    """Somebody is signed in from now on. Gives the secret to be kept by their browser."""
    secret = secrets.token_urlsafe(BYTES)
    session.add(
        Visit(
            digest=_digest(secret),
            person_id=person.id,
            role=_role(person),
            began_at=session.now,
        )
    )
    session.flush()
    return secret


def who(session: Session, secret: str) -> Person | None:
    """Whose browser has this secret, while their visit lasts."""
    visit = session.exec(select(Visit).where(Visit.digest == _digest(secret))).first()
    if visit is None or visit.ended_at or not visit.began_at <= session.now < _end(visit):
        return None
    person = people.who(session, visit.person_id)
    if person is None or person.gone_at or _role(person) != visit.role:
        return None
    return person


def end(session: Session, secret: str) -> None:
    """Somebody signs out of this browser."""
    session.exec(
        update(Visit)
        .where(col(Visit.digest) == _digest(secret), col(Visit.ended_at).is_(None))
        .values(ended_at=session.now)
    )


def end_all(session: Session, person: Person) -> None:
    """Somebody has left, or has another role: whatever comes later, they sign in anew."""
    theirs = col(Visit.person_id).in_(people.every_id(session, person.id))
    session.exec(
        update(Visit).where(theirs, col(Visit.ended_at).is_(None)).values(ended_at=session.now)
    )


def forget(session: Session, before: datetime) -> None:
    """Let go of what was over by then."""
    session.exec(delete(Visit).where(col(Visit.began_at) < before - LASTS))


def _end(visit: Visit) -> datetime:
    return visit.began_at + LASTS


def _role(person: Person) -> str:
    return "operator" if person.is_operator else person.role


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
