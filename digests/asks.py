"""What a digest asks for: one line and its buttons each; chosen once, shown as they stand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot import messages
from bot.messages import Button, Words
from digests.facts import Asked, Facts, Project
from digests.saying import amount, brief, day, many, writer
from storage import decisions, lines, people
from storage.confirmations import Confirmation
from storage.database import Session
from storage.decisions import Decision, Standing
from storage.initiatives import Initiative

LENSES = ("business", "it")
PATIENT = 3  # days that an owner has for an answer before others are asked
LONG = 7  # days that a wish may be nobody's
KEPT = 8  # asks for each lens; the rest are only counted

Ask = dict[str, Any]  # kind, key, lens, and what is told of it that does not change


@dataclass(frozen=True, slots=True)
class Shown:
    """An ask as it stands now: its words, and its buttons while it is open."""

    text: Words
    buttons: tuple[Button, ...]
    is_open: bool


# Choosing


def choose(
    facts: Facts, may_read: Callable[[int, bool], bool]
) -> tuple[dict[str, list[Ask]], dict[str, int]]:
    """The weightiest asks of each lens, and how many more there are.

    `may_read` is about the place that a decision comes from, and whether it was shared.
    """
    found: dict[str, list[tuple[float, Callable[[], Ask]]]] = {lens: [] for lens in LENSES}
    for one in facts.decisions:
        weighed = _weighed(one, facts)
        if weighed and may_read(one.home, one.is_shared):
            lens, (weight, kind) = _lens(one.owner_id, facts), weighed
            found[lens].append((weight, partial(_of_decision, one, kind, lens, facts)))
    for weight, ask in (*_unserved(facts), *_unconfirmed(facts)):
        found[ask["lens"]].append((weight, partial(dict, ask)))
    for some in found.values():
        some.sort(key=lambda pair: -pair[0])
    return (
        {lens: [make() for _, make in some[:KEPT]] for lens, some in found.items()},
        {lens: max(len(some) - KEPT, 0) for lens, some in found.items()},
    )


def _of_decision(one: Asked, kind: str, lens: str, facts: Facts) -> Ask:
    waits = [facts.projects[id] for id in facts.blocks.get(one.id, []) if id in facts.projects]
    return {
        "kind": kind,
        "key": one.key,
        "lens": lens,
        "waits": len(waits),
        "cost": together(waits),
    }


def _weighed(one: Asked, facts: Facts) -> tuple[float, str] | None:
    """How much it matters, and what is asked; nothing where it can wait."""
    age = (facts.today - one.at.date()).days
    blocked = len(facts.blocks.get(one.id, []))
    more = 100.0 * blocked + min(age, 90)
    match one.status:
        case "needed":
            return 1000 + more, "needed"
        case "asked" if age >= PATIENT:
            return 800 + more, "unanswered"
        case "wish" if age >= LONG:
            return 500 + more, "wish"
    if one.due_on and one.due_on < facts.today and one.status == "accepted":
        return 600 + more, "overdue"
    if one.review_on and one.review_on <= facts.today:
        return 700 + more, "review"
    return None


def _lens(person_id: int | None, facts: Facts) -> str:
    return "it" if person_id and facts.sides.get(person_id) == "it" else "business"


def _unserved(facts: Facts) -> list[tuple[float, Ask]]:
    """The dearest thing that serves no priority."""
    if not facts.priorities:
        return []
    one = biggest_unserved(facts)
    if one is None:
        return []
    ask = {
        "kind": "unserved",
        "key": f"initiative/{one.id}",
        "lens": "it",
        "cost": cost(one),
    }
    return [(900.0, ask)]


def biggest_unserved(facts: Facts) -> Project | None:
    """What costs the most of all that serves no priority and need not."""
    loose = [
        one
        for one in facts.projects.values()
        if one.is_live and one.cost and one.id not in facts.goals and one.id not in facts.settled
    ]
    return max(loose, key=lambda one: (one.cost or 0, -one.id), default=None)


def _unconfirmed(facts: Facts) -> list[tuple[float, Ask]]:
    return [
        (
            300.0 + min(len(cards), 90),
            {
                "kind": "confirm",
                "key": f"links of/{person_id}",
                "lens": _lens(person_id, facts),
                "shows": [f"confirm/{card}" for card in dict.fromkeys(cards)],
            },
        )
        for person_id, cards in facts.unconfirmed.items()
    ]


def cost(one: Project) -> str:
    """What it costs, or nothing where that is unknown."""
    return amount(one.cost, one.currency) if one.cost is not None and one.currency else ""


def together(some: Sequence[Project]) -> str:
    """What these cost, where all that is known of it is in one currency."""
    priced = [(one.cost, one.currency) for one in some if one.cost and one.currency]
    units = {unit for _, unit in priced}
    return amount(sum(sum_ for sum_, _ in priced), units.pop()) if len(units) == 1 else ""


# Showing


def look(session: Session, asks: Sequence[Ask], at: datetime, zone: str) -> dict[str, Shown]:
    """Each of them as it stands now, by its key; those that may not be read here are missing."""
    today = at.astimezone(ZoneInfo(zone)).date()
    standing = _standing(session, asks)
    found: dict[str, Shown] = {}
    for ask in asks:
        noun, _, number = ask["key"].partition("/")
        if noun == decisions.NOUN:
            one = standing.get(int(number))
            shown = _decision(session, ask, one, today) if one else None
        elif noun == "initiative":
            shown = _project(session, ask, int(number))
        else:
            shown = _links(session, int(number), at)
        if shown:
            found[ask["key"]] = shown
    return found


def _standing(session: Session, asks: Sequence[Ask]) -> dict[int, Standing]:
    numbers = [
        int(ask["key"].partition("/")[2])
        for ask in asks
        if ask["key"].startswith(f"{decisions.NOUN}/")
    ]
    if not numbers:
        return {}
    wanted = select(Decision.id).where(
        col(Decision.number).in_(numbers), decisions.readable(session)
    )
    return {one.decision.number: one for one in decisions.stand(session, session.exec(wanted))}


def _decision(session: Session, ask: Ask, one: Standing, today: date) -> Shown:
    is_open = _still(ask["kind"], one, today)
    text = writer().write(
        "ask",
        kind=ask["kind"] if is_open else "answered",
        title=brief(one.decision.title),
        owner=_mention(session, one.owner_id),
        age=_age(one, today),
        due=day(one.due_on, today) if one.due_on else "",
        waits=many(ask["waits"], "project") if ask["waits"] else "",
        verb="waits" if ask["waits"] == 1 else "wait",
        cost=ask["cost"],
        status=one.status,
    )
    name = one.decision.name
    return Shown(text.text, _BUTTONS[ask["kind"]](name) if is_open else (), is_open)


def _still(kind: str, one: Standing, today: date) -> bool:
    match kind:
        case "needed":
            return one.status == "needed"
        case "unanswered":
            return one.status in ("asked", "wish")
        case "wish":
            return one.status == "wish"
        case "overdue":
            return one.status == "accepted" and bool(one.due_on and one.due_on < today)
    return one.is_open and bool(one.review_on and one.review_on <= today)


_BUTTONS: dict[str, Callable[[str], tuple[Button, ...]]] = {
    "needed": lambda name: (
        Button("Decide", "decide it", name),
        Button("Pass on", "name an owner", name),
    ),
    "unanswered": lambda name: (
        Button("I own it", "accept", name),
        Button("Name someone", "name an owner", name),
    ),
    "wish": lambda name: (
        Button("I own it", "accept", name),
        Button("Name someone", "name an owner", name),
    ),
    "overdue": lambda name: (Button("Done", "done", name), Button("Look", "why", name)),
    "review": lambda name: (Button("Look", "why", name),),
}


def _age(one: Standing, today: date) -> str:
    since = one.owner_asked_at if one.status == "asked" else None
    days = (today - (since or one.decision.at).date()).days
    return many(days, "day") if days > 0 else ""


def _project(session: Session, ask: Ask, id: int) -> Shown | None:
    one = session.get(Initiative, id)
    if one is None:
        return None
    ways = lines.up(session, [id])[id]
    is_open = not any(way.priority for way in ways) and one.status not in ("done", "stopped")
    text = writer().write(
        "ask",
        kind="unserved" if is_open else "served",
        title=brief(one.name),
        cost=ask["cost"],
        owner=_mention(session, one.owner_id),
        status=one.status or "",
        goals=[brief(way.priority.name) for way in ways if way.priority][:1],
    )
    buttons = (
        Button("Link it", "ask", f"what is {one.name} for?"),
        Button("Stop it", "it stands", f"{one.name} is stopped"),
    )
    return Shown(text.text, buttons if is_open else (), is_open)


def _links(session: Session, person_id: int, at: datetime) -> Shown:
    """Those that waited when it was asked."""
    waiting = select(Confirmation.id).where(
        Confirmation.asked_id == person_id, Confirmation.answer == "", Confirmation.asked_at <= at
    )
    count = len(session.exec(waiting).all())
    text = writer().write(
        "ask",
        kind="confirm" if count else "confirmed",
        owner=_mention(session, person_id),
        count=many(count, "link"),
        verb="waits" if count == 1 else "wait",
    )
    return Shown(text.text, (Button("Confirm", "confirm"),) if count else (), count > 0)


def _mention(session: Session, id: int | None) -> messages.Person | None:
    one = people.who(session, id) if id else None
    return messages.Person(one.id, brief(one.name, 3, 30)) if one else None
