"""What each person was shown last in a conversation: what `yes`, `6.5` and `last` mean there."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, delete, insert
from sqlmodel import Field, Session, col, or_, select

from storage.tables import Ours, points_at

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


def keep(
    session: Session, channel_id: int, under: str, person_id: int | None, key: str, now: datetime
) -> None:
    """From now on this is the last thing that they were shown there."""
    session.execute(
        delete(Shown).where(
            col(Shown.channel_id) == channel_id,
            col(Shown.under) == under,
            col(Shown.person_id) == person_id
            if person_id is not None
            else col(Shown.person_id).is_(None),
        )
    )
    organisation_id = session.info["organisation_id"]
    row = Shown(channel_id=channel_id, under=under, person_id=person_id, key=key, at=now)
    values = row.model_dump(exclude={"id"}) | {"organisation_id": organisation_id}
    session.execute(insert(Shown).values(values))


def keep_for_all(session: Session, channel_ids: Sequence[int], key: str, now: datetime) -> None:
    """From now on this is the last thing that everybody was shown in each of these channels."""
    if not channel_ids:
        return
    session.execute(
        delete(Shown).where(
            col(Shown.channel_id).in_(channel_ids),
            col(Shown.under) == "",
            col(Shown.person_id).is_(None),
        )
    )
    whose = {"organisation_id": session.info["organisation_id"]}
    rows = [Shown(channel_id=one, key=key, at=now) for one in channel_ids]
    values = [row.model_dump(exclude={"id"}) | whose for row in rows]
    session.execute(insert(Shown), values)


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
