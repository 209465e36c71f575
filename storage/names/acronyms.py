"""Which words of a name an acronym shortens, and the initials people may make of it.

Words are given by their places in the name; a set of places is a bit mask.
"""

from collections.abc import Iterable, Sequence

from storage.names.vocabulary import KINDS, SMALL


def mask(places: Iterable[int]) -> int:
    """The places as one number, a bit each."""
    together = 0
    for place in places:
        together |= 1 << place
    return together


def shortened_by(words: Sequence[str], acronym_at: int) -> int:
    """The neighbouring words whose first letters make the acronym; small ones may be skipped."""
    acronym = words[acronym_at]
    for letters in (acronym, acronym.removesuffix("s")):
        for start in range(len(words)):
            places = _spelling_out(letters, words, start, acronym_at)
            if len(places) == len(letters) > 1:
                return mask(places)
    return 0


def _spelling_out(letters: str, words: Sequence[str], start: int, skipped: int) -> list[int]:
    places: list[int] = []
    for place in range(start, len(words)):
        if len(places) == len(letters):
            break
        if place == skipped:
            continue
        if words[place][0] == letters[len(places)]:
            places.append(place)
        elif words[place] not in SMALL:
            break
    return places


def initials(spoken: Sequence[tuple[int, str]]) -> dict[str, int]:
    """The ways to shorten a name: with and without small words, kinds and numbers."""
    found: dict[str, int] = {}
    for skipped in (frozenset[str](), SMALL, KINDS, SMALL | KINDS):
        kept = [(place, word) for place, word in spoken if word not in skipped]
        plain = [(place, word) for place, word in kept if word[0].isalpha()]
        for shortened in (kept, plain):
            if len(shortened) > 1:
                letters = "".join(w if w[0].isdigit() else w[0] for _, w in shortened)
                found.setdefault(letters, mask(place for place, _ in shortened))
    return found
