"""The digest of the place where somebody speaks, and how its next one is told."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.messages import Command, Refusal
from digests import planning
from digests.planning import Gathered
from handlers.typed import dates
from handlers.typed.dates import When
from storage import calendar, channels, occurrences, rooms, schedules
from storage.channels import Channel
from storage.database import Session
from storage.occurrences import Due
from storage.rooms import Room
from storage.schedules import Schedule

NONE = "There is no digest here yet. Say when you want one: digest every Mon 9:00"


def known(command: Command, session: Session) -> Channel | None:
    """The place, if something was kept of it."""
    at = command.at
    return channels.known(session, at.platform, at.tenant, at.id)


def found(command: Command, session: Session) -> Schedule | None:
    """The digest of this place, if it has one."""
    return schedules.here(session, known(command, session))


def must(command: Command, session: Session) -> Schedule:
    """The digest of this place. What was due before now is seen to first."""
    one = found(command, session)
    if one is None:
        raise Refusal(NONE)
    settle(one, session)
    return one


def settle(one: Schedule, session: Session) -> None:
    """What was due before somebody changes anything happens as it stood until then."""
    planning.see_to(session, one, Gathered(session.now))


def planned(one: Schedule, session: Session) -> None:
    """Note when to look at it next."""
    session.flush()
    free = calendar.of(session, session.organisation)
    one.next_at = planning.next_at(session, one, free)
    session.flush()


def coming(one: Schedule, session: Session) -> Due | None:
    """The next one that will be said."""
    free = calendar.of(session, session.organisation)
    return occurrences.coming(session, one, free, session.now)


def told(due: Due | None, one: Schedule, session: Session) -> str:
    """ "Mon 30 Nov 9:00 CET, in 7 days"; empty where there is none."""
    return moment(due.at, schedules.zone_of(session, one), session.now) if due else ""


def moment(at: datetime, zone: str, now: datetime) -> str:
    """An instant as the clock in that zone shows it."""
    local = at.astimezone(ZoneInfo(zone))
    return dates.say(When(local.date(), local.time(), zone), now)


def called(channel: Channel, session: Session) -> str:
    """The room, else the place."""
    room = session.get(Room, channel.room_id) if channel.room_id else None
    return room.name if room else channel.name or channel.external_id


def home(one: Schedule, session: Session) -> Channel:
    """Where it was set."""
    return schedules.places(session, one)[0]


def is_room(channel: Channel, session: Session) -> bool:
    """Whether it speaks in more than this place."""
    return channel.room_id is not None and len(rooms.channels(session, channel.room_id)) > 1
