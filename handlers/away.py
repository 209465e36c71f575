"""Says how long somebody is away, and that they are back."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.messages import Button, Card, Command, Refusal, Reply
from handlers import rights, saying, whom
from handlers.saying import card, mention
from handlers.side import record
from handlers.typed import dates
from handlers.typed.dates import Ambiguous
from storage import budget, holding, people
from storage.database import Session
from storage.people import Person

LONGEST = timedelta(days=731)
_UNTIL = re.compile(r"^(?P<who>.*?)\b(?:until|till|til)\b(?P<day>.*)$", re.IGNORECASE)
EXAMPLE = "Say until when, for example: away until Wed, or away until 2026-12-02"


def leave(command: Command, session: Session) -> Reply:
    """`away until Wed`; a facilitator says `away @dana until Wed`."""
    typed = command.text.strip()
    said = _UNTIL.match(typed)
    if not said and (meant := whom.asked_instead(command, session)):
        return meant
    name, day = (said["who"].strip(), said["day"].strip()) if said else ("", typed)
    found: Person | Reply = session.me
    if name or "person" in command.values:
        found = whom.named(command, session, name)
    if not isinstance(found, Person):
        return found
    rights.demand(session, "away", found)
    today = people.today(found, session.place_zone or session.organisation.zone, session.now)
    until = _day(day, found, session)
    if until is None:
        raise Refusal(f"I can't read “{day}” as a day. {EXAMPLE}" if day else EXAMPLE)
    if until <= today:
        raise Refusal(f"{saying.day(until, today)} is not after today. {EXAMPLE}")
    if until - today > LONGEST:
        raise Refusal("That is more than two years. Say a nearer day, or that they are gone.")
    found.away_until = until
    return card(
        "away/away",
        person=mention(found),
        is_me=found.id == session.me.id,
        day=f"{until:%a} {saying.day(until, today)}",
        buttons=(_back_button(found, session.me),),
    )


def _day(typed: str, person: Person, session: Session) -> date | None:
    zone = ZoneInfo(person.zone or session.place_zone or session.organisation.zone)
    try:
        when = dates.read(typed, session.now, zone, asked=True) if typed else None
    except Ambiguous as two:
        raise Refusal(str(two)) from two
    return when.day if when else None


def come_back(command: Command, session: Session) -> Reply:
    """`back`; a facilitator says `back @dana`, also of somebody who was said to be gone."""
    found: Person | Reply = session.me
    if command.text.strip() or "person" in command.values:
        found = whom.named(command, session, command.text)
    if not isinstance(found, Person):
        return found
    if found.gone_at:
        rights.demand(session, "admin gone" if found.role == "admin" else "gone", found)
    rights.demand(session, "away", found)
    return back_again(session, found)


def back_again(session: Session, person: Person) -> Card:
    """Neither away nor gone."""
    was = "gone" if person.gone_at else "away" if person.away_until else ""
    is_taken_over = False
    if person.gone_at:
        is_taken_over = holding.is_taken_over(session, person.id, person.gone_at)
        record(session, person, {"gone": person.gone_at.date().isoformat()}, {"gone": None})
    person.away_until = person.gone_at = None
    budget.reconsider(session, person.id, session.now)
    return card(
        "away/back",
        person=mention(person),
        is_me=person.id == session.me.id,
        was=was,
        is_taken_over=is_taken_over,
    )


def _back_button(person: Person, me: Person) -> Button:
    label = "I am back" if person.id == me.id else f"{person.name.partition(' ')[0]} is back"
    return Button(label, "back", "", {"person": str(person.id)})
