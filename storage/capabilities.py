"""What the business must be able to do."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Session, func, select

from storage.tables import Ours, known_by_id, one_of, points_at

STATES = ("works", "workaround", "missing")


class Capability(Ours, table=True):
    """One ability; its state is rated by the business, or not yet."""

    __tablename__ = "capabilities"
    __table_args__ = (
        known_by_id(),
        UniqueConstraint("organisation_id", "name"),
        points_at("people", "owner_id"),
        CheckConstraint(one_of("state", *STATES), name="state"),
    )

    id: int = Field(default=None, primary_key=True)
    name: str
    owner_id: int | None = None
    state: str | None = None
    plain: str = ""
    created_at: datetime


def all_of_them(session: Session) -> list[Capability]:
    """Every capability, by name."""
    return list(session.exec(select(Capability).order_by(func.lower(Capability.name))))
