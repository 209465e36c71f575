"""A clock wound by hand."""

from datetime import UTC, datetime, timedelta

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Clock:
    """Stands at Monday morning until somebody winds it."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self._now = at

    def now(self) -> datetime:
        return self._now

    def wind(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> None:
        """Let time pass."""
        self._now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)

    def elapsed(self) -> float:
        """The same time, as seconds that only ever grow."""
        return self._now.timestamp()
