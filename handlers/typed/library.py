"""What `dateparser` knows: the names of days and months in three languages, and what they mean.

It is only given what is spelled like a date: left alone it reads "a", "so" and "10%" as dates too.
"""

import re
from datetime import date, datetime, time
from functools import cache, lru_cache
from threading import Lock
from typing import Literal

from dateparser.data.date_translation_data import de, en, fr
from dateparser.date import DateDataParser

Order = Literal["DMY", "MDY"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_one_at_a_time = Lock()  # it fills tables of its own as it reads
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
# Short German and French days that are other words, or the English March, far more often.
OTHERWISE = {"mar", "ma", "die", "don", "mit", "son", "me", "je", "ve", "we", "th", "tu", "su"}


def names(*keys: str) -> str:
    """The library's names for days or months, as one pattern; longest first."""
    names = {
        name.casefold()
        for language in (en, de, fr)
        for key in keys
        for name in language.info[key]
        if name.casefold() not in OTHERWISE
    }
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))


@cache
def weekday_of(name: str) -> int | None:
    """Monday is 0. A name of two languages is the English day, then the German."""
    for language in (en, de, fr):
        for number, key in enumerate(WEEKDAYS):
            if name in {known.casefold() for known in language.info[key]}:
                return number
    return None


@lru_cache(maxsize=4096)
def day(said: str, order: Order, today: date) -> date | None:
    """What the library makes of it. It keeps its settings for ever, so they hold the day, not the
    minute."""
    with _one_at_a_time:
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
