"""Answers "why did we buy it": from the decisions about it, each with the reason that was given."""

from sqlmodel import and_, col, or_, select

from bot.messages import Button, Card, Command
from handlers import here
from handlers.decide.showing import may_see
from handlers.saying import card, mention, moment
from storage import decisions, naming, people
from storage.database import Session
from storage.decisions import NOUN, Decision, DecisionState, Standing
from storage.names.folding import fold
from storage.names.vocabulary import KINDS, SMALL

MOST = 3
LOOKED_AT = 20


def why(about: str, command: Command, session: Session) -> Card | None:
    """Nothing where nobody logged a decision about it, or none that may be seen here."""
    found = [
        one
        for one in _about(about, command, session)
        if one.status != "withdrawn"
        and may_see(f"{NOUN}/{one.decision.number}", command.at, session)
    ]
    if not found:
        return None
    told = [one for one in found if one.because] or found
    return card(
        "ask/reasons",
        decided=[
            {
                "name": one.decision.name,
                "title": one.decision.title,
                "because": one.because,
                "by": mention(people.who(session, one.owner_id or one.decision.by_id)),
                "at": moment(one.decision.at),
            }
            for one in told[:MOST]
        ],
        more=max(len(told) - MOST, 0),
        key=f"{NOUN}/{told[0].decision.number}" if len(told) == 1 else "",
        buttons=tuple(
            Button(
                one.decision.name if one.because else f"Add why {one.decision.name}",
                "why" if one.because else "add why",
                one.decision.name,
            )
            for one in told[:MOST]
        ),
    )


def _about(about: str, command: Command, session: Session) -> list[Standing]:
    """The decisions that are meant by "it", that name it, or that are for that priority."""
    if here.is_it(about):
        key = here.key(command, session)
        if number := here.decision(key):
            standing = decisions.one(session, number)
            return [standing] if standing else []
        named = here.thing(key, session)
        if named is None:
            return []
        about = named.text
    words = [word for word in fold(about) if word not in SMALL | KINDS]
    goal = naming.index(session).find(about, ("priority",)).one
    if not words and goal is None:
        return []
    titled = [col(Decision.title).icontains(word, autoescape=True) for word in words]
    fits = col(Decision.id).in_(
        select(DecisionState.decision_id).where(
            DecisionState.priority_id == (goal.id if goal else -1)
        )
    )
    for_them = or_(fits, and_(*titled)) if titled else fits
    ids = session.exec(
        select(Decision.id).where(for_them).order_by(col(Decision.number).desc()).limit(LOOKED_AT)
    ).all()
    return list(reversed(decisions.stand(session, ids)))
