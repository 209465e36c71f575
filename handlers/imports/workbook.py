"""Reads Excel workbooks into text, each cell as a person would type it."""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.exceptions import InvalidFileException

from handlers.imports.problems import Unreadable

ZIP = b"PK\x03\x04"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE: .xls, and .xlsx under a password
UNPACKED = 500 * 2**20

# openpyxl declares nothing about broken files; these are what zip, XML (a ParseError is a
# SyntaxError) and its own look-ups were seen to raise on them.
BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    lzma.LZMAError,
    zipfile.BadZipFile,
    zlib.error,
)


def tables(content: bytes, name: str) -> Iterator[Iterator[list[str]]]:
    """The rows of each sheet, the hidden ones last: they hold what drop-down lists offer."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > UNPACKED:
            raise Unreadable(
                f"{name} unpacks to more than {UNPACKED // 2**20} MB. "
                "Save only the sheet with the projects, as .csv, and import that."
            )
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except BROKEN as problem:
        raise _broken(name) from problem
    for sheet in sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible"):
        yield _rows(sheet, name)


def _rows(sheet: Any, name: str) -> Iterator[list[str]]:
    try:
        sheet.reset_dimensions()  # programs that write workbooks often state them wrong
        for row in sheet.iter_rows():
            yield [_text(cell) for cell in row]
    except BROKEN as problem:
        raise _broken(name) from problem


def _broken(name: str) -> Unreadable:
    return Unreadable(
        f"{name} looks like an Excel file and I could not open it. "
        "Save it again as .xlsx or as .csv, and import that."
    )


def _text(cell: Any) -> str:
    match cell.value:
        case None:
            return ""
        case str(text):
            return text
        case bool(answer):
            return "yes" if answer else "no"
        case int() | float() as number:
            return _number(number, cell.number_format)
        case datetime() as moment if moment.time() != time():
            return moment.isoformat(" ", "minutes")
        case datetime() as moment:
            return moment.date().isoformat()
        case other:
            return str(other)


def _number(number: float, shown: str) -> str:
    """As typed: Excel keeps 25% as 0.25 and, of € 5, only the 5; what it shows says the rest."""
    exact = Decimal(f"{number:.15g}" if isinstance(number, float) else number)
    if not exact.is_finite():
        return str(number)
    if "%" in shown:
        return f"{_plain(exact * 100)}%"
    return f"{_plain(exact)} {_currency(shown)}".rstrip()


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _currency(shown: str) -> str:
    # The dollar of a built-in format stands for whatever the reader's Windows calls money.
    if shown in BUILTIN_FORMATS.values():
        return ""
    told = re.search(r"\[\$([^\]-]+)", shown)
    if told:
        return told[1].strip()
    sign = re.search(r"[€£¥$]", re.sub(r"\[[^\]]*\]", "", shown))
    return sign[0] if sign else ""
