"""Lets what stands in the chats follow the things it names: their names, owners and sides."""

from collections.abc import Iterable

from sqlmodel import col, or_, select

from storage import decisions, outbox
from storage.database import Session
from storage.decisions import NOUN, Decision, DecisionEvent


def of(session: Session, noun: str, id: int) -> None:
    """This priority or project has another name or owner. Nothing else is named on a card."""
    of_decisions(session, decisions.naming(session, noun, id))


def of_person(session: Session, *ids: int) -> None:
    """This person, who may have had other ids, has another side or name."""
    logged = session.exec(select(Decision.id).where(col(Decision.by_id).in_(ids)))
    said = select(DecisionEvent).where(
        or_(col(DecisionEvent.by_id).in_(ids), col(DecisionEvent.what).in_(("owner", "asked")))
    )
    named = (event for event in session.exec(said) if {event.by_id, *_named(event)} & {*ids})
    of_decisions(session, (*logged, *(event.decision_id for event in named)))


def _named(event: DecisionEvent) -> Iterable[int]:
    return (event.data.get("person"), *event.data.get("people", ()))


def of_decisions(session: Session, decision_ids: Iterable[int]) -> None:
    """These stand otherwise now."""
    wanted = select(Decision.number).where(col(Decision.id).in_(set(decision_ids)))
    for number in session.exec(wanted.order_by(col(Decision.number))):
        outbox.changed(session, f"{NOUN}/{number}", session.now)
