"""Says what was hung on a thing since it was added, so that it cannot just be taken off the map."""

from typing import Any

from sqlmodel import or_, select

from storage import decisions, events, people
from storage.database import Session
from storage.decisions import Decision
from storage.events import Event
from storage.links import ENDS, Link
from storage.tables import Row
from storage.things import TABLES

ELSE = {"readings": "somebody has said what it is since"}


def hung_on(thing: Any, added: Event, session: Session) -> str:
    """What hangs on it, in words; empty where nothing does."""
    if linked := _linked(thing, added.noun, session):
        return f"it is linked to {linked} since; unlink it first"
    if named := _named_by(thing, added.noun, session):
        return f"{named} names it since"
    for one in events.after(session, added):
        if one.by_id not in (None, session.me.id):
            by = people.who(session, one.by_id)
            return f"{by.name if by else 'somebody'} has changed it since"
    return next(
        (ELSE.get(name, "more hangs on it since") for name in _pointing(thing, session)), ""
    )


def _linked(thing: Any, noun: str, session: Session) -> str:
    """The other end of a link of it."""
    link = session.exec(select(Link).where(getattr(Link, f"{noun}_id") == thing.id)).first()
    if link is None:
        return ""
    other = next(end for end in ENDS if end != noun and getattr(link, f"{end}_id"))
    return str(session.get_one(TABLES[other], getattr(link, f"{other}_id")).name)


def _named_by(thing: Any, noun: str, session: Session) -> str:
    """A decision that is for it, or that it waits for."""
    ids = decisions.naming(session, noun, thing.id)
    return session.get_one(Decision, min(ids)).name if ids else ""


def _pointing(thing: Any, session: Session) -> list[str]:
    """The tables of which some row points at it: whatever they hold, it would be left hanging."""
    found = []
    for table in Row.metadata.tables.values():
        columns = [
            key.column_keys[-1]
            for key in table.foreign_key_constraints
            if key.referred_table is type(thing).__table__ and "organisation_id" in key.column_keys
        ]
        if columns:
            theirs = or_(*(table.c[one] == thing.id for one in columns))
            ours = table.c.organisation_id == session.organisation.id
            if session.execute(select(table.c.organisation_id).where(ours, theirs)).first():
                found.append(table.name)
    return found
