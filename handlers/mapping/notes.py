"""What is noted of a thing and stands in no column of it: an event alone, or one beside a tap.

That it serves no priority, said in `sort`; and what gives way to it, or that there is room.
"""

from collections.abc import Mapping
from typing import Any

from storage import sorting, yielding
from storage.database import Session
from storage.events import Event
from storage.things import find


def only(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those of an event's fields that are notes."""
    return {name: fields[name] for name in (sorting.FIELD, yielding.FIELD) if name in fields}


def restore(session: Session, event: Event, thing: Any) -> str:
    """As it was before this note, in words."""
    is_said_again = bool(only(event.before))
    if sorting.FIELD in {**event.before, **event.after}:
        if is_said_again:
            sorting.keep(session, thing.id, session.me.id, "none", session.now, settles=True)
            return f"{thing.name} serves no priority, by your word."
        sorting.forget(session, thing.id, session.me.id)
        return f"{thing.name} is no longer said to serve no priority."
    said = {**event.before, **event.after}[yielding.FIELD]
    noun, _, id = said.partition("/")
    old = find(session, noun, int(id)) if id else None
    if not said:
        return f"There is {'' if is_said_again else 'no longer said to be '}room for {thing.name}."
    name = old.name if old else "What was stopped"
    return f"{name} {'gives' if is_said_again else 'no longer gives'} way to {thing.name}."
