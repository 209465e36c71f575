"""One way a thing is named, and every handle by which people take hold of it.

A handle is a word, two neighbours run together, the initials, or an acronym that the name gives
itself; each stands for some of the name's words, kept as a bit mask over their places.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from storage.names.acronyms import initials, mask, shortened_by
from storage.names.folding import fold, fold_written_out, run_together
from storage.names.name import Name
from storage.names.vocabulary import BETWEEN, KINDS, SMALL

_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]?")
_CAPITALS = re.compile(r"[(\[]([A-Z][A-Za-z]*[A-Z][A-Za-z]*)[)\]]")  # (HOB), (FinOps)
ACRONYM_LETTERS = range(2, 9)


@dataclass(slots=True)
class Form:
    """`aside` are the places in brackets, `silent` those of words that nobody misses.

    The weights, and the mass that is their sum, are set once all forms are known.
    """

    owner: Name
    words: tuple[str, ...]
    aside: int
    silent: int
    handles: dict[str, int]
    initials: frozenset[str] = frozenset()
    weights: tuple[float, ...] = field(default=())
    mass: float = 0.0
    is_former: bool = False
    phrases: frozenset[int] = frozenset()  # of several, by the places of their words that tell

    @property
    def joined(self) -> str:
        return run_together(self.words)

    @property
    def joined_short(self) -> str:
        """The name without what stands in brackets."""
        return run_together(
            [w for place, w in enumerate(self.words) if not self.aside >> place & 1]
        )

    def shortens(self, handle: str) -> bool:
        """Whether a handle is an acronym or initials: it stands for words that it does not say."""
        if handle in self.initials:
            return True
        return handle in self.words and self.handles[handle].bit_count() > self.words.count(handle)


def form_of(owner: Name, text: str) -> Form | None:
    """The form of one text, or nothing when the text has no letter or digit."""
    pieces = _BRACKETS.split(text) if any(b in text for b in "([{") else [text]
    # Every second piece of a split by a pattern with one group is what the group held.
    folded = [(fold(piece), bool(i % 2)) for i, piece in enumerate(pieces)]
    words = tuple(word for piece, _ in folded for word in piece)
    if not words:
        return None
    in_brackets = [is_aside for piece, is_aside in folded for _ in piece]
    aside = mask(place for place, is_aside in enumerate(in_brackets) if is_aside)
    form = Form(
        owner,
        words,
        aside=0 if aside == mask(range(len(words))) else aside,
        silent=mask(place for place, word in enumerate(words) if word in SMALL),
        handles=_words_and_runs(words),
        is_former=text != owner.text,
    )
    if not text.isascii():
        for place, word in enumerate(w for piece in pieces for w in fold_written_out(piece)):
            form.handles.setdefault(word, 1 << place)
    _add_acronyms(form, frozenset(bracket.lower() for bracket in _CAPITALS.findall(text)))
    form.initials = _add_initials(form)
    form.phrases = _phrases(form)
    return form


def _phrases(form: Form) -> frozenset[int]:
    """What stands between small words: "Demand forecasting" and "fresh food" of "… for …"."""
    found = [0]
    for place, word in enumerate(form.words):
        if word in BETWEEN:
            found.append(0)
        elif word not in SMALL | KINDS and not form.aside >> place & 1:
            found[-1] |= 1 << place
    told = [phrase for phrase in found if phrase]
    return frozenset(told) if len(told) > 1 else frozenset()


def _words_and_runs(words: tuple[str, ...]) -> dict[str, int]:
    """The words, and neighbours as one word: "onelogin", and "rd" for "R and D"."""
    handles: dict[str, int] = {}
    for place, word in enumerate(words):
        handles[word] = handles.get(word, 0) | 1 << place
    for place, (word, following) in enumerate(pairwise(words)):
        handles.setdefault(run_together((word, following)), 3 << place)
        if following in SMALL and place + 2 < len(words):
            handles.setdefault(run_together((word, words[place + 2])), 5 << place)
    return handles


def _add_acronyms(form: Form, capitals: frozenset[str]) -> None:
    """An acronym that the name gives stands for the words it shortens, and they for it."""
    last = len(form.words) - 1
    for place, word in enumerate(form.words):
        given = form.aside >> place & 1 or place in (0, last)
        if given and len(word) in ACRONYM_LETTERS and word not in KINDS | SMALL:
            shortened = shortened_by(form.words, place)
            if shortened:
                form.silent |= 1 << place
            if form.aside >> place & 1 and (shortened or word in capitals):
                shortened |= mask(range(place))  # in brackets it stands for all before them
            form.handles[word] |= shortened


def _add_initials(form: Form) -> frozenset[str]:
    """Adds the initials of the whole name, unless the name has them as a word."""
    spoken = [
        (place, word)
        for place, word in enumerate(form.words)
        if not form.aside >> place & 1 and (word in SMALL or not form.silent >> place & 1)
    ]
    fresh = {letters: m for letters, m in initials(spoken).items() if letters not in form.handles}
    form.handles.update(fresh)
    return frozenset(fresh)
