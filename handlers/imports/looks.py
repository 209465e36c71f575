"""What the cells of a column are like, so that its header is not believed blindly."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

from handlers.imports import cells
from handlers.imports.fields import Looks

SAMPLE = 200  # filled cells that stand for their column
RANKS = re.compile(
    r"(?:p|prio)?\s*[0-9]+|(?:very |sehr )?(?:high|medium|low|critical|urgent|normal|hoch|mittel"
    r"|niedrig|must|should|could|haute?|moyenne?|basse?|h|m|l)(?: have)?",
    re.IGNORECASE,
)


class Column:
    def __init__(self, texts: Sequence[str]) -> None:
        filled = [text for text in texts if text]
        self._cells = filled[:SAMPLE]
        self._filled = len(filled) / len(texts) if texts else 0.0
        lengths = [len(text) for text in self._cells]
        self._length = median(lengths) if lengths else 0.0
        distinct = len({text.casefold() for text in self._cells})
        self._distinct = distinct / len(self._cells) if self._cells else 0.0

    def fit(self, looks: Looks) -> float | None:
        """How well the cells suit, for adding to the header's score; None if they do not."""
        if not self._cells:
            return None
        suits = self._suits(looks)
        return None if suits is None else suits + 10 * self._filled

    def _suits(self, looks: Looks) -> float | None:
        match looks:
            case "date":
                return self._read(partial(cells.date, order="dmy"))
            case "money":
                return self._read(partial(cells.money, currency="EUR"))
            case "number":
                return self._read(cells.number)
            case "kind":
                return self._read(cells.kind)
            case "phase":
                return self._read(cells.phase)
            case "status":
                return self._status()
            case _:
                return self._words(looks)

    def _status(self) -> float | None:
        """Words we do not know yet may still be a status, if they are few and short."""
        known = self._share(cells.status)
        if known < 0.5 and (self._length > 30 or self._values() or self._share(cells.phase) > 0.5):
            return None
        return 20 * known - (30 if known < 0.1 and self._many() else 0)

    def _words(self, looks: Looks) -> float | None:
        if self._values():
            return None
        repeats = 20 * (1 - self._distinct) if self._many() else 0.0
        match looks:
            case "name":
                short = self._length <= 120
                return (20 * self._distinct - max(0.0, self._length - 60) / 2) if short else None
            case "prose":
                return min(self._length, 100) / 5
            case "people" if self._share(cells.status) > 0.5 or self._length > 60:
                return None
            case "group" if self._length > 120 or self._share(RANKS.fullmatch) > 0.5:
                return None
            case "group":
                return repeats - (20 if self._many() and self._distinct > 0.9 else 0)
            case _:
                return repeats / 2 if self._length <= 120 else None

    def _values(self) -> bool:
        """Whether most cells are numbers, amounts or dates: no words, then."""
        return (
            self._share(partial(cells.date, order="dmy")) > 0.5
            or self._share(partial(cells.money, currency="EUR")) > 0.5
            or self._share(cells.number) > 0.5
        )

    def _read(self, reading: Callable[[str], object]) -> float | None:
        share = self._share(reading)
        return 20 * share if share >= 0.5 else None

    def _share(self, reading: Callable[[str], object]) -> float:
        return sum(_reads(reading, cell) for cell in self._cells) / len(self._cells)

    def _many(self) -> bool:
        return len(self._cells) >= 5


def _reads(reading: Callable[[str], object], cell: str) -> bool:
    try:
        return reading(cell) is not None
    except cells.Unclear:
        return False
