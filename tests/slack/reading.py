"""What a person can read in what we send, with nothing left that only looks different."""

import re
from collections.abc import Iterator
from typing import Any

from bot import plain, words
from bot.messages import Bars, Card, Facts, Link, Part, Path, Person, Quiet, Table, Text, Typed
from bot.slack import marks
from tests.slack.mrkdwn import read
from tests.slack.seen import Seen

ALIKE = str.maketrans("‹›∗ˍ∼ˋ", "<>*_~`")


def bare(said: str) -> str:
    """Without space, voices and the @ of a mention, and each look-alike as what it stands for."""
    said = re.sub(r"[\s*_~`<>\u200b•-]", "", said.translate(ALIKE))
    return re.sub(r"@(U\d{5})", r"\1", said)


def shown(blocks: list[dict[str, Any]]) -> str:
    """All that stands in some blocks but their buttons, as one run."""
    return "".join(_words(block) for block in blocks if block["type"] != "actions")


def _words(part: Any) -> str:
    match part:
        case list():
            return "".join(_words(one) for one in part)
        case {"type": "raw_text", "text": str(said)}:
            return bare(said)
        case {"type": "user", "user_id": str(id)}:
            return id
        case {"type": "mrkdwn" | "plain_text", "text": str(said)}:
            return bare(read(said))
        case {"type": "text" | "link", "text": str(said)}:
            return bare(said)
        case {"type": "section"}:
            return _words(part.get("text") or part.get("fields"))
        case {"type": "table"}:
            return _words([cell for row in part["rows"] for cell in row])
        case dict():
            return _words([one for one in part.values() if isinstance(one, dict | list)])
    return ""


def fragments(card: Card, seen: Seen) -> Iterator[str]:
    """All that a card says, each piece as it must be found again."""
    yield told(card.title, seen)
    yield told(card.text, seen)
    for part in card.parts:
        yield from _of_part(part, seen)


def _of_part(part: Part, seen: Seen) -> Iterator[str]:
    match part:
        case Path():
            for step in part.steps:
                yield from (told(step.what, seen), told(step.name, seen), told(step.note, seen))
        case Facts():
            for fact in part.rows:
                yield from (told(fact.label, seen), told(fact.value, seen))
        case Table():
            yield from (told(one, seen) for one in (part.caption, *part.headers))
            yield from (told(cell, seen) for row in part.rows for cell in row)
        case Bars():
            yield told(part.caption, seen)
            for bar in part.bars:
                yield from (told(bar.label, seen), told(bar.value, seen))
        case Quiet():
            yield told(part.text, seen)


def told(text: Text, seen: Seen) -> str:
    """What a text says."""
    runs = [run for line in words.lines(text) for run in line.runs]
    return "".join(bare(_run(run, seen)) for run in runs)


def _run(run: words.Run | words.Mark, seen: Seen) -> str:
    match run:
        case Person():
            return f"@{seen.mention(run.id)}" if seen.mention(run.id) else run.name
        case Typed():
            return f"{marks.COMMAND} {run.text}"
        case Link():
            return run.label or marks.address(run)
    return plain.of_run(run, seen.zone)
