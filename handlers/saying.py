"""How people, days and amounts are written, everywhere the same."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path

from bot import messages
from bot.messages import Button, Card, Part
from bot.words import Writer
from digests.saying import amount as amount
from digests.saying import cost as cost
from digests.saying import day as day
from digests.saying import measured as measured
from digests.saying import number as number
from digests.saying import ordinal as ordinal
from digests.saying import short as short
from digests.saying import trend as trend
from storage.initiatives import Initiative
from storage.people import Person

LONG = 140  # characters of a title, from which on a card would be nothing else


@cache
def writer() -> Writer:
    """Our templates."""
    return Writer(Path(__file__).parent / "templates")


def card(
    template: str,
    *,
    parts: tuple[Part, ...] = (),
    buttons: tuple[Button, ...] = (),
    key: str = "",
    **facts: object,
) -> Card:
    """A card whose title and text are what the template says of these facts.

    `key` is the thing it is about, if it is one.
    """
    written = writer().write(template, **facts)
    return Card(written.title, written.text, parts, buttons, key)


def mention(person: Person | None) -> messages.Person | None:
    """A person, for a template."""
    return messages.Person(person.id, person.name) if person else None


def moment(at: datetime) -> messages.Moment:
    """An instant, for a template: its day, where the reader is."""
    return messages.Moment(at)


def title(text: str) -> str:
    """What somebody called a decision, where it stands among other things."""
    return short(text, LONG)


def standing(initiative: Initiative, today: date) -> str:
    """ "Done · ended 21 Sep", "Late · until 14 Dec"; empty where nobody said."""
    said = [initiative.status.capitalize()] if initiative.status else []
    if initiative.ends_on:
        is_over = initiative.ends_on < today
        ended = initiative.status in ("done", "stopped")
        moved = "now due" if initiative.status == "late" else "until"
        how = "ended" if is_over and ended else "was due" if is_over else moved
        said.append(f"{how} {day(initiative.ends_on, today)}")
    return " · ".join(said)


def total(initiatives: Iterable[Initiative]) -> str:
    """What these cost together, by currency; empty where no cost is known."""
    sums: dict[str, int] = {}
    for one in initiatives:
        if one.cost is not None and one.currency:
            sums[one.currency] = sums.get(one.currency, 0) + one.cost
    return " and ".join(amount(minor, currency) for currency, minor in sorted(sums.items()))
