"""Reads the rows of a list as projects: what a cell means, or its text where nobody can tell."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.messages import Refusal
from handlers.imports import cells
from handlers.imports.problems import Unclear
from handlers.imports.sheet import Sheet

NOBODY = frozenset(
    [
        "-",
        "–",
        "—",
        "?",
        "tbc",
        "tbd",
        "n/a",
        "na",
        "none",
        "nobody",
        "unknown",
        "vacant",
        "open",
        "unassigned",
        "nil",
    ]
)
SUMS = frozenset(("total", "totals", "grand total", "sum", "gesamt", "summe", "somme"))
LINKED = ("priority", "capability", "owner", "metric", "baseline", "target")
LINES_NAMED = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that could not be read."""

    line: int
    header: str
    text: str
    reason: str
    needs_you: bool = True  # else it is only said, and nothing is to be done


@dataclass(slots=True)
class Told:
    """What a list says of one project. `cells` is its text by field; `values` what that means."""

    line: int
    name: str
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)
    priorities: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What makes two names one: neither case nor the width of a gap tells them apart."""
        return same(self.name)


def same(name: str) -> str:
    """A name without case and with single blanks, to tell whether two are the same."""
    return " ".join(name.split()).casefold()


def read(
    sheet: Sheet, headers: Mapping[str, str], currency: str, goals: frozenset[str]
) -> tuple[list[Told], list[Problem]]:
    """Every project of the list, and every cell that says something we cannot read.

    `goals` are priorities we know: such a cell is one name, whatever stands in it. A row without a
    name refuses the whole list: somebody must say what it is.
    """
    places = {name: sheet.headers.index(header) for name, header in headers.items()}
    _refuse_nameless(sheet, places["initiative"], headers["initiative"])
    readers = _readers(sheet, headers, places, currency)
    known: dict[str, Told] = {}
    problems: list[Problem] = []
    for row in sheet.rows:
        if row is sheet.rows[-1] and same(row.cells[places["initiative"]]).strip(":") in SUMS:
            name = row.cells[places["initiative"]]
            left_out = "a sum; I left it out"
            problems.append(Problem(row.line, headers["initiative"], name, left_out, False))
            continue
        told = Told(
            row.line,
            re.sub(r"[\r\n\t]+", " ", row.cells[places["initiative"]]),
            {name: row.cells[place] for name, place in places.items() if name != "initiative"},
        )
        for name, text in told.cells.items():
            try:
                _take(told, name, text, readers, goals)
            except Unclear as unclear:
                told.unclear[name] = text
                problems.append(Problem(row.line, headers[name], text, unclear.reason))
        first = known.setdefault(told.key, told)
        if first is not told:
            _join(first, told)
            repeated = f"stands on line {first.line} already; I added its links only"
            problems.append(Problem(row.line, headers["initiative"], told.name, repeated, False))
    return list(known.values()), problems


def _refuse_nameless(sheet: Sheet, place: int, header: str) -> None:
    lines = [str(row.line) for row in sheet.rows if not row.cells[place].strip()]
    if not lines:
        return
    more = f" and {len(lines) - LINES_NAMED} more" if len(lines) > LINES_NAMED else ""
    named = ", ".join(lines[:LINES_NAMED])
    raise Refusal(
        f"Line {named}{more} has no name in the column “{' '.join(header.split())}”, so I imported "
        "nothing. Name the project there, or delete the row, and import the list again."
    )


Read = Callable[[str], Any]


def _readers(
    sheet: Sheet, headers: Mapping[str, str], places: Mapping[str, int], currency: str
) -> dict[str, Read]:
    def dates(name: str, end: bool) -> Read:
        order = cells.order_of(row.cells[places[name]] for row in sheet.rows)
        return lambda text: cells.date(text, headers[name], end=end, order=order)

    readers: dict[str, Read] = {
        "kind": cells.kind,
        "phase": cells.phase,
        "status": cells.status,
        "baseline": cells.number,
        "target": cells.number,
        "cost": lambda text: cells.money(text, headers["cost"], currency),
        "area": str,
        "plain": str,
        "vendor": str,
        "owner": _person,
        "metric": str,
    }
    for name, end in (("starts_on", False), ("ends_on", True), ("renews_on", True)):
        if name in places:
            readers[name] = dates(name, end)
    return readers


def _take(
    told: Told, name: str, text: str, readers: Mapping[str, Read], goals: frozenset[str]
) -> None:
    if name in ("priority", "capability"):
        whole = " ".join(text.split())
        found = (whole,) if same(whole) in goals else cells.names(text)
        wanted = tuple(one for one in found if one.casefold() not in NOBODY)
        if name == "priority":
            told.priorities = wanted
        else:
            told.capabilities = wanted
    elif not text:
        told.values[name] = None
    else:
        told.values[name] = readers[name](text)


def _person(text: str) -> str:
    if text.casefold() in NOBODY:
        raise Unclear("not a person")
    return " ".join(text.split())


def _join(first: Told, again: Told) -> None:
    first.priorities = tuple(dict.fromkeys((*first.priorities, *again.priorities)))
    first.capabilities = tuple(dict.fromkeys((*first.capabilities, *again.capabilities)))
    for name in ("priority", "capability"):
        if name in first.cells and again.cells[name] not in first.cells[name].split("\n"):
            first.cells[name] += "\n" + again.cells[name]
