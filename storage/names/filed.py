"""All forms of all names, filed under their handles and weighed."""

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import islice

from storage.names.evidence import ASIDE, weight
from storage.names.form import Form, form_of
from storage.names.name import Name
from storage.names.question import Question

WALKED = 100  # bearers of one handle looked at for an offer; a handle with more tells little


class Filed:
    """`bearers` are the places in `forms` of those that have a handle."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.forms: list[Form] = []
        self.bearers: dict[str, set[int]] = {}
        self._whole: dict[str, list[Name]] = {}
        self._short: dict[str, list[Name]] = {}
        for name in names:
            for text in (name.text, *name.aliases):
                form = form_of(name, text)
                if form is not None:
                    self._add(form)
        count = len(self.forms)
        self.weights = {
            handle: weight(handle, len(places), count) for handle, places in self.bearers.items()
        }
        for form in self.forms:
            self._weigh(form)

    def exactly(self, joined: str, nouns: Collection[str] | None) -> list[Name]:
        """The names that are this, else those that are this without their brackets."""
        for filed in (self._whole, self._short):
            found = [n for n in filed.get(joined, ()) if nouns is None or n.noun in nouns]
            if found:
                return found
        return []

    def explaining(self, question: Question) -> set[int]:
        """The forms that explain every needed word: those of the rarest word, cut down."""
        bearers: list[list[set[int]]] = []
        for place in range(len(question.words)):
            if question.needed >> place & 1:
                parts = [part for part in question.parts if part.places >> place & 1]
                handles = dict.fromkeys(handle for part in parts for handle in part.handles)
                bearers.append([self.bearers[h] for h in handles if h in self.bearers])
        if not bearers:
            return set()
        bearers.sort(key=lambda readings: sum(map(len, readings)))
        left = set().union(*bearers[0])
        for readings in bearers[1:]:
            left = set().union(*(left & reading for reading in readings))
        return left

    def sharing(self, question: Question, most: int) -> list[int]:
        """The forms that share the most handles with a question."""
        shared: Counter[int] = Counter()
        for part in question.parts:
            for handle in (*part.handles, *part.far):
                shared.update(islice(self.bearers.get(handle, ()), WALKED))
        return [place for place, _ in shared.most_common(most)]

    def _add(self, form: Form) -> None:
        place = len(self.forms)
        self.forms.append(form)
        _put(self._whole, form.joined, form.owner)
        if form.aside:
            _put(self._short, form.joined_short, form.owner)
        for handle in form.handles:
            if handle in self.bearers:
                self.bearers[handle].add(place)
            else:
                self.bearers[handle] = {place}

    def _weigh(self, form: Form) -> None:
        form.weights = tuple(
            0.0
            if form.silent >> place & 1
            else self.weights[word] * (ASIDE if form.aside >> place & 1 or _is_letter(word) else 1)
            for place, word in enumerate(form.words)
        )
        form.mass = sum(form.weights)


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def _put(filed: dict[str, list[Name]], key: str, name: Name) -> None:
    names = filed.setdefault(key, [])
    if name not in names:
        names.append(name)
