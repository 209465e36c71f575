"""The tick `plan`: sees to every date whose time has come, in one transaction each.

Any number of processes tick. Writers of a company go one by one and a date has one row, so whoever
comes second finds it seen to. APScheduler only says when to look.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlmodel import select

from digests import facts, fresh, making
from digests.facts import Facts
from storage import calendar, editions, occurrences, organisations, outbox, schedules
from storage.calendar import Calendar
from storage.database import Database, Session
from storage.occurrences import Due, Sorted
from storage.readers import Reader
from storage.schedules import Schedule

log = logging.getLogger(__name__)
AT_ONCE = 200  # looked up together
WORKING = 20.0  # seconds after which a tick leaves the rest to the next one
LATER = timedelta(days=30)  # until a rhythm without any date is looked at again


class Store(Protocol):
    """Where it is all kept."""

    database: Database
    now: Callable[[], datetime]


@dataclass
class Gathered:
    """The company's facts, gathered when they are first wanted and then shared."""

    at: datetime
    found: Facts | None = field(default=None)

    def facts(self, session: Session) -> Facts:
        if self.found is None:
            self.found = facts.gather(session, self.at)
        return self.found


class Planning:
    """Plans what is due in every organisation; `elapsed` is a clock that nobody can set."""

    def __init__(self, store: Store, elapsed: Callable[[], float]) -> None:
        self._store, self._database, self._elapsed = store, store.database, elapsed

    def plan(self) -> int:
        """See to all that is due. Gives how many digests are to be said now."""
        until = self._elapsed() + WORKING
        faults: list[Exception] = []
        count = 0
        for organisation_id in self._organisations():
            gathered = Gathered(self._store.now())
            for id in self._due(organisation_id, gathered.at):
                if self._elapsed() > until:
                    break
                try:
                    count += self._see_to(organisation_id, id, gathered)
                except Exception as fault:  # noqa: BLE001  one room's must not stop the others'
                    faults.append(fault)
        if faults:
            raise ExceptionGroup("while planning digests", faults)
        return count

    def _due(self, organisation_id: int, now: datetime) -> list[int]:
        with self._database.reading(organisation_id) as session:
            return [one.id for one in schedules.due(session, now, AT_ONCE)]

    def _see_to(self, organisation_id: int, schedule_id: int, gathered: Gathered) -> bool:
        with self._database.writing(organisation_id) as session:
            self._prepare(session, gathered.at)
            one = session.exec(select(Schedule).where(Schedule.id == schedule_id)).one()
            return see_to(session, one, gathered)

    def _prepare(self, session: Session, now: datetime) -> None:
        session.organisation = organisations.ours(session)
        session.now, session.reader, session.indexes = now, Reader(), {}

    def reconcile(self) -> int:
        """Work out anew when each is due: a holiday, a zone or its rules may have changed.

        Gives how many dates were found that nobody has seen to.
        """
        count = 0
        for organisation_id in self._organisations():
            now = self._store.now()
            with self._database.reading(organisation_id) as session:
                late = occurrences.audit(session, now)
                wrong = self._astray(session, now)
            count += len(late)
            if wrong or late:
                with self._database.writing(organisation_id) as session:
                    schedules.look_again(session)
            for key in late:
                log.error("a digest is missing", extra={"key": key})
        return count

    def _astray(self, session: Session, now: datetime) -> bool:
        """Whether any is noted for another moment than it is due at."""
        self._prepare(session, now)
        free = calendar.of(session, session.organisation)
        soon = now + LATER / 2
        return any(
            one.next_at is not None
            and one.next_at > now
            and min(one.next_at, soon) != min(next_at(session, one, free), soon)
            for one in schedules.live(session)
        )

    def _organisations(self) -> list[int]:
        with self._database.reading() as session:
            return organisations.ids(session)


def see_to(session: Session, one: Schedule, gathered: Gathered) -> bool:
    """See to every date of this schedule whose time has come. Whether a digest is to be said."""
    if one.ended_at is not None:
        return False
    free = calendar.of(session, session.organisation)
    zone = schedules.zone_of(session, one)
    done = occurrences.seen_to(session, one)
    found = occurrences.sort_out(
        one, occurrences.due(one, done, zone, free, session.now), session.now
    )
    for due, why in found.skipped:
        occurrences.keep(session, one, due, why)
    said = _say(session, one, found, gathered)
    fresh.ask(session, one, free)
    one.from_on = _looked_to(session, one, zone, free)
    one.next_at = next_at(session, one, free)
    session.flush()
    return said


def _say(session: Session, one: Schedule, found: Sorted, gathered: Gathered) -> bool:
    if found.said is None:
        return False
    home, *_ = places = schedules.places(session, one)
    missed = tuple(row.day for row in occurrences.untold(session, one))
    made = making.make(session, home, gathered.facts(session), missed)
    is_silent = one.is_silent and made.is_quiet and not missed
    if not occurrences.keep(session, one, found.said, "quiet" if is_silent else ""):
        return False
    if is_silent:
        return False
    key = occurrences.key(one.id, found.said.day)
    editions.keep(session, key, home.id, made.facts, made.shows, is_scheduled=True)
    for place in places:
        outbox.in_channel(session, place.id, key, "", one.owner_id, session.now)
    return True


def _looked_to(session: Session, one: Schedule, zone: str, free: Calendar) -> date:
    """The first date that nobody has seen to, for the next look to begin at."""
    done = occurrences.seen_to(session, one)
    here = occurrences.local(session.now, zone)
    until = here + timedelta(days=schedules.LONGEST)
    for day in schedules.days(one, free, one.from_on, until):
        if day not in done:
            return day
    return max(one.from_on, here)


def next_at(session: Session, one: Schedule, free: Calendar) -> datetime:
    """When there is something to see to: a digest, or what is asked on the day before."""
    zone = schedules.zone_of(session, one)
    ahead = _unseen(session, one, zone, free)
    coming = occurrences.coming(session, one, free, session.now)
    asks_at = fresh.asks_at(one, coming, zone, free)
    moments = [ahead.at if ahead else session.now + LATER]
    if asks_at is not None:
        moments.append(asks_at)
    return min(moments)


def _unseen(session: Session, one: Schedule, zone: str, free: Calendar) -> Due | None:
    """The first that is due later and has no row; one in a pause gets its row when it is due."""
    done = occurrences.seen_to(session, one)
    at = session.now
    while day := schedules.coming(one, zone, free, at):
        due = Due(day, schedules.due_at(one, day, zone, free))
        if day not in done:
            return due
        at = due.at
    return None
