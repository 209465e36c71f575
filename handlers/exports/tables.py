"""The same map as tables: a sheet for each kind of thing, a row for each one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handlers.exports.entries import Entry
from handlers.exports.shape import Money

Cell = str | int | float | date | datetime | Money | None


@dataclass(frozen=True, slots=True)
class Column:
    """A header, how wide it is in characters, and what stands under it."""

    header: str
    width: int
    of: Callable[[Entry], Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def _is(header: str, width: int, field: str) -> Column:
    return Column(header, width, lambda entry: entry.get(field))


def _all(header: str, width: int, field: str) -> Column:
    return Column(header, width, lambda entry: _lines(entry.get(field, ())))


def _upper(header: str, end: str) -> Column:
    return Column(
        header, 28, lambda entry: _lines(o[end] for o in entry.get("serves", ()) if end in o)
    )


def _lines(several: Iterable[Any]) -> str | None:
    return "\n".join(map(str, several)) or None


PRIORITIES = (
    _is("Priority", 36, "name"), _is("Rank", 8, "rank"), _is("Category", 16, "category"),
    _is("Owner", 22, "owner"), _is("Why", 60, "because"), _is("Retired", 18, "retired"),
    _is("On the map since", 18, "added"),
)  # fmt: skip
CAPABILITIES = (
    _is("Capability", 40, "name"), _is("State", 14, "state"), _is("Owner", 22, "owner"),
    _is("In plain words", 60, "plain"), _upper("Serves the priority", "priority"),
    _is("On the map since", 18, "added"),
)  # fmt: skip
PROJECTS = (
    _is("Project", 36, "name"), _is("Kind", 10, "kind"), _is("Status", 12, "status"),
    _is("Phase", 12, "phase"), _upper("Business priority", "priority"),
    _upper("Capability", "capability"), _is("Owner", 22, "owner"),
    _is("Department", 20, "area"), _is("Description", 60, "plain"),
    _is("Start date", 12, "starts"), _is("End date", 12, "ends"), _is("Cost", 16, "cost"),
    _is("Vendor", 22, "vendor"), _is("Renewal date", 14, "renews"),
    _all("Also called", 28, "also called"),
    Column("Could not be read", 36, lambda entry: _lines(
        f"{field}: {text}" for field, text in entry.get("unclear", {}).items()
    )),
    _is("On the map since", 18, "added"),
)  # fmt: skip
NUMBERS = (
    _is("Number", 32, "name"), _is("Unit", 10, "unit"), _is("Should go", 10, "direction"),
    _is("Baseline", 12, "baseline"), _is("Goal", 12, "target"),
    Column("Last", 12, lambda e: e["readings"][-1]["value"] if e.get("readings") else None),
    Column("Last said on", 14, lambda e: e["readings"][-1]["day"] if e.get("readings") else None),
    _is("Said every (days)", 16, "every days"), _is("Owner", 22, "owner"),
    _upper("Shows", "priority"),
)  # fmt: skip
READINGS = (
    _is("Number", 32, "of"), _is("Day", 12, "day"), _is("Value", 12, "value"),
    _is("Said by", 22, "by"), _is("Said at", 18, "at"),
)  # fmt: skip
LINKS = (
    _is("What", 20, "noun"), _is("Name", 36, "of"), _is("Serves the capability", 36, "capability"),
    _is("Serves the priority", 36, "priority"),
    Column("Strength", 10, lambda entry: entry.get("strength", 2)),
    _is("Said by", 22, "by"), _is("Said at", 18, "at"), _is("From the list", 22, "list"),
    _is("Confirmed by", 22, "confirmed by"), _is("Confirmed at", 18, "confirmed at"),
)  # fmt: skip
DECISIONS = (
    _is("No.", 8, "decision"), _is("Decision", 48, "title"), _is("It is", 12, "status"),
    _is("Owner", 22, "owner"), _is("For", 28, "priority"), _is("Why", 48, "because"),
    _is("Due", 12, "due"), _is("Review", 12, "review"), _is("Logged by", 22, "by"),
    _is("Logged at", 18, "at"), _is("Where", 20, "in"), _all("Asked", 28, "asked"),
    _all("Told", 28, "told"), _is("Accepts risk", 12, "risk"), _all("Blocks", 28, "blocks"),
    _is("Expects", 36, "expects"), _is("Replaces", 10, "replaces"),
    _is("Replaced by", 12, "replaced by"), _is("Message", 48, "from"), _is("Link", 30, "link"),
)  # fmt: skip
SAID = (
    _is("No.", 8, "of"), _is("When", 18, "at"), _is("Who", 22, "by"), _is("What", 16, "said"),
    _is("Said", 60, "words"),
)  # fmt: skip
PEOPLE = (
    _is("Name", 26, "name"), _is("E-mail", 32, "email"), _is("Side", 10, "side"),
    _is("Role", 12, "role"), _is("Title", 30, "title"), _is("Left", 18, "left"),
    _is("Called", 26, "id"),
)  # fmt: skip
LEFT_OUT = (_is("What is not in here", 40, "what"), _is("How many", 12, "count"),
            _is("Why", 70, "why"))  # fmt: skip
WORDS = ("person", "why", "decision", "text", "day", "priority", "people", "told", "project")


def tables(map: Entry, stand: Sequence[Entry], only_decisions: bool = False) -> list[Sheet]:
    """Every sheet, first the one that `import` reads. `stand` are the decisions as they stand."""
    projects, decisions = map.get("projects and tools", []), map.get("decisions", [])
    decided = [
        _sheet("Decisions", DECISIONS, stand),
        _sheet("What was said of them", SAID, _said(decisions)),
    ]
    if only_decisions:
        return [*decided, _sheet("Left out", LEFT_OUT, _left_out(map))]
    return [
        _sheet("Projects and tools", PROJECTS, projects),
        _sheet("Priorities", PRIORITIES, map.get("priorities", [])),
        _sheet("Capabilities", CAPABILITIES, map.get("capabilities", [])),
        _sheet("Numbers", NUMBERS, map.get("numbers", [])),
        _sheet("Readings", READINGS, [
            {"of": one["name"], **said}
            for one in map.get("numbers", []) for said in one.get("readings", ())
        ]),
        _sheet("Links", LINKS, _links(map)),
        *decided,
        _sheet("People", PEOPLE, map.get("people", [])),
        _sheet("Left out", LEFT_OUT, _left_out(map)),
    ]  # fmt: skip


def _sheet(name: str, columns: Sequence[Column], entries: Sequence[Entry]) -> Sheet:
    return Sheet(name, columns, [[column.of(one) for column in columns] for one in entries])


def _links(map: Entry) -> list[Entry]:
    return [
        {"noun": one.get("kind", noun), "of": one["name"], **link}
        for section, noun in (
            ("projects and tools", ""), ("capabilities", "capability"), ("numbers", "number"),
        )
        for one in map.get(section, []) for link in one.get("serves", ())
    ]  # fmt: skip


def _said(decisions: Sequence[Entry]) -> list[Entry]:
    return [
        {"of": one["decision"], **told, "words": _lines(_words(told))}
        for one in decisions
        for told in one.get("then", ())
    ]


def _words(told: Entry) -> Iterable[Any]:
    for field in WORDS:
        value = told.get(field)
        if isinstance(value, list):
            yield from value
        elif value is not None:
            yield value


def _left_out(map: Entry) -> list[Entry]:
    private = map.get("left out", {}).get("private decisions", 0)
    return [
        {
            "what": "Private decisions", "count": private,
            "why": "They were made in a private place, and were not shared.",
        },
        {
            "what": "Accounts in chats", "count": None,
            "why": "People are met again by their e-mail address.",
        },
        {
            "what": "Who changed what on the map, and when", "count": None,
            "why": "An export is the map as it stands. A backup holds its history.",
        },
    ]  # fmt: skip
