"""Reads when a digest is wanted, as people say it: "Mon 9:00", "every second Thu", "the 1st"."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from handlers.typed import dates, library, spelling
from storage.schedules import LAST_DAY, Schedule

NINE = time(9)
_EVERY = r"(?:(?:every|each|on|the|a|of|digest)\s+)*"
_COUNTS = {
    "other": 2, "second": 2, "2nd": 2, "two": 2, "2": 2, "third": 3, "3rd": 3, "three": 3, "3": 3,
    "fourth": 4, "4th": 4, "four": 4, "4": 4,
}  # fmt: skip
_NTH = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "last": -1,
}  # fmt: skip
_MONTH = r"(?:\s+(?:day\s+)?(?:of|in)\s+(?:(?:the|each|every|a)\s+)?month|\s+monthly)"
_WORKING = re.compile(
    r"(?:working|work|week)[ -]?days?|(?:mon|monday)\s*(?:-|–|to)\s*(?:fri|friday)"
)
_DAILY = re.compile(r"days?|daily")
_LAST_DAY = re.compile(rf"last day(?:{_MONTH})?|(?:month|monthly)(?: on)?(?: the)? last day")
_NTH_DAY = re.compile(rf"(?P<nth>{'|'.join(_NTH)})\s+(?P<day>[^\W\d]+){_MONTH}")
_MONTHLY_NTH = re.compile(
    rf"(?:month|monthly)(?:\s+on)?(?:\s+the)?\s+(?P<nth>{'|'.join(_NTH)})\s+(?P<day>[^\W\d]+)"
)
_DATE = re.compile(
    rf"(?P<date>\d{{1,2}})(?:st|nd|rd|th|\.)?{_MONTH}"
    r"|(?:month|monthly)(?:\s+on)?(?:\s+the)?\s+(?P<date2>\d{1,2})(?:st|nd|rd|th|\.)?"
)
_MONTHLY = re.compile(r"month|monthly")
_WEEKS = re.compile(
    rf"(?P<count>{'|'.join(_COUNTS)})\s+(?:weeks?\s+)?(?:on\s+)?(?P<days>.+)"
    r"|(?:weekly|week)(?:\s+on)?\s+(?P<days2>.+)"
)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """On which days, and at what time; see `storage.schedules.Schedule`."""

    at: time
    every: str = "week"
    weekdays: str = ""
    weeks: int = 1
    day_of_month: int | None = None
    week_of_month: int | None = None

    def give(self, one: Schedule) -> None:
        """Let a schedule have it."""
        one.every, one.weekdays, one.weeks, one.at = self.every, self.weekdays, self.weeks, self.at
        one.day_of_month, one.week_of_month = self.day_of_month, self.week_of_month


def read(typed: str, now: datetime, zone: ZoneInfo) -> Rhythm | None:
    """What was typed after `digest`; nothing where it is no rhythm. 9:00 where no time is said."""
    said = " ".join(typed.lower().split()).strip(" .!")
    said = re.sub(r"\bat (\d{1,2})$", r"at \1:00", said)
    clock = spelling.CLOCK.search(said)
    at: time | None = NINE
    if clock:
        when = dates.read(f"today {clock[0].strip(' ,')}", now, zone)
        at, said = (when.time if when else None), said[: clock.start()].strip(" ,")
    if at is None:
        return None
    return _days(re.sub(rf"^{_EVERY}", "", f"{said} ").strip(), at)


def _days(said: str, at: time) -> Rhythm | None:
    if _WORKING.fullmatch(said):
        return Rhythm(at, "working day")
    if _DAILY.fullmatch(said):
        return Rhythm(at, weekdays="0123456")
    if _LAST_DAY.fullmatch(said):
        return Rhythm(at, "month", day_of_month=LAST_DAY)
    if found := _NTH_DAY.fullmatch(said) or _MONTHLY_NTH.fullmatch(said):
        day = library.weekday_of(found["day"].rstrip("."))
        if day is None:
            return None
        return Rhythm(at, "month", str(day), week_of_month=_NTH[found["nth"]])
    if found := _DATE.fullmatch(said):
        date = int(found["date"] or found["date2"])
        return Rhythm(at, "month", day_of_month=date) if 1 <= date <= 31 else None
    if _MONTHLY.fullmatch(said):
        return Rhythm(at, "month", day_of_month=1)
    if found := _WEEKS.fullmatch(said):
        digits = _weekdays(found["days"] or found["days2"])
        weeks = _COUNTS[found["count"]] if found["count"] else 1
        return Rhythm(at, weekdays=digits, weeks=weeks) if digits else None
    digits = _weekdays(said)
    return Rhythm(at, weekdays=digits) if digits else None


def _weekdays(said: str) -> str:
    """The digits of the days that are named; empty where a word names none."""
    words = [word.rstrip("s.") if len(word) > 4 else word.rstrip(".")
             for word in re.split(r"[\s,&+/]+|\band\b|\bund\b|\bet\b", said) if word]  # fmt: skip
    found = [library.weekday_of(word) for word in words]
    if not found or None in found:
        return ""
    return "".join(sorted({str(day) for day in found}))
