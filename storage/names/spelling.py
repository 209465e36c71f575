"""Finds the known words that a typed word may be a slip of.

Two words one slip apart become equal when the right letter is taken out of each. So every known
word is filed under itself with up to two letters out, a typed word is looked up the same way, and
only the few that meet are measured. The cost does not grow with the number of known words.
"""

from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

SHORTEST = 4  # of a known word: three letters have neighbours everywhere, a slip proves nothing
TWO_SLIPS = 5  # shorter words keep too little of themselves after two slips
HEAD = 7  # only the first letters are filed: the file stays small, the measure sees the rest


class Spelling:
    """The known words, filed by what remains of them with letters taken out."""

    def __init__(self, words: Iterable[str]) -> None:
        self._filed: dict[str, list[str]] = {}
        filed = self._filed
        for word in words:
            if takes_slips(word):
                for rest in _rests(word):
                    if rest in filed:
                        filed[rest].append(word)
                    else:
                        filed[rest] = [word]

    def near(self, typed: str) -> list[tuple[str, int]]:
        """Known words one or two slips from the typed one, with how many."""
        if not is_long(typed):
            return []
        met: set[str] = set()
        for rest in _rests(typed):
            met.update(self._filed.get(rest, ()))
        met.discard(typed)
        near: list[tuple[str, int]] = []
        for word in sorted(met):
            allowed = _slips_allowed(min(len(word), len(typed)))
            slips = OSA.distance(typed, word, score_cutoff=allowed)
            if slips <= allowed:
                near.append((word, slips))
        return near


def takes_slips(word: str) -> bool:
    """Numbers and version marks are identity: a slip never explains them."""
    return len(word) >= SHORTEST and word.isalpha()


def is_long(typed: str) -> bool:
    """Whether a typed word may be a slip: one letter of a known word can be missing."""
    return len(typed) >= SHORTEST - 1 and typed.isalpha()


def _slips_allowed(length: int) -> int:
    return 2 if length >= TWO_SLIPS else 1


def _rests(word: str) -> Iterator[str]:
    head = word[:HEAD]
    once = {head[:i] + head[i + 1 :] for i in range(len(head))}
    rests = {head} | once
    if len(word) >= TWO_SLIPS - 1:
        for rest in once:
            rests.update(rest[:i] + rest[i + 1 :] for i in range(len(rest)))
    return iter(rests)
