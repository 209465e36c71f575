"""The files of an export: one of YAML or Excel, or a table each as CSV, packed or in a folder."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from handlers.exports import workbook
from handlers.exports.gathering import Gathered
from handlers.exports.shape import Money, money, number
from handlers.exports.tables import Cell, Sheet, tables
from handlers.exports.writing import written
from storage.organisations import Organisation

Kind = Literal["yaml", "excel", "csv", "zip", "folder"]
KINDS: dict[str, Kind] = {".xlsx": "excel", ".csv": "csv", ".zip": "zip"}
COUNTED = {  # what is told to be in a file: one of it, and many
    "projects and tools": "project or tool",
    "priorities": "priority",
    "capabilities": "capability",
    "numbers": "number",
    "decisions": "decision",
    "people": "person",
}
DANGEROUS = tuple("=+-@\t\r＝＋－＠")  # a cell that begins so is run as a formula, somewhere
PACKED_AT = (1980, 1, 1, 0, 0, 0)  # the same map packs to the same bytes


@dataclass(frozen=True, slots=True)
class File:
    """What somebody gets: its name, its media type, and what is in it."""

    name: str
    media: str
    content: bytes


def made(
    gathered: Gathered, kind: Kind, company: Organisation, only_decisions: bool = False
) -> Sequence[File]:
    """The files of this kind; one, but for a folder. As CSV alone it is the list of projects."""
    name = _named(company.name, only_decisions)
    if kind == "yaml":
        content = written(gathered.map).encode()
        return [File(f"{name}.yaml", "application/yaml", content)]
    sheets = tables(gathered.map, gathered.stand, only_decisions)
    zone = ZoneInfo(company.zone)
    if kind == "excel":
        return [File(f"{name}.xlsx", workbook.MEDIA, workbook.written(sheets, zone))]
    each = [File(f"{_named(one.name)}.csv", "text/csv", _csv(one, zone)) for one in sheets]
    return [File(f"{name}.zip", "application/zip", _packed(each))] if kind == "zip" else each


def _named(name: str, only_decisions: bool = False) -> str:
    said = re.sub(r"[^\w]+", "-", name.lower()).strip("-")[:60] or "map"
    return f"{said}-decisions" if only_decisions else said


def _packed(each: Sequence[File]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        for one in each:
            into.writestr(zipfile.ZipInfo(one.name, PACKED_AT), one.content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _csv(sheet: Sheet, zone: ZoneInfo) -> bytes:
    told = io.StringIO(newline="")
    lines = csv.writer(told)
    lines.writerow([column.header for column in sheet.columns])
    lines.writerows([_text(cell, zone) for cell in row] for row in sheet.rows)
    return told.getvalue().encode("utf-8-sig")  # Excel takes UTF-8 for Latin-1 without its mark


def _text(cell: Cell, zone: ZoneInfo) -> str:
    match cell:
        case None:
            return ""
        case int() | float():
            return number(float(cell)) if isinstance(cell, float) else str(cell)
        case Money():
            return _harmless(money(cell))
        case datetime():
            return f"{cell.astimezone(zone):%Y-%m-%d %H:%M}"
        case str():
            return _harmless(cell)
    return cell.isoformat()


def _harmless(text: str) -> str:
    """A text that a spreadsheet shows and does not run."""
    return f"'{text}" if text.startswith(DANGEROUS) else text
