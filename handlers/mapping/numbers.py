"""Says what a number is today; a number that nobody has told me of is made."""

import re
from zoneinfo import ZoneInfo

from bot.messages import Command, Refusal, Reply
from handlers import rights, saying
from handlers.imports import amounts
from handlers.imports.problems import Unclear
from handlers.mapping.keeping import Change, Keeping
from handlers.mapping.naming import MARKS, asked, exactly, is_question, meant, name, pieces
from handlers.typed.pieces import Kind, Pieces
from storage import metrics, naming
from storage.database import Session
from storage.metrics import Metric, Reading
from storage.priorities import Priority

FLAGS: dict[str, Kind] = {"for": "name", "goal": "number"}
LARGE = ("k", "thousand", "million", "millions", "bn", "billion")  # and no unit
EXAMPLE = 'number "Days to onboard" 6.5'
_VALUE = re.compile(r"(?P<name>.*?)\s*(?P<value>[-+−]?[€£$¥₹]?\d\S*)\s*(?P<unit>\D*)", re.DOTALL)


def say(command: Command, session: Session) -> Reply:
    """`number "Days to onboard" 6.5`."""
    said = pieces(command.text, FLAGS, session)
    found = _VALUE.fullmatch(_rest(said))
    if is_question(command.text) or not (said.quoted or _is_known(found, session)):
        return asked(command, session)
    rights.demand(session, "change the map")
    if found is None:
        raise Refusal(f"Say what it is today: {EXAMPLE}")
    called = name(said.quoted[0] if said.quoted else found["name"], EXAMPLE)
    value, unit = _value_and_unit(found["value"], found["unit"].strip(MARKS))
    aims = [
        session.get_one(Priority, meant(one, command, session, ("priority",)).id)
        for one in said.flags.get("for", ())
    ]
    goal = [_value(one) for one in said.flags.get("goal", ())]
    keeping = Keeping(session)
    one = _known(called, said, command, session)
    if one is None:
        one = Metric(name=called, unit=unit, created_at=session.now)
        keeping.add(one)
    elif unit and one.unit and unit.casefold() != one.unit.casefold():
        raise Refusal(f"{one.name} is counted in {one.unit}, not in {unit}. {EXAMPLE}")
    elif unit and not one.unit:
        keeping.change(one, {"unit": unit})
    if goal:
        keeping.change(one, {"target": goal[-1]})
    _read(one, value, keeping, session)
    for aim in aims:
        keeping.link(one, aim)
    return keeping.answer(one)


def _is_known(found: re.Match[str] | None, session: Session) -> bool:
    """Without quotes it says something only of a number that I know."""
    return bool(found and naming.index(session).find(found["name"], ("metric",)).one)


def _value_and_unit(typed: str, unit: str) -> tuple[float, str]:
    if unit.casefold() in LARGE:
        return _value(f"{typed} {unit}"), ""
    if len(unit.split()) > 1:
        raise Refusal(f"I cannot read “{unit}”. Say it like this: {EXAMPLE}")
    return _value(typed), "%" if typed.endswith("%") else unit


def _rest(said: Pieces) -> str:
    """What was said besides; "6.5" is no day here."""
    return " ".join((said.words, said.date.text if said.date else "")).strip()


def _known(called: str, said: Pieces, command: Command, session: Session) -> Metric | None:
    """With `for` only the very name is meant, since a new number may be."""
    named = exactly(called, session, "metric")
    if named is None and "for" not in said.flags:
        named = meant(called, command, session, ("metric",))
    return session.get_one(Metric, named.id) if named else None


def _read(one: Metric, value: float, keeping: Keeping, session: Session) -> None:
    before = metrics.readings_of(session, {one.id})[one.id]
    last = before[-1].value if before else None
    day = session.now.astimezone(ZoneInfo(session.zone)).date()
    session.add(
        Reading(
            metric_id=one.id,
            day=day,
            value=value,
            said_by_id=session.me.id,
            said_at=session.now,
        )
    )
    told = saying.measured(last, one.unit) if last is not None else ""
    keeping.changes.append(Change("Today", told, saying.measured(value, one.unit)))
    keeping.happened("metric", one, "changed", {"reading": last}, {"reading": value, "day": day})


def _value(text: str) -> float:
    try:
        return amounts.number(text)
    except Unclear as unclear:
        raise Refusal(f"I cannot read “{text}”: {unclear}. Say it like this: {EXAMPLE}") from None
