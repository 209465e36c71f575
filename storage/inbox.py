"""What was heard already, so that a delivery that comes again changes nothing."""

from datetime import datetime

from sqlalchemy import Index, delete
from sqlmodel import Field, Session, col, select

from storage.tables import Ours, insert_new


class Heard(Ours, table=True):
    """One delivery, by the key its platform gave it."""

    __tablename__ = "inbox"
    __table_args__ = (Index(None, "organisation_id", "at"),)

    organisation_id: int = Field(default=None, foreign_key="organisations.id", primary_key=True)
    key: str = Field(primary_key=True)
    at: datetime


def hear(session: Session, key: str, now: datetime) -> bool:
    """Keep that this was heard, together with its effect. False for what was heard before.

    Of two at once the database lets one pass; the other waits for its end.
    """
    organisation_id = session.info["organisation_id"]
    return insert_new(session, Heard, organisation_id=organisation_id, key=key, at=now)


def forget(session: Session, before: datetime, most: int) -> int:
    """Let go of so many of what was heard before then: no platform sends it again that late."""
    old = select(Heard.key).where(Heard.at < before).order_by(col(Heard.at)).limit(most)
    keys = list(session.exec(old))
    if keys:
        session.execute(delete(Heard).where(col(Heard.key).in_(keys)))
    return len(keys)
