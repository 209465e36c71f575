"""Cuts typed text into quotes, people, words and what stands between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

# Whoever opens with the one closes with the first of the others that follows.
CLOSED_BY = {
    '"': ('"', "“”"), "“": ("”", '"“'), "”": ("”", '"'), "„": ("“”", '"'),
    "«": ("»", ""), "»": ("«", ""), "‹": ("›", ""), "›": ("‹", ""),
    "‘": ("’", "'"), "‚": ("‘’", "'"), "'": ("'", "’"),
}  # fmt: skip
OPENS = re.compile(f"[{''.join(CLOSED_BY)}]")
ENDS = r"(?=$|[\s,|.;:!?)\]}])"
CLOSES = {
    (opening, kind): re.compile(rf"[{closing}]{ENDS}")
    for opening, by in CLOSED_BY.items()
    for kind, closing in enumerate(by)
    if closing
}
SPACE = re.compile(r"\s+")
# Between the items of a list, and the punctuation that ends a sentence.
BETWEEN = re.compile(r"(?:,(?![0-9])|\||[.;:!]+(?=\s|$))")
MENTION = re.compile(r"@[^\W_](?:[\w.\-]*\w)?")
EMAIL = re.compile(r"[\w.+\-%]{1,64}@[^\W_][\w\-]*(?:\.[\w\-]+)+")
WORD_ENDS = re.compile(rf"\s|\||,(?![0-9])|(?<=[=(\[])(?=[{''.join(CLOSED_BY)}])")


class Sort(Enum):
    WORD = "word"
    QUOTE = "quote"
    PERSON = "person"
    BETWEEN = "between"


@dataclass(frozen=True, slots=True)
class Token:
    sort: Sort
    text: str  # of a quote, what is inside it
    start: int
    end: int
    apart: bool  # white space stands before it


def cut(text: str) -> Iterator[Token]:
    at, apart = 0, True
    unclosed: set[str] = set()
    while at < len(text):
        space = SPACE.match(text, at)
        if space:
            apart = True
            if "\n" in space[0]:
                yield Token(Sort.BETWEEN, "\n", at, space.end(), False)
            at = space.end()
            continue
        token = _quote(text, at, apart, unclosed) or _plain(text, at, apart)
        yield token
        at, apart = token.end, False


def _quote(text: str, at: int, apart: bool, unclosed: set[str]) -> Token | None:
    """A quote begins where a word may begin, so that "Lee's" and 24" are none."""
    opening = text[at]
    begins = apart or text[at - 1] in ",|(=:[—–-"
    if opening not in CLOSED_BY or opening in unclosed or not begins:
        return None
    for kind in (0, 1):
        closing = CLOSES.get((opening, kind))
        found = closing.search(text, at + 1) if closing else None
        if found and text[at + 1 : found.start()].strip():
            return Token(Sort.QUOTE, text[at + 1 : found.start()], at, found.end(), apart)
        if found and kind == 0:
            return None
    unclosed.add(opening)
    return None


def _plain(text: str, at: int, apart: bool) -> Token:
    for pattern, sort in (
        (BETWEEN, Sort.BETWEEN),
        (EMAIL, Sort.PERSON),
        (MENTION, Sort.PERSON),
    ):
        found = pattern.match(text, at)
        if found:
            return Token(sort, found[0], at, found.end(), apart)
    end = WORD_ENDS.search(text, at + 1)
    stop = end.start() if end else len(text)
    return Token(Sort.WORD, text[at:stop], at, stop, apart)


def items(text: str) -> tuple[str, ...]:
    """A list by comma, newline or bar; a comma inside a number is none."""
    parts = re.split(r",(?![0-9])|\n|\|", text)
    return tuple(" ".join(part.split()) for part in parts if part.strip())
