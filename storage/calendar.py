"""Which days the company works: its country's holidays, its own days off, and weekends."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

import holidays
from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, delete, select

from storage.organisations import Organisation
from storage.tables import Ours, points_at

FAR = 40  # days; nobody is off for longer than that
SATURDAY, YEAR = 5, 366


class FreeDay(Ours, table=True):
    """One day on which this company does not work, whatever its country does."""

    __tablename__ = "free_days"
    __table_args__ = (
        points_at("people", "by_id"),
        UniqueConstraint("organisation_id", "day"),
    )

    id: int = Field(default=None, primary_key=True)
    day: date
    by_id: int | None = None


class Calendar:
    """The working days of one company. `country` is like "DE" or "DE-BY"; empty knows weekends."""

    def __init__(self, country: str = "", own: Collection[date] = ()) -> None:
        self._public = _public(country) if country else None
        self._own = frozenset(own)

    def is_holiday(self, day: date) -> bool:
        """Whether it is a day off that is no ordinary weekend."""
        return day in self._own or (self._public is not None and day in self._public)

    def is_working(self, day: date) -> bool:
        """Whether people work on it."""
        if day in self._own:
            return False
        if self._public is not None:
            return bool(self._public.is_working_day(day))
        return day.weekday() < SATURDAY

    def name(self, day: date) -> str:
        """What the holiday is called; empty where it has no name, or is none."""
        return str(self._public.get(day, "")) if self._public is not None else ""

    def next_holiday(self, after: date) -> date | None:
        """The first public holiday after this day."""
        if self._public is None:
            return None
        days = (after + timedelta(days=count) for count in range(1, YEAR))
        return next((day for day in days if day in self._public), None)

    def working_on_or_after(self, day: date) -> date:
        """This day, or the next on which people work."""
        return next((one for one in _from(day, 1) if self.is_working(one)), day)

    def working_before(self, day: date) -> date:
        """The last day before this on which people work."""
        start = day - timedelta(days=1)
        return next((one for one in _from(start, -1) if self.is_working(one)), start)


def _from(day: date, step: int) -> list[date]:
    return [day + timedelta(days=step * count) for count in range(FAR)]


@lru_cache(maxsize=64)
def _public(country: str) -> holidays.HolidayBase:
    code, _, part = country.partition("-")
    return holidays.country_holidays(code, subdiv=part or None)


def country(typed: str) -> str:
    """The code as it is kept, like "DE" or "DE-BY"; empty where the calendar of none is known."""
    code, _, part = typed.strip().upper().replace("_", "-").partition("-")
    parts = holidays.list_supported_countries().get(code)
    if parts is None or (part and part not in parts):
        return ""
    return f"{code}-{part}" if part else code


def of(session: Session, organisation: Organisation) -> Calendar:
    """This company's."""
    return Calendar(organisation.country, [one.day for one in own(session)])


def own(session: Session) -> list[FreeDay]:
    """The company's own days off, in their order."""
    return list(session.exec(select(FreeDay).order_by(col(FreeDay.day))))


def add(session: Session, day: date, by_id: int | None) -> bool:
    """Let this be a day off. False where it is one of ours already."""
    if session.exec(select(FreeDay.id).where(FreeDay.day == day)).first() is not None:
        return False
    session.add(FreeDay(day=day, by_id=by_id))
    session.flush()
    return True


def remove(session: Session, day: date) -> bool:
    """Let it be a day like others. False where it was none of ours."""
    if session.exec(select(FreeDay.id).where(FreeDay.day == day)).first() is None:
        return False
    session.exec(delete(FreeDay).where(col(FreeDay.day) == day))
    return True
