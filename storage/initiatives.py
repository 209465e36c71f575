"""Projects, and tools that are running: what technology is spent on."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, ColumnElement, UniqueConstraint
from sqlmodel import Field, Session, col, func, select

from storage.tables import Ours, known_by_id, one_of, points_at

KINDS = ("project", "tool")
PHASES = ("stabilize", "optimize", "innovate")
STATUSES = ("planned", "running", "at risk", "late", "done", "stopped")
ENDED = ("done", "stopped")


class Initiative(Ours, table=True):
    """One project or tool.

    `cost` is in minor units of `currency`. `unclear` keeps, by field, the text of what was given
    but could not be read: it counts as unknown, and nothing is lost. `imported` is what the last
    imported list said, by field, so that importing again changes only what the list changed.
    """

    __tablename__ = "initiatives"
    __table_args__ = (
        known_by_id(),
        UniqueConstraint("organisation_id", "name"),
        points_at("people", "owner_id"),
        CheckConstraint(one_of("kind", *KINDS), name="kind"),
        CheckConstraint(one_of("phase", *PHASES), name="phase"),
        CheckConstraint(one_of("status", *STATUSES), name="status"),
        CheckConstraint("(cost IS NULL) = (currency IS NULL)", name="money"),
    )

    id: int = Field(default=None, primary_key=True)
    name: str
    kind: str = "project"
    aliases: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    owner_id: int | None = None
    area: str = ""
    plain: str = ""
    phase: str | None = None
    status: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    cost: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = None
    vendor: str = ""
    renews_on: date | None = None
    unclear: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    imported: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime


def all_of_them(session: Session) -> list[Initiative]:
    """Every project and tool, by name."""
    return list(session.exec(select(Initiative).order_by(func.lower(Initiative.name))))


def count(session: Session, *such: ColumnElement[bool]) -> int:
    """How many there are, of all or of such."""
    return session.exec(select(func.count(col(Initiative.id))).where(*such)).one()


def areas(session: Session) -> list[str]:
    """The departments that lists have named."""
    named = select(Initiative.area).where(col(Initiative.area) != "").distinct()
    return list(session.exec(named))


def owned_by(session: Session, person_id: int) -> list[Initiative]:
    """What one person answers for, by name."""
    mine = select(Initiative).where(Initiative.owner_id == person_id)
    return list(session.exec(mine.order_by(func.lower(Initiative.name))))


def of_ids(session: Session, ids: set[int]) -> list[Initiative]:
    """These projects and tools, by name."""
    found = session.exec(select(Initiative).where(col(Initiative.id).in_(ids))).all()
    return sorted(found, key=lambda one: one.name.casefold())


def late(session: Session, today: date) -> list[Initiative]:
    """What said it is late, or is past its end and not over; the longest overdue first."""
    found = session.exec(
        select(Initiative).where(
            Initiative.kind == "project",
            (col(Initiative.status) == "late")
            | (
                (col(Initiative.ends_on) < today)
                & (col(Initiative.status).is_(None) | col(Initiative.status).not_in(ENDED))
            ),
        )
    ).all()
    return sorted(found, key=lambda one: (one.ends_on or today, one.name.casefold()))
