"""Questions about the whole map: its priorities and their order, what is late, changed, spent."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import col

from bot.messages import Button, Card, Fact, Facts, Table
from handlers import saying
from handlers.saying import card, mention
from storage import capabilities, initiatives, lines, links, metrics, people, priorities
from storage.database import Session
from storage.initiatives import Initiative
from storage.people import Person
from storage.priorities import Priority
from storage.things import Thing

MOST_ROWS = 12  # of a list on a card


def local_day(session: Session) -> date:
    return session.now.astimezone(ZoneInfo(session.zone)).date()


def _priorities_table(session: Session, live: list[Priority]) -> tuple[Table, ...]:
    if not live:
        return ()
    owners = {person.id: person for person in _people(session, live)}
    counts: Counter[int] = Counter()
    for goals in lines.reach(session).values():
        counts.update(goals)
    rows = tuple(
        (
            str(one.rank) if one.rank else "–",
            one.name,
            owners[one.owner_id].name if one.owner_id else "nobody yet",
            str(counts[one.id]) if counts[one.id] else "nothing",
        )
        for one in live[:MOST_ROWS]
    )
    return (Table("Our priorities", ("Rank", "Priority", "Owner", "Supported by"), rows),)


def _people(session: Session, owned: Sequence[Thing]) -> list[Person]:
    found = (session.get(Person, one.owner_id) for one in owned if one.owner_id)
    return [person for person in found if person]


def press(rows: Sequence[Thing], noun: str) -> tuple[Button, ...]:
    return tuple(
        Button(one.name, "ask", one.name, {"noun": noun, "id": str(one.id)}) for one in rows[:5]
    )


def all_priorities(session: Session) -> Card:
    """What are our priorities?"""
    live = priorities.live(session)
    return card(
        "ask/priorities",
        live=live,
        is_ranked=any(one.rank for one in live),
        most=MOST_ROWS,
        parts=_priorities_table(session, live),
        buttons=press(live, "priority"),
    )


def order(session: Session) -> Card:
    """In what order?"""
    live = priorities.live(session)
    ranked = [one for one in live if one.rank]
    return card(
        "ask/order",
        ranked=ranked,
        unranked=[one for one in live if not one.rank],
        most=MOST_ROWS,
        buttons=press(live, "priority"),
    )


def all_capabilities(session: Session) -> Card:
    """What capabilities do we need?"""
    found = capabilities.all_of_them(session)
    said = {"works": "works", "workaround": "workaround", "missing": "missing", None: "not rated"}
    into = links.touching(session, "capability", {one.id for one in found})
    serving = Counter(link.capability_id for link in into if link.initiative_id)
    rows = tuple(
        (one.name, said[one.state], str(serving[one.id]) if serving[one.id] else "nothing")
        for one in found[:MOST_ROWS]
    )
    table = Table("What we must be able to do", ("Ability", "Today", "Served by"), rows)
    return card(
        "ask/capabilities",
        found=found,
        missing=[one for one in found if one.state == "missing"],
        most=MOST_ROWS,
        parts=(table,) if rows else (),
        buttons=press([one for one in found if one.state == "missing"] or found, "capability"),
    )


def late(session: Session) -> Card:
    """What's late?"""
    today = local_day(session)
    found = initiatives.late(session, today)
    rows = tuple(Fact(one.name, saying.standing(one, today)) for one in found[:MOST_ROWS])
    return card(
        "ask/late",
        count=len(found),
        most=MOST_ROWS,
        known=initiatives.count(session, col(Initiative.ends_on).is_not(None)),
        parts=(Facts(rows),) if rows else (),
        buttons=press(found, "initiative"),
    )


def owned(session: Session, person: Person) -> Card:
    """What does somebody own?"""
    groups = {
        noun: [one for one in rows if person.id is not None and one.owner_id == person.id]
        for noun, rows in _everything(session).items()
    }
    return card(
        "ask/owned",
        person=mention(person) if person.id else None,
        is_me=person.id is None or person.id == session.me.id,
        groups={noun: [one.name for one in rows] for noun, rows in groups.items() if rows},
        most=MOST_ROWS,
        buttons=press(groups["project"] + groups["tool"], "initiative"),
    )


def _everything(session: Session) -> dict[str, list[Thing]]:
    projects = initiatives.all_of_them(session)
    return {
        "priority": list(priorities.live(session)),
        "ability": list(capabilities.all_of_them(session)),
        "project": [one for one in projects if one.kind == "project"],
        "tool": [one for one in projects if one.kind == "tool"],
        "number": list(metrics.all_of_them(session)),
    }


def which_person(typed: str, fitting: list[Person]) -> Card:
    """Several people fit."""
    return card(
        "ask/which_person",
        typed=typed,
        buttons=tuple(
            Button(_told_apart(one, fitting), "ask", f"what does {one.email or one.name} own?")
            for one in fitting[:5]
        ),
    )


def _told_apart(person: Person, others: list[Person]) -> str:
    namesakes = [one for one in others if one.name == person.name]
    return f"{person.name}, {person.email or person.title}" if len(namesakes) > 1 else person.name


def unread(session: Session, kind: str, typed: str) -> Card:
    """Not a time, or not a person."""
    if kind == "changed":
        return card("ask/changed_when", typed=typed)
    near = people.nearest(session, typed)[:3]
    return card(
        "ask/nobody",
        typed=typed,
        near=[one.name for one in near],
        buttons=tuple(
            Button(_told_apart(one, near), "ask", f"what does {one.email or one.name} own?")
            for one in near
        ),
    )


def projects(session: Session) -> Card:
    """Which projects are there?"""
    found = [one for one in initiatives.all_of_them(session) if one.kind == "project"]
    return _inventory(f"{len(found):,} projects", found)


def tools(session: Session) -> Card:
    """Which tools do we use?"""
    found = [one for one in initiatives.all_of_them(session) if one.kind == "tool"]
    return _inventory(f"{len(found):,} tools", found)


def unlinked(session: Session) -> Card:
    """Which projects serve no priority?"""
    reached = lines.reach(session)
    found = [one for one in initiatives.all_of_them(session) if one.id not in reached]
    found.sort(key=lambda one: -(one.cost or 0))
    return _inventory(f"{len(found):,} of them serve no priority that I know of", found)


def at_risk(session: Session) -> Card:
    """What is at risk?"""
    found = [one for one in initiatives.all_of_them(session) if one.status == "at risk"]
    return _inventory(f"{len(found):,} at risk", found)


def _inventory(title: str, found: list[Initiative]) -> Card:
    return card(
        "ask/inventory",
        title=title,
        names=[one.name for one in found[:MOST_ROWS]],
        more=max(0, len(found) - MOST_ROWS),
        money=saying.total(found),
        buttons=press(found, "initiative"),
    )
