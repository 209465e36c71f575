"""Which days the company does not work: its country's holidays, and its own."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.messages import Button, Card, Command, Refusal, Reply
from handlers import ask, rights, saying
from handlers.saying import card
from handlers.typed import dates
from handlers.typed.dates import Ambiguous
from storage import calendar, naming, occurrences, schedules
from storage.database import Session

EXAMPLE = "Say it like this: holiday 24 Dec"


def country(command: Command, session: Session) -> Reply:
    """`country DE`, or a part of one: `country DE-BY`."""
    typed = command.text.strip(" .!?")
    if len(typed) > 12 or naming.index(session).exactly(f"country {typed}"):
        return ask.answer(command, session)
    rights.demand(session, "schedule")
    before = session.organisation.country
    if typed.lower() == "none":
        code = ""
    else:
        code = calendar.country(typed)
        if not code:
            raise Refusal(
                f"I know no holidays of “{typed}”. Say two letters, and a part if it matters: "
                "country DE, country DE-BY, country US-CA, or country none"
            )
    session.organisation.country = code
    session.add(session.organisation)
    schedules.look_again(session)
    today = occurrences.local(session.now, session.organisation.zone)
    free = calendar.of(session, session.organisation)
    return card(
        "digest/country",
        country=code,
        next=_next(free, today),
        before=before if before != code else "",
        buttons=(Button(f"Back to {before or 'none'}", "country", before or "none"),)
        if before != code
        else (),
    )


def _next(free: calendar.Calendar, today: date) -> str:
    """The next public holiday, by day and name."""
    found = free.next_holiday(today)
    return f"{found:%a} {saying.day(found, today)}, {free.name(found)}" if found else ""


def add(command: Command, session: Session) -> Reply:
    """`holiday 24 Dec`; alone, the company's own days off."""
    typed = command.text.strip(" .!?")
    if typed and naming.index(session).exactly(f"holiday {typed}"):
        return ask.answer(command, session)
    rights.demand(session, "schedule")
    today = occurrences.local(session.now, session.organisation.zone)
    if not typed:
        raise Refusal(f"Say which day. {EXAMPLE}{_known(session, today)}")
    day = _day(typed, session)
    is_new = calendar.add(session, day, session.me.id)
    schedules.look_again(session)
    return card(
        "digest/holiday",
        day=f"{day:%a} {saying.day(day, today)}",
        is_new=is_new,
        known=_known(session, today),
        buttons=(Button("Take it back", "holiday back", day.isoformat()),),
    )


def _known(session: Session, today: date) -> str:
    days = [saying.day(one.day, today) for one in calendar.own(session) if one.day >= today]
    return f" Those to come: {', '.join(days[:12])}." if days else ""


def _day(typed: str, session: Session) -> date:
    try:
        when = dates.read(typed, session.now, ZoneInfo(session.organisation.zone), asked=True)
    except Ambiguous as two:
        raise Refusal(str(two)) from two
    if when is None:
        raise Refusal(f"I can't read “{typed[:40]}” as a day. {EXAMPLE}")
    return when.day


def take_back(command: Command, session: Session) -> Card:
    """[Take it back]"""
    rights.demand(session, "schedule")
    day = date.fromisoformat(command.text)
    was_ours = calendar.remove(session, day)
    schedules.look_again(session)
    today = occurrences.local(session.now, session.organisation.zone)
    return card(
        "digest/holiday_back",
        day=f"{day:%a} {saying.day(day, today)}",
        was_ours=was_ours,
        buttons=(Button("Make it one again", "holiday", day.isoformat()),),
    )
