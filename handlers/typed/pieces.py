"""Takes a command apart: its words, what is quoted, its flags, the people and the date in it."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from handlers.imports import amounts
from handlers.imports.problems import Unclear
from handlers.typed import dates, spelling
from handlers.typed.dates import Ambiguous, When
from handlers.typed.words import Sort, Token, cut, items

Simple = Literal["text", "word", "name", "people", "person", "date", "id", "number", "none"]


@dataclass(frozen=True, slots=True)
class Clause:
    """A flag whose value has flags of its own: `needs "…" from @omar by Fri`. The value is kept as
    typed, for `take_apart(value, clause.own, …)`. Unquoted it counts only if it says `sure`."""

    own: Mapping[str, Simple]
    sure: str


Kind = Simple | Clause
NEEDS = Clause({"from": "person", "by": "date"}, sure="from")
EXPECT = Clause({"from": "number", "to": "number", "by": "date"}, sure="to")

DASHES = ("--", "—", "–")
AND = {"and", "&", "und", "et"}
ID = re.compile(r"#?[A-Za-z]{1,2}-?[0-9]{1,9}|#?[0-9]{1,9}|last", re.IGNORECASE)
# Words of everyday language: after them "sat" and "may" are not yet days.
EVERYDAY = {"by", "to", "in", "on", "for", "from", "at"}
DUE = ("due", "by", "until")
LONGEST_NAME = 20
LONGEST_CLAUSE = 40
LONGEST_DATE = 7  # words: "Tue 15 Dec 2026 at 5 pm"
DURATION = re.compile(r"(?:for |an? )?[0-9]+ [^\W\d]+|[0-9]+ ?(?:h|hrs?|min)", re.IGNORECASE)
MONTHS_ALONE = re.compile(r"[^\W\d]{3,}\.?|[QHqh][1-4]")
NAMED_DAYS = {"black", "good", "cyber", "ash", "casual", "giving", "easter", "palm"}


@dataclass(frozen=True, slots=True)
class Pieces:
    words: str
    quoted: tuple[str, ...] = ()
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mentions: tuple[str, ...] = ()
    date: When | None = None
    unsure: Ambiguous | None = None  # two days fit the end of `words`, where it still stands


def take_apart(
    text: str,
    known: Mapping[str, Kind],
    now: datetime,
    zone: ZoneInfo,
    named: Callable[[str], bool] | None = None,
) -> Pieces:
    """Raises nothing. An unquoted name counts where there is such a thing (`named`); where that
    cannot be asked, if it begins with a capital or its flag with dashes."""
    return _Taking(tuple(cut(text)), text, known, now, zone, named).pieces()


@dataclass(frozen=True, slots=True)
class _Flag:
    name: str
    values: tuple[str, ...]
    end: int


class _Taking:
    def __init__(
        self,
        tokens: tuple[Token, ...],
        text: str,
        known: Mapping[str, Kind],
        now: datetime,
        zone: ZoneInfo,
        named: Callable[[str], bool] | None,
    ) -> None:
        self.tokens, self.text, self.known = tokens, text, known
        self.now, self.zone, self.named = now, zone, named
        size = len(tokens)
        self.own: dict[tuple[int, str], _Flag | None] = {}
        self.found: list[_Flag | None] = [None] * size
        # Where an unquoted value that begins here has to stop: at a flag, a person or a quote.
        self.stop = [size] * (size + 1)
        for at in range(size - 1, -1, -1):
            if tokens[at].sort is Sort.WORD:
                self.found[at] = self._flag(at, known)
            stops = self.found[at] or tokens[at].sort in (Sort.PERSON, Sort.QUOTE)
            self.stop[at] = at if stops else self.stop[at + 1]

    def pieces(self) -> Pieces:
        flags: dict[str, tuple[str, ...]] = {}
        quoted: list[str] = []
        mentions: list[str] = []
        kept: list[int] = []
        at = 0
        while at < len(self.tokens):
            token, flag = self.tokens[at], self.found[at]
            if flag:
                flags[flag.name] = flags.get(flag.name, ()) + flag.values
                at = flag.end
                continue
            if token.sort is Sort.QUOTE:
                quoted.append(token.text)
            elif token.sort is Sort.PERSON:
                mentions.append(token.text)
            else:
                kept.append(at)
            at += 1
        kept = _without_lone_marks(self.tokens, kept)
        when, unsure = None, None
        if not any(name in flags for name in DUE):
            kept, when, unsure = self._date_at_the_end(kept)
        return Pieces(self._said(kept), tuple(quoted), flags, tuple(mentions), when, unsure)

    def _flag(self, at: int, known: Mapping[str, Kind]) -> _Flag | None:
        """The flag that begins here, if its value parses. Two-word flags go first."""
        for size in (2, 1):
            words = self.tokens[at : at + size]
            if len(words) < size or any(word.sort is not Sort.WORD for word in words):
                continue
            typed = " ".join(word.text for word in words).casefold()
            dashed = typed.startswith(DASHES)
            name = typed.lstrip("-—–").rstrip("=") if dashed else typed.rstrip("=")
            if name not in known:
                continue
            end = at + size
            if end < len(self.tokens) and self.tokens[end].text == ":":
                end += 1
            flag = self._by(end, known) if name == "by" else self._value(name, end, known, dashed)
            if flag:
                return flag
        return None

    def _by(self, at: int, known: Mapping[str, Kind]) -> _Flag | None:
        """With a person it is the owner, with a date the due date, else just a word."""
        people = self._people(at, many=False)
        if people:
            return _Flag("owner" if "owner" in known else "by", *people)
        due = self._date(at, asked=False)
        return _Flag("due" if "due" in known else "by", *due) if due else None

    def _value(self, name: str, at: int, known: Mapping[str, Kind], dashed: bool) -> _Flag | None:
        kind = known[name]
        if kind == "none":
            return _Flag(name, (), at)
        if at >= len(self.tokens):
            return None
        match kind:
            case Clause():
                value = self._clause(kind, at)
            case "people" | "person":
                value = self._people(at, many=kind == "people")
            case "date":
                value = self._date(at, asked=dashed or name not in EVERYDAY)
            case "id":
                value = self._ids(at)
            case "number":
                value = self._number(at)
            case "word":
                value = self._word(at)
            case "text" | "name":
                value = self._quotes(at, many=kind == "name")
                if value is None and kind == "text":
                    value = self._run(at)
                elif value is None:
                    value = self._name(at, dashed)
        return _Flag(name, *value) if value else None

    def _quotes(self, at: int, many: bool) -> tuple[tuple[str, ...], int] | None:
        values = []
        while at < len(self.tokens) and self.tokens[at].sort is Sort.QUOTE:
            values.append(self.tokens[at].text)
            at += 1
            following = self._after_separator(at)
            if not many or following is None or self.tokens[following].sort is not Sort.QUOTE:
                break
            at = following
        return (tuple(values), at) if values else None

    def _after_separator(self, at: int) -> int | None:
        """Where the list goes on after a comma, a newline, a bar or "and"."""
        start = at
        while at < len(self.tokens) and (
            (self.tokens[at].text in (",", "|", "\n") and self.tokens[at].sort is Sort.BETWEEN)
            or (self.tokens[at].sort is Sort.WORD and self.tokens[at].text.casefold() in AND)
        ):
            at += 1
        return at if start < at < len(self.tokens) else None

    def _people(self, at: int, many: bool) -> tuple[tuple[str, ...], int] | None:
        values = []
        while at < len(self.tokens) and self.tokens[at].sort is Sort.PERSON:
            values.append(self.tokens[at].text)
            at += 1
            following = self._after_separator(at)
            if not many or following is None or self.tokens[following].sort is not Sort.PERSON:
                break
            at = following
        return (tuple(values), at) if values else None

    def _date(self, at: int, asked: bool) -> tuple[tuple[str, ...], int] | None:
        if at < len(self.tokens) and self.tokens[at].sort is Sort.QUOTE:
            quoted = self.tokens[at].text
            return ((quoted,), at + 1) if self._reads(quoted, True) else None
        for end in range(min(at + LONGEST_DATE, self._line(at)), at, -1):
            typed = self._slice(at, end)
            if self.tokens[end - 1].sort is Sort.WORD and self._reads(typed, asked):
                # "15.12." ends in a mark of its own
                longer = end < len(self.tokens) and self.tokens[end].text == "."
                return (typed,), end + longer
        return None

    def _line(self, at: int) -> int:
        """The end of the words on this line."""
        while at < len(self.tokens) and (
            self.tokens[at].sort is Sort.WORD or self.tokens[at].text == ","
        ):
            at += 1
        return at

    def _reads(self, typed: str, asked: bool) -> bool:
        try:
            return dates.read(typed, self.now, self.zone, asked=asked) is not None
        except Ambiguous:
            return True

    def _ids(self, at: int) -> tuple[tuple[str, ...], int] | None:
        values = []
        while self.tokens[at].sort is Sort.WORD and ID.fullmatch(self.tokens[at].text):
            values.append(self.tokens[at].text)
            at += 1
            following = self._after_separator(at)
            if following is None or not ID.fullmatch(self.tokens[following].text):
                break
            at = following
        return (tuple(values), at) if values else None

    def _number(self, at: int) -> tuple[tuple[str, ...], int] | None:
        if self.tokens[at].sort is Sort.QUOTE:
            quoted = self.tokens[at].text
            return ((quoted,), at + 1) if _counts(quoted) else None
        for end in range(min(at + 3, self._line(at)), at, -1):
            typed = self._slice(at, end)
            if self.tokens[end - 1].sort is Sort.WORD and _counts(typed):
                return (typed,), end
        return None

    def _word(self, at: int) -> tuple[tuple[str, ...], int] | None:
        if self.tokens[at].sort not in (Sort.WORD, Sort.QUOTE) or self.found[at]:
            return None
        return (self.tokens[at].text,), at + 1

    def _run(self, at: int) -> tuple[tuple[str, ...], int] | None:
        end = self.stop[at]
        while end > at and self.tokens[end - 1].sort is Sort.BETWEEN:
            end -= 1
        typed = " ".join(self._slice(at, end).split())
        return ((typed,), end) if typed else None

    def _name(self, at: int, dashed: bool) -> tuple[tuple[str, ...], int] | None:
        run = self._run(at)
        if run is None:
            return None
        (typed,), end = run
        if self.named is None or dashed:
            sure = dashed or typed[0].isupper()
            return (items(typed), end) if sure else None
        for shorter in range(min(end, at + LONGEST_NAME), at, -1):
            values = items(self._slice(at, shorter))
            if values and all(self.named(value) for value in values):
                return values, shorter
        return None

    def _own(self, at: int, clause: Clause) -> _Flag | None:
        if (at, clause.sure) not in self.own:
            self.own[at, clause.sure] = self._flag(at, clause.own)
        return self.own[at, clause.sure]

    def _clause(self, clause: Clause, at: int) -> tuple[tuple[str, ...], int] | None:
        quoted = self.tokens[at].sort is Sort.QUOTE
        start, said = at, set[str]()
        end = at = at + quoted
        while at < min(len(self.tokens), start + LONGEST_CLAUSE):
            token = self.tokens[at]
            own = self._own(at, clause) if token.sort is Sort.WORD and at > start else None
            if own and own.name in said:
                break
            if own:
                said.add(own.name)
                end = at = own.end
                continue
            over = self.found[at] or token.sort in (Sort.PERSON, Sort.QUOTE) or said
            if over or (quoted and not _counts(token.text)):
                break
            at += 1
            end = at if token.sort is Sort.WORD else end
        if not quoted and clause.sure not in said:
            return None
        return (self._slice(start, end),), end

    def _date_at_the_end(self, kept: list[int]) -> tuple[list[int], When | None, Ambiguous | None]:
        """The longest run of words, the last of what is kept, that reads as a date."""
        end = len(kept)
        while end and self.tokens[kept[end - 1]].sort is Sort.BETWEEN:
            end -= 1
        start = end
        while start and kept[start - 1] == kept[end - 1] - (end - start):
            start -= 1
        for begin in range(max(start, end - LONGEST_DATE), end):
            typed = self._slice(kept[begin], kept[end - 1] + 1)
            if self.tokens[kept[begin]].sort is Sort.BETWEEN or not _is_offered(typed):
                continue
            before = self.tokens[kept[begin - 1]].text.casefold() if begin else ""
            if before in NAMED_DAYS:
                continue
            try:
                when = dates.read(typed, self.now, self.zone)
            except Ambiguous as unsure:
                return kept, None, unsure
            if when:
                return kept[:begin], when, None
        return kept, None, None

    def _slice(self, start: int, end: int) -> str:
        return self.text[self.tokens[start].start : self.tokens[end - 1].end] if end > start else ""

    def _said(self, kept: list[int]) -> str:
        return "".join(self._spaced(_without_lone_marks(self.tokens, kept))).strip()

    def _spaced(self, kept: list[int]) -> Iterator[str]:
        before = -1
        for at in kept:
            token = self.tokens[at]
            beside = before == at - 1 and not token.apart
            yield token.text if beside or token.sort is Sort.BETWEEN else f" {token.text}"
            before = at


def _without_lone_marks(tokens: tuple[Token, ...], kept: list[int]) -> list[int]:
    """Without the commas and stops that stood around what was taken out."""
    left: list[int] = []
    for place, at in enumerate(kept):
        mark = tokens[at].sort is Sort.BETWEEN
        following = kept[place + 1] if place + 1 < len(kept) else -1
        whole = place and kept[place - 1] == at - 1 and following in (at + 1, -1)
        lone = not left or tokens[left[-1]].sort is Sort.BETWEEN or following == -1
        if not (mark and lone and not whole):
            left.append(at)
    while left and tokens[left[-1]].text in (",", "|", "\n", ";", ":"):
        left.pop()
    return left


def _counts(typed: str) -> bool:
    """A number, or an amount of money."""
    with suppress(Unclear):
        amounts.number(typed)
        return any(sign.isdigit() for sign in typed)
    return False


def _is_offered(typed: str) -> bool:
    """Whether this, unasked, is meant as a date: "for 3 weeks" lasts, "ask April" is a person."""
    compact = re.fullmatch(r"[0-9]+[dw]", typed)
    return (
        bool(compact)
        or not (DURATION.fullmatch(typed) or MONTHS_ALONE.fullmatch(typed))
        or bool(spelling.A_DAY.fullmatch(typed.casefold()))
    )
