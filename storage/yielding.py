"""What may give way to something new: what is least tied to what the company wants."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from storage import priorities
from storage.events import Event
from storage.initiatives import Initiative
from storage.priorities import Priority
from storage.sorting import is_live, serving

FIELD = "gives_way"  # of the event that says what gave way to a thing, or that nothing had to


def least_tied(session: Session, besides: int, most: int) -> list[Initiative]:
    """Of what is not over: with the fewest and weakest ways to a live priority, the dearest."""
    ways = serving().subquery()
    ties = (
        select(
            ways.c.initiative_id,
            func.count(func.distinct(ways.c.priority_id)).label("goals"),
            func.sum(ways.c.strength).label("strength"),
        )
        .group_by(ways.c.initiative_id)
        .subquery()
    )
    found = session.exec(
        select(Initiative)
        .outerjoin(ties, ties.c.initiative_id == col(Initiative.id))
        .where(is_live(), col(Initiative.id) != besides)
        .order_by(
            func.coalesce(ties.c.goals, 0),
            func.coalesce(ties.c.strength, 0),
            col(Initiative.cost).desc().nulls_last(),
            func.lower(Initiative.name),
            col(Initiative.id),
        )
        .limit(most)
    )
    return list(found)


def least_served(session: Session, besides: int, most: int) -> list[tuple[Priority, int]]:
    """The live priorities that the fewest projects serve, the lowest in rank, and how many do."""
    ways = serving().subquery()
    counted = session.exec(
        select(ways.c.priority_id, func.count(func.distinct(ways.c.initiative_id))).group_by(
            ways.c.priority_id
        )
    )
    counts = dict(counted.all())
    others = [one for one in reversed(priorities.live(session)) if one.id != besides]
    others.sort(key=lambda one: counts.get(one.id, 0))
    return [(one, counts.get(one.id, 0)) for one in others[:most]]


def said(session: Session, noun: str, thing_id: int, since: datetime) -> list[str]:
    """What gave way to a thing, as "initiative/3"; empty where somebody said that there is room.

    Nothing was said of it before it was there, and what was taken back was not said.
    """
    found = session.exec(
        select(Event)
        .where(Event.noun == noun, Event.thing_id == thing_id, Event.at >= since)
        .order_by(col(Event.id))
    )
    standing: list[str] = []
    for one in found:
        if one.after.get(FIELD) is not None:
            standing.append(one.after[FIELD])
        elif one.before.get(FIELD) in standing:
            standing.remove(one.before[FIELD])
    return standing
