"""Writes the parts of a card as blocks, in pieces that may stand on different pages."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bot import plain, words
from bot.messages import (
    Bar,
    Bars,
    Fact,
    Facts,
    Link,
    Moment,
    Part,
    Path,
    Person,
    Quiet,
    Step,
    Table,
    Text,
    Typed,
)
from bot.slack import limits, marks
from bot.slack.marks import BREAK, Atom
from bot.slack.seen import Seen

Block = dict[str, Any]
SECTION = limits.SECTION - 100
SHORT = 400  # a fact that is longer has the whole width
FACTS = 2500  # characters of one block of facts
ROWS = 6000  # characters of a table on one page
CELL = 300  # a table with a longer cell is read more easily as text
BARS = 10  # signs of the longest bar


@dataclass(frozen=True, slots=True)
class Piece:
    """Blocks that stand together. A table has the same in text, where its page has one already;
    where it goes on from another page it begins a new one."""

    blocks: tuple[Block, ...]
    as_text: tuple[Block, ...] | None = None
    goes_on: bool = False


def size(blocks: Iterable[Block]) -> int:
    """How much of the text that one message may hold these blocks take."""
    return sum(map(_size, blocks))


def _size(value: object) -> int:
    match value:
        case dict():
            own = limits.size(value["text"]) if isinstance(value.get("text"), str) else 0
            return own + sum(_size(one) for one in value.values())
        case list():
            return sum(_size(one) for one in value)
    return 0


# Blocks


def mrkdwn(written: str) -> dict[str, Any]:
    """Slack looks for nothing in it that we did not write: `verbatim` is about @names and links."""
    return {"type": "mrkdwn", "text": written, "verbatim": True}


def plain_text(written: str) -> dict[str, Any]:
    """Text in which nothing is obeyed, not even `*bold*`."""
    return {"type": "plain_text", "text": written, "emoji": False}


def section(written: str) -> Block:
    return {"type": "section", "text": mrkdwn(written)}


def context(written: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(written)]}


def text(said: Text, seen: Seen) -> Iterator[Piece]:
    """Sections. What a person typed, and nobody else, is shown as it is: `*bold*` stays so."""
    if isinstance(said, str):
        for piece in marks.pack(marks.literal(said), SECTION):
            yield Piece(({"type": "section", "text": plain_text(piece)},))
    else:
        for is_quiet, some in groupby(words.lines(said), key=_is_quiet):
            told = marks.lines(marks.line(one, seen) or [Atom("")] for one in some)
            yield from _contexts(marks.unvoiced(told)) if is_quiet else _sections(told)


def _is_quiet(line: words.Line) -> bool:
    """Whether all that is said on it is small print; a mark is as what stands beside it."""
    runs = [run for run in line.runs if isinstance(run, words.Run) and run.text.strip()]
    return bool(runs) and all(run.quiet for run in runs)


def _contexts(some: Sequence[Atom]) -> Iterator[Piece]:
    for piece in marks.pack(some, limits.CONTEXT):
        yield Piece((context(piece),))


def _sections(some: Sequence[Atom]) -> Iterator[Piece]:
    for piece in marks.pack(some, SECTION):
        yield Piece((section(piece),))


# Parts


def pieces(part: Part, seen: Seen) -> Iterator[Piece]:
    """All of a part."""
    match part:
        case Path():
            yield from _sections(_path(part, seen))
        case Facts():
            yield from _facts(part, seen)
        case Table():
            yield from _table(part, seen)
        case Bars():
            lines = [marks.said(part.caption, "*"), *map(_bar, part.bars)]
            yield from _sections(marks.lines(lines))
        case Quiet():
            yield from _contexts(marks.unvoiced(marks.atoms(part.text, seen)))


def _path(path: Path, seen: Seen) -> list[Atom]:
    found: list[Atom] = []
    for step in path.steps:
        found += [Atom(" "), Atom("→"), Atom(" ")] if found else []
        found += _step(step, seen)
    return found


def _step(step: Step, seen: Seen) -> Iterator[Atom]:
    yield from marks.said(step.what)
    yield Atom(" ")
    yield from marks.said(step.name, "*")
    if step.note:
        yield Atom(" ")
        yield Atom("(")
        yield from (Atom(" ") if one is BREAK else one for one in marks.atoms(step.note, seen))
        yield Atom(")")


def _bar(bar: Bar) -> list[Atom]:
    """The words come first: they are what is read aloud."""
    full = round(BARS * min(max(bar.share, 0.0), 1.0))
    drawn = "█" * full + "░" * (BARS - full)
    space = Atom(" ")
    return [*marks.said(bar.label), space, *marks.said(bar.value, "*"), BREAK, Atom(drawn)]


def _facts(facts: Facts, seen: Seen) -> Iterator[Piece]:
    fields: list[dict[str, Any]] = []
    for fact in facts.rows:
        said = _fact(fact, seen)
        written = marks.pack(said, limits.FIELD)
        is_short = len(written) == 1 and limits.size(written[0]) <= SHORT
        full = len(fields) == limits.FIELDS or size(fields) + SHORT > FACTS
        if fields and (full or not is_short):
            yield Piece(({"type": "section", "fields": fields},))
            fields = []
        if is_short:
            fields.append(mrkdwn(written[0]))
        else:
            yield from _sections(said)
    if fields:
        yield Piece(({"type": "section", "fields": fields},))


def _fact(fact: Fact, seen: Seen) -> list[Atom]:
    return [*marks.said(fact.label, "*"), BREAK, *marks.atoms(fact.value, seen)]


# Tables


def _table(table: Table, seen: Seen) -> Iterator[Piece]:
    caption = marks.pack(marks.said(table.caption, "*"), SECTION)
    headers = [_header(one) for one in table.headers]
    rows = [[_cell(cell, seen) for cell in row] for row in table.rows]
    if not _is_drawable(headers, rows) or len(caption) > 1:
        yield from _sections(marks.lines([marks.said(table.caption, "*")]))
        yield from _as_text(table, table.rows, seen)
        return
    start = 0
    while start < len(rows) or start == 0:
        end = _end(rows, start)
        drawn = {"type": "table", "rows": [headers, *rows[start:end]],
                 "column_settings": [{"is_wrapped": True} for _ in headers]}  # fmt: skip
        told = tuple(b for p in _as_text(table, table.rows[start:end], seen) for b in p.blocks)
        titles = (section(caption[0]),) if caption else ()
        yield Piece((*titles, drawn), as_text=(*titles, *told), goes_on=start > 0)
        start = max(end, 1)


def _is_drawable(headers: Sequence[Block], rows: Sequence[Sequence[Block]]) -> bool:
    cells = [cell for row in rows for cell in row]
    is_even = all(len(row) == len(headers) for row in rows)
    is_short = all(size([cell]) <= CELL for cell in (*headers, *cells))
    return 0 < len(headers) <= limits.TABLE_CELLS and is_even and is_short


def _end(rows: Sequence[Sequence[Block]], start: int) -> int:
    """As many rows as one page takes, but one."""
    end, length = start, 0
    while end < len(rows) and end - start < limits.TABLE_ROWS - 1:
        length += size(rows[end])
        if length > ROWS and end > start:
            break
        end += 1
    return end


def _header(typed: str) -> Block:
    said = {"type": "text", "text": _raw(words.clean(typed)), "style": {"bold": True}}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [said]}]}


def _cell(cell: Text, seen: Seen) -> Block:
    """Raw text where there is nothing in it but text."""
    runs = [run for line in words.lines(cell) for run in line.runs]
    if all(isinstance(run, words.Run | Moment) for run in runs):
        return {"type": "raw_text", "text": _raw(plain.plain(cell, seen.zone))}
    found = (_element(run, seen) for run in runs)
    elements = [one for one in found if one] or [{"type": "text", "text": "–"}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _element(run: words.Run | words.Mark, seen: Seen) -> dict[str, Any] | None:
    """Nothing where it says nothing: Slack takes no empty text."""
    match run:
        case Person() if account := marks.account(run, seen):
            return {"type": "user", "user_id": account}
        case Typed():
            said = marks.bare(f"{marks.COMMAND} {run.text}")
            return {"type": "text", "text": said, "style": {"code": True}}
        case Link() if address := marks.address(run):
            return {"type": "link", "url": address, "text": marks.bare(run.label) or address}
        case Link():
            said = marks.bare(run.label)
        case _:
            said = marks.bare(plain.of_run(run, seen.zone))
    return {"type": "text", "text": said} if said else None


def _raw(typed: str) -> str:
    return marks.bare(typed).strip() or "–"


def _as_text(table: Table, rows: Sequence[Sequence[Text]], seen: Seen) -> Iterator[Piece]:
    """ "Priority: *Grow revenue* · Owner: Omar": a line for each row, whose first cell stands out.

    Where there are no rows, or cells without a header, the headers stand for themselves.
    """
    lines = [_row(table.headers, row, seen) for row in rows]
    if not rows or any(len(row) < len(table.headers) for row in rows):
        lines = [marks.said(" · ".join(table.headers), "_"), *lines]
    yield from _sections(marks.lines(lines))


def _row(headers: Sequence[str], row: Sequence[Text], seen: Seen) -> list[Atom]:
    found: list[Atom] = []
    for place, cell in enumerate(row):
        found += [Atom(" "), Atom("·"), Atom(" ")] if found else []
        if place < len(headers):
            found += [*marks.said(headers[place]), Atom(": ")]
        said = marks.atoms(cell, seen, "" if place else "*")
        found += [Atom(" ") if one is BREAK else one for one in said]
    return found
