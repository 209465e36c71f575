"""Business outcomes the company chose."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Session, col, select

from storage.tables import Ours, known_by_id, one_of, points_at

CATEGORIES = ("growth", "efficiency", "risk reduction", "compliance")


class Priority(Ours, table=True):
    """One outcome: ranked (1 is first, or not yet), owned, live until retired."""

    __tablename__ = "priorities"
    __table_args__ = (
        known_by_id(),
        UniqueConstraint("organisation_id", "name"),
        points_at("people", "owner_id"),
        CheckConstraint(one_of("category", *CATEGORIES), name="category"),
    )

    id: int = Field(default=None, primary_key=True)
    name: str
    owner_id: int | None = None
    category: str | None = None
    rank: int | None = None
    because: str = ""
    created_at: datetime
    retired_at: datetime | None = None


def live(session: Session) -> list[Priority]:
    """The live ones: ranked first, in their order; the others by name."""
    found = session.exec(select(Priority).where(col(Priority.retired_at).is_(None))).all()
    return sorted(found, key=lambda one: (one.rank is None, one.rank or 0, one.name.casefold()))
