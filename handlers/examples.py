"""Real names from this map, so that every example can be pressed, and works."""

from sqlmodel import col, func, select

from storage import lines, people, priorities
from storage.database import Session
from storage.initiatives import Initiative
from storage.links import Link

MANY = 500  # names looked at
EASY = 9  # characters: a name about so long reads well in an example


def project(session: Session) -> str:
    """A project to ask about: one whose line is whole where there is one; else nothing."""
    named = select(Initiative.id, Initiative.name).where(
        func.length(Initiative.name).between(EASY - 5, EASY + 15)
    )
    whole = named.join(Link, col(Link.initiative_id) == col(Initiative.id)).where(
        Link.organisation_id == Initiative.organisation_id,
        col(Link.capability_id).is_not(None),
        col(Link.confirmed_by_id).is_not(None),
        Initiative.kind == "project",
    )
    reached = lines.reach(session)
    for wanted in (whole, named):
        names = [name for id, name in session.exec(wanted.limit(MANY)) if id in reached]
        if names:
            return _easiest(names)
    return _easiest(list(session.exec(select(Initiative.name).limit(MANY))))


def filled(session: Session, tries: tuple[str, ...]) -> tuple[str, ...]:
    """These examples with names from the map; those that the map has no name for are left out."""
    known = [one.name for one in people.everybody(session) if one.email]
    names = {
        "{project}": project(session),
        "{priority}": _easiest([one.name for one in priorities.live(session)]),
        "{person}": _easiest([name.partition(" ")[0] for name in known]),
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
