"""What each person was shown last in a conversation: what `yes`, `6.5` and `last` mean there."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from sqlalchemy import Index, Integer, Table, bindparam, delete, insert
from sqlmodel import Field, Session, col, or_, select

from storage.tables import WHOSE, Ours, points_at

REMEMBERED = timedelta(days=1)
WAITING = "glances"  # of a session: what was shown to who speaks, and is not written yet


class Shown(Ours, table=True):
    """The last card about a thing that one person was given, or without a person: everybody.

    `key` names the thing, like "decision/7"; `under` is the thread, empty outside of one.
    """

    __tablename__ = "shown"
    __table_args__ = (
        points_at("channels", "channel_id"),
        points_at("people", "person_id"),
        Index(None, "organisation_id", "channel_id"),
        Index(None, "organisation_id", "at"),
    )

    id: int = Field(default=None, primary_key=True)
    channel_id: int
    under: str = ""
    person_id: int | None = None
    key: str
    at: datetime


_SHOWN: Table = Shown.__table__  # type: ignore[attr-defined]
_BEFORE = delete(_SHOWN).where(
    _SHOWN.c.organisation_id == WHOSE,
    _SHOWN.c.channel_id == bindparam("channel"),
    _SHOWN.c.under == bindparam("thread"),
    _SHOWN.c.person_id.is_not_distinct_from(bindparam("person", type_=Integer)),
)
_NOW = insert(_SHOWN)


@dataclass(frozen=True, slots=True)
class Glance:
    """What one person, or without one everybody, was shown in one conversation."""

    channel_id: int
    under: str
    person_id: int | None
    key: str
    at: datetime


def keep(session: Session, glances: Iterable[Glance]) -> None:
    """From now on these are the last things that they were shown there."""
    last = {(one.channel_id, one.under, one.person_id): one for one in glances}
    if not last:
        return
    session.flush()
    whose, connection = session.info["organisation_id"], session.connection()
    connection.execute(
        _BEFORE,
        [{"whose": whose, "channel": c, "thread": u, "person": p} for c, u, p in last],
    )
    connection.execute(_NOW, [{"organisation_id": whose, **asdict(one)} for one in last.values()])


def last(
    session: Session, channel_id: int, under: str, person_id: int | None, now: datetime
) -> str:
    """The key of what this person was shown last there, within a day; empty for nothing."""
    for_all = col(Shown.person_id).is_(None)
    for_them = for_all if person_id is None else or_(for_all, Shown.person_id == person_id)
    newest = (
        select(Shown.at, Shown.key)
        .where(
            Shown.channel_id == channel_id,
            Shown.under == under,
            Shown.at > now - REMEMBERED,
            for_them,
        )
        .order_by(col(Shown.at).desc(), col(Shown.id).desc())
        .limit(1)
    )
    written = [(at, key) for at, key in session.exec(newest)]
    waiting: Sequence[Glance] = session.info.get(WAITING, ())
    here = (channel_id, under, person_id)
    unwritten = [
        (one.at, one.key)
        for one in waiting
        if (one.channel_id, one.under, one.person_id) == here and one.at > now - REMEMBERED
    ]
    newest_first = [*reversed(unwritten), *written]
    return max(newest_first, key=itemgetter(0), default=(now, ""))[1]


def forget(session: Session, before: datetime) -> None:
    """Let go of what was shown before then."""
    session.execute(delete(Shown).where(col(Shown.at) < before))
