"""Reads CSV as the world writes it: any of four delimiters, and encodings old and new."""

import codecs
import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterator

from handlers.imports.problems import Unreadable

DELIMITERS = ",;\t|"
SAMPLE = 2**16  # characters, enough to tell a delimiter by
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b\x7f]")


def table(content: bytes, name: str) -> Iterator[list[str]]:
    text = _text(content)
    junk = len(CONTROL.findall(text[:SAMPLE]))
    if "\0" in text or junk * 100 > min(len(text), SAMPLE):
        raise Unreadable(
            f"{name} is not a list I can read. Save it as .xlsx or as .csv (UTF-8), "
            "and import that."
        )
    # Excel writes and obeys a first line "sep=;" and does not show it as a row.
    told = re.match(r"sep=(.)\r?\n", text)
    if told:
        return _rows(text[told.end() :], told[1], name)
    return _rows(text, _delimiter(text[:SAMPLE]), name)


def _text(content: bytes) -> str:
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(text: str, delimiter: str, name: str) -> Iterator[list[str]]:
    # Strict first, because lenient reading takes all that follows a quotation mark that is never
    # closed for one cell, without a word. Text behind a closing mark is a smaller sin.
    try:
        yield from list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        return
    except csv.Error as problem:
        if "unexpected end of data" in str(problem):
            raise _never_closed(name) from problem
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as problem:
        raise _never_closed(name) from problem


def _never_closed(name: str) -> Unreadable:
    return Unreadable(
        f'{name} has a quotation mark (") that is opened and never closed, so rows would run '
        "together. Save the list as .xlsx, or as .csv from a spreadsheet, and import that."
    )


def _delimiter(sample: str) -> str:
    return max(DELIMITERS, key=lambda delimiter: _agreement(sample, delimiter))


def _agreement(sample: str, delimiter: str) -> float:
    """How many rows agree on how wide they are, and how early the first of them stands: what
    only looks like a delimiter (a decimal comma, a list in a cell) is missing from the headers."""
    try:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths = [len(row) for row in reader if any(row)]
    except csv.Error:
        return 0.0
    split = [width for width in widths if width > 1]
    if not split:
        return 0.0
    width, rows = Counter(split).most_common(1)[0]
    return (rows / len(widths)) ** 2 * math.sqrt(width) / (1 + widths.index(width))
