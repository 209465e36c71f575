"""The page of one decision, to be printed: who decided, on what numbers, and what followed."""

from sqlmodel import col, select

from bot.web.pages import Page, Visit
from handlers import rights
from handlers.board import checking, following
from handlers.board.checking import day, moment, on
from handlers.saying import measured, number
from handlers.saying import standing as how_it_stands
from storage import chain, decisions, lines, metrics, people
from storage.channels import Channel
from storage.database import Session
from storage.decisions import Decision, Standing
from storage.initiatives import Initiative
from storage.metrics import Metric, Reading
from storage.priorities import Priority
from storage.rooms import Room

AT_ONCE = 50  # decisions of a list
LONGEST = 9  # digits of a number


def list_them(visit: Visit[None], session: Session) -> Page:
    """The decisions that whoever visits may read, the newest first."""
    rights.demand(session, "record")
    wanted = select(Decision.id).where(decisions.readable(session))
    if before := _number(visit.values.get("before", "")):
        wanted = wanted.where(Decision.number < before)
    ids = session.exec(wanted.order_by(col(Decision.number).desc()).limit(AT_ONCE + 1)).all()
    shown = sorted(
        decisions.stand(session, ids[:AT_ONCE]), key=lambda one: one.decision.number, reverse=True
    )
    rows = [
        {
            "number": one.decision.number,
            "name": one.decision.name,
            "title": one.decision.title,
            "status": one.status,
            "owner": _name(session, one.owner_id),
            "on": day(one.decision.at, session),
        }
        for one in shown
    ]
    older = shown[-1].decision.number if len(ids) > AT_ONCE else 0
    return Page("board/decisions", {"rows": rows, "older": older, "is_first": not before})


def show(visit: Visit[None], session: Session) -> Page:
    """One decision, with all that was said of it; nothing where it may not be read."""
    rights.demand(session, "record")
    typed = visit.values["number"]
    standing = decisions.one(session, _number(typed))
    if standing is None:
        return Page("board/no_decision", {"typed": typed[:LONGEST]}, status=404)
    decision = standing.decision
    home = session.get_one(Channel, decision.channel_id)
    room = session.get(Room, home.room_id) if home.room_id else None
    priority = session.get(Priority, standing.priority_id) if standing.priority_id else None
    head = chain.head(session)
    under = chain.numbers(session, "decisions", [decision.id])
    said = following.said(session, standing)
    facts: dict[str, object] = {
        "name": decision.name,
        "title": decision.title,
        "status": standing.status,
        "is_needed": decision.is_needed,
        "by": _name(session, decision.by_id),
        "at": moment(decision.at, session),
        "place": room.name if room else home.name or home.external_id,
        "source": decision.source,
        "record": under.get(decision.id, 0),
        "owner": _name(session, standing.owner_id),
        "asked_at": day(standing.owner_asked_at, session),
        "answered_at": day(standing.owner_answered_at, session),
        "asked": [_name(session, id) for id in standing.asked],
        "told": standing.told,
        "because": standing.because,
        "priority": priority.name if priority else "",
        "serves_nothing": standing.serves_nothing,
        "expects": standing.expects,
        "accepts_risk": standing.accepts_risk,
        "due": on(standing.due_on),
        "review": on(standing.review_on),
        "why": standing.why,
        "numbers": _numbers(session, standing, priority),
        "blocked": _blocked(session, standing),
        "said": said,
        "unchanged_since": said[-1].at if said else moment(decision.at, session),
        "head": head,
    }
    return Page("board/decision", facts | checking.checked(session, (), visit.tell))


def _number(typed: str) -> int:
    plain = typed.strip().upper().removeprefix("D-")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= LONGEST else 0


def _name(session: Session, id: int | None) -> str:
    person = people.who(session, id) if id else None
    return person.name if person else ""


def _numbers(
    session: Session, standing: Standing, priority: Priority | None
) -> list[dict[str, object]]:
    """The numbers of what it is for: as they were told on the day, and as they are told now."""
    found = lines.numbers(session, [priority.id])[priority.id] if priority else []
    readings = metrics.readings_of(session, {one.id for one in found})
    return [_measured(session, standing, one, readings[one.id]) for one in found]


def _measured(
    session: Session, standing: Standing, metric: Metric, readings: list[Reading]
) -> dict[str, object]:
    then = [one for one in readings if one.said_at <= standing.decision.at]
    return {
        "name": metric.name,
        "then": _told(session, metric, then[-1]) if then else "",
        "now": _told(session, metric, readings[-1]) if readings else "",
        "goal": number(metric.target) if metric.target is not None else "",
    }


def _told(session: Session, metric: Metric, reading: Reading) -> str:
    by = _name(session, reading.said_by_id)
    said = f", said {by}" if by else ""
    return f"{measured(reading.value, metric.unit)}, on {on(reading.day)}{said}"


def _blocked(session: Session, standing: Standing) -> list[tuple[str, str]]:
    """What waited for it, and where that stands now."""
    found = [session.get(Initiative, id) for id in standing.blocks]
    today = session.now.date()
    return [(one.name, how_it_stands(one, today)) for one in found if one]
