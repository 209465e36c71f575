"""What was said of a decision, line by line: what, by whom, when, and under which number."""

from dataclasses import dataclass, field
from datetime import date

from sqlmodel import col, select

from handlers.board.checking import moment, on
from storage import chain, decisions, people
from storage.database import Session
from storage.decisions import Decision, DecisionEvent, Standing
from storage.initiatives import Initiative
from storage.priorities import Priority

OF_OTHERS = {"decided": "by", "superseded": "by", "replaces": "decision"}  # which decision


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that somebody said. `what` is as in `DecisionEvent`; the words are the page's."""

    at: str
    by: str
    what: str
    record: int
    names: list[str] = field(default_factory=list)
    text: str = ""
    is_self: bool = False
    is_undone: bool = False


def said(session: Session, standing: Standing) -> list[Line]:
    """In the order in which it was said. What names a decision that may not be read has no name."""
    under = chain.numbers(session, "decision_events", [one.id for one in standing.events])
    undone = {one.data["event"] for one in standing.events if one.what == "undone"}
    others = _others(session, standing)
    return [
        Line(
            at=moment(event.at, session),
            by=_person(session, event.by_id),
            what=event.what,
            record=under.get(event.id, 0),
            names=_names(session, event, others),
            text=_text(event),
            is_self=event.data.get("person") == event.by_id,
            is_undone=event.id in undone,
        )
        for event in standing.events
    ]


def _others(session: Session, standing: Standing) -> dict[int, str]:
    ids = {
        one.data[OF_OTHERS[one.what]]
        for one in standing.events
        if one.what in OF_OTHERS and one.data.get(OF_OTHERS[one.what])
    }
    found = select(Decision).where(col(Decision.id).in_(ids), decisions.readable(session))
    return {one.id: one.name for one in session.exec(found)} if ids else {}


def _names(session: Session, event: DecisionEvent, others: dict[int, str]) -> list[str]:
    data = event.data
    match event.what:
        case "owner":
            return [_person(session, data["person"])] if data["person"] else []
        case "asked":
            return [_person(session, id) for id in data["people"]]
        case "told":
            return [str(one) for one in data["text"]]
        case "for":
            return _thing(session, Priority, data["priority"])
        case "blocks":
            return _thing(session, Initiative, data["initiative"])
        case "decided" | "superseded" | "replaces":
            name = others.get(data.get(OF_OTHERS[event.what], 0))
            return [name] if name else []
    return []


def _text(event: DecisionEvent) -> str:
    match event.what:
        case "refused" | "reversed":
            return str(event.data.get("why", ""))
        case "because" | "expects":
            return str(event.data["text"])
        case "due" | "review":
            return on(date.fromisoformat(event.data["day"]))
    return ""


def _thing(session: Session, table: type[Priority] | type[Initiative], id: int) -> list[str]:
    row = session.get(table, id)
    return [row.name] if isinstance(row, Priority | Initiative) else []


def _person(session: Session, id: int) -> str:
    person = people.who(session, id)
    return person.name if person else ""
