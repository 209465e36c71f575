"""What an export is made of: entries that hold what is known, and name each other."""

from collections.abc import Mapping
from typing import Any

Entry = dict[str, Any]
Names = dict[str, dict[int, str]]  # of people and things, by noun and id


def known(entry: Mapping[str, Any], *always: str) -> Entry:
    """Without what nobody has said. A name is said, even where it is empty."""
    return {
        name: value
        for name, value in entry.items()
        if value not in (None, "", [], {}) or (name in always and value is not None)
    }


def order(name: str) -> tuple[str, str]:
    """Names in the order people look for them, and always in the same."""
    return name.casefold(), name
