"""`digest every Mon 9:00`: a room gets a digest, or gets it at another time."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.messages import Button, Card, Command, Form, Input, Refusal, Reply
from handlers import ask as asking
from handlers import rights
from handlers.digest import here
from handlers.digest.rhythm import NINE, Rhythm, read
from handlers.saying import card, mention
from storage import calendar, channels, occurrences, people, schedules
from storage.channels import Channel
from storage.database import Session
from storage.occurrences import Due
from storage.schedules import Schedule

SAID = r"digest[:,]?\s+(?:week|month|daily|on\b|at\b|each\b|mon|tue|wed|thu|fri|sat|sun|working)"
EXAMPLE = "Say it like this: digest every Mon 9:00, or digest every first Thu of the month 16:00"
DAYS = (
    ("Mon", "Monday"), ("Tue", "Tuesday"), ("Wed", "Wednesday"), ("Thu", "Thursday"),
    ("Fri", "Friday"), ("working day", "every working day"),
)  # fmt: skip
HOW_OFTEN = (
    ("every", "every week"), ("every second", "every second week"), ("every first", "once a month"),
)  # fmt: skip


def say(command: Command, session: Session) -> Reply:
    """`digest every Mon 9:00`."""
    zone = ZoneInfo(session.zone)
    rhythm = read(command.text, session.now, zone)
    if rhythm is None and command.text.rstrip().endswith("?"):
        return asking.answer(command, session)
    rights.demand(session, "schedule")
    if rhythm is None:
        raise Refusal(
            f"I can't read “{command.text[:60]}” as a rhythm. {EXAMPLE}",
            buttons=(
                Button("Every Mon 9:00", "digest every", "Mon 9:00"),
                Button("Choose", "digest plan"),
            ),
        )
    return _set(rhythm, command, session)


def ask(command: Command, session: Session) -> Form:
    """[Choose]: the same, for who does not type it."""
    rights.demand(session, "read")
    one = here.found(command, session)
    at = one.at if one else NINE
    return Form(
        "When do you want the digest here?",
        "digest set",
        (
            Input("day", "On", "choice", _day_of(one), DAYS),
            Input("often", "How often", "choice", "every", HOW_OFTEN),
            Input("time", "At", value=f"{at.hour}:{at.minute:02}"),
        ),
        submit="Save",
    )


def _day_of(one: Schedule | None) -> str:
    if one is None or not one.weekdays:
        return "Mon"
    return schedules.WEEKDAYS[int(one.weekdays[0])]


def fill(command: Command, session: Session) -> Reply:
    """What was chosen in the form."""
    rights.demand(session, "schedule")
    chosen = command.values
    day, often, at = chosen["day"], chosen.get("often", "every"), chosen["time"].strip()
    typed = f"{day} of the month" if often == "every first" and day != "working day" else day
    often = "every" if day == "working day" else often
    if at.isdigit():
        at = f"{at}:00"
    rhythm = read(f"{often} {typed} {at}", session.now, ZoneInfo(session.zone))
    if rhythm is None:
        raise Refusal("Say the time like 9:00.", field="time")
    return _set(rhythm, command, session)


def _set(rhythm: Rhythm, command: Command, session: Session) -> Reply:
    place = channels.here(session, command.at)
    one = schedules.here(session, place)
    before = ""
    if one is None:
        one = _new(place, session)
    else:
        here.settle(one, session)
        before = schedules.said(one)
    today = occurrences.local(session.now, schedules.zone_of(session, one))
    one.from_on = one.anchor_on = today
    rhythm.give(one)
    session.add(one)
    session.flush()
    _passed(one, session, is_new=not before)
    here.planned(one, session)
    return answer(one, before, session)


def _new(place: Channel, session: Session) -> Schedule:
    me = session.me
    return Schedule(
        channel_id=place.id,
        owner_id=None if me.is_operator else me.id,
        created_at=session.now,
        anchor_on=date.min,
        from_on=date.min,
        at=NINE,
    )


def _passed(one: Schedule, session: Session, is_new: bool) -> None:
    """Today's time has passed: today has none, and a digest that was moved there says so."""
    free, zone = calendar.of(session, session.organisation), schedules.zone_of(session, one)
    due = occurrences.due(one, occurrences.seen_to(session, one), zone, free, session.now)
    for each in [] if is_new else due:
        occurrences.keep(session, one, each, "moved", session.me.id)
    if due:
        one.from_on = max(each.day for each in due) + timedelta(days=1)
    if one.weeks > 1:
        one.anchor_on = _first(one, session) or one.anchor_on


def _first(one: Schedule, session: Session) -> date | None:
    """Every second week counts from the first one that there will be."""
    weeks, one.weeks = one.weeks, 1
    due: Due | None = here.coming(one, session)
    one.weeks = weeks
    return due.day if due else None


def answer(one: Schedule, before: str, session: Session) -> Card:
    """What was understood, in the zone of the room, and when the first one comes."""
    place = here.home(one, session)
    now = schedules.said(one)
    undo = (
        Button("No digest after all", "digest end")
        if not before
        else Button(f"Back to {before}", "digest every", before)
    )
    return card(
        "digest/set",
        room=here.called(place, session),
        rhythm=now,
        zone=schedules.zone_of(session, one),
        next=here.told(here.coming(one, session), one, session),
        before=before if before != now else "",
        owner=mention(people.who(session, one.owner_id) if one.owner_id else None),
        is_paused=one.paused_until is not None,
        country=session.organisation.country,
        buttons=(
            Button("Preview", "digest preview", is_main=True),
            Button("Send one now", "digest now"),
            *([undo] if before != now else []),
        ),
    )
