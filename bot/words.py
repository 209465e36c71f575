"""Turns templates into words that no name or comment can break out of.

What a person typed stays text: it is escaped here, once. A mention, a moment and a command to type
become marks between two characters that no typed text keeps, so nobody can forge one. Platforms
never see the Markdown: they get lines of runs from `lines`, and write each run in their own way.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.messages import Link, Moment, Person, Text, Typed, Words

OPEN, CLOSE = "\ue000", "\ue001"  # private use characters: dropped from everything typed
_SPECIAL = re.compile(r"([\\*_#\[\]>-])")
_UNSAFE = re.compile("[\ue000\ue001\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_BREAK = re.compile("\r\n|[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
_TOKEN = re.compile(rf"\\(?P<char>.)|(?P<strong>\*\*)|(?P<quiet>__)|{OPEN}(?P<mark>.*?){CLOSE}")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one voice."""

    text: str
    strong: bool = False
    quiet: bool = False


Mark = Person | Moment | Typed | Link


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is, and the runs and marks it is made of."""

    runs: tuple[Run | Mark, ...]
    is_item: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What one template says: its first line, if it begins with `# `, and the rest."""

    title: Words
    text: Words


class Writer:
    """The templates of one folder."""

    def __init__(self, folder: Path) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            finalize=finalize,
            autoescape=False,  # noqa: S701  `finalize` escapes, for our Markdown and not HTML
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def write(self, template: str, **facts: object) -> Written:
        """Fill a template, `template` being its path without the ending."""
        filled = self._environment.get_template(f"{template}.md").render(facts)
        tidy = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", filled)).strip()
        title, _, text = tidy.partition("\n") if tidy.startswith("# ") else ("", "", tidy)
        return Written(Words(title.removeprefix("# ")), Words(text.strip()))


def finalize(value: object) -> str:
    """What `{{ value }}` becomes. Raises on anything whose escaping nobody has thought about."""
    match value:
        case Words():
            return value.source
        case Person():
            return _mark("person", value.id, value.name)
        case Moment():
            return _mark("moment", value.at.isoformat(), value.shape)
        case Typed():
            return _mark("typed", value.text)
        case Link():
            return _mark("link", value.label, value.address)
        case bool():
            raise TypeError("a template prints yes and no in words, not as bool")
        case str():
            return escape(value)
        case int() | float():
            return escape(f"{value:,}" if isinstance(value, int) else f"{value:,g}")
    raise TypeError(f"a template cannot print {type(value).__name__}")


def escape(typed: str) -> str:
    """A person's text as our Markdown that shows exactly that text, on one line."""
    return _SPECIAL.sub(r"\\\1", clean(typed))


def clean(typed: str) -> str:
    """Without line breaks, control characters, direction overrides and our own marks."""
    return _UNSAFE.sub("", _BREAK.sub(" ", typed))


def _mark(*parts: object) -> str:
    safe = [clean(part) if isinstance(part, str) else part for part in parts]
    return OPEN + json.dumps(safe, ensure_ascii=True) + CLOSE


def lines(text: Text) -> tuple[Line, ...]:
    """The lines of a text, for a platform to write. A blank line stands between paragraphs."""
    if isinstance(text, str):
        return tuple(Line((Run(clean(line)),)) for line in text.split("\n"))
    return tuple(
        Line(tuple(_runs(line.removeprefix("- "))), line.startswith("- "))
        for line in text.source.split("\n")
    )


def _runs(line: str) -> Iterator[Run | Mark]:
    strong = quiet = False
    said = ""
    at = 0
    for token in _TOKEN.finditer(line):
        said += line[at : token.start()]
        at = token.end()
        if char := token["char"]:
            said += char
            continue
        if said:
            yield Run(said, strong, quiet)
            said = ""
        if token["strong"]:
            strong = not strong
        elif token["quiet"]:
            quiet = not quiet
        else:
            yield _unmark(token["mark"])
    if said := said + line[at:]:
        yield Run(said, strong, quiet)


def _unmark(mark: str) -> Mark:
    match json.loads(mark):
        case ["person", int(id), str(name)]:
            return Person(id, name)
        case ["moment", str(at), ("day" | "time") as shape]:
            return Moment(datetime.fromisoformat(at), "day" if shape == "day" else "time")
        case ["typed", str(text)]:
            return Typed(text)
        case ["link", str(label), str(address)]:
            return Link(label, address)
    raise ValueError("a mark that was not made here")
