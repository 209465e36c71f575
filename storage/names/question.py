"""What was typed, taken apart: which handles each word may stand for, and at what cost."""

import re
from collections.abc import Container
from dataclasses import dataclass

from storage.names.evidence import DOUBTED, KNOWN_WORD, PLURAL, RUN_TOGETHER, slip_cost
from storage.names.folding import fold, fold_written_out, run_together
from storage.names.spelling import Spelling, is_long
from storage.names.vocabulary import COMMON, KINDS, SMALL

_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
LONGEST_RUN = 3  # words typed apart that may be one: "s 4 hana"


@dataclass(frozen=True, slots=True)
class Part:
    """Typed words (`places`, a bit mask) with the cost of each handle they may stand for.

    The `far` handles are too doubtful to answer with and good enough to offer.
    """

    places: int
    handles: dict[str, float]
    far: dict[str, float]


@dataclass(frozen=True, slots=True)
class Question:
    """`needed` are the places of the words that a name must explain."""

    words: tuple[str, ...]
    parts: tuple[Part, ...]
    needed: int

    @property
    def joined(self) -> str:
        return run_together(self.words)


def taken_apart(
    typed: str, known: Container[str], spelling: Spelling, suspicious: bool
) -> Question:
    """Suspicious also doubts the words that are known as they stand."""
    typed = _POSSESSIVE.sub("", typed)
    words = fold(typed)
    written_out = words if typed.isascii() else fold_written_out(typed)
    parts: list[Part] = []
    needed = 0
    for place, word in enumerate(words):
        readings = {w: 0.0 for w in (word, written_out[place]) if w in known}
        if word not in SMALL and word not in KINDS:
            if suspicious or not readings:
                _add_slips(readings, word, spelling)
            if not _says_little(word, readings):
                needed |= 1 << place
        parts.append(_part(1 << place, readings))
    parts += _runs(words, known, spelling if suspicious else None)
    return Question(words, tuple(parts), needed)


def _part(places: int, readings: dict[str, float]) -> Part:
    return Part(
        places,
        {handle: cost for handle, cost in readings.items() if cost <= DOUBTED},
        {handle: cost for handle, cost in readings.items() if cost > DOUBTED},
    )


def _add_slips(readings: dict[str, float], word: str, spelling: Spelling) -> None:
    known = KNOWN_WORD if readings or word in COMMON else 0.0
    for meant, slips in spelling.near(word):
        cost = slip_cost(word, meant, slips)
        readings[meant] = cost if cost == PLURAL else cost + known


def _says_little(word: str, readings: dict[str, float]) -> bool:
    """Whether a word is only a kind or a small word with a slip: "progamme", "teh"."""
    if readings:
        return min(readings, key=lambda meant: readings[meant]) in KINDS
    swapped = (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1))
    return len(word) <= 3 and any(small in SMALL for small in swapped)


def _runs(words: tuple[str, ...], known: Container[str], spelling: Spelling | None) -> list[Part]:
    """Neighbours that may be one word typed apart: "on boarding"."""
    parts: list[Part] = []
    for length in range(2, LONGEST_RUN + 1):
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            joined = run_together(run)
            readings = {joined: RUN_TOGETHER} if joined in known else {}
            if spelling and length == 2 and all(map(is_long, run)):
                _add_slips(readings, joined, spelling)
            if readings:
                parts.append(_part(((1 << length) - 1) << start, readings))
    return parts
