"""Writes a card as a Slack message, or as a home: `text` for a notification, and blocks.

What does not fit on one page stands behind [More]; nothing is lost, and nothing is cut but the
label of a button and a title that is too long, which is then said in full below.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import plain, words
from bot.messages import Button, Card, Refusal, Text, Words
from bot.slack import buttons, limits, marks, parts
from bot.slack.parts import Block, Piece
from bot.slack.seen import Seen

Payload = dict[str, Any]
TITLE = 300  # a longer one is said in full below
CONTENT = 7500  # characters of a page; the rest is for its title and its buttons
AROUND = 4  # blocks of a page beside its content: title, page, buttons


@dataclass(frozen=True, slots=True)
class Surface:
    """Where it stands: a message shows a table, a view none."""

    most: int
    has_tables: bool


@dataclass(frozen=True, slots=True)
class _Page:
    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...]


def message(card: Card, seen: Seen, key: str = "", page: int = 1) -> Payload:
    """`text` and `blocks` of one message.

    `key` is that of a posted card: its [More] composes it again. An answer's [More] is kept. A page
    beyond the last is the last: what a key stands for may have become shorter.
    """
    blocks = _blocks(card, seen, key, page, Surface(limits.MESSAGE_BLOCKS, has_tables=True))
    return {"text": fallback(card, seen), "blocks": blocks}


def home(card: Card, seen: Seen, key: str = "", page: int = 1) -> Payload:
    """A view for `views.publish`. Its last page leads back to the first."""
    blocks = _blocks(card, seen, key, page, Surface(limits.VIEW_BLOCKS, has_tables=False))
    return {"type": "home", "blocks": blocks}


def refused(refusal: Refusal) -> Card:
    """The card that says why not."""
    return Card("", refusal.text, buttons=refusal.buttons)


def fallback(card: Card, seen: Seen) -> str:
    """What a notification shows, and what is read aloud: the title is its first line."""
    rest = plain.body(replace(card, text=""), seen.zone)
    texts = (marks.atoms(text, seen) for text in (card.title, card.text, rest))
    return marks.cut(marks.lines(texts), limits.FALLBACK) or marks.MORE


def _blocks(card: Card, seen: Seen, key: str, number: int, surface: Surface) -> list[Block]:
    pages = _pages(card, seen, surface)
    number = min(max(number, 1), len(pages))
    page = pages[number - 1]
    blocks = [*_title(card.title, seen), *page.blocks]
    if len(pages) > 1:
        blocks.append(parts.context(f"{number} of {len(pages)}"))
    elements = [buttons.action(one, place, seen) for place, one in enumerate(page.buttons)]
    if number < len(pages):
        elements.append(buttons.more(number + 1, key, card, len(elements), seen))
    elif number > 1 and not surface.has_tables and len(elements) < limits.ACTIONS:
        elements.append(buttons.more(1, key, card, len(elements), seen, "Back to the top"))
    if elements:
        blocks.append({"type": "actions", "elements": elements})
    return blocks or [parts.section(marks.MORE)]


def _title(title: Text, seen: Seen) -> Iterator[Block]:
    """A header where that can show it: it knows neither mentions nor voices."""
    if not marks.pack(marks.atoms(title, seen), TITLE):
        return
    if has_marks(title) or limits.size(whole := _label(title, seen)) > limits.HEADER:
        yield parts.section(marks.cut(marks.atoms(title, seen, voice="*"), TITLE))
    else:
        yield {"type": "header", "text": parts.plain_text(whole)}


def _label(title: Text, seen: Seen) -> str:
    return marks.label(plain.plain(title, seen.zone), 10 * limits.HEADER)


def has_marks(text: Text) -> bool:
    """Whether something in it is more than text."""
    return isinstance(text, Words) and any(
        not isinstance(run, words.Run) for line in words.lines(text) for run in line.runs
    )


# Pages


def _pages(card: Card, seen: Seen, surface: Surface) -> Sequence[_Page]:
    """At least one. Buttons stand on the first, unless they are more than one row takes."""
    filled = _filled(_pieces(card, seen), surface)
    rows = list(_rows(card.buttons, is_last=len(filled) <= 1))
    count = max(len(filled), len(rows), 1)
    filled += [()] * (count - len(filled))
    rows += [()] * (count - len(rows))
    return [_Page(blocks, row) for blocks, row in zip(filled, rows, strict=True)]


def _rows(some: Sequence[Button], *, is_last: bool) -> Iterator[tuple[Button, ...]]:
    if is_last and len(some) <= limits.ACTIONS:
        yield tuple(some)
        return
    row = limits.ACTIONS - 1  # and [More]
    for start in range(0, len(some), row):
        yield tuple(some[start : start + row])


def _pieces(card: Card, seen: Seen) -> Iterator[Piece]:
    title = marks.atoms(card.title, seen, voice="*")
    if len(marks.pack(title, TITLE)) > 1:
        yield from parts.text(card.title, seen)
    yield from parts.text(card.text, seen)
    for part in card.parts:
        yield from parts.pieces(part, seen)


def _filled(pieces: Iterator[Piece], surface: Surface) -> list[tuple[Block, ...]]:
    """Each page as full as it may be."""
    pages: list[list[Block]] = []
    most, can_draw = surface.most - AROUND, surface.has_tables
    size, has_table = 0, False
    for piece in pieces:
        is_drawn = piece.as_text is not None and can_draw and (piece.goes_on or not has_table)
        together = [piece.blocks]
        if piece.as_text is not None and not is_drawn:
            together = [(block,) for block in piece.as_text]
        for some in together:
            length = parts.size(some)
            is_full = bool(pages) and (size + length > CONTENT or len(pages[-1]) + len(some) > most)
            if not pages or is_full or (is_drawn and piece.goes_on):
                pages.append([])
                size, has_table = 0, False
            pages[-1] += some
            size += length
        has_table = has_table or is_drawn
    return [tuple(page) for page in pages]
