"""What is too long for a chat to carry, kept for some days: the rest of an answer, a form's text.

It may be private, so only the place that it was said in reads it. Its token comes from the text
alone, so that the same said again is kept once, and can be guessed by nobody who has not read it.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Index, and_, delete, update
from sqlmodel import Field, Session, col, select

from storage.channels import Place
from storage.database import Database
from storage.tables import Ours, insert_new

REMEMBERED = timedelta(days=30)
LENGTH = 40  # characters of a token


class Kept(Ours, table=True):
    """One text in one place, which is named as its platform does: it may be in no table of ours.

    `at` is when it was last said there.
    """

    __tablename__ = "kept"
    __table_args__ = (Index(None, "organisation_id", "at"),)

    organisation_id: int = Field(default=None, foreign_key="organisations.id", primary_key=True)
    place: str = Field(primary_key=True)
    token: str = Field(primary_key=True)
    text: str
    at: datetime


class Keeping:
    """Each call is a transaction of its own: what is kept here is no part of what was said.

    `whose` says which organisation a place belongs to.
    """

    def __init__(
        self, database: Database, now: Callable[[], datetime], whose: Callable[[Place], int]
    ) -> None:
        self._database, self._now, self._whose = database, now, whose

    def keep(self, place: Place, text: str) -> str:
        """The token under which the same place finds it again."""
        with self._database.beside(self._whose(place)) as session:
            return keep(session, place, text, self._now())

    def kept(self, place: Place, token: str) -> str | None:
        """What was kept in this place under this token; nothing once it was let go of."""
        with self._database.reading(self._whose(place)) as session:
            return find(session, place, token)


def keep(session: Session, place: Place, text: str, now: datetime) -> str:
    """Keep it, or let what is kept live on from now."""
    text = text.encode("utf-8", "replace").decode().replace("\x00", "")  # no database holds them
    token = hashlib.sha256(text.encode()).hexdigest()[:LENGTH]
    where = {"organisation_id": session.info["organisation_id"], "place": _name(place)}
    if not insert_new(session, Kept, **where, token=token, text=text, at=now):
        session.execute(update(Kept).where(_at(place, token)).values(at=now))
    return token


def find(session: Session, place: Place, token: str) -> str | None:
    """What this place has under this token."""
    return session.exec(select(Kept.text).where(_at(place, token))).first()


def forget(session: Session, before: datetime) -> None:
    """Let go of what was last said before then."""
    session.execute(delete(Kept).where(col(Kept.at) < before))


def forget_naming(session: Session, name: str) -> None:
    """Let go of everything that holds this name."""
    session.execute(delete(Kept).where(col(Kept.text).contains(name, autoescape=True)))


def _name(place: Place) -> str:
    return f"{place.platform}/{place.tenant}/{place.id}"


def _at(place: Place, token: str) -> ColumnElement[bool]:
    return and_(col(Kept.place) == _name(place), col(Kept.token) == token)
