"""Questions about the whole map: its priorities and their order, what is late, changed, spent."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col

from bot.messages import Bar, Bars, Button, Card, Fact, Facts, Table
from handlers import saying
from handlers.ask import things
from handlers.saying import card, mention, moment
from storage import capabilities, events, initiatives, lines, links, metrics, people, priorities
from storage.database import Session
from storage.events import Event
from storage.initiatives import Initiative
from storage.people import Person
from storage.priorities import CATEGORIES, Priority

MOST_ROWS = 12  # of a list on a card


def _today(session: Session) -> date:
    return session.now.astimezone(ZoneInfo(session.organisation.zone)).date()


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


def _people(session: Session, owned: Sequence[things.Thing]) -> list[Person]:
    found = (session.get(Person, one.owner_id) for one in owned if one.owner_id)
    return [person for person in found if person]


def _press(rows: Sequence[things.Thing], noun: str) -> tuple[Button, ...]:
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
        buttons=_press(live, "priority"),
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
        buttons=_press(live, "priority"),
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
        buttons=_press([one for one in found if one.state == "missing"] or found, "capability"),
    )


def late(session: Session) -> Card:
    """What's late?"""
    today = _today(session)
    found = initiatives.late(session, today)
    rows = tuple(Fact(one.name, saying.standing(one, today)) for one in found[:MOST_ROWS])
    return card(
        "ask/late",
        count=len(found),
        most=MOST_ROWS,
        known=initiatives.count(session, col(Initiative.ends_on).is_not(None)),
        parts=(Facts(rows),) if rows else (),
        buttons=_press(found, "initiative"),
    )


_SPANS = (
    (r"today|this morning", 0),
    (r"yesterday", 1),
    (r"(?:the )?(?:last|past) (?P<n>\d+) days?", None),
    (r"(?:this|last|the|past|the past|the last)? ?week", 7),
    (r"(?:this|last|the|past|the past|the last)? ?fortnight", 14),
    (r"(?:this|last|the|past|the past|the last)? ?month", 31),
    (r"(?:this|last|the|past|the past|the last)? ?quarter", 92),
    (r"(?:this|last|the|past|the past|the last)? ?year", 365),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _since(span: str, today: date) -> date | None:
    span = re.sub(r"^(?:since|in|on|over|during)\s+", "", span.lower().strip()) or "week"
    if (weekday := next((d for d in _WEEKDAYS if len(span) > 2 and d.startswith(span)), "")) != "":
        back = (today.weekday() - _WEEKDAYS.index(weekday)) % 7 or 7
        return today - timedelta(days=back)
    if re.fullmatch(r"(?:the )?last month", span):
        return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    for pattern, days in _SPANS:
        if fits := re.fullmatch(pattern, span):
            back = min(int(fits["n"]), 3660) if days is None else days
            return today - timedelta(days=back)
    return None


def changed(session: Session, span: str) -> Card | None:
    """What changed this week? Nothing where `span` is no time."""
    zone = ZoneInfo(session.organisation.zone)
    since = _since(span, _today(session))
    if since is None:
        return None
    found = sorted(
        events.since(session, datetime.combine(since, time(), zone)), key=lambda one: one.at
    )
    numbers = {
        metric.name: f"{saying.measured(reading.value, metric.unit)}, said on "
        f"{saying.day(reading.day, _today(session))}"
        for metric, reading in metrics.said_since(session, since)
    }
    return card(
        "ask/changed",
        since=saying.day(since, _today(session)),
        count=len(found) + len(numbers),
        groups=_grouped(session, found),
        most=MOST_ROWS,
        parts=(Facts(tuple(Fact(*one) for one in list(numbers.items())[-MOST_ROWS:])),)
        if numbers
        else (),
    )


def _grouped(session: Session, found: list[Event]) -> list[dict[str, object]]:
    nouns = {
        "initiative": ("project or tool", "projects and tools"),
        "metric": ("number", "numbers"),
        "priority": ("priority", "priorities"),
        "capability": ("ability", "abilities"),
        "link": ("link", "links"),
        "person": ("person", "people"),
    }
    groups: dict[tuple[object, ...], list[Event]] = {}
    for one in found:
        alike = (one.source, one.noun, one.what, one.by_id, one.at.date())
        groups.setdefault(alike, []).append(one)
    return [
        {
            "what": together[0].what,
            "noun": nouns[together[0].noun][len(together) > 1],
            "names": list(dict.fromkeys(one.name for one in together)),
            "by": mention(people.who(session, together[0].by_id) if together[0].by_id else None),
            "at": moment(together[0].at),
            "source": together[0].source,
        }
        for together in reversed(groups.values())
    ]


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
        buttons=_press(groups["project"] + groups["tool"], "initiative"),
    )


def _everything(session: Session) -> dict[str, list[things.Thing]]:
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
        buttons=_press(found, "initiative"),
    )


def spend(session: Session, about: str) -> Card | None:
    """What do we spend, in all or on one category? Nothing where `about` is a name."""
    wanted = " ".join(about.lower().split()).removeprefix("the ")
    if wanted in ("", "it", "technology", "everything", "all", "in total", "projects", "tools"):
        return _spend_in_all(session)
    if area := next((a for a in initiatives.areas(session) if a.casefold() == wanted), ""):
        inside = [one for one in initiatives.all_of_them(session) if one.area == area]
        return _spend_of(area, [], inside)
    category = next((one for one in CATEGORIES if wanted in (one, one.split()[0])), None)
    chosen = [one for one in priorities.live(session) if category and one.category == category]
    return _spend_on(session, category, chosen) if category and chosen else None


def spend_on_priority(session: Session, id: int) -> Card:
    """What do we spend on one priority?"""
    one = session.get_one(Priority, id)
    return _spend_on(session, one.name, [one])


def _spend_on(session: Session, name: str, chosen: list[Priority]) -> Card:
    wanted = {one.id for one in chosen}
    serving = {id for id, goals in lines.reach(session).items() if goals & wanted}
    return _spend_of(name, chosen, initiatives.of_ids(session, serving))


def _spend_of(name: str, chosen: list[Priority], found: list[Initiative]) -> Card:
    dearest = sorted(found, key=lambda one: -(one.cost or 0))
    return card(
        "ask/spend",
        name=name,
        priorities=[one.name for one in chosen if one.name != name],
        money=saying.total(found),
        count=len(found),
        most=MOST_ROWS,
        unknown=len([one for one in found if one.cost is None]),
        parts=_bars(f"What we spend on {name}", [(one.name, [one]) for one in found]),
        buttons=_press(dearest, "initiative"),
    )


def _spend_in_all(session: Session) -> Card:
    found = initiatives.all_of_them(session)
    reached = lines.reach(session)
    serves = {
        goal.name: [one for one in found if goal.id in reached.get(one.id, ())]
        for goal in priorities.live(session)
    }
    nothing = [one for one in found if one.id not in reached]
    return card(
        "ask/spend_in_all",
        money=saying.total(found),
        count=len(found),
        unknown=len([one for one in found if one.cost is None]),
        nothing=len(nothing),
        nothing_money=saying.total(nothing),
        parts=_bars("What we spend, by priority", [*serves.items(), ("No priority", nothing)]),
        buttons=_press(priorities.live(session), "priority"),
    )


def _bars(caption: str, groups: list[tuple[str, list[Initiative]]]) -> tuple[Bars, ...]:
    """Bars of the amounts in the commonest currency; what has no cost has no bar."""
    currencies = Counter(one.currency for _, rows in groups for one in rows if one.currency)
    if not currencies:
        return ()
    currency = currencies.most_common(1)[0][0]
    sums = [
        (name, sum(one.cost or 0 for one in rows if one.currency == currency))
        for name, rows in groups
    ]
    longest = max(minor for _, minor in sums) or 1
    tallest = sorted(((n, m) for n, m in sums if m > 0), key=lambda bar: -bar[1])[:MOST_ROWS]
    bars = tuple(Bar(n, m / longest, saying.amount(m, currency)) for n, m in tallest)
    return (Bars(caption, bars),) if bars else ()
