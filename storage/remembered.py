"""What was read of the map, kept as long as the map stays as it is."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from storage import naming
from storage.database import Session

T = TypeVar("T")


def remembered(session: Session, key: Hashable, read: Callable[[], T]) -> T:
    """What `read` finds, read once for each revision of the map.

    Only what is on the map may be in it: people, and what they say of the map, change without it.
    A session that writes reads anew, since it may have changed the map itself.
    """
    if not session.is_reading:
        return read()
    kept = naming.index(session).kept
    if key not in kept:
        kept[key] = read()
    found: T = kept[key]
    return found
