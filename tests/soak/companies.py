"""A company whose names are asked for, and what a fair judge of the answers must know about it."""

from collections import defaultdict
from random import Random

from rapidfuzz import process
from rapidfuzz.distance import OSA

from storage.names import Index, Name
from storage.names.folding import fold
from tests.soak.typed_forms import KINDS, SMALL, initials

INITIALS_TRIED = 8  # the form leaves small words out or not by chance; so often finds both


class Company:
    """Stored names in an index, and held-back ones that nobody told it about."""

    def __init__(self, stored: list[str], held: list[str]) -> None:
        self.stored = [Name("initiative", i, text) for i, text in enumerate(stored, 1)]
        self.held = held
        self.index = Index(self.stored)
        self._words = {name.id: content(name.text) for name in self.stored}
        self._whole = set(self._words.values())
        self._nearly: dict[str, set[int]] = {}
        self._bearing: dict[str, set[int]] = defaultdict(set)
        self._shortened: dict[str, set[int]] = defaultdict(set)
        for name in self.stored:
            for word in fold(name.text):
                self._bearing[word].add(name.id)
            for seed in range(INITIALS_TRIED):
                self._shortened[(initials(name.text, Random(seed)) or "").lower()].add(name.id)

    def fitting(self, typed: str) -> set[int]:
        """The stored names that have all words of what was typed, slips allowed, or its letters."""
        words = content(typed) or fold(typed)
        fitting = set.intersection(*map(self._bearing_nearly, words))
        return fitting | self._shortened.get("".join(fold(typed)), set())

    def is_whole(self, typed: str, fitting: set[int]) -> bool:
        """Whether what was typed is one of these names to its end, whatever it was made from."""
        words = content(typed)
        return words in self._whole or any(len(self._words[i]) == len(words) for i in fitting)

    def _bearing_nearly(self, word: str) -> set[int]:
        if word in self._bearing:
            return self._bearing[word]
        if word not in self._nearly:
            near = process.extract(
                word, list(self._bearing), scorer=OSA.distance, score_cutoff=1 + (len(word) > 5)
            )
            self._nearly[word] = set().union(*(self._bearing[other] for other, _, _ in near))
        return self._nearly[word]


def content(text: str) -> tuple[str, ...]:
    """The content words of a text, whatever their order."""
    return tuple(sorted(word for word in fold(text) if word not in SMALL | KINDS))
