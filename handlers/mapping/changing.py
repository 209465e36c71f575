"""Ranks, retires, renames and moves what is on the map, and says where a project stands."""

import re
from typing import Any

from sqlmodel import select

from bot.messages import Command, Refusal, Reply
from handlers import rights
from handlers.imports.rows import same
from handlers.mapping.keeping import Keeping
from handlers.mapping.naming import (
    MARKS,
    asked,
    day,
    halves,
    is_question,
    meant,
    name,
    quotes,
    thing,
)
from storage import naming, priorities
from storage.database import Session
from storage.initiatives import STATUSES, Initiative
from storage.names import Name
from storage.priorities import Priority
from storage.things import Thing, noun_of

_ASKS = (
    "what|which|who|whose|whom|why|how|when|where|is|are|was|were|does|do|did|has|have|had|will"
    "|would|can|could|should|if|whether|show|list|tell|give|find|count|any|anything|everything"
    "|something|nothing|everybody|nobody|somebody|it|this|that|he|she|there|what's|who's|all"
)
_SAYS = rf"(.{{1,200}}?)\sis\s(?:now\s)?({'|'.join(STATUSES)})[\s.!]*$"
STANDS = rf"(?!(?:{_ASKS})\b)(?=[^?]*$){_SAYS}"
_RANKED = re.compile(r"(.*?)\s*#?(?<!\d)(\d{1,3})[\s.!]*", re.DOTALL)


def stand(command: Command, session: Session) -> Reply:
    """`One login is late`."""
    said = re.match(_SAYS, " ".join(command.text.split()), re.IGNORECASE)
    typed = said[1].strip(MARKS) if said else ""
    found = naming.index(session).find(typed, ("initiative",))
    if said is None or not (found.one or found.several):
        return asked(command, session, command.text)
    rights.demand(session, "change the map")
    return stand_so(session, meant(typed, command, session, ("initiative",)).id, said[2].lower())


def stand_so(session: Session, id: int, status: str) -> Reply:
    """This is where a project stands now, by the word of who says so."""
    rights.demand(session, "retire" if status == "stopped" else "change the map")
    one = session.get_one(Initiative, id)
    keeping = Keeping(session)
    keeping.change(one, {"status": status})
    return keeping.answer(one)


def move(command: Command, session: Session) -> Reply:
    """`move One login to 14 Dec "supplier late"`."""
    text, why = _with_reason(command.text)
    cuts = [(low, up) for low, up in halves(text, "to") if low and up]
    if is_question(text) or not cuts:
        return asked(command, session)
    rights.demand(session, "change the map")
    typed, until = cuts[-1]
    one = _initiative(session, meant(typed, command, session, ("initiative",)))
    keeping = Keeping(session, why=why)
    keeping.change(one, {"ends_on": day(until, session).day})
    return keeping.answer(one)


def _with_reason(text: str) -> tuple[str, str]:
    """The text without the quote at its end, and that quote."""
    said = quotes(text)
    if said and said[-1].start and not text[said[-1].end :].strip(MARKS):
        return text[: said[-1].start], " ".join(said[-1].text.split())
    return text, ""


def rank(command: Command, session: Session) -> Reply:
    """`rank "Grow revenue" 1`: the others move down."""
    in_quotes = quotes(command.text)
    name_ends = in_quotes[0].end if in_quotes else 0
    said = _RANKED.fullmatch(command.text[name_ends:])
    if is_question(command.text) or (said is None and not in_quotes):
        return asked(command, session)
    rights.demand(session, "rank")
    if said is None:
        raise Refusal('Say the place as a number: rank "Grow revenue" 1')
    place = int(said[2])
    if not place:
        raise Refusal("The first place is 1.")
    typed = in_quotes[0].text if in_quotes else said[1].strip(MARKS)
    named = meant(typed, command, session, ("priority",))
    one = session.get_one(Priority, named.id)
    others = [other for other in priorities.live(session) if other.rank and other.id != one.id]
    others.insert(place - 1, one)
    keeping = Keeping(session)
    _number(others, one, keeping)
    return keeping.answer(one)


def _number(ranked: list[Priority], shown: Priority, keeping: Keeping) -> None:
    for place, one in enumerate(ranked, 1):
        keeping.change(one, {"rank": place}, is_told=one is shown)


def retire(command: Command, session: Session) -> Reply:
    """`retire "X"`: a priority leaves the list, a project or tool is stopped."""
    if is_question(command.text):
        return asked(command, session)
    rights.demand(session, "retire")
    one = thing(session, meant(command.text.strip(MARKS), command, session))
    keeping = Keeping(session)
    end(one, keeping)
    return keeping.answer(one)


def end(one: Thing, keeping: Keeping) -> None:
    """It is no longer worked on; what was said of it is kept."""
    session = keeping.session
    match one:
        case Priority():
            keeping.is_retired = True
            keeping.change(one, {"retired_at": session.now, "rank": None}, is_told=False)
            session.flush()
            _number([p for p in priorities.live(session) if p.rank], one, keeping)
        case Initiative():
            keeping.change(one, {"status": "stopped"})
        case _:
            raise Refusal(
                "I retire priorities, projects and tools. A capability or a number stays on the "
                "map; unlink it from what it no longer serves."
            )


def rename(command: Command, session: Session) -> Reply:
    """`rename "A" to "B"`: a project is still found by the name it had."""
    cuts = [(low, up) for low, up in halves(command.text, "to") if low and up]
    if is_question(command.text) or not cuts:
        raise Refusal('Say both names: rename "Phenix" to "One login"')
    index = naming.index(session)
    old, new = next((both for both in cuts if index.find(both[0]).one), cuts[0])
    one = thing(session, meant(old, command, session))
    rights.demand(session, "priority" if isinstance(one, Priority) else "change the map")
    called = name(new, 'rename "Phenix" to "One login"')
    _must_be_free(called, one, session)
    keeping = Keeping(session)
    values: dict[str, object] = {"name": called}
    if isinstance(one, Initiative) and one.name != called:
        former = [alias for alias in (*one.aliases, one.name) if alias != called]
        values["aliases"] = list(dict.fromkeys(former))
    keeping.change(one, values)
    return keeping.answer(one)


def _must_be_free(called: str, one: Thing, session: Session) -> None:
    table: type[Any] = type(one)
    others = session.exec(select(table.id, table.name)).all()
    if any(same(other) == same(called) and id != one.id for id, other in others):
        raise Refusal(f"There is already a {_word(one)} called “{called}”. Choose another name.")


def _word(one: Thing) -> str:
    return {"initiative": "project", "metric": "number"}.get(noun_of(one), noun_of(one))


def _initiative(session: Session, named: Name) -> Initiative:
    return session.get_one(Initiative, named.id)
