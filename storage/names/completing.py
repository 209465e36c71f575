"""Suggests names while a name is being typed."""

from bisect import bisect_left
from collections.abc import Collection, Iterable

from storage.names.filed import Filed
from storage.names.folding import fold, run_together
from storage.names.name import Name

AFTER_ALL_LETTERS = "\U0010ffff"


class Openings:
    """The words of all names in order, so that those with one beginning lie together."""

    def __init__(self, filed: Filed, words: Iterable[str]) -> None:
        self._filed = filed
        self._words = sorted(words)

    def of(self, prefix: str, nouns: Collection[str] | None, limit: int) -> tuple[Name, ...]:
        """Names that open with what was typed come first, then those that have it inside."""
        typed = fold(prefix)
        if not typed:
            return ()
        places = self._starting(typed[-1])
        for word in typed[:-1]:
            places &= self._filed.bearers.get(word, set())
        joined = run_together(typed)
        ranked: dict[Name, bool] = {}
        for place in places:
            form = self._filed.forms[place]
            if nouns is None or form.owner.noun in nouns:
                is_inside = not form.joined.startswith(joined)
                ranked[form.owner] = ranked.get(form.owner, True) and is_inside
        first = sorted(ranked, key=lambda name: (ranked[name], name.text.casefold(), name.id))
        return tuple(first[:limit])

    def _starting(self, letters: str) -> set[int]:
        start = bisect_left(self._words, letters)
        end = bisect_left(self._words, letters + AFTER_ALL_LETTERS)
        starting = set(self._filed.bearers.get(letters, ()))
        return starting.union(*(self._filed.bearers[word] for word in self._words[start:end]))
