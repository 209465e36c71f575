"""Puts a priority, project, tool or capability on the map, or says more of one that is there."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import col, select

from bot.messages import Command, Refusal, Reply
from handlers import rights
from handlers.decide.naming import person
from handlers.imports import amounts
from handlers.imports.problems import Unclear
from handlers.imports.rows import same
from handlers.mapping.keeping import Keeping
from handlers.mapping.naming import asked, day, exactly, is_question, meant, name, pieces, thing
from handlers.mapping.yielding import asking
from handlers.typed.pieces import Kind, Pieces
from storage import capabilities, initiatives, priorities
from storage.capabilities import Capability
from storage.database import Session
from storage.initiatives import Initiative
from storage.priorities import Priority
from storage.things import Thing

COMMON: dict[str, Kind] = {"owner": "person", "by": "person", "for": "name"}
OF_PRIORITY: dict[str, Kind] = {"owner": "person", "category": "text", "because": "text"}
OF_PROJECT: dict[str, Kind] = {
    **COMMON,
    "vendor": "text",
    "renews": "date",
    "cost": "number",
    "starts": "date",
    "until": "date",
    "status": "text",
    "area": "text",
    "plain": "text",
}
OF_CAPABILITY: dict[str, Kind] = {**COMMON, "plain": "text"} | dict.fromkeys(
    capabilities.STATES, "none"
)
MOST_PRIORITIES = 5


def priority(command: Command, session: Session) -> Reply:
    """`priority "Grow revenue" owner @dana category growth`."""
    said = pieces(command.text, OF_PRIORITY, session)
    if _only_asks(said, command):
        return asked(command, session)
    rights.demand(session, "priority")
    called = _name(said, 'priority "Grow revenue" owner @dana category growth')
    values = _values(said, command, session)
    keeping = Keeping(session)
    named = exactly(called, session, "priority")
    one = session.get_one(Priority, named.id) if named else _retired(called, session)
    if one is None:
        one = Priority(name=called, created_at=session.now, **values)
        keeping.add(one)
    else:
        if one.retired_at:
            values["retired_at"] = None
            keeping.is_back = True
        keeping.change(one, values)
    if keeping.is_new or keeping.is_back:
        keeping.is_crowded = len(priorities.live(session)) > MOST_PRIORITIES
    return asking(keeping.answer(one), one, keeping)


def project(command: Command, session: Session) -> Reply:
    """`project "One login" owner @lee for "Grow revenue"`."""
    said = pieces(command.text, OF_PROJECT, session)
    if _only_asks(said, command):
        return asked(command, session)
    rights.demand(session, "change the map")
    return _initiative(said, command, session, "project", 'project "One login" owner @lee')


def tool(command: Command, session: Session) -> Reply:
    """`tool "Asana" vendor "Asana Inc" renews 15 Jan cost 84k EUR`."""
    said = pieces(command.text, OF_PROJECT, session)
    if _only_asks(said, command):
        return asked(command, session)
    rights.demand(session, "change the map")
    return _initiative(said, command, session, "tool", 'tool "Asana" vendor "Asana Inc"')


def _initiative(said: Pieces, command: Command, session: Session, kind: str, example: str) -> Reply:
    called = _name(said, example)
    values = {"kind": kind, **_values(said, command, session)}
    if said.date:
        values.setdefault("ends_on", said.date.day)
    if values.get("status") == "stopped":
        rights.demand(session, "retire")
    return _kept(
        called, "initiative", values, _aims(said, command, session), session,
        lambda: Initiative(name=called, created_at=session.now, **values),
    )  # fmt: skip


def capability(command: Command, session: Session) -> Reply:
    """`capability "Plan work" for "Grow revenue" workaround`."""
    said = pieces(command.text, OF_CAPABILITY, session)
    if _only_asks(said, command):
        return asked(command, session)
    rights.demand(session, "change the map")
    called = _name(said, 'capability "Plan work" for "Grow revenue" workaround')
    values = _values(said, command, session)
    aims = [
        thing(session, meant(one, command, session, ("priority",)))
        for one in said.flags.get("for", ())
    ]
    return _kept(
        called, "capability", values, aims, session,
        lambda: Capability(name=called, created_at=session.now, **values),
    )  # fmt: skip


def _kept(
    called: str,
    noun: str,
    values: Mapping[str, Any],
    aims: list[Thing],
    session: Session,
    make: Callable[[], Thing],
) -> Reply:
    keeping = Keeping(session)
    named = exactly(called, session, noun)
    one = thing(session, named) if named else make()
    if named:
        keeping.change(one, values)
    else:
        keeping.add(one)
    for aim in aims:
        keeping.link(one, aim)
    return asking(keeping.answer(one), one, keeping)


def _only_asks(said: Pieces, command: Command) -> bool:
    """A new name is in quotes or has an owner: "project costs for Grow revenue" is a question."""
    return is_question(command.text) or not (said.quoted or (said.words and "owner" in said.flags))


def _name(said: Pieces, example: str) -> str:
    called = name(said.quoted[0] if said.quoted else said.words, example)
    left = [*said.quoted[1:], *said.mentions[1:], *([said.words] if said.quoted else [])]
    if unread := " ".join(text for text in left if text.strip()):
        raise Refusal(f"I cannot read “{unread}”. Say it like this: {example}")
    return called


def _aims(said: Pieces, command: Command, session: Session) -> list[Thing]:
    return [
        thing(session, meant(one, command, session, ("priority", "capability")))
        for one in said.flags.get("for", ())
    ]


def _retired(called: str, session: Session) -> Priority | None:
    gone = session.exec(select(Priority).where(col(Priority.retired_at).is_not(None)))
    return next((one for one in gone if same(one.name) == same(called)), None)


def _values(said: Pieces, command: Command, session: Session) -> dict[str, Any]:
    """What was said, by field. Raises a `Refusal` for what cannot be read."""
    values: dict[str, Any] = {}
    for mentioned in said.mentions[:1]:
        values["owner_id"] = person(mentioned, command, session).id
    for flag, told in said.flags.items():
        text = told[-1] if told else ""
        match flag:
            case "owner" | "by":
                values["owner_id"] = person(text, command, session).id
            case "vendor" | "area" | "plain" | "because":
                values[flag] = text
            case "category":
                values[flag] = _one_of(text, priorities.CATEGORIES, "category")
            case "status":
                values[flag] = _one_of(text, initiatives.STATUSES, "status")
            case "cost":
                values["cost"], values["currency"] = _cost(text, session)
            case "renews":
                values["renews_on"] = day(text, session).day
            case "starts":
                values["starts_on"] = day(text, session).day
            case "until":
                values["ends_on"] = day(text, session).day
            case "works" | "workaround" | "missing":
                values["state"] = flag
    return values


def _one_of(text: str, choices: tuple[str, ...], what: str) -> str:
    fitting = [one for one in choices if one.startswith(text.strip().casefold())]
    if len(fitting) != 1:
        raise Refusal(f"“{text}” is no {what}. Choose {', '.join(choices[:-1])} or {choices[-1]}.")
    return fitting[0]


def _cost(text: str, session: Session) -> tuple[int, str]:
    try:
        money = amounts.money(text, currency=session.organisation.currency)
    except Unclear as unclear:
        raise Refusal(f"I cannot read “{text}”: {unclear}. Write it like this: 84k EUR.") from None
    if money is None:
        raise Refusal("Say what it costs like this: cost 84k EUR.")
    return money
