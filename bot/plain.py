"""Writes a card as plain text, for terminals, notifications and anything that reads aloud."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import words
from bot.messages import (
    Bars,
    Card,
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


def card(shown: Card, zone: ZoneInfo) -> str:
    """The whole card; buttons stand in brackets on the last line."""
    blocks = [plain(shown.title, zone), body(shown, zone)]
    if shown.buttons:
        blocks.append(" ".join(f"[{words.clean(button.label)}]" for button in shown.buttons))
    return "\n".join(block for block in blocks if block)


def body(shown: Card, zone: ZoneInfo) -> str:
    """What stands between the title and the buttons."""
    blocks = [plain(shown.text, zone), *("\n".join(_part(part, zone)) for part in shown.parts)]
    return "\n".join(block for block in blocks if block)


def plain(text: Text, zone: ZoneInfo) -> str:
    """A text without its voices."""
    return "\n".join(
        ("- " if line.is_item else "") + "".join(of_run(run, zone) for run in line.runs)
        for line in words.lines(text)
    )


def of_run(run: words.Run | words.Mark, zone: ZoneInfo) -> str:
    """One stretch of it, without its voice."""
    match run:
        case Person():
            return run.name
        case Moment():
            return moment(run, zone)
        case Typed():
            return f"`{run.text}`"
        case Link():
            return f"{run.label}: {run.address}"
    return run.text


def moment(said: Moment, zone: ZoneInfo) -> str:
    """An instant where the reader is: "12 Nov 2026", or with its time and zone."""
    local: datetime = said.at.astimezone(zone)
    day = f"{local.day} {local:%b %Y}"
    return day if said.shape == "day" else f"{day} {local:%H:%M %Z}"


def _step(step: Step, zone: ZoneInfo) -> str:
    name = words.clean(step.name)
    return f"{name} ({plain(step.note, zone)})" if step.note else name


def _part(part: Part, zone: ZoneInfo) -> Iterator[str]:
    match part:
        case Path():
            yield " → ".join(_step(step, zone) for step in part.steps)
        case Facts():
            yield from (
                f"{words.clean(fact.label)}: {plain(fact.value, zone)}" for fact in part.rows
            )
        case Table():
            yield " | ".join(map(words.clean, part.headers))
            yield from (" | ".join(plain(cell, zone) for cell in row) for row in part.rows)
        case Bars():
            yield from (words.clean(f"{bar.label}: {bar.value}") for bar in part.bars)
        case Quiet():
            yield plain(part.text, zone)
