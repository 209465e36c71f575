"""What is remembered of the map is what the map says, whatever was said and done."""

from collections.abc import Hashable

from pydantic_core import to_jsonable_python

from storage import lines, naming, things
from storage.database import Session
from tests.chat import Chat


def wrongly_remembered(chat: Chat) -> list[Hashable]:
    """The keys of whatever readers would be told that is not so any more: there must be none."""
    with chat.store.at_home() as session:
        kept = dict(naming.index(session).kept)
        session.is_reading = False  # so that it is read anew
        return [
            key
            for key, found in kept.items()
            if to_jsonable_python(found) != to_jsonable_python(_anew(session, key))
        ]


def _anew(session: Session, key: Hashable) -> object:
    match key:
        case ("line", int(id)):
            return lines.line(session, id)
        case ("thing", str(noun), int(id)):
            return things.find(session, noun, id)
    raise AssertionError(f"{key} is remembered, and nothing checks it")
