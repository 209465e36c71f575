"""Reads dates and times as people write them, and says them back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from dateparser.data.date_translation_data import de, en, fr
from dateparser.date import DateDataParser

from handlers.imports import dates as spans
from handlers.imports.problems import Unclear

Order = Literal["DMY", "MDY"]


@dataclass(frozen=True, slots=True)
class When:
    day: date
    time: time | None
    zone: str
    text: str = ""  # as typed

    def at(self, default: time) -> datetime:
        """In UTC. A wall time that happens twice is the first; one that does not moves by the gap."""
        wall = self.time or default.replace(fold=0)
        return datetime.combine(self.day, wall, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


class Ambiguous(Exception):  # noqa: N818  # it is a question, not an error
    """Two days fit what was typed; the person is asked which."""

    def __init__(self, first: When, second: When) -> None:
        super().__init__(first.text)
        self.first, self.second = first, second


# Short German and French days that are other words, or the English March, far more often.
OTHERWISE = {"mar", "ma", "die", "don", "mit", "son", "me", "je", "ve", "we", "th", "tu", "su"}


def _names(*keys: str) -> str:
    """The library's names for days or months, as one pattern; longest first."""
    names = {
        name.casefold()
        for language in (en, de, fr)
        for key in keys
        for name in language.info[key]
        if name.casefold() not in OTHERWISE
    }
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
WEEKDAY = rf"(?:{_names(*WEEKDAYS)})\.?"
MONTH = rf"(?:{_names(*MONTHS)}|mar|sept)\.?"
YEAR = r"(?:19|20)[0-9]{2}"

BEFORE = re.compile(r"(?:on|by|until|till|til|at|due|since|am|bis|seit|um|le|ab|jusqu'au|depuis) ")
# Words of everyday language: a day or a month only with a capital, or where a date is asked for.
EVERYDAY = {"sat", "sun", "may", "march", "mar", "wed", "jan", "jun", "mai"}
EVERYDAY |= {"sam", "ven", "mer", "dim", "lun", "jeu", "sept", "august", "april", "fre"}
CLOCK = re.compile(
    r"(?:^|,? (?:(?:at|um|à|@) )?|t(?=[0-9]{2}:[0-9]{2}$))(?:"
    r"(?P<hour>[0-9]{1,2})[:h](?P<minute>[0-9]{2})(?: ?(?P<half>[ap])\.?m\.?)?(?: uhr)?"
    r"|(?P<hour12>[0-9]{1,2}) ?(?P<half12>[ap])\.?m\.?"
    r"|(?P<hour24>[0-9]{1,2}) ?(?:uhr|(?<!^[0-9])(?<!^[0-9]{2})(?<!^[0-9] )(?<!^[0-9]{2} )h)"
    r"|(?P<named>noon|midday|mittags?|midi|morning|afternoon|evening|eod|cob|end of (?:the )?day)"
    r")$"
)
NAMED = {
    "noon": time(12), "midday": time(12), "mittag": time(12), "mittags": time(12),
    "midi": time(12), "morning": time(9), "afternoon": time(15), "evening": time(18),
}  # fmt: skip
HOURS = re.compile(
    r"(?P<about>in |dans )?(?P<count>[0-9]{1,4}|an?|one|einer?|une?) ?"
    r"(?P<unit>h|hrs?|hours?|stunden?|heures?|min|mins|minutes?|minuten?)(?P<ago> ago)?"
)
COUNTED = re.compile(
    r"(?P<about>in |dans )?(?P<count>[0-9]{1,4}|an?|one|two|three|four|einem|einer|une?) ?"
    r"(?P<unit>d|days?|w|wks?|weeks?|months?|years?|tage?n?|wochen?|monate?n?|jahre?n?"
    r"|jours?|semaines?|mois|ans?)(?P<ago> ago)?"
)
UNITS = {
    "days": ("d", "day", "days", "tag", "tage", "tagen", "jour", "jours"),
    "weeks": ("w", "wk", "wks", "week", "weeks", "woche", "wochen", "semaine", "semaines"),
    "months": ("month", "months", "monat", "monate", "monaten", "mois"),
    "years": ("year", "years", "jahr", "jahre", "jahren", "an", "ans"),
}
NUMBERS = {"two": 2, "three": 3, "four": 4}
DAYS = re.compile(
    r"today|tomorrow|yesterday|day after tomorrow|heute|morgen|übermorgen|gestern"
    r"|aujourd'hui|demain|après-demain|hier"
)
THE_DAY = re.compile(
    rf"(?P<side>next |this |coming |last |nächste[rn]? |kommende[rn]? )?(?P<name>{WEEKDAY})"
    r"(?P<after> prochain)?"
)
# What a word alone may say at the end of a sentence; a month alone may be a person.
A_DAY = re.compile(rf"(?:{DAYS.pattern}|{WEEKDAY}|tonight|eo[dwmqy]|cob|noon|midday)\.?")
WRITTEN = re.compile(
    rf"(?:(?P<weekday>{WEEKDAY}),? )?(?:(?:the )?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|er|\.)? ?(?:of )?"
    rf"(?P<month>{MONTH})|(?P<month2>{MONTH}) (?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th)?)"
    rf",?(?: (?P<year>{YEAR}))?"
)
NUMERIC = re.compile(
    rf"(?:(?P<weekday>{WEEKDAY}),? )?"
    rf"(?P<day>[0-9]{{1,2}})(?P<mark>[/.\-])(?P<month>[0-9]{{1,2}})(?:(?P=mark)(?P<year>{YEAR}|[0-9]{{2}}))?"
    r"(?P<dot>\.)?"
)
ISO = re.compile(rf"{YEAR}-[0-9]{{2}}-[0-9]{{2}}")
SPAN = re.compile(
    rf"(?P<end>(?:the )?end of |ende |fin )?(?:in )?(?P<what>{MONTH}|[qh][1-4])(?:,? (?P<year>{YEAR}))?"
)
CURRENT = re.compile(
    r"(?:(?:the )?end of (?:the |this |(?P<next>next ))?|(?:this |(?P<next2>next )|(?P<last>last )))"
    r"(?P<what>week|month|quarter|year)|eo(?P<letter>[wmqy])"
)


def read(
    text: str, now: datetime, zone: ZoneInfo, past: bool = False, asked: bool = False
) -> When | None:
    """The future is meant; with `past` ("since Monday"), what has been. Where a date is `asked` for
    ("due sat"), words that are also everyday ones are dates. Raises Ambiguous."""
    typed = " ".join(text.split())
    if not typed or len(typed) > 60:
        return None
    said = typed.casefold().replace("’", "'").rstrip("!?;,")
    if not said.endswith(tuple(f".{n}." for n in range(1, 13))) and not NUMERIC.fullmatch(said):
        said = said.rstrip(".")
    place = BEFORE.match(said)
    if place:
        said = said[place.end() :]
    capital = typed[place.end() if place else 0 :][:1].isupper() and not (
        typed.isupper() and typed.isalpha()
    )
    return _Reading(typed, now.astimezone(zone), zone, past, asked or capital, asked).read(said)


@dataclass(frozen=True, slots=True)
class _Reading:
    typed: str
    now: datetime  # as the person's wall shows it
    zone: ZoneInfo
    past: bool
    named: bool  # a word alone may be a name
    asked: bool

    def read(self, said: str) -> When | None:
        try:
            instant = self._hours(said)
            if instant:
                return instant
            if said == "tonight":
                return self._when(self.now.date(), time(20))
            clock = CLOCK.search(said)
            if clock:
                wall = _wall(clock)
                if wall is None and not clock["named"]:
                    return None
                head = said[: clock.start()].strip(" ,")
                return self._with(head, wall)
            return self._with(said, None)
        except (OverflowError, ValueError):
            return None

    def _with(self, said: str, wall: time | None) -> When | None:
        days = list(dict.fromkeys(self._days(said, wall)))
        whens = [when for when in (self._when(day, wall) for day in days) if when]
        if len(whens) > 1:
            raise Ambiguous(whens[0], whens[1])
        return whens[0] if whens else None

    def _when(self, day: date, wall: time | None) -> When | None:
        if not 1900 < day.year < 2200:
            return None
        return When(day, wall, self.zone.key, self.typed)

    def _hours(self, said: str) -> When | None:
        found = HOURS.fullmatch(said)
        if not found or (found["count"].isalpha() and not (found["about"] or found["ago"])):
            return None
        count = 1 if found["count"].isalpha() else int(found["count"])
        size = "minutes" if found["unit"].startswith("min") else "hours"
        passed = timedelta(**{size: count}) * (-1 if self.past or found["ago"] else 1)
        then = (self.now.astimezone(UTC) + passed).astimezone(self.zone)
        return self._when(then.date(), then.time().replace(second=0, microsecond=0))

    def _days(self, said: str, wall: time | None) -> Iterator[date]:
        """The days that fit: none, one, or two to ask about."""
        if not said:
            if wall or CLOCK.fullmatch(self.typed.casefold()):
                yield self._nearest_day(wall)
            return
        if DAYS.fullmatch(said):
            yield from self._library(said)
        elif found := COUNTED.fullmatch(said):
            yield from self._counted(found)
        elif found := THE_DAY.fullmatch(said):
            yield from self._weekday(found, wall)
        elif found := WRITTEN.fullmatch(said):
            day, month = found["day"] or found["day2"], found["month"] or found["month2"]
            fits = self._in_year(f"{day} {month.rstrip('.')} {{}}", found["year"], "DMY")
            yield from self._agreeing(found["weekday"], fits)
        elif ISO.fullmatch(said):
            yield date.fromisoformat(said)
        elif found := NUMERIC.fullmatch(said):
            yield from self._agreeing(found["weekday"], self._numeric(found))
        elif found := CURRENT.fullmatch(said):
            yield self._current(found)
        elif found := SPAN.fullmatch(said):
            yield from self._span(found, said)

    def _nearest_day(self, wall: time | None) -> date:
        passed = wall is not None and wall <= self.now.time()
        if self.past:
            return self.now.date() - timedelta(days=not passed)
        return self.now.date() + timedelta(days=passed)

    def _counted(self, found: re.Match[str]) -> Iterator[date]:
        count, unit = found["count"], found["unit"]
        sure = found["about"] or found["ago"]
        if (count.isalpha() and not sure) or (unit in ("an", "ans") and not sure):
            return
        # "3D" is how something is printed
        if len(unit) == 1 and not self.asked and not re.search("[0-9] ?[a-z]", self.typed):
            return
        back = self.past or found["ago"]
        many = NUMBERS.get(count, 1) if count.isalpha() else int(count)
        phrase = f"{many} {next(name for name, words in UNITS.items() if unit in words)}"
        yield from self._library(f"{phrase} ago" if back else f"in {phrase}")

    def _weekday(self, found: re.Match[str], wall: time | None) -> Iterator[date]:
        name, today = found["name"].rstrip("."), self.now.date()
        side = (found["side"] or found["after"] or "").strip()
        if len(name) < 3 and not (wall and self.named):
            return  # "so", "do", "mi"
        if name in EVERYDAY and not (self.named or wall or side or self._led()):
            return
        weekday = _weekday_of(name)
        if weekday is None:
            return
        ahead = (weekday - today.weekday()) % 7
        to_come = wall is not None and wall > self.now.time()
        if self.past or side == "last":
            yield today - timedelta(days=(-ahead) % 7 or (7 if side == "last" else 0))
            return
        coming = today + timedelta(days=ahead if ahead or (to_come and side != "next") else 7)
        yield coming
        # "Next Friday", said on a Wednesday: people mean either.
        if side == "next" and ahead and today.weekday() + ahead < 7:
            yield coming + timedelta(days=7)

    def _led(self) -> bool:
        return (
            BEFORE.match(self.typed.casefold()) is not None
            and not self.typed[:3].casefold() == "by "
        )

    def _agreeing(self, weekday: str | None, fits: Iterator[date]) -> Iterator[date]:
        """Only the days that are the weekday which was named with them."""
        named = _weekday_of(weekday.rstrip(".")) if weekday else None
        return (day for day in fits if named is None or day.weekday() == named)

    def _numeric(self, found: re.Match[str]) -> Iterator[date]:
        mark, year = found["mark"], found["year"]
        if year is None and not (self.asked or (mark == "." and found["dot"])):
            return  # "24/7", "2.0", "12-8"
        if (
            year
            and (mark == "-" or found["dot"] or len(year) == 2)
            and not self.asked
            and len(year) == 2
        ):
            return  # "1.12.27" is a version
        # Nobody writes a month first and then a dot.
        for order in ("DMY",) if mark == "." else ("DMY", "MDY"):
            first, second = int(found["day"]), int(found["month"])
            month = second if order == "DMY" else first
            if 1 <= month <= 12:
                long = f"20{year}" if year and len(year) == 2 else year
                yield from self._in_year(f"{first:02}/{second:02}/{{}}", long, order)

    def _in_year(self, pattern: str, year: str | None, order: Order) -> Iterator[date]:
        """The day in its year, or in the next year that has it."""
        today = self.now.date()
        years = [int(year)] if year else [today.year + (-n if self.past else n) for n in range(9)]
        for each in years:
            day = _parsed(pattern.format(each), order, date.min)
            if day and (year or (day <= today if self.past else day >= today)):
                yield day
                return

    def _span(self, found: re.Match[str], said: str) -> Iterator[date]:
        """A month, a quarter or a half: its last day, since it its first."""
        what, today = found["what"].rstrip("."), self.now.date()
        sure = self.named or found["end"] or found["year"] or said.startswith("in ") or self._led()
        if not sure and (what in EVERYDAY or what[0] in "qh"):
            return
        years = [found["year"]] if found["year"] else [today.year + n for n in (-1, 0, 1)]
        fits = []
        for year in years:
            try:
                fits.append(spans.date(f"{what} {year}", end=not self.past))
            except Unclear:
                return
        if self.past:
            yield from [day for day in fits if found["year"] or day <= today][-1:]
        else:
            yield from [day for day in fits if found["year"] or day >= today][:1]

    def _current(self, found: re.Match[str]) -> date:
        """The end of this week (its Friday), month, quarter or year, or of the next; since it, its
        beginning."""
        today = self.now.date()
        what = (
            found["what"]
            or {"w": "week", "m": "month", "q": "quarter", "y": "year"}[found["letter"]]
        )
        step = 1 if found["next"] or found["next2"] else -1 if found["last"] else 0
        if what == "week":
            monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
            if self.past:
                return monday
            friday = monday + timedelta(days=4)
            return friday if friday >= today or step else friday + timedelta(days=7)
        months = {"month": 1, "quarter": 3, "year": 12}[what]
        since = today.year * 12 + (today.month - 1) // months * months + step * months
        if self.past:
            return date(since // 12, since % 12 + 1, 1)
        until = since + months
        return date(until // 12, until % 12 + 1, 1) - timedelta(days=1)

    def _library(self, said: str) -> Iterator[date]:
        day = _parsed(said, "DMY", self.now.date())
        if day:
            yield day


def _wall(found: re.Match[str]) -> time | None:
    if found["named"]:
        return NAMED.get(found["named"])
    hour = int(found["hour"] or found["hour12"] or found["hour24"])
    half = found["half"] or found["half12"]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    minute = int(found["minute"] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


@cache
def _weekday_of(name: str) -> int | None:
    """Monday is 0. English, then German, then French: "mar" is a French Tuesday."""
    for language in (en, de, fr):
        for number, key in enumerate(WEEKDAYS):
            if name in {known.casefold() for known in language.info[key]}:
                return number
    return None


@lru_cache(maxsize=4096)
def _parsed(said: str, order: Order, today: date) -> date | None:
    """What the library makes of it. It keeps its settings for ever, so they hold the day, not the
    minute."""
    found = _reader(order, today).get_date_data(said).date_obj
    return found.date() if found else None


@lru_cache(maxsize=8)
def _reader(order: Order, today: date) -> DateDataParser:
    return DateDataParser(
        languages=["en", "de", "fr"],
        try_previous_locales=False,
        settings={
            "DATE_ORDER": order,
            "PREFER_LOCALE_DATE_ORDER": False,
            "RELATIVE_BASE": datetime.combine(max(today, date(2000, 1, 1)), time(12)),
            "STRICT_PARSING": True,
        },
    )


def say(when: When, now: datetime) -> str:
    """What was understood: "Fri 27 Nov 17:00 CET, in 2 days"."""
    instant = when.at(time(12))
    local, today = instant.astimezone(ZoneInfo(when.zone)), now.astimezone(ZoneInfo(when.zone))
    day = f"{when.day:%a} {when.day.day} {when.day:%b}"
    if when.day.year != today.year:
        day += f" {when.day.year}"
    if when.time:
        day += f" {when.time:%H:%M} {local.tzname()}"
    return f"{day}, {_away(when, instant, now, (when.day - today.date()).days)}"


def _away(when: When, instant: datetime, now: datetime, days: int) -> str:
    if days == 0 and when.time is None:
        return "today"
    if abs(days) <= 1 and when.time:
        minutes = round((instant - now).total_seconds() / 60)
        if abs(minutes) < 24 * 60 and days == 0:
            many = _many(abs(minutes), "minute") if abs(minutes) < 60 else ""
            return _ahead(many or _many(round(abs(minutes) / 60), "hour"), minutes)
    if days in (1, -1):
        return "tomorrow" if days == 1 else "yesterday"
    far = abs(days)
    if far < 14:
        return _ahead(_many(far, "day"), days)
    if far < 60:
        return _ahead(_many(round(far / 7), "week"), days)
    if far < 700:
        return _ahead(_many(round(far / 30.44), "month"), days)
    return _ahead(_many(round(far / 365.25), "year"), days)


def _many(count: int, unit: str) -> str:
    return f"{count} {unit}" + ("" if count == 1 else "s")


def _ahead(many: str, sign: int) -> str:
    return f"in {many}" if sign >= 0 else f"{many} ago"
