"""How an exported map is built: what stands in it, in which order, and how each value is written.

Writing and reading follow the same shape, so that what is written is what is read again.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, NamedTuple

from handlers.imports.amounts import CODES, MINOR
from handlers.imports.problems import Unclear
from storage import capabilities, initiatives, metrics, people, priorities

FORMAT = 1  # of the file; a reader refuses a newer one
OPERATOR = "(operator)"  # whoever ran us from a terminal, and is no colleague
HIDDEN = "(left out)"  # a decision that may not be named


class Money(NamedTuple):
    """An amount in minor units of its currency."""

    minor: int
    currency: str


Scalar = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Fields:
    """An entry with these fields, of which some must be there. `is_short`: it takes one line."""

    of: Mapping[str, "Spec"]
    needed: tuple[str, ...] = ()
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Many:
    """A list of these."""

    of: "Spec"


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts under names that nobody fixed."""


Spec = Scalar | Fields | Many | Texts


# How values are written


def money(amount: Money) -> str:
    """ "84000.00 EUR": every digit of it."""
    digits = MINOR.get(amount.currency, 2)
    return f"{Decimal(amount.minor).scaleb(-digits):f} {amount.currency}"


def moment(at: datetime) -> str:
    """ "2026-11-23T09:00:00Z": in UTC, to the microsecond where there are any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def number(value: float) -> str:
    """The shortest that is read as the same number again."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


# How they are read


def text(said: str) -> str:
    if re.search("[\x00\ud800-\udfff]", said):
        raise Unclear("it holds a character that no database keeps")
    return said


def read_money(said: str) -> Money:
    amount, _, currency = said.partition(" ")
    if currency not in CODES:
        raise Unclear("not an amount like 84000.00 EUR")
    try:
        minor = Decimal(amount).scaleb(MINOR.get(currency, 2))
        if minor != minor.to_integral_value() or abs(minor) >= 2**63:
            raise InvalidOperation
    except InvalidOperation:
        raise Unclear("not an amount like 84000.00 EUR") from None
    return Money(int(minor), currency)


def read_day(said: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", said):
        raise Unclear("not a date like 2026-12-31")
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Unclear("no such day") from None


def read_moment(said: str) -> datetime:
    try:
        at = datetime.fromisoformat(said)
        if at.tzinfo is None:
            raise ValueError
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unclear("not a time like 2026-12-31T09:00:00Z") from None


def read_number(said: str) -> float:
    try:
        value = float(said)
    except ValueError:
        raise Unclear("not a number") from None
    if not abs(value) <= 1e300:
        raise Unclear("not a number")
    return value


def read_whole(said: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", said):
        raise Unclear("not a whole number")
    return int(said)


def read_yes(said: str) -> bool:
    if said.lower() not in ("true", "false"):
        raise Unclear("neither true nor false")
    return said.lower() == "true"


def read_decision(said: str) -> int | None:
    """The number of a decision, or nothing for one that may not be named."""
    if said == HIDDEN:
        return None
    if not re.fullmatch(r"D-[1-9][0-9]{0,8}", said):
        raise Unclear("not a decision like D-7")
    return int(said[2:])


def read_own_number(said: str) -> int:
    """The number of the decision itself."""
    number = read_decision(said)
    if number is None:
        raise Unclear("not a decision like D-7")
    return number


def _choice(options: tuple[str, ...], said: str) -> str:
    if said not in options:
        raise Unclear(f"none of {', '.join(options)}")
    return said


def one_of(*options: str) -> Scalar:
    return partial(_choice, options)


# What stands in it


def _serves(*ends: str) -> Many:
    said = {"strength": read_whole, "by": text, "at": read_moment, "list": text}
    confirmed = {"confirmed by": text, "confirmed at": read_moment}
    fields = {**dict.fromkeys(ends, text), **said, **confirmed}
    return Many(Fields(fields, ("at",)))


PERSON = Fields(
    {
        "name": text, "id": text, "email": text, "side": one_of(*people.SIDES),
        "role": one_of(*people.ROLES), "title": text, "zone": text,
        "wants": one_of(*people.WANTS), "away until": read_day, "left": read_moment,
        "added": read_moment,
    },
    ("name", "added"),
)  # fmt: skip
PRIORITY = Fields(
    {
        "name": text, "owner": text, "category": one_of(*priorities.CATEGORIES),
        "rank": read_whole, "because": text, "retired": read_moment, "added": read_moment,
    },
    ("name", "added"),
)  # fmt: skip
CAPABILITY = Fields(
    {
        "name": text, "owner": text, "state": one_of(*capabilities.STATES), "plain": text,
        "added": read_moment, "serves": _serves("priority"),
    },
    ("name", "added"),
)  # fmt: skip
INITIATIVE = Fields(
    {
        "name": text, "kind": one_of(*initiatives.KINDS), "also called": Many(text),
        "owner": text, "area": text, "plain": text, "phase": one_of(*initiatives.PHASES),
        "status": one_of(*initiatives.STATUSES), "starts": read_day, "ends": read_day,
        "cost": read_money, "vendor": text, "renews": read_day, "unclear": Texts(),
        "the list said": Texts(), "added": read_moment,
        "serves": _serves("capability", "priority"),
    },
    ("name", "kind", "added"),
)  # fmt: skip
READING = Fields(
    {"day": read_day, "value": read_number, "by": text, "at": read_moment},
    ("day", "value", "at"),
    is_short=True,
)
METRIC = Fields(
    {
        "name": text, "owner": text, "unit": text, "direction": one_of(*metrics.DIRECTIONS),
        "baseline": read_number, "target": read_number, "every days": read_whole,
        "added": read_moment, "serves": _serves("priority"), "readings": Many(READING),
    },
    ("name", "every days", "added"),
)  # fmt: skip

# what is said of a decision: by its kind, each datum, the field it stands in, and what it names
Said = tuple[str, str, str]
SAID: Mapping[str, tuple[Said, ...]] = {
    "owner": (("person", "person", "person"),),
    "accepted": (),
    "refused": (("why", "why", "text"),),
    "decided": (("by", "decision", "decision"),),
    "done": (),
    "reversed": (("why", "why", "text"),),
    "superseded": (("by", "decision", "decision"),),
    "replaces": (("decision", "decision", "decision"),),
    "because": (("text", "text", "text"),),
    "due": (("day", "day", "day"),),
    "review": (("day", "day", "day"),),
    "for": (("priority", "priority", "priority"),),
    "not for anything": (),
    "asked": (("people", "people", "people"),),
    "told": (("text", "told", "texts"),),
    "risk": (),
    "blocks": (("initiative", "project", "initiative"),),
    "expects": (("text", "text", "text"),),
    "shared": (),
    "withdrawn": (),
    "undone": (("event", "number", "event"),),
}
EVENT = Fields(
    {
        "said": one_of(*SAID), "by": text, "at": read_moment, "person": text, "why": text,
        "decision": read_decision, "text": text, "day": read_day, "priority": text,
        "people": Many(text), "told": Many(text), "project": text, "number": read_whole,
    },
    ("said", "by", "at"),
)  # fmt: skip
DECISION = Fields(
    {
        "decision": read_own_number, "title": text, "needed": read_yes, "by": text,
        "at": read_moment, "in": text, "from": text, "link": text, "then": Many(EVENT),
    },
    ("decision", "title", "by", "at"),
)  # fmt: skip
COMPANY = Fields({"name": text, "zone": text, "currency": text}, ("name", "zone", "currency"))
MAP = Fields(
    {
        "throughline": read_whole,
        "left out": Fields({"private decisions": read_whole}),
        "company": COMPANY,
        "people": Many(PERSON),
        "priorities": Many(PRIORITY),
        "capabilities": Many(CAPABILITY),
        "projects and tools": Many(INITIATIVE),
        "numbers": Many(METRIC),
        "decisions": Many(DECISION),
    },
    ("throughline", "company"),
)
