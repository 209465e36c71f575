"""When a digest is due in a room: on which days, and at what time of the room's own clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Index, or_
from sqlmodel import Field, Session, col, select

from storage.calendar import Calendar
from storage.channels import Channel
from storage.database import Session as OurSession
from storage.tables import Ours, known_by_id, one_of, points_at

NOUN = "digest"
EVERY = ("week", "month", "working day")
FOREVER = date(9999, 12, 31)  # until somebody says otherwise
LONGEST = 800  # days in which the next one is looked for: the 29 Feb of each year is never one


class Schedule(Ours, table=True):
    """One rhythm. It belongs to the place where it was set, and speaks in all of that one's room.

    `weekdays` are digits, 0 is Monday. A week's counts from `anchor_on`, where it is every second
    or third. A month's is on `day_of_month`, or on the `week_of_month` of its one weekday; -1 is
    the last. What is due before `from_on` was seen to; `next_at` is when there is something to
    see to next, for looking up. Without an owner, who keeps the map hears of trouble.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        known_by_id(),
        points_at("channels", "channel_id"),
        points_at("people", "owner_id"),
        CheckConstraint(one_of("every", *EVERY), name="every"),
        CheckConstraint("weeks BETWEEN 1 AND 8", name="weeks"),
        Index(None, "organisation_id", "next_at"),
        Index(None, "organisation_id", "channel_id"),
    )

    id: int = Field(default=None, primary_key=True)
    channel_id: int
    owner_id: int | None = None
    every: str = "week"
    weekdays: str = ""
    weeks: int = 1
    day_of_month: int | None = None
    week_of_month: int | None = None
    anchor_on: date
    at: time
    is_silent: bool = False  # where nothing changed
    paused_until: date | None = None
    from_on: date
    next_at: datetime | None = None
    asked_on: date | None = None  # the day for whose digest owners were asked for fresh numbers
    created_at: datetime
    ended_at: datetime | None = None

    @property
    def name(self) -> str:
        return f"digest {said(self)}"


RHYTHM = ("every", "weekdays", "weeks", "day_of_month", "week_of_month", "anchor_on", "at")


def instant(day: date, wall: time, zone: str) -> datetime:
    """When the clock there shows this, in UTC.

    A time that happens twice is the first; one that does not exist moves by the gap.
    """
    shown = datetime.combine(day, wall.replace(fold=0), tzinfo=ZoneInfo(zone))
    return shown.astimezone(UTC)


def fits(one: Schedule, day: date, calendar: Calendar) -> bool:
    """Whether a digest belongs to this day."""
    if one.every == "working day":
        return calendar.is_working(day)
    if one.every == "month":
        return _fits_month(one, day)
    if str(day.weekday()) not in one.weekdays:
        return False
    return (_monday(day) - _monday(one.anchor_on)).days // 7 % one.weeks == 0


def _fits_month(one: Schedule, day: date) -> bool:
    last = ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day
    if one.day_of_month is not None:
        return day.day == (last if one.day_of_month < 0 else min(one.day_of_month, last))
    if str(day.weekday()) not in one.weekdays:
        return False
    if one.week_of_month == -1:
        return day.day > last - 7
    return (day.day - 1) // 7 + 1 == one.week_of_month


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def held_on(day: date, calendar: Calendar) -> date:
    """The day on which the digest of this day is said: a holiday's waits for the next work day."""
    return calendar.working_on_or_after(day) if calendar.is_holiday(day) else day


def due_at(one: Schedule, day: date, zone: str, calendar: Calendar) -> datetime:
    """When the digest of this day is due."""
    return instant(held_on(day, calendar), one.at, zone)


def days(one: Schedule, calendar: Calendar, since: date, until: date) -> Iterator[date]:
    """The days from `since` to `until` to which a digest belongs."""
    day = since
    while day <= until:
        if fits(one, day, calendar):
            yield day
        day += timedelta(days=1)


def coming(one: Schedule, zone: str, calendar: Calendar, after: datetime) -> date | None:
    """The first day whose digest is due after that moment; none in two years."""
    local = after.astimezone(ZoneInfo(zone)).date()
    since = max(one.from_on, local - timedelta(days=FAR_BACK))
    for day in days(one, calendar, since, max(since, local) + timedelta(days=LONGEST)):
        if due_at(one, day, zone, calendar) > after:
            return day
    return None


FAR_BACK = 14  # days that a row of holidays may hold a digest back


def is_paused_on(one: Schedule, day: date) -> bool:
    """Whether it was said that there is to be none then."""
    return one.paused_until is not None and day < one.paused_until


# What there is


def live(session: Session) -> list[Schedule]:
    """All that have not ended, oldest first."""
    return list(session.exec(_live().order_by(col(Schedule.id))))


def _live() -> Any:
    return select(Schedule).where(col(Schedule.ended_at).is_(None))


def due(session: Session, now: datetime, most: int) -> list[Schedule]:
    """Those that must be looked at now, the longest overdue first."""
    wanted = _live().where(or_(col(Schedule.next_at).is_(None), col(Schedule.next_at) <= now))
    ordered = wanted.order_by(col(Schedule.next_at), col(Schedule.id)).limit(most)
    return list(session.exec(ordered))


def here(session: Session, channel: Channel | None) -> Schedule | None:
    """The one that speaks in this place, or in another of its room."""
    if channel is None:
        return None
    inside = select(Channel.id).where(
        or_(
            col(Channel.id) == channel.id,
            (col(Channel.room_id) == channel.room_id) & col(Channel.room_id).is_not(None),
        )
    )
    found = _live().where(col(Schedule.channel_id).in_(inside)).order_by(col(Schedule.id))
    one: Schedule | None = session.exec(found).first()
    return one


def places(session: Session, one: Schedule) -> list[Channel]:
    """Where it speaks, its own place first."""
    home = session.exec(select(Channel).where(Channel.id == one.channel_id)).one()
    if home.room_id is None:
        return [home]
    others = select(Channel).where(Channel.room_id == home.room_id, Channel.id != home.id)
    return [home, *session.exec(others.order_by(col(Channel.id)))]


def zone_of(session: OurSession, one: Schedule) -> str:
    """The zone of its place, else the company's."""
    home = session.exec(select(Channel.zone).where(Channel.id == one.channel_id)).one()
    return home or session.organisation.zone


def look_again(session: Session, channel_id: int | None = None) -> None:
    """When they are due next has perhaps changed: whoever plans next works it out anew."""
    found = _live()
    if channel_id is not None:
        found = found.where(Schedule.channel_id == channel_id)
    for one in session.exec(found).all():
        one.next_at = None
    session.flush()


# In words

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
WEEKS = {1: "every", 2: "every second", 3: "every third", 4: "every fourth"}
LAST_DAY = -1


def said(one: Schedule) -> str:
    """ "every second Mon and Thu 9:00", as it may be typed again."""
    at = f"{one.at.hour}:{one.at.minute:02}"
    named = [WEEKDAYS[int(digit)] for digit in sorted(one.weekdays)]
    if one.every == "working day":
        return f"every working day {at}"
    if one.every == "month":
        if one.day_of_month is None:
            return f"every {NTH[one.week_of_month or 1]} {named[0]} of the month {at}"
        if one.day_of_month == LAST_DAY:
            return f"every last day of the month {at}"
        return f"every {one.day_of_month}. of the month {at}"
    if len(named) == len(WEEKDAYS):
        return f"every day {at}"
    listed = " and ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else named[0]
    return f"{WEEKS.get(one.weeks, f'every {one.weeks}.')} {listed} {at}"
