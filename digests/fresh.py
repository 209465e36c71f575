"""Fresh numbers first: a work day before a digest, owners of stale numbers are asked, once."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.messages import Button, Card
from digests.saying import brief, day, measured, number, writer
from storage import metrics, outbox, privately, schedules, showings
from storage.calendar import Calendar
from storage.database import Session
from storage.metrics import Metric, Reading
from storage.occurrences import Due, coming
from storage.schedules import Schedule

NOUN = "fresh"
AGAIN = timedelta(days=6)  # nobody is asked for the same number twice in a week


def asks_at(one: Schedule, due: Due | None, zone: str, free: Calendar) -> datetime | None:
    """When owners are asked for the digest that comes; nothing where they were."""
    if due is None or one.asked_on == due.day:
        return None
    before = free.working_before(schedules.held_on(due.day, free))
    return schedules.instant(before, one.at, zone)


def ask(session: Session, one: Schedule, free: Calendar) -> None:
    """Ask, where it is time: one card for each number, and what waits together is one message."""
    zone = schedules.zone_of(session, one)
    due = coming(session, one, free, session.now)
    at = asks_at(one, due, zone, free)
    if due is None or at is None or at > session.now:
        return
    one.asked_on = due.day
    for metric, _ in stale(session, due.day):
        if metric.owner_id is None or not privately.is_met(session, metric.owner_id):
            continue
        asked = outbox.told_since(session, f"{NOUN}/{metric.id}", session.now - AGAIN)
        if metric.owner_id not in asked:
            key = f"{NOUN}/{metric.id}/{due.day.isoformat()}"
            outbox.to_person(session, metric.owner_id, key, None, session.now)
            showings.keep(session, key, [f"metric/{metric.id}"])


def stale(session: Session, on: date) -> list[tuple[Metric, list[Reading]]]:
    """The numbers that will be too old on that day."""
    found = metrics.all_of_them(session)
    readings = metrics.readings_of(session, {one.id for one in found})
    return [
        (one, readings[one.id]) for one in found if metrics.is_overdue(one, readings[one.id], on)
    ]


def compose(key: str, session: Session) -> Card | None:
    """What the owner of a number reads; once it was said, what they said."""
    _, id, due_on = key.split("/")
    one = session.get(Metric, int(id))
    if one is None:
        return None
    readings = metrics.readings_of(session, {one.id})[one.id]
    today = session.now.astimezone(ZoneInfo(session.organisation.zone)).date()
    is_stale = metrics.is_overdue(one, readings, date.fromisoformat(due_on))
    last = readings[-1] if readings else None
    written = writer().write(
        "fresh",
        name=brief(one.name, 12, 80),
        value=measured(last.value, one.unit) if last else "",
        on=day(last.day, today) if last else "",
        goal=number(one.target) if one.target is not None else "",
        is_stale=is_stale,
    )
    buttons = (Button("Say what it is", "say a number", str(one.id), is_main=True),)
    return Card(written.title, written.text, buttons=buttons if is_stale else ())
