"""Writes tables as an Excel workbook: real dates and numbers, and texts that are never formulas."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from handlers.exports.shape import Money
from handlers.exports.tables import Cell, Sheet
from handlers.imports.amounts import MINOR

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767  # characters of a cell
FIRST_YEAR = 1900  # before it Excel has no days
TOP = Alignment(vertical="top", wrap_text=True)
HEAD = Font(bold=True, color="FFFFFF")
FILL = PatternFill("solid", fgColor="17324D")


def written(sheets: Sequence[Sheet], zone: ZoneInfo) -> bytes:
    """The workbook. What is too long for a cell is cut, and the last sheet says how often."""
    book = openpyxl.Workbook(write_only=True)
    book.properties.created = book.properties.modified = datetime(2000, 1, 1, tzinfo=UTC)
    cut = 0
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        for place, column in enumerate(sheet.columns, start=1):
            page.column_dimensions[get_column_letter(place)].width = column.width
        page.append([_head(page, column.header) for column in sheet.columns])
        for row in sheet.rows:
            cut += sum(isinstance(cell, str) and len(cell) > LONGEST for cell in row)
            page.append([_cell(page, cell, zone) for cell in row])
        if sheet is sheets[-1] and cut:
            page.append([_cell(page, one, zone) for one in ("Ends of long texts", cut, WHY_CUT)])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


WHY_CUT = "A cell of Excel holds 32,767 characters. The YAML export holds them whole."


def _head(page: Any, header: str) -> Any:
    cell = WriteOnlyCell(page, header)
    cell.font, cell.fill, cell.alignment = HEAD, FILL, Alignment(vertical="center")
    return cell


def _cell(page: Any, value: Cell, zone: ZoneInfo) -> Any:
    match value:
        case None:
            return None
        case Money():
            digits = MINOR.get(value.currency, 2)
            places = f".{'0' * digits}" if digits else ""
            cell = WriteOnlyCell(page, Decimal(value.minor).scaleb(-digits))
            cell.number_format = f"#,##0{places} [${value.currency}]"
        case datetime() if value.year > FIRST_YEAR:
            cell = WriteOnlyCell(page, value.astimezone(zone).replace(tzinfo=None))
            cell.number_format = "yyyy-mm-dd hh:mm"
        case date() if value.year > FIRST_YEAR and not isinstance(value, datetime):
            cell = WriteOnlyCell(page, value)
            cell.number_format = "yyyy-mm-dd"
        case int() | float():
            cell = WriteOnlyCell(page, value)
        case _:
            return _text(page, str(value))
    cell.alignment = TOP
    return cell


def _text(page: Any, text: str) -> Any:
    """Whatever it begins with, it is a text; also once somebody edits the cell."""
    shown = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)
    shown = shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
    cell = WriteOnlyCell(page)
    cell.value = shown
    cell.data_type, cell.quotePrefix, cell.alignment = "s", True, TOP
    return cell
