"""One local date of a schedule: said once, or passed over with a reason, never forgotten.

The key is (schedule, local date), so that no change of the clock, the hour or the zone, and no
second process, can make another digest for a date. See RELIABILITY.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, Session, col, func, select

from storage import calendar, organisations, schedules
from storage.calendar import Calendar
from storage.database import Session as OurSession
from storage.outbox import OVERDUE, Message
from storage.schedules import Schedule
from storage.tables import Ours, insert_new, one_of, points_at

STALE = timedelta(days=3)  # what is due for longer is news no more
AHEAD = timedelta(days=2)  # of UTC a local date may be
STATES = ("planned", "skipped")
Why = Literal["", "older", "late", "paused", "asked", "holiday", "quiet", "moved"]
WHYS = ("", "older", "late", "paused", "asked", "holiday", "quiet", "moved")
UNTOLD = ("older", "late")  # nobody wanted these left out: the next digest tells of them


class Occurrence(Ours, table=True):
    """One date: `planned` has rows in the outbox under its key, `skipped` says why it has none.

    `why`: a newer one was due as well ("older"), it was more than three days late, it was paused,
    somebody asked for it, it fell on the same work day as the next because of a holiday, nothing
    had changed where that is to be silent, or its time was moved to where it had passed already.
    """

    __tablename__ = "occurrences"
    __table_args__ = (
        points_at("schedules", "schedule_id"),
        points_at("people", "by_id"),
        UniqueConstraint("organisation_id", "schedule_id", "day"),
        CheckConstraint(one_of("state", *STATES), name="state"),
        CheckConstraint(one_of("why", *WHYS), name="why"),
        CheckConstraint("(state = 'planned') = (why = '')", name="reason"),
        Index(None, "organisation_id", "planned_at"),
    )

    id: int = Field(default=None, primary_key=True)
    schedule_id: int
    day: date
    due_at: datetime
    state: str
    why: str = ""
    by_id: int | None = None
    planned_at: datetime

    @property
    def key(self) -> str:
        return key(self.schedule_id, self.day)


def key(schedule_id: int, day: date) -> str:
    """Under which the digest of this date is said."""
    return f"{schedules.NOUN}/{schedule_id}/{day.isoformat()}"


@dataclass(frozen=True, slots=True)
class Due:
    """One date whose time has come."""

    day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Sorted:
    """What becomes of all that is due: one is said, if any; each of the others has its reason."""

    said: Due | None
    skipped: tuple[tuple[Due, Why], ...]


def sort_out(one: Schedule, found: Sequence[Due], now: datetime) -> Sorted:
    """The newest that is not too old is said; every other one is skipped, and says why."""
    wanted = [due for due in found if not schedules.is_paused_on(one, due.day)]
    newest = max(wanted, key=lambda due: (due.at, due.day), default=None)
    said = newest if newest and now - newest.at <= STALE else None
    skipped: list[tuple[Due, Why]] = []
    for due in found:
        if due == said:
            continue
        if due not in wanted:
            why: Why = "paused"
        elif said and due.at == said.at:
            why = "holiday"
        else:
            why = "older" if said else "late"
        skipped.append((due, why))
    return Sorted(said, tuple(skipped))


def due(
    one: Schedule, seen_to: Collection[date], zone: str, free: Calendar, now: datetime
) -> list[Due]:
    """The dates whose time has come and that nobody has seen to, oldest first."""
    until = (now + AHEAD).date()
    every = (
        Due(day, schedules.due_at(one, day, zone, free))
        for day in schedules.days(one, free, one.from_on, until)
        if day not in seen_to
    )
    return [each for each in every if each.at <= now]


def seen_to(session: Session, one: Schedule) -> set[date]:
    """The dates from where it looks that have a row."""
    rows = select(col(Occurrence.day)).where(
        Occurrence.schedule_id == one.id, Occurrence.day >= one.from_on
    )
    return set(session.exec(rows))


def coming(session: OurSession, one: Schedule, free: Calendar, after: datetime) -> Due | None:
    """The next that will be said: neither paused nor skipped ahead."""
    zone, done = schedules.zone_of(session, one), seen_to(session, one)
    at = after
    while True:
        day = schedules.coming(one, zone, free, at)
        if day is None:
            return None
        due_at = schedules.due_at(one, day, zone, free)
        if day not in done and not schedules.is_paused_on(one, day):
            return Due(day, due_at)
        if one.paused_until == schedules.FOREVER and day not in done:
            return None
        at = due_at


def keep(
    session: OurSession, one: Schedule, due: Due, why: Why = "", by_id: int | None = None
) -> bool:
    """Keep what becomes of a date. False where something is kept of it already."""
    return insert_new(
        session,
        Occurrence,
        organisation_id=session.organisation.id,
        schedule_id=one.id,
        day=due.day,
        due_at=due.at,
        state="skipped" if why else "planned",
        why=why,
        by_id=by_id,
        planned_at=session.now,
    )


def of(session: Session, one: Schedule, day: date) -> Occurrence | None:
    """What is kept of this date."""
    kept = select(Occurrence).where(Occurrence.schedule_id == one.id, Occurrence.day == day)
    return session.exec(kept).first()


def untold(session: Session, one: Schedule) -> list[Occurrence]:
    """What nobody wanted left out, since the last that was said; oldest first."""
    last = select(func.max(Occurrence.day)).where(
        Occurrence.schedule_id == one.id, Occurrence.state == "planned"
    )
    since = session.exec(last).one()
    left = select(Occurrence).where(
        Occurrence.schedule_id == one.id, col(Occurrence.why).in_(UNTOLD)
    )
    if since is not None:
        left = left.where(Occurrence.day > since)
    return list(session.exec(left.order_by(col(Occurrence.day))))


def newest(session: Session, one: Schedule, most: int) -> list[Occurrence]:
    """The last so many, the newest first."""
    kept = select(Occurrence).where(Occurrence.schedule_id == one.id)
    return list(session.exec(kept.order_by(col(Occurrence.day).desc()).limit(most)))


def messages(session: Session, keys: Collection[str]) -> dict[str, list[Message]]:
    """The messages that say these, by key."""
    found: dict[str, list[Message]] = {key: [] for key in keys}
    for message in session.exec(select(Message).where(col(Message.key).in_(keys))):
        found[message.key].append(message)
    return found


def skipped(session: Session) -> dict[str, int]:
    """How many were ever skipped, by reason."""
    counted = select(Occurrence.why, func.count()).where(Occurrence.state == "skipped")
    return dict(session.exec(counted.group_by(col(Occurrence.why))).all())


# The auditor


def unseen(session: Session, now: datetime) -> list[str]:
    """The keys of what was due a while ago, and of which nothing is kept: there must be none.

    It asks the rhythm itself, and not what was noted of when to look next.
    """
    organisation = organisations.ours(session)
    free = calendar.of(session, organisation)
    late = now - OVERDUE
    found = []
    for one in schedules.live(session):
        home = schedules.places(session, one)[0]
        zone = home.zone or organisation.zone
        for each in due(one, seen_to(session, one), zone, free, late):
            found.append(key(one.id, each.day))
    return found


def unsaid(session: Session, now: datetime) -> list[str]:
    """The keys of what was planned a while ago, and is neither sent, held nor failed."""
    planned = session.exec(
        select(Occurrence).where(
            Occurrence.state == "planned", col(Occurrence.planned_at) <= now - OVERDUE
        )
    ).all()
    said = messages(session, [one.key for one in planned])
    over = ("sent", "held", "failed")
    return [
        key
        for key, rows in said.items()
        if not rows or any(row.state not in over and not row.message_id for row in rows)
    ]


def audit(session: Session, now: datetime) -> list[str]:
    """Any date that should have run and is neither sent, held nor failed: it must be empty."""
    return [*unseen(session, now), *unsaid(session, now)]


def local(now: datetime, zone: str) -> date:
    """The date there."""
    return now.astimezone(ZoneInfo(zone)).date()
