"""The cells of a list that could not be read: where, why, what to do, and all of them to keep."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.imports import List
from handlers.imports.rows import Problem
from handlers.saying import short

SHOWN = 20  # on the page; the rest is in the file
LONGEST = 80  # characters of a cell that are shown
FILE = "cells-to-look-at.csv"
HEADERS = ("Line", "Column", "It says", "Why I could not read it", "What to do")
ADVICE = (
    ("not a date", "Write one day, like 31 Dec 2026, or leave it empty."),
    ("no such day", "Write a day that exists, like 31 Dec 2026."),
    ("two dates fit", "Write the month as a word, like 4 Dec 2026."),
    ("not a status", "Write planned, running, at risk, late, done or stopped."),
    ("not a person", "Write a name or an e-mail address, or leave it empty."),
    ("not a project or", "Write project or tool."),
    ("not a phase", "Write stabilize, optimize or innovate."),
    ("not an amount", "Write an amount, like 340000 or 340k EUR, or leave it empty."),
    ("no currency", "Write the currency with it, like 340k EUR."),
    ("the header names", "Write one unit in the header, like Cost (EUR k)."),
    ("too large", "Count its zeros."),
    ("not a number", "Write digits, like 6.5."),
    ("a sum", "Nothing."),
    ("stands on line", "Nothing, if both rows mean the same project."),
)
OTHERWISE = "Write it another way, or leave it empty."
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Cell:
    """One of them, as it is shown."""

    line: int
    column: str
    says: str
    reason: str
    do: str


def facts(found: List | None) -> dict[str, object]:
    """What the page says of them."""
    problems = found.problems if found else ()
    return {
        "cells": [_cell(one, LONGEST) for one in problems[:SHOWN]],
        "count": len(problems),
        "unclear": sum(one.needs_you for one in problems),
        "lines": len({one.line for one in problems}),
        "need_you": len({one.line for one in problems if one.needs_you}),
        "file": FILE,
    }


def file(problems: Sequence[Problem]) -> dict[str, str]:
    """All of them, for a spreadsheet; nothing in it is a formula, whatever the list says."""
    if not problems:
        return {}
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADERS)
    for one in (_cell(problem) for problem in problems):
        writer.writerow([one.line, *map(_text, (one.column, one.says, one.reason, one.do))])
    return {FILE: written.getvalue()}


def _cell(one: Problem, longest: int = 32_000) -> Cell:
    do = next((do for begins, do in ADVICE if one.reason.startswith(begins)), OTHERWISE)
    if " in a column of " in one.reason:
        do = "Write it in the column's currency, or take the currency out of the header."
    return Cell(one.line, short(one.header, longest), short(one.text, longest), one.reason, do)


def _text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) else cell
