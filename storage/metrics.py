"""Numbers in business terms, and their readings."""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, Session, col, select

from storage.tables import Ours, known_by_id, one_of, points_at

DIRECTIONS = ("up", "down")


class Metric(Ours, table=True):
    """One number: where it began, where it should go, and how often somebody says it."""

    __tablename__ = "metrics"
    __table_args__ = (
        known_by_id(),
        UniqueConstraint("organisation_id", "name"),
        points_at("people", "owner_id"),
        CheckConstraint(one_of("direction", *DIRECTIONS), name="direction"),
    )

    id: int = Field(default=None, primary_key=True)
    name: str
    owner_id: int | None = None
    unit: str = ""
    direction: str | None = None
    baseline: float | None = None
    target: float | None = None
    every_days: int = 30
    created_at: datetime


class Reading(Ours, table=True):
    """What the number was on a day, and who said so."""

    __tablename__ = "readings"
    __table_args__ = (
        points_at("metrics", "metric_id"),
        points_at("people", "said_by_id"),
        Index(None, "organisation_id", "metric_id", "day"),
    )

    id: int = Field(default=None, primary_key=True)
    metric_id: int
    day: date
    value: float
    said_by_id: int | None = None
    said_at: datetime


def all_of_them(session: Session) -> list[Metric]:
    """Every number, by name."""
    return sorted(session.exec(select(Metric)), key=lambda one: one.name.casefold())


def readings_of(session: Session, ids: set[int]) -> dict[int, list[Reading]]:
    """The readings of these numbers, oldest first, by the number's id."""
    found: dict[int, list[Reading]] = {id: [] for id in ids}
    for reading in session.exec(
        select(Reading)
        .where(col(Reading.metric_id).in_(ids))
        .order_by(col(Reading.day), col(Reading.id))
    ):
        found[reading.metric_id].append(reading)
    return found


def said_since(session: Session, day: date) -> list[tuple[Metric, Reading]]:
    """What the numbers were said to be from this day on, oldest first."""
    found = session.exec(
        select(Metric, Reading)
        .join(Reading, col(Reading.metric_id) == col(Metric.id))
        .where(Reading.organisation_id == Metric.organisation_id, Reading.day >= day)
        .order_by(col(Reading.day), col(Reading.id))
    )
    return [(metric, reading) for metric, reading in found]


def is_overdue(metric: Metric, readings: list[Reading], today: date) -> bool:
    """Whether the number should have been said again by now."""
    last = readings[-1].day if readings else metric.created_at.date()
    return today > last + timedelta(days=metric.every_days)
