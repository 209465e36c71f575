"""Walks the line: from a project up to the numbers it is for, and from a priority down."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session, col, select

from storage import links
from storage.capabilities import Capability
from storage.initiatives import Initiative
from storage.links import Link
from storage.metrics import Metric
from storage.priorities import Priority

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


def down(session: Session, priority_id: int) -> list[Way]:
    """All ways that end at this priority, from whatever project."""
    into = links.touching(session, "priority", {priority_id})
    capabilities = {link.capability_id for link in into if link.capability_id}
    through = links.touching(session, "capability", capabilities)
    own = [link for link in (*into, *through) if link.initiative_id]
    ways = _joined(session, own, {link.initiative_id for link in own if link.initiative_id})
    return [
        way
        for found in ways.values()
        for way in found
        if way.priority is not None and way.priority.id == priority_id
    ]


def everywhere(session: Session) -> dict[int, list[Way]]:
    """All ways of all projects that are linked to anything."""
    own = [link for link in links.all_of_them(session) if link.initiative_id]
    return _joined(session, own, {link.initiative_id for link in own if link.initiative_id})


def _joined(session: Session, own: list[Link], initiative_ids: set[int]) -> dict[int, list[Way]]:
    through = {link.capability_id for link in own if link.capability_id}
    uppers: dict[int, list[Link]] = {}
    for link in links.touching(session, "capability", through):
        if link.priority_id and link.capability_id:
            uppers.setdefault(link.capability_id, []).append(link)
    capabilities = _by_id(session, Capability, through)
    priorities = _by_id(
        session,
        Priority,
        {link.priority_id for link in own}
        | {u.priority_id for ups in uppers.values() for u in ups},
    )
    ways: dict[int, list[Way]] = {id: [] for id in initiative_ids}
    for link in own:
        assert link.initiative_id is not None
        if link.capability_id is None:
            found = [Way(link.initiative_id, None, priorities[link.priority_id], link)]
        else:
            capability = capabilities[link.capability_id]
            found = [
                Way(link.initiative_id, capability, priorities[upper.priority_id], link, upper)
                for upper in uppers.get(link.capability_id, [])
            ] or [Way(link.initiative_id, capability, None, link)]
        ways[link.initiative_id] += found
    return {id: _in_order(several) for id, several in ways.items()}


def _in_order(ways: list[Way]) -> list[Way]:
    """A direct link says no more once a capability leads to the same priority."""
    through = {way.priority.id for way in ways if way.priority and way.capability}
    told = [w for w in ways if w.capability or (w.priority and w.priority.id not in through)]
    return sorted(told, key=lambda way: (way.priority is None, -way.lower.strength, way.lower.id))


def _by_id(session: Session, table: type[T], ids: Iterable[int | None]) -> dict[int | None, T]:
    wanted = {id for id in ids if id is not None}
    return {row.id: row for row in session.exec(select(table).where(col(table.id).in_(wanted)))}


def numbers(session: Session, priority_ids: Iterable[int]) -> dict[int, list[Metric]]:
    """The numbers that show whether each of these priorities is getting anywhere."""
    into = links.touching(session, "priority", set(priority_ids))
    metrics = _by_id(session, Metric, {link.metric_id for link in into if link.metric_id})
    found: dict[int, list[Metric]] = {id: [] for id in priority_ids}
    for link in into:
        if link.metric_id and link.priority_id:
            found[link.priority_id].append(metrics[link.metric_id])
    return found


def supporters(session: Session, capability_id: int) -> list[Initiative]:
    """The projects and tools that serve this capability, by name."""
    into = links.touching(session, "capability", {capability_id})
    found = _by_id(session, Initiative, {link.initiative_id for link in into if link.initiative_id})
    return sorted(found.values(), key=lambda one: one.name.casefold())
