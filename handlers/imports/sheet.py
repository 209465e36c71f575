"""Reads the list a company keeps its projects in, from CSV or Excel, whatever its headers are."""

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low

from handlers.imports import delimited, workbook
from handlers.imports.problems import Unreadable as Unreadable

BYTES = 50 * 2**20
LINES = 2**20  # as many as Excel has
COLUMNS = 2_000
CELLS = 10_000_000
SAMPLE = 50  # rows that are looked at to find the headers
STEP = 500  # rows between two words on progress


@dataclass(frozen=True, slots=True)
class Row:
    line: int  # the row number a spreadsheet shows
    cells: tuple[str, ...]  # as many as there are headers


@dataclass(frozen=True, slots=True)
class Sheet:
    headers: tuple[str, ...]
    rows: tuple[Row, ...]


def read(path: Path) -> Sheet:
    return parse(_content(path), path.name)


def parse(content: bytes, name: str, tell: Callable[[int], None] = lambda _: None) -> Sheet:
    """The list in a file's bytes. `tell` hears now and then how many rows were read."""
    if content.startswith(workbook.OLD):
        raise Unreadable(
            f"{name} is an old Excel file or has a password. "
            "Open it in Excel, save it as .xlsx without a password or as .csv, and import that."
        )
    if not content.startswith(workbook.ZIP):
        return _best([_counted(delimited.table(content, name), tell)], name)
    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions it leaves out, which are nothing to an import.
        warnings.filterwarnings("ignore", module="openpyxl")
        return _best((_counted(one, tell) for one in workbook.tables(content, name)), name)


def _counted(rows: Iterable[Sequence[str]], tell: Callable[[int], None]) -> Iterator[Sequence[str]]:
    for count, row in enumerate(rows, start=1):
        if count % STEP == 0:
            tell(count)
        yield row


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise Unreadable(f"{path} is a folder. Name the .xlsx or .csv file in it.")
        if not path.is_file():
            raise Unreadable(f"There is no file {path}. Check the name, or give the whole path.")
        if path.stat().st_size > BYTES:
            raise Unreadable(
                f"{path.name} is larger than {BYTES // 2**20} MB, more than I read. "
                "Save only the sheet with the projects, as .csv, and import that."
            )
        return path.read_bytes()
    except OSError as problem:
        why = problem.strerror or "the system refused"
        raise Unreadable(f"I could not open {path}: {why}. Check that I may read it.") from problem


def _best(tables: Iterable[Iterable[Sequence[str]]], name: str) -> Sheet:
    """The first with rows and more than one column (a cover sheet has one), else with rows."""
    found = []
    for table in tables:
        sheet = _sheet(table, name)
        if sheet is not None and sheet.rows and len(sheet.headers) > 1:
            return sheet
        if sheet is not None:
            found.append(sheet)
    if not found:
        raise Unreadable(
            f"{name} is empty. Put the headers in the first row and one project in each row below."
        )
    full = next((sheet for sheet in found if sheet.rows), None)
    if full is None:
        raise Unreadable(
            f"{name} has headers and no rows. Add one row for each project, then import again."
        )
    return full


def _sheet(lines: Iterable[Sequence[str]], name: str) -> Sheet | None:
    rows = _filled(lines, name)
    if not rows:
        return None
    top = _header(rows)
    below = rows[top + 1 :]
    width = max(len(row.cells) for row in rows[top:])
    if width > COLUMNS or width * len(below) > CELLS:
        raise Unreadable(
            f"{name} has {width} columns and {len(below)} rows, more than a list of projects has. "
            "Keep the columns that matter, save it as .csv, and import that."
        )
    headers = rows[top].cells
    used = [
        any(column < len(row.cells) and row.cells[column] for row in rows[top:])
        for column in range(width)
    ]
    kept = [column for column in range(width) if used[column]]
    names = [
        (headers[column] if column < len(headers) else "") or f"column {column + 1}"
        for column in kept
    ]
    padding = ("",) * width
    return Sheet(
        headers=_distinct(names),
        rows=tuple(
            Row(row.line, tuple([cells[column] for column in kept]))
            for row in below
            for cells in [row.cells + padding[len(row.cells) :]]
        ),
    )


def _filled(lines: Iterable[Sequence[str]], name: str) -> list[Row]:
    """The rows that say something, trimmed, without the blanks at their end."""
    rows: list[Row] = []
    for line, cells in enumerate(lines, start=1):
        if line > LINES:
            raise Unreadable(
                f"{name} has more than {LINES:,} rows. Keep the rows that are projects, "
                "save it as .csv, and import that."
            )
        said = [cell.strip() for cell in cells]
        while said and not said[-1]:
            said.pop()
        if said:
            rows.append(Row(line, tuple(said)))
    return rows


def _header(rows: Sequence[Row]) -> int:
    """Where the headers stand: the first row that fills more than half of what a typical row
    fills, and more than one cell if any row does. A title above the list fills fewer."""
    sample = [sum(map(bool, row.cells)) for row in rows[:SAMPLE]]
    least = max(median_low(sample) / 2, min(1, max(sample) - 1))
    return next(position for position, filled in enumerate(sample) if filled > least)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    taken = {name.casefold() for name in names}
    seen: set[str] = set()
    distinct = []
    for name in names:
        told, count = name, 1
        while told.casefold() in (taken if count > 1 else seen):
            count += 1
            told = f"{name} ({count})"
        seen.add(told.casefold())
        taken.add(told.casefold())
        distinct.append(told)
    return tuple(distinct)
