"""A name as it is stored, and what was found for a name as it was typed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """One thing that can be asked for; `noun` is "initiative", "priority" and the like."""

    noun: str
    id: int
    text: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One thing is meant, or several fit (ask which), or none does and these are nearest.

    At most one of the three is filled; `several` and `nearest` have the best first.
    """

    one: Name | None = None
    several: tuple[Name, ...] = ()
    nearest: tuple[Name, ...] = ()
