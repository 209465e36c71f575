"""One-time links: good once, for ten minutes, for the person they were given to.

They are codes that nobody types, so they can be too long to be guessed, and only their hash is
kept. Looking at what a link is for does not use it up: chats look at links to show a preview.
"""

import hashlib
import secrets
from datetime import datetime
from typing import Literal

from sqlmodel import Session, col, delete, select, update

from storage.codes import KEPT, LIVES, Code
from storage.organisations import Organisation

BYTES = 32
LENGTH = 43  # characters of a token
Wrong = Literal["unknown", "over"]


def make(session: Session, purpose: str, by_id: int, at: datetime) -> str:
    """A new one. `purpose` says what it is for; it is told to whoever brings the token back."""
    session.exec(delete(Code).where(col(Code.made_at) < at - KEPT))
    token = secrets.token_urlsafe(BYTES)
    session.add(Code(purpose=purpose, digest=_digest(token), by_id=by_id, made_at=at))
    session.flush()
    return token


def find(session: Session, kind: str, token: str, at: datetime) -> Code | Wrong:
    """The ticket with this token, if it is of this kind (how its purpose begins) and still good."""
    ticket = session.exec(
        select(Code).where(
            Code.digest == _digest(token), col(Code.purpose).startswith(kind, autoescape=True)
        )
    ).first()
    if ticket is None:
        return "unknown"
    return "over" if ticket.used_at or not ticket.made_at <= at < ticket.made_at + LIVES else ticket


def whose(session: Session, token: str) -> int | None:
    """The organisation that made it, in a session of all: a link does not say it."""
    made = select(Organisation.id).join(Code, col(Code.organisation_id) == col(Organisation.id))
    return session.exec(made.where(Code.digest == _digest(token))).first()


def spend(session: Session, ticket: Code, at: datetime) -> bool:
    """Use it up. False for whoever comes second, however close."""
    used = (
        update(Code)
        .where(
            col(Code.id) == ticket.id, col(Code.used_at).is_(None), col(Code.made_at) > at - LIVES
        )
        .values(used_at=at)
        .returning(col(Code.id))
    )
    return session.execute(used).first() is not None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
