"""What changed, and since when: events of the map, and what the numbers were said to be."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.messages import Card, Fact, Facts
from handlers import saying
from handlers.ask.lists import MOST_ROWS, local_day
from handlers.saying import card, mention, moment
from storage import events, metrics, people, sorting, yielding
from storage.database import Session
from storage.events import Event

_SPANS = (
    (r"today|this morning", 0),
    (r"yesterday", 1),
    (r"(?:the )?(?:last|past) (?P<n>\d+) days?", None),
    (r"(?:this|last|the|past|the past|the last)? ?week", 7),
    (r"(?:this|last|the|past|the past|the last)? ?fortnight", 14),
    (r"(?:this|last|the|past|the past|the last)? ?month", 31),
    (r"(?:this|last|the|past|the past|the last)? ?quarter", 92),
    (r"(?:this|last|the|past|the past|the last)? ?year", 365),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _since(span: str, today: date) -> date | None:
    span = re.sub(r"^(?:since|in|on|over|during)\s+", "", span.lower().strip()) or "week"
    if (weekday := next((d for d in _WEEKDAYS if len(span) > 2 and d.startswith(span)), "")) != "":
        back = (today.weekday() - _WEEKDAYS.index(weekday)) % 7 or 7
        return today - timedelta(days=back)
    if re.fullmatch(r"(?:the )?last month", span):
        return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    for pattern, days in _SPANS:
        if fits := re.fullmatch(pattern, span):
            back = min(int(fits["n"]), 3660) if days is None else days
            return today - timedelta(days=back)
    return None


def changed(session: Session, span: str) -> Card | None:
    """What changed this week? Nothing where `span` is no time."""
    zone = ZoneInfo(session.zone)
    since = _since(span, local_day(session))
    if since is None:
        return None
    found = sorted(
        events.since(session, datetime.combine(since, time(), zone)), key=lambda one: one.at
    )
    found = [one for one in found if yielding.FIELD not in one.after]  # what was stopped says it
    numbers = {
        metric.name: f"{saying.measured(reading.value, metric.unit)}, said on "
        f"{saying.day(reading.day, local_day(session))}"
        for metric, reading in metrics.said_since(session, since)
    }
    return card(
        "ask/changed",
        since=saying.day(since, local_day(session)),
        count=len(found) + len(numbers),
        groups=_grouped(session, found),
        most=MOST_ROWS,
        parts=(Facts(tuple(Fact(*one) for one in list(numbers.items())[-MOST_ROWS:])),)
        if numbers
        else (),
    )


def _grouped(session: Session, found: list[Event]) -> list[dict[str, object]]:
    nouns = {
        "initiative": ("project or tool", "projects and tools"),
        "metric": ("number", "numbers"),
        "priority": ("priority", "priorities"),
        "capability": ("ability", "abilities"),
        "link": ("link", "links"),
        "person": ("person", "people"),
    }
    groups: dict[tuple[object, ...], list[Event]] = {}
    for one in found:
        alike = (one.source, one.noun, _what(one), one.by_id, one.at.date())
        groups.setdefault(alike, []).append(one)
    return [
        {
            "what": _what(together[0]),
            "noun": nouns[together[0].noun][len(together) > 1],
            "names": list(dict.fromkeys(_name(session, one) for one in together)),
            "by": mention(people.who(session, together[0].by_id) if together[0].by_id else None),
            "at": moment(together[0].at),
            "source": together[0].source,
        }
        for together in reversed(groups.values())
    ]


def _name(session: Session, event: Event) -> str:
    """What it is about: people are called as they are called now."""
    person = people.who(session, event.thing_id) if event.noun == "person" else None
    return person.name if person else event.name


def _what(one: Event) -> str:
    if sorting.FIELD in one.after:
        return "said to serve no priority"
    return "no longer said to serve no priority" if sorting.FIELD in one.before else one.what
