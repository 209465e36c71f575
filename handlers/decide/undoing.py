"""`undo`: takes back the last thing one said of a decision, within ten minutes."""

from datetime import timedelta

from sqlmodel import col, select

from bot.messages import Changed, Command, Refusal, Reply
from handlers import rights
from storage import decisions
from storage.database import Session
from storage.decisions import NOUN, Decision, DecisionEvent

WITHIN = timedelta(minutes=10)


def undo(command: Command, session: Session) -> Reply:
    """Nothing is deleted: what was said is followed by who took it back."""
    rights.demand(session, "add")
    since = session.now - WITHIN
    undone = {
        event.data["event"]
        for event in session.exec(select(DecisionEvent).where(DecisionEvent.what == "undone"))
    }
    mine = session.exec(
        select(DecisionEvent)
        .where(
            DecisionEvent.by_id == session.me.id,
            col(DecisionEvent.at) > since,
            col(DecisionEvent.what).not_in(("undone", "withdrawn")),
        )
        .order_by(col(DecisionEvent.id).desc())
    )
    event = next((one for one in mine if one.id not in undone), None)
    made = session.exec(
        select(Decision)
        .where(Decision.by_id == session.me.id, col(Decision.at) > since)
        .order_by(col(Decision.id).desc())
    ).first()
    if made and (event is None or made.at >= event.at) and not _is_withdrawn(session, made):
        decisions.say(session, made, "withdrawn", session.me.id, session.now)
        return Changed(f"{NOUN}/{made.number}")
    if event is None:
        raise Refusal("There is nothing of yours from the last ten minutes to take back.")
    decision = session.get_one(Decision, event.decision_id)
    decisions.say(session, decision, "undone", session.me.id, session.now, event=event.id)
    return Changed(f"{NOUN}/{decision.number}")


def _is_withdrawn(session: Session, made: Decision) -> bool:
    return decisions.stand(session, [made.id])[0].status == "withdrawn"
