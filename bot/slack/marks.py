"""Writes our text as Slack's: what a person typed is escaped here, and can be nothing but text.

A text becomes atoms, which are never cut: a word, a mention, an escaped character. They are packed
into pieces of whatever size Slack takes, and a voice that spans two pieces is opened again.

Escaping does not stop `*bold*`. Where Slack would take a typed mark for a voice, a character that
looks the same stands instead; one inside a word ("snake_case", "2*3") forms no voice, and stays.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, groupby
from unicodedata import combining

from bot import plain, words
from bot.messages import Link, Moment, Person, Text, Typed
from bot.slack import limits
from bot.slack.seen import Seen

COMMAND = "/align"
MORE = "…"
_VOICE = re.compile(r"(?<![0-9A-Za-z])[*_~]|[*_~](?![0-9A-Za-z])|`")
_ALIKE = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}
_QUOTE = re.compile(r"^([\s*_]*)&gt;", re.MULTILINE)  # escaped, it still begins a quotation
_LONE = re.compile("[\ud800-\udfff]")
_PIECE = 40  # characters of a word that is longer than Slack takes at once
_CLUSTER = 10  # characters that are seen as one
_JOINER = "\u200d"
_ACCOUNT = re.compile(r"[UW][A-Z0-9]+")
_MARKS = 6  # characters that the marks of a voice may take around one atom
_TOO_LONG = 1000  # an address that is longer is not worth its place


@dataclass(frozen=True, slots=True)
class Atom:
    """What is never cut, as Slack spells it; `voice` is the mark that stands on both sides."""

    said: str
    voice: str = ""

    @property
    def is_space(self) -> bool:
        return not self.said.strip()


BREAK = Atom("\n")


def escape(typed: str) -> str:
    """What somebody typed, for any text of Slack's."""
    if typed.isalnum():  # nearly every word
        return typed
    whole = _LONE.sub("\ufffd", typed)
    return whole.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def bare(typed: str) -> str:
    """The same where Slack does not say whether it undoes escapes: in the cells of a table."""
    return _LONE.sub("\ufffd", typed).replace("<", "‹").replace(">", "›")


def mrkdwn(text: Text, seen: Seen) -> str:
    """All of a text."""
    return write(atoms(text, seen))


def atoms(text: Text, seen: Seen, voice: str = "") -> list[Atom]:
    """A text in atoms; `voice` is the one of what has none of its own."""
    if not text:
        return []
    return lines(line(one, seen, voice) or [Atom("")] for one in words.lines(text))


def line(one: words.Line, seen: Seen, voice: str = "") -> list[Atom]:
    """One line of a text. A mark between two stretches of one voice is said in it."""
    found = [Atom("• ")] if one.is_item else []
    voices = [_voice(run) for run in one.runs]
    for place, run in enumerate(one.runs):
        around = [v for v in (*voices[:place][-1:], *voices[place + 1 :][:1]) if v is not None]
        own = voices[place]
        if own is None:
            own = around[0] if len(set(around)) == 1 else ""
        found += _run(run, seen, own or voice)
    return found


def _voice(run: words.Run | words.Mark) -> str | None:
    if not isinstance(run, words.Run):
        return None
    return ("_" if run.quiet else "") + ("*" if run.strong else "")


def lines(some: Iterable[Sequence[Atom]]) -> list[Atom]:
    """Each of these that says something on a line of its own."""
    found: list[Atom] = []
    for line in some:
        if line:
            found += [BREAK, *line] if found else line
    return found


def unvoiced(some: Iterable[Atom]) -> list[Atom]:
    """For small print, which is quiet already."""
    return [Atom(atom.said, atom.voice.replace("_", "")) for atom in some]


def said(typed: str, voice: str = "") -> list[Atom]:
    """What somebody typed, in atoms on one line."""
    return list(_words(words.clean(typed), voice))


def literal(typed: str) -> list[Atom]:
    """What somebody typed, for plain text, where no mark forms a voice."""
    found: list[Atom] = []
    for line in words.lines(typed):
        found += [BREAK] if found else []
        text = "".join(run.text for run in line.runs if isinstance(run, words.Run))
        for word in re.findall(r"\s+|\S+", text):
            found += [Atom(escape(piece)) for piece in _broken(word)]
    return found


def _run(run: words.Run | words.Mark, seen: Seen, voice: str) -> Iterator[Atom]:
    match run:
        case Person():
            if known := account(run, seen):
                yield Atom(f"<@{known}>", voice)
            else:
                yield from _words(run.name, voice)
        case Moment():
            yield from _moment(run, seen, voice)
        case Typed():
            yield from _words(f"{COMMAND} {run.text}", "`")
        case Link():
            yield from _link(run, voice)
        case words.Run():
            yield from _words(run.text, voice)


def _moment(said: Moment, seen: Seen, voice: str) -> Iterator[Atom]:
    fallback, at = plain.moment(said, seen.zone), int(said.at.timestamp())
    if said.shape == "day" or at < 0:
        yield from _words(fallback, voice)
    else:
        yield Atom(f"<!date^{at}^{{date_short_pretty}} {{time}}|{escape(fallback)}>", voice)


def _link(link: Link, voice: str) -> Iterator[Atom]:
    if where := address(link):
        label = escape(_defused(words.clean(link.label))) or escape(where)
        yield Atom(f"<{escape(where)}|{label}>", voice)
    else:
        yield from _words(link.label, voice)


def account(person: Person, seen: Seen) -> str | None:
    """The id of somebody's account, where they have one."""
    known = seen.mention(person.id)
    return known if known and _ACCOUNT.fullmatch(known) else None


def address(link: Link) -> str:
    """Where a link leads, spelt so that it ends where it ends; nothing for what is no page."""
    where = re.sub(r"[\s<>|^`\\\x00-\x1f]", lambda bad: f"%{ord(bad[0]):02X}", link.address)
    is_page = re.match(r"https?://[^/]", where) and not _LONE.search(where)
    return where if is_page and limits.size(where) + limits.size(link.label) <= _TOO_LONG else ""


@lru_cache(maxsize=4096)  # most of what is said is said again
def _words(typed: str, voice: str) -> tuple[Atom, ...]:
    """Words and the space between them; a word without end is broken between two characters."""
    words = re.findall(r"\s+|\S+", _defused(typed))
    return tuple(Atom(escape(piece), voice) for word in words for piece in _broken(word))


def _defused(typed: str) -> str:
    return _VOICE.sub(lambda mark: _ALIKE[mark[0]], typed)


def _broken(word: str) -> Iterator[str]:
    while len(word) > _PIECE:
        end = _PIECE
        while end < len(word) and end < 2 * _PIECE and _belongs(word[end - 1], word[end]):
            end += 1
        yield word[:end]
        word = word[end:]
    yield word


def _belongs(before: str, after: str) -> bool:
    return bool(combining(after)) or _JOINER in (before, after) or "\ufe00" <= after <= "\ufe0f"


# Putting them together


def write(some: Iterable[Atom]) -> str:
    """Atoms as Slack's text, each stretch of a voice in its marks."""
    text = ""
    for voice, group in groupby(some, key=lambda atom: atom.voice):
        stretch = "".join(atom.said for atom in group)
        core = stretch.strip()
        if not voice or not core:
            text += _apart(text, stretch) if text.endswith(("*", "_", "`")) else stretch
            continue
        start = stretch.index(core)
        marked = voice + core + voice[::-1]
        text += stretch[:start]
        text += _apart(text, marked, always=True) + stretch[start + len(core) :]
    return _QUOTE.sub(r"\1›", text)


def _apart(before: str, after: str, *, always: bool = False) -> str:
    """Slack sees a mark only beside what is no letter: nothing, one wide, stands between."""
    if always:
        touches = before[-1:].isalnum() or before.endswith(("*", "_", "`"))
    else:
        touches = after[:1].isalnum()
    return f"\u200b{after}" if touches else after


def pack(some: Sequence[Atom], limit: int) -> list[str]:
    """All of it, in pieces that are no longer than this, broken at the end of a word if possible.

    No piece is empty; where there is nothing to say there is no piece.
    """
    if sum(2 * len(atom.said) + _MARKS for atom in some) <= limit:  # it surely fits
        whole = write(dropwhile(lambda atom: atom.is_space, some)).strip()
        return [whole] if whole else []
    pieces, now, length, gap = [], list[Atom](), 0, 0
    for atom in some:
        cost = _cost(atom, now[-1] if now else None)
        while now and length + cost > limit:
            gap = len(now) if atom.is_space else gap or len(now)
            pieces.append(write(now[:gap]).strip())
            now, gap = now[gap:], 0
            while now and now[0].is_space:
                now.pop(0)
            length = sum(_cost(one, before) for before, one in zip([None, *now], now, strict=False))
            cost = _cost(atom, now[-1] if now else None)
        if not now and atom.is_space:
            continue
        now.append(atom)
        length += cost
        if atom.is_space:
            gap = len(now)
    return [piece for piece in (*pieces, write(now).strip()) if piece]


def _cost(atom: Atom, before: Atom | None) -> int:
    """Its marks are counted where its voice begins, with what may have to stand beside them."""
    length = limits.size(atom.said)
    if before is not None and before.voice == atom.voice:
        return length
    return length + (2 * len(atom.voice) + 2 if atom.voice else int(before is not None))


def cut(some: Sequence[Atom], limit: int) -> str:
    """What fits of it, with `…` where that is not all."""
    some = some[: 2 * limit]  # there are few empty ones
    whole = pack(some, limit)
    if len(whole) <= 1:
        return whole[0] if whole else ""
    return pack(some, limit - 1)[0] + MORE


# Plain text: titles, labels, options, placeholders


@lru_cache(maxsize=4096)
def label(typed: str, limit: int) -> str:
    """What somebody typed, on a button or beside a field; the end of it may be missing."""
    broken = (piece for word in re.findall(r"\s+|\S+", words.clean(typed)) for piece in _fine(word))
    return cut([Atom(escape(piece)) for piece in broken], limit) or "–"


def _fine(word: str) -> Iterator[str]:
    """Here every character counts."""
    start = 0
    for at in range(1, len(word) + 1):
        if at == len(word) or not _belongs(word[at - 1], word[at]) or at - start >= _CLUSTER:
            yield word[start:at]
            start = at
