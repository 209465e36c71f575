"""The names of everything on the map, ready to be searched, read anew when the map has changed."""

from sqlmodel import col, select

from storage.capabilities import Capability
from storage.database import Session
from storage.initiatives import Initiative
from storage.metrics import Metric
from storage.names import Index, Name
from storage.priorities import Priority


def index(session: Session) -> Index:
    """The index that belongs to what this transaction sees."""
    organisation = session.organisation
    revision, known = session.indexes.get(organisation.id, (-1, None))
    if known is None or revision != organisation.map_revision:
        known = as_it_stands(session)
        session.indexes[organisation.id] = (organisation.map_revision, known)
    return known


def as_it_stands(session: Session) -> Index:
    """The same, for a transaction that has changed the map and may yet be undone."""
    return Index(_names(session))


def _names(session: Session) -> list[Name]:
    names = [
        Name("initiative", id, name, tuple(aliases))
        for id, name, aliases in session.exec(
            select(Initiative.id, Initiative.name, Initiative.aliases)
        )
    ]
    live = select(Priority.id, Priority.name).where(col(Priority.retired_at).is_(None))
    names += [Name("priority", id, name) for id, name in session.exec(live)]
    names += [
        Name("capability", id, name)
        for id, name in session.exec(select(Capability.id, Capability.name))
    ]
    names += [Name("metric", id, name) for id, name in session.exec(select(Metric.id, Metric.name))]
    return names
