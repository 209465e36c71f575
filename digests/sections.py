"""The sections of a digest: each one function over the facts, and one template of its name.

What a function gives is plain, so that it can be kept as it was: people as {"person": id}, and
whatever came from a perhaps private place with the `key` by which it is looked up again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from digests.asks import biggest_unserved, cost
from digests.facts import Change, Facts, Project
from digests.saying import amount, brief, day, many, measured, number
from storage import metrics
from storage.metrics import Metric, Reading

Told = dict[str, Any]
MOST = 3  # things in one section; [More] has the rest
KEPT = 12
SOON = timedelta(days=14)
RENEWING = timedelta(days=30)
FIRST = timedelta(days=7)  # how far a room's first digest looks back
RECENT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Room:
    """Where a digest goes: since when there is news, what was known there, what may be read there.

    `known` is filled with what is known there after this one, by section, said now or before.
    """

    since: datetime | None
    before: Mapping[str, Sequence[Told]]
    may_read: Callable[[int, bool], bool]
    known: dict[str, Sequence[Told]] = field(default_factory=dict)

    def is_new(self, at: datetime, facts: Facts) -> bool:
        return at > (self.since or facts.at - FIRST)


def _news(items: Sequence[Told], section: str, room: Room) -> Told | None:
    """What was not known here in the very same words."""
    before = room.before.get(section, ())
    room.known[section] = items
    new = [one for one in items if one not in before]
    return {"items": new[:KEPT], "more": max(len(new) - KEPT, 0)} if new else None


def numbers(facts: Facts, room: Room) -> Told | None:
    """What the numbers are, with their trend; and of which nobody has told anything."""
    items = []
    for one in facts.metrics:
        readings = facts.readings.get(one.id, [])
        new = [each for each in readings if room.since is None or each.said_at > room.since]
        if readings and new:
            said = _trend(one, readings, len(new))
            items.append({"name": brief(one.name), "said": said, "is_stale": False})
        elif metrics.is_overdue(one, readings, facts.today):
            last = day(readings[-1].day, facts.today) if readings else ""
            said = f"nobody has told me since {last}" if last else "nobody has told me yet"
            items.append({"name": brief(one.name), "said": said, "is_stale": True})
    return _news(items, "numbers", room)


def _trend(one: Metric, readings: list[Reading], new: int) -> str:
    earlier = readings[:-new]
    first = earlier[-1].value if earlier else one.baseline
    if first is None and len(readings) > 1:
        first = readings[0].value
    last = readings[-1].value
    moved = f"{number(first)} → " if first is not None and first != last else ""
    goal = f" (goal {number(one.target)})" if one.target is not None else ""
    return moved + measured(last, one.unit) + goal


def money(facts: Facts, room: Room) -> Told | None:
    """How much of what is spent serves a priority, and the biggest that serves none."""
    sums: dict[str, tuple[int, int]] = {}
    for one in facts.projects.values():
        if one.is_live and one.cost and one.currency:
            serves, total = sums.get(one.currency, (0, 0))
            mine = one.cost if one.id in facts.goals else 0
            sums[one.currency] = (serves + mine, total + one.cost)
    if not sums:
        return None
    unit, (serves, total) = max(sums.items(), key=lambda pair: pair[1][1])
    loose = biggest_unserved(facts)
    told = {
        "serves": amount(serves, unit),
        "of": amount(total, unit),
        "name": brief(loose.name) if loose else "",
        "cost": cost(loose) if loose else "",
    }
    return _news([told], "money", room)


def proven(facts: Facts, room: Room) -> Told | None:
    """What was delivered, and whether its number has reached what it was for since."""
    by_id = {one.id: one for one in facts.metrics}
    items = []
    for one in facts.projects.values():
        done_on = _done_on(one, facts)
        if done_on is None or facts.today - done_on > RECENT:
            continue
        goals = sorted(facts.goals.get(one.id, ()))
        watched = [by_id[id] for goal in goals for id in facts.shown_by.get(goal, ())]
        if not watched:
            continue
        reached = next((each for each in watched if _is_reached(each, done_on, facts)), None)
        told: Told = {"name": brief(one.name), "proven": reached is not None}
        if reached:
            readings = facts.readings[reached.id]
            first = reached.baseline if reached.baseline is not None else readings[0].value
            told["number"] = brief(reached.name)
            told["said"] = f"{number(first)} → {measured(readings[-1].value, reached.unit)}"
        items.append(told)
    return _news(items, "proven", room)


def _done_on(one: Project, facts: Facts) -> date | None:
    if one.status != "done":
        return None
    said = [
        each.at.date()
        for each in facts.changes
        if each.thing_id == one.id and each.after.get("status") == "done"
    ]
    return said[-1] if said else one.ends_on


def _is_reached(one: Metric, done_on: date, facts: Facts) -> bool:
    since = [each for each in facts.readings.get(one.id, []) if each.day >= done_on]
    if one.target is None or not since:
        return False
    last = since[-1].value
    falls = one.direction == "down" or (
        one.direction is None and one.baseline is not None and one.baseline > one.target
    )
    return last <= one.target if falls else last >= one.target


def moved(facts: Facts, room: Room) -> Told | None:
    """What changed its day or how it stands, and why."""
    by_thing: dict[int, list[Change]] = {}
    for each in facts.changes:
        if room.is_new(each.at, facts):
            by_thing.setdefault(each.thing_id, []).append(each)
    items = []
    for id, some in by_thing.items():
        one = facts.projects.get(id)
        told = _moved(one, some, facts) if one else None
        if told:
            items.append(told)
    return {"items": items[:KEPT], "more": max(len(items) - KEPT, 0)} if items else None


def _moved(one: Project, some: Sequence[Change], facts: Facts) -> Told | None:
    days = [each for each in some if "ends_on" in each.after]
    states = [each for each in some if "status" in each.after and each.what == "changed"]
    if not days and not states:
        return {"name": brief(one.name), "is_new": True} if some[0].what == "added" else None
    last = (days or states)[-1]
    return {
        "name": brief(one.name),
        "is_new": False,
        "was": _day(days[0].before.get("ends_on"), facts) if days else "",
        "now": _day(days[-1].after.get("ends_on"), facts) if days else "",
        "status": states[-1].after["status"] if states else "",
        "why": brief(str(last.after.get("reason", ""))),
        "by": {"person": last.by_id} if last.by_id else None,
    }


def _day(said: object, facts: Facts) -> str:
    return day(date.fromisoformat(str(said)), facts.today) if said else ""


def blocked(facts: Facts, room: Room) -> Told | None:
    """The projects that wait for a decision that nobody has made."""
    items = []
    for one in facts.decisions:
        waits = [facts.projects[id] for id in facts.blocks.get(one.id, []) if id in facts.projects]
        if not waits or not room.may_read(one.home, one.is_shared):
            continue
        items += [
            {
                "name": brief(each.name),
                "title": brief(one.title),
                "key": one.key,
                "owner": {"person": one.owner_id} if one.owner_id else None,
                "age": many((facts.today - one.at.date()).days, "day"),
                "is_today": one.at.date() >= facts.today,
            }
            for each in waits
        ]
    return {"items": items[:KEPT], "more": max(len(items) - KEPT, 0)} if items else None


def next_up(facts: Facts, room: Room) -> Told | None:
    """What ends, renews or is due soon."""
    found: list[tuple[date, Told]] = []
    for one in facts.projects.values():
        if not one.is_live:
            continue
        if one.ends_on and facts.today <= one.ends_on <= facts.today + SOON:
            found.append((one.ends_on, {"what": "ends", "name": brief(one.name)}))
        if one.renews_on and facts.today <= one.renews_on <= facts.today + RENEWING:
            found.append((one.renews_on, {"what": "renews", "name": brief(one.name)}))
    for asked in facts.decisions:
        is_soon = asked.due_on and facts.today <= asked.due_on <= facts.today + SOON
        if asked.due_on and is_soon and room.may_read(asked.home, asked.is_shared):
            told = {"what": "due", "name": brief(asked.title), "key": asked.key}
            found.append((asked.due_on, told))
    found.sort(key=lambda pair: (pair[0], pair[1]["name"]))
    items = [{"day": day(on, facts.today), **told} for on, told in found]
    return {"items": items[:KEPT], "more": max(len(items) - KEPT, 0)} if items else None


def twice(facts: Facts, room: Room) -> Told | None:
    """Tools that do the same job."""
    items = [
        {"what": brief(what), "names": [brief(name, 4, 30) for name in names[:MOST]]}
        for what, names in facts.twice
    ]
    return _news(items, "twice", room)


def questions(facts: Facts, room: Room) -> Told | None:
    """Names that people asked about here, and that nobody has told of."""
    items = [
        {"about": brief(one.about), "key": f"unknown/{one.id}"}
        for one in facts.questions
        if room.is_new(one.at, facts) and room.may_read(one.home, False)
    ]
    return {"items": items[:KEPT], "more": max(len(items) - KEPT, 0)} if items else None


SECTIONS: dict[str, Callable[[Facts, Room], Told | None]] = {
    "numbers": numbers,
    "money": money,
    "proven": proven,
    "moved": moved,
    "blocked": blocked,
    "next": next_up,
    "twice": twice,
    "questions": questions,
}
NEWS = (
    "numbers",
    "money",
    "proven",
    "moved",
    "twice",
    "questions",
)  # where nothing is, it is quiet
ORDER = {
    "business": ("numbers", "money", "proven", "moved", "next", "twice", "questions", "blocked"),
    "it": ("blocked", "moved", "next", "twice", "proven", "numbers", "money", "questions"),
}
