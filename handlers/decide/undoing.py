"""Takes back the last thing one said of decisions: what one command said is one thing."""

from datetime import datetime
from typing import cast

from sqlmodel import col, select

from bot.messages import Changed
from storage import decisions
from storage.database import Session
from storage.decisions import NOUN, Decision, DecisionEvent, What


def last_at(session: Session, since: datetime) -> datetime | None:
    """When this person last said something of a decision that still counts."""
    made, event = _last(session, since)
    return max((one.at for one in (made, event) if one), default=None)


def take_back(session: Session, since: datetime) -> tuple[Changed, ...]:
    """Nothing is deleted: what was said is followed by who took it back.

    What one command said has one instant: a decision that replaced another lets it stand again.
    """
    made, event = _last(session, since)
    is_new = made is not None and (event is None or made.at >= event.at)
    at = max((one.at for one in (made, event) if one), default=None)
    touched: list[Decision] = []
    if made and is_new:
        decisions.say(session, made, "withdrawn", session.me.id, session.now)
        touched.append(made)
    for one in _counting(session, since):
        if one.at == at:
            decision = session.get_one(Decision, one.decision_id)
            decisions.say(session, decision, "undone", session.me.id, session.now, event=one.id)
            touched.append(decision)
    return tuple(Changed(f"{NOUN}/{number}") for number in {one.number: 0 for one in touched})


def say_again(session: Session, at: datetime) -> tuple[tuple[Changed, ...], tuple[str, ...]]:
    """What was taken back at this instant is said anew; also the names of decisions that moved on.

    A decision that was logged by it stays taken back.
    """
    mine = select(DecisionEvent).where(
        DecisionEvent.by_id == session.me.id, DecisionEvent.at == at, DecisionEvent.what == "undone"
    )
    said: dict[str, Changed] = {}
    left: dict[str, None] = {}
    for undone in reversed(session.exec(mine.order_by(col(DecisionEvent.id))).all()):
        decision = session.get_one(Decision, undone.decision_id)
        later = select(DecisionEvent.id).where(
            DecisionEvent.decision_id == decision.id, col(DecisionEvent.at) > at
        )
        if decision.name not in said and session.exec(later).first():
            left[decision.name] = None
            continue
        was = session.get_one(DecisionEvent, undone.data["event"])
        now = session.now
        decisions.say(session, decision, cast(What, was.what), session.me.id, now, **was.data)
        said[decision.name] = Changed(f"{NOUN}/{decision.number}")
    return tuple(said.values()), tuple(left)


def has_withdrawn(session: Session) -> bool:
    """Whether a decision was taken back by this very command."""
    now = DecisionEvent.by_id == session.me.id, DecisionEvent.at == session.now
    wanted = select(DecisionEvent.id).where(*now, DecisionEvent.what == "withdrawn")
    return session.exec(wanted).first() is not None


def _last(session: Session, since: datetime) -> tuple[Decision | None, DecisionEvent | None]:
    """The last decision they logged that stands, and the last thing they said of any."""
    logged = session.exec(
        select(Decision)
        .where(Decision.by_id == session.me.id, col(Decision.at) > since)
        .order_by(col(Decision.id).desc())
    )
    made = next((one for one in logged if not _is_withdrawn(session, one.id)), None)
    return made, next(iter(_counting(session, since)), None)


def _counting(session: Session, since: datetime) -> list[DecisionEvent]:
    """What they said of decisions that stand and did not take back, the newest first."""
    taken_back = select(DecisionEvent).where(DecisionEvent.what == "undone")
    undone = {event.data["event"] for event in session.exec(taken_back)}
    mine = session.exec(
        select(DecisionEvent)
        .where(
            DecisionEvent.by_id == session.me.id,
            col(DecisionEvent.at) > since,
            col(DecisionEvent.what).not_in(("undone", "withdrawn")),
        )
        .order_by(col(DecisionEvent.id).desc())
    ).all()
    withdrawn = {id for id in {one.decision_id for one in mine} if _is_withdrawn(session, id)}
    return [one for one in mine if one.id not in undone and one.decision_id not in withdrawn]


def _is_withdrawn(session: Session, id: int) -> bool:
    return decisions.stand(session, [id])[0].status == "withdrawn"
