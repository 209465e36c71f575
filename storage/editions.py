"""What one digest says: its facts, frozen when it was made, and what people thought of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint, or_
from sqlmodel import Field, col, delete, func, select

from storage import showings
from storage.channels import Channel
from storage.database import Session
from storage.tables import Ours, points_at


class Edition(Ours, table=True):
    """The facts of the digest under `key`, made for the room of this channel at that moment.

    `is_scheduled` tells it from one that somebody asked for in between. The facts are plain, name
    people by their ids, and hold no asks' state: those are looked up whenever it is shown.
    """

    __tablename__ = "editions"
    __table_args__ = (
        points_at("channels", "channel_id"),
        UniqueConstraint("organisation_id", "key"),
        Index(None, "organisation_id", "channel_id"),
    )

    id: int = Field(default=None, primary_key=True)
    key: str
    channel_id: int
    at: datetime
    is_scheduled: bool
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Opinion(Ours, table=True):
    """Whether one person found one digest useful.

    Two rows of one person come only of two who turned out to be one.
    """

    __tablename__ = "opinions"
    __table_args__ = (
        points_at("people", "person_id"),
        Index(None, "organisation_id", "key"),
    )

    id: int = Field(default=None, primary_key=True)
    key: str
    person_id: int
    is_useful: bool
    at: datetime


class OwnTemplate(Ours, table=True):
    """The words in which this company wants its digests, in place of ours."""

    __tablename__ = "own_templates"
    __table_args__ = (points_at("people", "by_id"), UniqueConstraint("organisation_id"))

    id: int = Field(default=None, primary_key=True)
    text: str
    by_id: int | None = None
    at: datetime


def keep(
    session: Session,
    key: str,
    channel_id: int,
    facts: dict[str, Any],
    shows: Collection[str],
    is_scheduled: bool,
) -> Edition:
    """Freeze what this digest says, and remember which live things it shows."""
    new = Edition(
        key=key, channel_id=channel_id, at=session.now, is_scheduled=is_scheduled, facts=facts
    )
    session.add(new)
    session.flush()
    showings.keep(session, key, shows)
    return new


def of(session: Session, key: str) -> Edition | None:
    """What the digest under this key says."""
    return session.exec(select(Edition).where(Edition.key == key)).first()


def last(session: Session, channel: Channel, before: datetime) -> Edition | None:
    """The newest before that moment that was scheduled in the room of this channel."""
    room = select(Channel.id).where(
        or_(
            col(Channel.id) == channel.id,
            (col(Channel.room_id) == channel.room_id) & col(Channel.room_id).is_not(None),
        )
    )
    found = select(Edition).where(
        col(Edition.channel_id).in_(room), Edition.is_scheduled, Edition.at < before
    )
    return session.exec(found.order_by(col(Edition.id).desc()).limit(1)).first()


def think(session: Session, key: str, person_id: int, is_useful: bool) -> None:
    """Let this be what somebody thinks of it, in place of what they thought before."""
    session.exec(
        delete(Opinion).where(col(Opinion.key) == key, col(Opinion.person_id) == person_id)
    )
    new = Opinion(key=key, person_id=person_id, is_useful=is_useful, at=session.now)
    session.add(new)
    session.flush()


def opinions(session: Session, keys: Collection[str]) -> dict[str, tuple[int, int]]:
    """How many found each of these useful, and how many not."""
    found = dict.fromkeys(keys, (0, 0))
    counted = (
        select(Opinion.key, Opinion.is_useful, func.count(func.distinct(Opinion.person_id)))
        .where(col(Opinion.key).in_(keys))
        .group_by(col(Opinion.key), col(Opinion.is_useful))
    )
    for key, is_useful, count in session.exec(counted):
        well, ill = found[key]
        found[key] = (count, ill) if is_useful else (well, count)
    return found


def own_template(session: Session) -> OwnTemplate | None:
    """The company's own words, if it has any."""
    return session.exec(select(OwnTemplate)).first()


def set_template(session: Session, text: str) -> None:
    """Let digests be said in these words; in ours again where they are empty."""
    session.exec(delete(OwnTemplate))
    if text:
        session.add(OwnTemplate(text=text, by_id=session.me.id, at=session.now))
    session.flush()
