"""Reads a day that somebody typed."""

from datetime import date, timedelta
from typing import Protocol

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class ReadDate(Protocol):
    """A day as people write it, or nothing where it is none."""

    def __call__(self, text: str) -> date | None: ...


def reader(today: date) -> ReadDate:
    """Reads `2026-12-02` and the next weekday of a name, counted from `today`."""

    def read_date(text: str) -> date | None:
        typed = text.strip().rstrip(".!").lower()
        if typed == "tomorrow":
            return today + timedelta(days=1)
        for number, name in enumerate(WEEKDAYS):
            if len(typed) >= 3 and name.startswith(typed):
                return today + timedelta(days=(number - today.weekday()) % 7 or 7)
        try:
            return date.fromisoformat(typed)
        except ValueError:
            return None

    return read_date
