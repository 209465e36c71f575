"""Reads dates and times as people write them, and says them back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from zoneinfo import ZoneInfo

from handlers.imports import dates as months
from handlers.imports.problems import Unclear
from handlers.typed import library, spelling


@dataclass(frozen=True, slots=True)
class When:
    day: date
    time: wall_time | None
    zone: str
    text: str = ""  # as typed

    def at(self, default: wall_time) -> datetime:
        """In UTC. A time that happens twice is the first; one that does not moves by the gap."""
        wall = self.time or default.replace(fold=0)
        return datetime.combine(self.day, wall, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


class Ambiguous(Exception):  # noqa: N818  # it is a question, not an error
    """Two days fit what was typed; the person is asked which."""

    def __init__(self, first: When, second: When) -> None:
        super().__init__(first.text)
        self.first, self.second = first, second


def read(
    text: str, now: datetime, zone: ZoneInfo, past: bool = False, asked: bool = False
) -> When | None:
    """The future is meant; with `past` ("since Monday"), what has been. Where a date is `asked` for
    ("due sat"), words that are also everyday ones are dates. Raises Ambiguous."""
    typed = " ".join(text.split())
    if not typed or len(typed) > 60:
        return None
    said = typed.casefold().replace("’", "'").rstrip("!?;,")
    if not spelling.NUMERIC.fullmatch(said):  # "15.12."
        said = said.rstrip(".")
    place = spelling.BEFORE.match(said)
    alone = typed[place.end() if place else 0 :]
    shouted = alone.isupper() and alone.isalpha()
    named = asked or (alone[:1].isupper() and not shouted)
    led = bool(place) and not said.startswith("by ")
    said = said[place.end() :] if place else said
    return _Reading(typed, now.astimezone(zone), zone, past, asked, named or led).read(said)


@dataclass(frozen=True, slots=True)
class _Reading:
    typed: str
    now: datetime  # as the person's wall shows it
    zone: ZoneInfo
    past: bool
    asked: bool
    named: bool  # "Sat", "on sat": an everyday word may be a day

    def read(self, said: str) -> When | None:
        try:
            instant = self._hours(said)
            if instant:
                return instant
            if said == "tonight":
                return self._when(self.now.date(), wall_time(20))
            clock = spelling.CLOCK.search(said)
            if clock:
                wall = _wall(clock)
                if wall is None and not clock["named"]:
                    return None
                head = said[: clock.start()].strip(" ,")
                return self._with(head, wall)
            return self._with(said, None)
        except (OverflowError, ValueError):
            return None

    def _with(self, said: str, wall: wall_time | None) -> When | None:
        days = list(dict.fromkeys(self._days(said, wall)))
        whens = [when for when in (self._when(day, wall) for day in days) if when]
        if len(whens) > 1:
            raise Ambiguous(whens[0], whens[1])
        return whens[0] if whens else None

    def _when(self, day: date, wall: wall_time | None) -> When | None:
        if not 1900 < day.year < 2200:
            return None
        return When(day, wall, self.zone.key, self.typed)

    def _hours(self, said: str) -> When | None:
        found = spelling.HOURS.fullmatch(said)
        if not found or (found["count"].isalpha() and not (found["about"] or found["ago"])):
            return None
        count = 1 if found["count"].isalpha() else int(found["count"])
        size = "minutes" if found["unit"].startswith("min") else "hours"
        passed = timedelta(**{size: count}) * (-1 if self.past or found["ago"] else 1)
        then = (self.now.astimezone(UTC) + passed).astimezone(self.zone)
        return self._when(then.date(), then.time().replace(second=0, microsecond=0))

    def _days(self, said: str, wall: wall_time | None) -> Iterator[date]:
        """The days that fit: none, one, or two to ask about."""
        if not said:
            if wall or spelling.CLOCK.fullmatch(self.typed.casefold()):
                yield self._nearest_day(wall)
            return
        if spelling.DAYS.fullmatch(said):
            yield from self._library(said)
        elif found := spelling.COUNTED.fullmatch(said):
            yield from self._counted(found)
        elif found := spelling.THE_DAY.fullmatch(said):
            yield from self._weekday(found, wall)
        elif found := spelling.WRITTEN.fullmatch(said):
            day, month = found["day"] or found["day2"], found["month"] or found["month2"]
            fits = self._in_year(f"{day} {month.rstrip('.')} {{}}", found["year"], "DMY")
            yield from self._agreeing(found["weekday"], fits)
        elif spelling.ISO.fullmatch(said):
            yield date.fromisoformat(said)
        elif found := spelling.NUMERIC.fullmatch(said):
            yield from self._agreeing(found["weekday"], self._numeric(found))
        elif found := spelling.CURRENT.fullmatch(said):
            yield self._current(found)
        elif found := spelling.SPAN.fullmatch(said):
            yield from self._span(found, said)

    def _nearest_day(self, wall: wall_time | None) -> date:
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
        many = spelling.NUMBERS.get(count, 1) if count.isalpha() else int(count)
        phrase = f"{many} {next(name for name, words in spelling.UNITS.items() if unit in words)}"
        yield from self._library(f"{phrase} ago" if back else f"in {phrase}")

    def _weekday(self, found: re.Match[str], wall: wall_time | None) -> Iterator[date]:
        name, today = found["name"].rstrip("."), self.now.date()
        side = (found["side"] or found["after"] or "").strip()
        if len(name) < 3 and not (wall and self.named):
            return  # "so", "do", "mi"
        if name in spelling.EVERYDAY and not (self.named or wall or side):
            return
        weekday = library.weekday_of(name)
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

    def _agreeing(self, weekday: str | None, fits: Iterator[date]) -> Iterator[date]:
        """Only the days that are the weekday which was named with them."""
        named = library.weekday_of(weekday.rstrip(".")) if weekday else None
        return (day for day in fits if named is None or day.weekday() == named)

    def _numeric(self, found: re.Match[str]) -> Iterator[date]:
        mark, year = found["mark"], found["year"]
        if found[0] == "24/7":
            return
        if year is None and not (self.asked or (mark == "." and found["dot"])):
            return  # "24/7", "2.0", "12-8"
        if year and len(year) == 2 and mark != "/" and not self.asked:
            return  # "1.12.27" is a version
        # Nobody writes a month first and then a dot.
        orders: tuple[library.Order, ...] = ("DMY",) if mark == "." else ("DMY", "MDY")
        for order in orders:
            first, second = int(found["day"]), int(found["month"])
            month = second if order == "DMY" else first
            if 1 <= month <= 12:
                long = f"20{year}" if year and len(year) == 2 else year
                yield from self._in_year(f"{first:02}/{second:02}/{{}}", long, order)

    def _in_year(self, pattern: str, year: str | None, order: library.Order) -> Iterator[date]:
        """The day in its year, or in the next year that has it."""
        today = self.now.date()
        years = [int(year)] if year else [today.year + (-n if self.past else n) for n in range(9)]
        for each in years:
            day = library.day(pattern.format(each), order, date.min)
            if day and (year or (day <= today if self.past else day >= today)):
                yield day
                return

    def _span(self, found: re.Match[str], said: str) -> Iterator[date]:
        """A month, a quarter or a half: its last day, since it its first."""
        what, today = found["what"].rstrip("."), self.now.date()
        sure = self.named or found["end"] or found["year"] or said.startswith("in ")
        if not sure and (what in spelling.EVERYDAY or what[0] in "qh"):
            return
        years = [found["year"]] if found["year"] else [today.year + n for n in (-1, 0, 1)]
        fits = []
        for year in years:
            try:
                fits.append(months.date(f"{what} {year}", end=not self.past))
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
        what = found["what"] or spelling.LETTERS[found["letter"]]
        step = 1 if found["next"] or found["next2"] else -1 if found["last"] else 0
        if what == "week":
            monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
            if self.past:
                return monday
            friday = monday + timedelta(days=4)
            return friday if friday >= today or step else friday + timedelta(days=7)
        long = {"month": 1, "quarter": 3, "year": 12}[what]
        since = today.year * 12 + (today.month - 1) // long * long + step * long
        if self.past:
            return date(since // 12, since % 12 + 1, 1)
        until = since + long
        return date(until // 12, until % 12 + 1, 1) - timedelta(days=1)

    def _library(self, said: str) -> Iterator[date]:
        day = library.day(said, "DMY", self.now.date())
        if day:
            yield day


def _wall(found: re.Match[str]) -> wall_time | None:
    if found["named"]:
        return spelling.NAMED.get(found["named"])
    hour = int(found["hour"] or found["hour12"] or found["hour24"])
    half = found["half"] or found["half12"]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    minute = int(found["minute"] or 0)
    return wall_time(hour, minute) if hour < 24 and minute < 60 else None


def say(when: When, now: datetime) -> str:
    """What was understood: "Fri 27 Nov 17:00 CET, in 2 days"."""
    instant = when.at(wall_time(12))
    local, today = instant.astimezone(ZoneInfo(when.zone)), now.astimezone(ZoneInfo(when.zone))
    day = f"{when.day:%a} {when.day.day} {when.day:%b}"
    if when.day.year != today.year:
        day += f" {when.day.year}"
    if when.time:
        day += f" {when.time:%H:%M} {_zone(local)}"
    return f"{day}, {_away(when, instant, now, (when.day - today.date()).days)}"


def _zone(local: datetime) -> str:
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{name}"


def _away(when: When, instant: datetime, now: datetime, days: int) -> str:
    if days == 0 and when.time is None:
        return "today"
    if days == 0:
        minutes = round((instant - now).total_seconds() / 60)
        if abs(minutes) < 60:
            return _ahead(_many(abs(minutes), "minute"), minutes) if minutes else "now"
        return _ahead(_many(round(abs(minutes) / 60), "hour"), minutes)
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
