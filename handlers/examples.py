"""Real names from this map, so that every example can be pressed, and works."""

from storage import initiatives, lines, people, priorities
from storage.database import Session

EASY = 9  # characters: a name about so long reads well in an example


def project(session: Session) -> str:
    """A project to ask about, one that reaches a priority where there is one; else nothing."""
    ways = lines.everywhere(session)
    known = initiatives.all_of_them(session)
    reached = [one for one in known if any(way.priority for way in ways.get(one.id, ()))]
    whole = [
        one
        for one in reached
        if one.kind == "project"
        and any(way.upper and way.lower.confirmed_by_id for way in ways[one.id])
    ]
    return _easiest([one.name for one in whole or reached or known])


def filled(session: Session, tries: tuple[str, ...]) -> tuple[str, ...]:
    """These examples with names from the map; those that the map has no name for are left out."""
    names = {
        "{project}": project(session),
        "{priority}": _easiest([one.name for one in priorities.live(session)]),
        "{person}": _easiest([one.name.partition(" ")[0] for one in people.everybody(session)]),
    }
    done = []
    for line in tries:
        for place, name in names.items():
            line = line.replace(place, name) if name else line
        if "{" not in line:
            done.append(line)
    return tuple(done)


def _easiest(names: list[str]) -> str:
    return min(names, key=lambda name: (abs(len(name) - EASY), name), default="")
