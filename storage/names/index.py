"""All names of one organisation, ready to be found by what people type."""

from collections.abc import Collection, Hashable, Iterable
from heapq import nsmallest
from typing import Any

from storage.names.completing import Openings
from storage.names.evidence import APART, NEAR
from storage.names.filed import Filed
from storage.names.folding import fold, run_together
from storage.names.form import Form
from storage.names.judgement import judged
from storage.names.name import Found, Name
from storage.names.question import Question, taken_apart
from storage.names.spelling import Spelling
from storage.names.vocabulary import KINDS

LOOKED_AT = 40  # forms judged for one question; of more that fit, those with the least left out
SEVERAL = 8  # names asked about at once
NEAREST = 3  # names offered


class Index:
    """Built once per revision of the map; finding changes nothing, so threads may share it."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._filed = Filed(names)
        words = {word for form in self._filed.forms for word in form.words}
        self._spelling = Spelling(words | KINDS)
        self._known = self._filed.bearers.keys() | KINDS
        self._openings = Openings(self._filed, words)
        self.kept: dict[Hashable, Any] = {}  # what others made of the same revision

    def find(self, typed: str, nouns: Collection[str] | None = None) -> Found:
        """What is meant by a bare name as typed, among the things of these nouns."""
        words = fold(typed)
        exact = self._filed.exactly(run_together(words), nouns) if words else []
        if exact:
            return _verdict(exact)
        for suspicious in (False, True):  # what explains the words as they stand goes first
            question = taken_apart(typed, self._known, self._spelling, suspicious)
            forms = self._of(self._filed.explaining(question), nouns)
            if forms:
                break
        fitting = self._fitting(question, forms)
        return _verdict(fitting) if fitting else Found(nearest=self._nearest(question, nouns))

    def exactly(self, typed: str) -> Name | None:
        """The one thing that has this name to the letter, but for case and marks."""
        words = fold(typed)
        found = self._filed.exactly(run_together(words), None) if words else []
        return found[0] if len(found) == 1 else None

    def completions(
        self, prefix: str, nouns: Collection[str] | None = None, limit: int = 6
    ) -> tuple[Name, ...]:
        """Names that have every word typed so far and one that starts with the last."""
        return self._openings.of(prefix, nouns, limit)

    def _fitting(self, question: Question, forms: list[Form]) -> list[Name]:
        """The names of these forms, best first, if one of them reaches the bar."""
        if len(forms) > LOOKED_AT:
            forms = nsmallest(LOOKED_AT, forms, key=lambda form: (form.mass, form.owner.id))
        ranked: list[tuple[float, Name]] = []
        is_enough = False
        for form in forms:
            judgement = judged(question, form, self._filed.weights)
            is_enough |= judgement.is_enough
            ranked.append((judgement.rank, form.owner))
        if not is_enough:
            return []
        best_first = _once_each(ranked)
        return [name for rank, name in best_first if rank > best_first[0][0] - APART]

    def _nearest(self, question: Question, nouns: Collection[str] | None) -> tuple[Name, ...]:
        """The names that share most with a question that none of them answers."""
        if not question.needed:
            return ()
        near: list[tuple[float, Name]] = []
        for form in self._of(self._filed.sharing(question, LOOKED_AT), nouns):
            nearness = judged(question, form, self._filed.weights, far=True).nearness
            if nearness > NEAR:
                near.append((nearness, form.owner))
        return tuple(name for _, name in _once_each(near)[:NEAREST])

    def _of(self, places: Iterable[int], nouns: Collection[str] | None) -> list[Form]:
        forms = [self._filed.forms[place] for place in places]
        return forms if nouns is None else [form for form in forms if form.owner.noun in nouns]


def _once_each(ranked: Iterable[tuple[float, Name]]) -> list[tuple[float, Name]]:
    """Each name by its best form, best first; equals in a fixed order."""
    best: dict[Name, float] = {}
    for rank, name in ranked:
        best[name] = max(rank, best.get(name, rank))
    return sorted(
        ((rank, name) for name, rank in best.items()),
        key=lambda one: (-one[0], one[1].text, one[1].noun, one[1].id),
    )


def _verdict(fitting: list[Name]) -> Found:
    return Found(one=fitting[0]) if len(fitting) == 1 else Found(several=tuple(fitting[:SEVERAL]))
