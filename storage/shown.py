"""What each person was shown last in a conversation: what `yes`, `6.5` and `last` mean there."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, Integer, Table, bindparam, delete, insert
from sqlmodel import Field, Session, col, or_, select

from storage.tables import WHOSE, Ours, points_at, run

REMEMBERED = timedelta(days=1)


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
    _SHOWN.c.channel_id.in_(bindparam("channels", expanding=True)),
    _SHOWN.c.under == bindparam("thread"),
    _SHOWN.c.person_id.is_not_distinct_from(bindparam("person", type_=Integer)),
)
_NOW = insert(_SHOWN)


def keep(
    session: Session,
    channel_ids: Sequence[int],
    under: str,
    person_id: int | None,
    key: str,
    now: datetime,
) -> None:
    """From now on this is the last thing that they were shown in each of these channels.

    Without a person, everybody was.
    """
    if not channel_ids:
        return
    session.flush()
    run(session, _BEFORE, channels=channel_ids, thread=under, person=person_id)
    ours = {"organisation_id": session.info["organisation_id"], "under": under, "key": key}
    rows = [{**ours, "channel_id": one, "person_id": person_id, "at": now} for one in channel_ids]
    session.connection().execute(_NOW, rows)


def last(
    session: Session, channel_id: int, under: str, person_id: int | None, now: datetime
) -> str:
    """The key of what this person was shown last there, within a day; empty for nothing."""
    for_all = col(Shown.person_id).is_(None)
    for_them = for_all if person_id is None else or_(for_all, Shown.person_id == person_id)
    newest = (
        select(Shown.key)
        .where(
            Shown.channel_id == channel_id,
            Shown.under == under,
            Shown.at > now - REMEMBERED,
            for_them,
        )
        .order_by(col(Shown.at).desc(), col(Shown.id).desc())
        .limit(1)
    )
    return session.exec(newest).first() or ""


def forget(session: Session, before: datetime) -> None:
    """Let go of what was shown before then."""
    session.execute(delete(Shown).where(col(Shown.at) < before))
