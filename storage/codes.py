"""One-time codes: shown in one chat, typed in another, to say that both are the same."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Index
from sqlmodel import Field, Session, col, delete, func, select, update

from storage.tables import Ours, points_at

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is read as something else
LENGTH = 6
LIVES = timedelta(minutes=10)
MOST_TRIES = 5  # wrong ones by one person, within the life of a code
KEPT = timedelta(days=1)
WORK = 2**12  # of scrypt: some ten milliseconds, months for all codes there are

Wrong = Literal["unknown", "over", "too many"]


class Code(Ours, table=True):
    """A code somebody was given, for one purpose; the code itself is kept nowhere."""

    __tablename__ = "codes"
    __table_args__ = (points_at("people", "by_id"), Index(None, "organisation_id", "digest"))

    id: int = Field(default=None, primary_key=True)
    purpose: str
    digest: str
    by_id: int
    thing_id: int | None = None
    made_at: datetime
    used_at: datetime | None = None


class Try(Ours, table=True):
    """A code that was none."""

    __tablename__ = "tries"
    __table_args__ = (points_at("people", "by_id"), Index(None, "organisation_id", "at"))

    id: int = Field(default=None, primary_key=True)
    purpose: str
    by_id: int
    at: datetime


def make(
    session: Session,
    purpose: str,
    by_id: int,
    at: datetime,
    thing_id: int | None = None,
    length: int = LENGTH,
) -> str:
    """A new code. One that the same person has for the same purpose is no longer good."""
    session.exec(delete(Code).where(col(Code.made_at) < at - KEPT))
    session.exec(delete(Try).where(col(Try.at) < at - KEPT))
    session.exec(
        update(Code)
        .where(col(Code.by_id) == by_id, col(Code.purpose) == purpose, col(Code.used_at).is_(None))
        .values(used_at=at)
    )
    code = "".join(secrets.choice(ALPHABET) for _ in range(length))
    digest = _digest(session, purpose, code)
    session.add(Code(purpose=purpose, digest=digest, by_id=by_id, thing_id=thing_id, made_at=at))
    session.flush()
    return code


def find(
    session: Session,
    purpose: str,
    typed: str,
    by_id: int,
    at: datetime,
    lives: timedelta = LIVES,
) -> Code | Wrong:
    """The code that somebody typed, however they spaced it, or why it is not good.

    A wrong one is remembered, so that nobody tries them all; it must be committed.
    """
    wrong = select(func.count(col(Try.id))).where(Try.by_id == by_id, Try.at > at - LIVES)
    if session.exec(wrong).one() >= MOST_TRIES:
        return "too many"
    digest = _digest(session, purpose, typed)
    code = session.exec(
        select(Code)
        .where(Code.digest == digest, Code.purpose == purpose)
        .order_by(col(Code.id).desc())
    ).first()
    if code is None:
        session.add(Try(purpose=purpose, by_id=by_id, at=at))
        return "unknown"
    return "over" if code.used_at or at >= code.made_at + lives else code


def spend(code: Code, at: datetime) -> None:
    """It was good once."""
    code.used_at = at


def _digest(session: Session, purpose: str, typed: str) -> str:
    plain = "".join(char for char in typed.upper() if char.isalnum())
    salt = f"{purpose}/{session.info['organisation_id']}".encode()
    return hashlib.scrypt(plain.encode(), salt=salt, n=WORK, r=8, p=1, dklen=32).hex()
