"""Skips the next digest of a room, pauses them, goes on with them, or ends them."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.messages import Button, Card, Command, Refusal, Typed
from handlers import rights, saying
from handlers.digest import here
from handlers.saying import card
from handlers.typed import dates
from handlers.typed.dates import Ambiguous
from storage import occurrences, schedules
from storage.database import Session
from storage.schedules import FOREVER, Schedule


def skip(command: Command, session: Session) -> Card:
    """`digest skip next`."""
    rights.demand(session, "schedule")
    if command.text.strip(" .!").lower() not in ("", "next", "the next", "the next one", "one"):
        raise Refusal("I skip the next one: digest skip next. For longer: digest pause until 2 Jan")
    one = here.must(command, session)
    due = here.coming(one, session)
    if due is None:
        raise Refusal("There is none to skip: the digest is paused. To go on: digest resume")
    occurrences.keep(session, one, due, "asked", session.me.id)
    here.planned(one, session)
    return card(
        "digest/skipped",
        skipped=here.told(due, one, session),
        next=here.told(here.coming(one, session), one, session),
        buttons=(Button("Send it after all", "digest skip back", due.day.isoformat()),),
    )


def unskip(command: Command, session: Session) -> Card:
    """[Send it after all], while its time has not come."""
    rights.demand(session, "schedule")
    one = here.must(command, session)
    kept = occurrences.of(session, one, date.fromisoformat(command.text))
    if kept is None or kept.why != "asked" or kept.due_at <= session.now:
        raise Refusal(
            "Its time has passed. You can send one now.",
            buttons=(Button("Send one now", "digest now"),),
        )
    session.delete(kept)
    one.from_on = min(one.from_on, kept.day)
    here.planned(one, session)
    return card("digest/unskipped", next=here.told(here.coming(one, session), one, session))


def pause(command: Command, session: Session) -> Card:
    """`digest pause until 2 Jan`; without a day, until somebody says `digest resume`."""
    rights.demand(session, "schedule")
    one = here.must(command, session)
    typed = command.text.strip(" .!")
    until = _day(typed, one, session) if typed else FOREVER
    today = occurrences.local(session.now, schedules.zone_of(session, one))
    if until <= today:
        raise Refusal("That day has passed. Say a later one: digest pause until 2 Jan")
    one.paused_until = until
    here.planned(one, session)
    return card(
        "digest/paused",
        resume=Typed("digest resume"),
        until="" if until == FOREVER else f"{until:%a} {saying.day(until, today)}",
        next=here.told(here.coming(one, session), one, session),
        buttons=(Button("Resume", "digest resume"),),
    )


def _day(typed: str, one: Schedule, session: Session) -> date:
    zone = ZoneInfo(schedules.zone_of(session, one))
    try:
        when = dates.read(typed, session.now, zone, asked=True)
    except Ambiguous as two:
        raise Refusal(str(two)) from two
    if when is None:
        raise Refusal(f"I can't read “{typed[:40]}” as a day. Like this: digest pause until 2 Jan")
    return when.day


def resume(command: Command, session: Session) -> Card:
    """`digest resume`."""
    rights.demand(session, "schedule")
    one = here.must(command, session)
    was_paused, one.paused_until = one.paused_until is not None, None
    here.planned(one, session)
    return card(
        "digest/resumed",
        was_paused=was_paused,
        rhythm=schedules.said(one),
        next=here.told(here.coming(one, session), one, session),
    )


def end(command: Command, session: Session) -> Card:
    """`digest end`: there are none any more."""
    rights.demand(session, "schedule")
    one = here.must(command, session)
    one.ended_at = session.now
    session.flush()
    rhythm = schedules.said(one)
    return card(
        "digest/ended",
        room=here.called(here.home(one, session), session),
        rhythm=rhythm,
        buttons=(Button(f"Again {rhythm}", "digest every", rhythm),),
    )
