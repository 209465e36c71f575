"""What stands on the map, by the name of its noun: "initiative", "priority" and so on."""

from typing import Any

from storage import links
from storage.capabilities import Capability
from storage.database import Session
from storage.initiatives import Initiative
from storage.metrics import Metric
from storage.priorities import Priority

Thing = Initiative | Priority | Capability | Metric

TABLES: dict[str, type[Any]] = {
    "initiative": Initiative,
    "priority": Priority,
    "capability": Capability,
    "metric": Metric,
}
NOUNS = {table: noun for noun, table in TABLES.items()}


def find(session: Session, noun: str, id: int) -> Thing | None:
    """The thing itself; nothing where it is gone, or the noun is none of the map's."""
    found: Thing | None = session.get(TABLES[noun], id) if noun in TABLES else None
    return found


def noun_of(thing: Thing) -> str:
    """What the map calls it."""
    return NOUNS[type(thing)]


def ends(session: Session, key: str) -> list[Thing]:
    """The two things that a link joins, or the one thing a key names; fewer where one is gone."""
    found = (find(session, noun, id) for noun, id in links.ends(key))
    return [one for one in found if one is not None]
