"""What we spend: in all, on a priority, a category or a department."""

from collections import Counter
from dataclasses import replace

from bot.messages import Bar, Bars, Card
from handlers import saying
from handlers.ask.disputed import marks
from handlers.ask.lists import MOST_ROWS, press
from handlers.saying import card
from storage import initiatives, lines, priorities
from storage.database import Session
from storage.initiatives import Initiative
from storage.priorities import CATEGORIES, Priority


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
    spent = _spend_on(session, one.name, [one])
    return replace(spent, parts=(*spent.parts, *marks(session, "priority", id)))


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
        buttons=press(dearest, "initiative"),
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
        buttons=press(priorities.live(session), "priority"),
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
