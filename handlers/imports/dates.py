"""Reads dates, months, quarters and years as people type them."""

import datetime
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Literal

from handlers.imports.problems import Unclear

Order = Literal["dmy", "mdy"]
DAY_FIRST: Order = "dmy"
MONTH_FIRST: Order = "mdy"

_NAMES = """
jan january januar jänner janvier janv
feb february februar février fevrier févr fév
mar march mär märz maerz mrz mars
apr april avril avr
may mai
jun june juni juin
jul july juli juillet juil
aug august août aout
sep sept september septembre
oct october okt oktober octobre
nov november novembre
dec december dez dezember décembre decembre déc
"""
MONTHS = {
    name: month
    for month, names in enumerate(_NAMES.strip().splitlines(), start=1)
    for name in names.split()
}
# French Tuesdays only in full: "Mar. 3" is in March.
WEEKDAY = re.compile(
    r"^(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mardi|mer|jeu|ven|sam|dim)"
    r"[a-z]*[., ]+(?=[0-9]{1,2}\b)"
)
TIME = r"(?:[t ]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?\s*(?:z|[ap]m)?)?"
YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
NAME = r"(?P<name>[a-zäéûô]+)"
NUMERIC = re.compile(
    rf"(?P<first>[0-9]{{1,2}})(?P<mark>[/.\-])(?P<second>[0-9]{{1,2}})(?P=mark)"
    rf"(?P<year>(?:19|20)?[0-9]{{2}}){TIME}"
)
# A day, then what is less than a day's worth of certainty. Two digits are a year only beside a
# month's name with a dash or an apostrophe, as Excel writes it: in "Dec 26" they may be a day.
DAYS = [
    re.compile(pattern)
    for pattern in (
        rf"{YEAR}([-/.])(?P<month>[0-9]{{1,2}})\2(?P<day>[0-9]{{1,2}}){TIME}",
        rf"{YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})",
        rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|er|\.)?[ \-/]*(?:of )?{NAME}\.?[ \-/,]*"
        r"(?P<year>(?:19|20)?[0-9]{2})",
        rf"{NAME}\.? (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? {YEAR}",
    )
]
SPANS = [
    re.compile(pattern)
    for pattern in (
        rf"{YEAR}[-/.](?P<month>[0-9]{{1,2}})",
        rf"(?P<month>[0-9]{{1,2}})[-/.]{YEAR}",
        rf"{NAME}\.?[ \-/,]*{YEAR}",
        rf"{NAME}\.?(?:-| ?')(?P<year>[0-9]{{2}})",
        rf"{YEAR}[ \-/]*{NAME}",
        rf"[qt](?P<quarter>[1-4])[ \-/,]*{YEAR}",
        rf"{YEAR}[ \-/,]*[qt](?P<quarter>[1-4])",
        rf"h(?P<half>[12])[ \-/,]*{YEAR}",
        rf"{YEAR}[ \-/,]*h(?P<half>[12])",
        YEAR,
    )
]


def date(
    text: str, header: str = "", *, end: bool = False, order: Order | None = None
) -> datetime.date:
    """A month, quarter or year is its first day, at the `end` of something its last. `order` is
    what the column's other cells say (`order_of`); a header that says "dd/mm/yyyy" goes first."""
    said = " ".join(text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    said = WEEKDAY.sub("", said)
    numeric = NUMERIC.fullmatch(said)
    if numeric:
        return _numeric(numeric, _told(header) or order)
    for pattern in DAYS:
        found = pattern.fullmatch(said)
        if found:
            part = found.groupdict()
            return _day(_year(part["year"]), _month(part), int(part["day"]))
    for pattern in SPANS:
        found = pattern.fullmatch(said)
        if found:
            return _span(found.groupdict(), end)
    if re.fullmatch(r"[2-7][0-9]{4}(?:\.[0-9]+)?", said):  # a day as Excel counts, 1954 to 2119
        return datetime.date(1899, 12, 30) + datetime.timedelta(days=int(said[:5]))
    raise Unclear("not a date")


def order_of(cells: Iterable[str]) -> Order | None:
    """Whether a column is day-first or month-first, if one of its cells can only be read so and
    none only the other way."""
    orders: set[Order] = set()
    for cell in cells:
        numeric = NUMERIC.fullmatch(cell.strip().casefold())
        if numeric and numeric["mark"] != ".":
            readings = _readings(numeric)
            if len(readings) == 1:
                orders |= set(readings)
    return orders.pop() if len(orders) == 1 else None


def _numeric(found: re.Match[str], order: Order | None) -> datetime.date:
    readings = _readings(found)
    if not readings:
        raise Unclear("not a date")
    # Nobody writes a month first and then a dot.
    fits = "dmy" if found["mark"] == "." else order
    if fits in readings:
        return readings[fits]
    if len(set(readings.values())) > 1:
        one, other = (f"{day.day} {day:%B}" for day in readings.values())
        raise Unclear(f"two dates fit: {one} or {other}")
    return next(iter(readings.values()))


def _readings(found: re.Match[str]) -> dict[Order, datetime.date]:
    first, second, year = int(found["first"]), int(found["second"]), _year(found["year"])
    readings: dict[Order, datetime.date] = {}
    for order, day, month in (DAY_FIRST, first, second), (MONTH_FIRST, second, first):
        with suppress(ValueError):
            readings[order] = datetime.date(year, month, day)
    return readings


def _told(header: str) -> Order | None:
    said = re.search(r"\b(?:(dd?|tt?|jj?)[/.\-]mm?|mm?[/.\-]dd?)\b", header.casefold())
    if said is None:
        return None
    return "dmy" if said[1] else "mdy"


def _span(part: Mapping[str, str | None], end: bool) -> datetime.date:
    """The first or the last day of a month, quarter, half or year."""
    year = _year(part["year"] or "")
    first, months = 1, 12
    if part.get("quarter"):
        first, months = int(part["quarter"] or 1) * 3 - 2, 3
    elif part.get("half"):
        first, months = int(part["half"] or 1) * 6 - 5, 6
    elif part.get("month") or part.get("name"):
        first, months = _month(part), 1
    if not end:
        return _day(year, first, 1)
    after = first + months
    return _day(year + (after > 12), (after - 1) % 12 + 1, 1) - datetime.timedelta(days=1)


def _month(part: Mapping[str, str | None]) -> int:
    number = part.get("month")
    month = int(number) if number else MONTHS.get(part.get("name") or "", 0)
    if not 1 <= month <= 12:
        raise Unclear("not a date")
    return month


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text) - (100 if int(text) >= 70 else 0)


def _day(year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError as problem:
        raise Unclear("no such day") from problem
