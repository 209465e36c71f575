"""`decisions`: the open ones, mine, overdue, wishes, or those about something; and why."""

import re
from collections.abc import Sequence
from datetime import time
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.messages import Button, Card, Command, Table
from handlers import saying
from handlers.decide import showing
from handlers.decide.logging import priority
from handlers.decide.naming import meant, person
from handlers.saying import card
from handlers.typed import dates
from handlers.typed.pieces import Kind, take_apart
from storage import decisions
from storage.database import Session
from storage.decisions import OPEN, Decision, DecisionState, Standing
from storage.names.folding import fold
from storage.names.vocabulary import KINDS as KINDS_OF_THINGS
from storage.names.vocabulary import SMALL
from storage.people import Person

MOST = 12
FLAGS: dict[str, Kind] = {"owner": "person", "for": "name", "since": "date"}
KINDS = ("mine", "open", "waiting", "overdue", "wishes", "all")


def show(command: Command, session: Session) -> Card:
    """`decisions`, all or by any of the words in `KINDS`, an owner, a priority, a day, words."""
    zone = ZoneInfo(session.zone)
    pieces = take_apart(command.text, FLAGS, session.now, zone)
    words = [word for word in pieces.words.split() if word.lower() not in KINDS]
    kinds = {word.lower() for word in pieces.words.split()} & set(KINDS)
    wanted = (
        select(Decision.id)
        .join(DecisionState, col(DecisionState.decision_id) == col(Decision.id))
        .where(
            DecisionState.organisation_id == Decision.organisation_id,
            decisions.readable(session),
        )
    )
    if "mine" in kinds:
        wanted = wanted.where(DecisionState.owner_id == session.me.id)
    if "open" in kinds:
        wanted = wanted.where(col(DecisionState.status).in_(OPEN))
    if "waiting" in kinds:
        wanted = wanted.where(col(DecisionState.status).in_(("needed", "asked")))
    if "wishes" in kinds:
        wanted = wanted.where(DecisionState.status == "wish")
    if "overdue" in kinds:
        wanted = wanted.where(
            col(DecisionState.status).in_(OPEN),
            col(DecisionState.due_on) < session.now.astimezone(zone).date(),
        )
    for said in (*pieces.flags.get("owner", ()), *pieces.mentions)[:1]:
        wanted = wanted.where(DecisionState.owner_id == person(said, command, session).id)
    for name in pieces.flags.get("for", ())[:1]:
        goal = priority(name, command, session)
        wanted = wanted.where(DecisionState.priority_id == goal.id)
    for said in pieces.flags.get("since", ())[:1]:
        when = dates.read(said, session.now, zone, past=True)
        if when:
            wanted = wanted.where(col(Decision.at) >= when.at(time(0)))
    for word in (*words, *pieces.quoted):
        wanted = wanted.where(col(Decision.title).icontains(word, autoescape=True))
    ids = session.exec(wanted.order_by(col(Decision.number).desc())).all()
    return _listed(session, ids, " ".join(command.text.split()))


def _listed(session: Session, ids: Sequence[int], asked: str) -> Card:
    """The newest of these decisions, the oldest of them first."""
    found = list(reversed(decisions.stand(session, ids[:MOST])))
    return card(
        "decide/list",
        count=len(ids),
        most=MOST,
        asked=asked,
        parts=(_table(session, found),) if found else (),
        buttons=tuple(Button(one.decision.name, "why", one.decision.name) for one in found[:5]),
    )


def _table(session: Session, found: list[Standing]) -> Table:
    rows = []
    for one in found:
        owner = session.get(Person, one.owner_id) if one.owner_id else None
        due = saying.day(one.due_on, session.now.date()) if one.due_on else "–"
        title = saying.title(one.decision.title)
        rows.append((one.decision.name, title, owner.name if owner else "–", one.status, due))
    return Table("Decisions", ("No.", "Decision", "Owner", "It is", "Due"), tuple(rows))


def why(command: Command, session: Session) -> Card:
    """`why D-12`: the decision as it stands."""
    if not re.search(r"\bd?-?\d+|last", command.text, re.I):
        return card("decide/why_which")
    standing, _ = meant(command, session)
    return showing.shown(session, standing, is_whole=True)


def about(session: Session, words: str) -> Card | None:
    """What did we decide, about anything or about this? Nothing where nobody logged it."""
    wanted = select(Decision.id).where(decisions.readable(session))
    for word in fold(words):
        if word not in SMALL | KINDS_OF_THINGS:
            wanted = wanted.where(col(Decision.title).icontains(word, autoescape=True))
    ids = session.exec(wanted.order_by(col(Decision.number).desc())).all()
    if not ids:
        return None
    if len(ids) == 1:
        return showing.shown(session, decisions.stand(session, ids)[0])
    return _listed(session, ids, words)
