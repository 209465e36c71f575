"""Walks the line: from a project up to the numbers it is for, and from a priority down."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import col, select

from storage import links, metrics
from storage.capabilities import Capability
from storage.database import Session
from storage.initiatives import Initiative
from storage.links import Link
from storage.metrics import Metric, Reading
from storage.priorities import Priority
from storage.remembered import remembered

T = TypeVar("T", Capability, Initiative, Metric, Priority)


@dataclass(frozen=True, slots=True)
class Way:
    """One way from a project to a priority. Without `priority` it ends at the capability.

    `lower` is the project's own link; `upper` the capability's, where there is one.
    """

    initiative_id: int
    capability: Capability | None
    priority: Priority | None
    lower: Link
    upper: Link | None = None


def up(session: Session, initiative_ids: Iterable[int]) -> dict[int, list[Way]]:
    """All ways up from these projects: ways to a priority first, the strongest first."""
    own = links.touching(session, "initiative", set(initiative_ids))
    return _joined(session, own, set(initiative_ids))


@dataclass(frozen=True, slots=True)
class Line:
    """Where one project stands: its ways up, and the numbers of each priority they lead to.

    `numbers` is by the priority's id, `readings` by the number's, oldest first.
    """

    ways: list[Way]
    numbers: dict[int, list[Metric]]
    readings: dict[int, list[Reading]]


def line(session: Session, initiative_id: int) -> Line:
    """The line of one project, as the map has it."""
    return remembered(session, ("line", initiative_id), lambda: _line(session, initiative_id))


def _line(session: Session, initiative_id: int) -> Line:
    ways = up(session, [initiative_id])[initiative_id]
    of_each = numbers(session, {way.priority.id for way in ways if way.priority})
    ids = {one.id for several in of_each.values() for one in several}
    return Line(ways, of_each, metrics.readings_of(session, ids))


def reach(session: Session) -> dict[int, set[int]]:
    """Which live priorities each project reaches, directly or through a capability, by id."""
    live = set(session.exec(select(Priority.id).where(col(Priority.retired_at).is_(None))))
    through: dict[int, set[int]] = {}
    for capability_id, priority_id in links.pairs(session, "capability", "priority"):
        through.setdefault(capability_id, set()).add(priority_id)
    reached: dict[int, set[int]] = {}
    for initiative_id, priority_id in links.pairs(session, "initiative", "priority"):
        reached.setdefault(initiative_id, set()).add(priority_id)
    for initiative_id, capability_id in links.pairs(session, "initiative", "capability"):
        reached.setdefault(initiative_id, set()).update(through.get(capability_id, ()))
    return {id: goals & live for id, goals in reached.items() if goals & live}


def serving(session: Session, priority_id: int) -> set[int]:
    """The projects and tools that reach this priority."""
    return {id for id, goals in reach(session).items() if priority_id in goals}


def _joined(session: Session, own: list[Link], initiative_ids: set[int]) -> dict[int, list[Way]]:
    through = {link.capability_id for link in own if link.capability_id}
    uppers: dict[int, list[Link]] = {}
    for link in links.touching(session, "capability", through, other="priority"):
        if link.capability_id:
            uppers.setdefault(link.capability_id, []).append(link)
    capabilities = _by_id(session, Capability, through)
    priorities = _live(
        session,
        {link.priority_id for link in own}
        | {u.priority_id for ups in uppers.values() for u in ups},
    )
    ways: dict[int, list[Way]] = {id: [] for id in initiative_ids}
    for link in own:
        assert link.initiative_id is not None
        if link.capability_id is None:
            goal = priorities.get(link.priority_id)
            found = [Way(link.initiative_id, None, goal, link)] if goal else []
        else:
            capability = capabilities[link.capability_id]
            found = [
                Way(link.initiative_id, capability, priorities[upper.priority_id], link, upper)
                for upper in uppers.get(link.capability_id, [])
                if upper.priority_id in priorities
            ] or [Way(link.initiative_id, capability, None, link)]
        ways[link.initiative_id] += found
    return {id: _in_order(several) for id, several in ways.items()}


def _in_order(ways: list[Way]) -> list[Way]:
    """A direct link says no more once a capability leads to the same priority."""
    through = {way.priority.id for way in ways if way.priority and way.capability}
    told = [w for w in ways if w.capability or (w.priority and w.priority.id not in through)]
    return sorted(told, key=lambda way: (way.priority is None, -way.lower.strength, way.lower.id))


def _live(session: Session, ids: Iterable[int | None]) -> dict[int | None, Priority]:
    found = _by_id(session, Priority, ids)
    return {id: one for id, one in found.items() if one.retired_at is None}


def _by_id(session: Session, table: type[T], ids: Iterable[int | None]) -> dict[int | None, T]:
    wanted = {id for id in ids if id is not None}
    return {row.id: row for row in session.exec(select(table).where(col(table.id).in_(wanted)))}


def numbers(session: Session, priority_ids: Iterable[int]) -> dict[int, list[Metric]]:
    """The numbers that show whether each of these priorities is getting anywhere."""
    into = links.touching(session, "priority", set(priority_ids), other="metric")
    metrics = _by_id(session, Metric, {link.metric_id for link in into if link.metric_id})
    found: dict[int, list[Metric]] = {id: [] for id in priority_ids}
    for link in into:
        if link.metric_id and link.priority_id:
            found[link.priority_id].append(metrics[link.metric_id])
    return found


def supporters(session: Session, capability_id: int) -> list[Initiative]:
    """The projects and tools that serve this capability, by name."""
    into = links.touching(session, "capability", {capability_id}, other="initiative")
    found = _by_id(session, Initiative, {link.initiative_id for link in into if link.initiative_id})
    return sorted(found.values(), key=lambda one: one.name.casefold())
