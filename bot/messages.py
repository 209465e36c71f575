"""Everything that passes between a chat and the product: what people say, and what they see.

A platform's adapter turns its own JSON into a `Command` and a `Card` into its own screen; nobody
else knows how the platform spells either. `to_json` and `from_json` keep any of these for later.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Literal

from pydantic import TypeAdapter

FORMAT = 2  # of the JSON; older ones are read too, a newer one is refused (2: a card has a key)


# Who and where


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody as one platform knows them; `email` only where the platform vouches for it.

    `standing` is what it says of somebody who is no ordinary colleague: a guest, a stranger (of
    another company, in a shared channel), or the operator, who runs us.
    """

    platform: str
    tenant: str
    id: str
    name: str = ""
    email: str = ""
    side: str = ""
    standing: Literal["", "guest", "stranger", "operator"] = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """One place on one platform where things are said.

    `privacy` is who reads there, where its platform says so with every command: all colleagues,
    its members only, or one person alone.
    """

    platform: str
    tenant: str
    id: str
    name: str = ""
    privacy: Literal["", "open", "private", "direct"] = ""


@dataclass(frozen=True, slots=True)
class Room:
    """What people mean by "Steering": one or more channels, in any chats, that belong together."""

    id: int
    name: str = ""
    place: Literal["room"] = "room"  # kept as JSON, a room and a person would look the same


# Text


@dataclass(frozen=True, slots=True)
class Words:
    """Our own text in our small Markdown, made only by `bot.words`; a plain `str` is a person's."""

    source: str

    def __str__(self) -> str:
        raise TypeError("Words would lose their kind as str; a platform translates them")

    def __bool__(self) -> bool:
        return bool(self.source)


@dataclass(frozen=True, slots=True)
class Person:
    """A mention: shown as a real one where the person is, by name elsewhere."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An aware instant, shown in the reader's or the channel's own time."""

    at: datetime
    shape: Literal["day", "time"] = "day"


@dataclass(frozen=True, slots=True)
class Typed:
    """A command to type, shown as it is typed on the reader's platform."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A page in a browser, shown by its label."""

    label: str
    address: str


Text = str | Words


# What people say


@dataclass(frozen=True, slots=True)
class Source:
    """The message a command was made from."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """Typed, clicked or submitted. `key` is the delivery's identity, `under` the thread."""

    name: str
    by: Account
    at: Channel
    when: datetime
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    under: str = ""
    source: Source | None = None


# What people see


@dataclass(frozen=True, slots=True)
class Button:
    """A press sends the command named `sends` with this text and these values."""

    label: str
    sends: str
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One stop on a line: what it is ("project", "priority" …), its name, and a few words on it."""

    what: str
    name: str
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Path:
    """The throughline itself, drawn as one: project, capability, priority, number."""

    steps: tuple[Step, ...]
    part: Literal["path"] = "path"


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what is known under it."""

    label: str
    value: Text


@dataclass(frozen=True, slots=True)
class Facts:
    """A few facts, each short."""

    rows: tuple[Fact, ...]
    part: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under headers; `caption` is read aloud in place of the picture."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    part: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `share` is its length from 0 to 1, `value` what it stands for in words."""

    label: str
    share: float
    value: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Amounts side by side; `caption` is read aloud in place of the picture."""

    caption: str
    bars: tuple[Bar, ...]
    part: Literal["bars"] = "bars"


@dataclass(frozen=True, slots=True)
class Quiet:
    """A line in small print: who said so, and when."""

    text: Text
    part: Literal["quiet"] = "quiet"


Part = Path | Facts | Table | Bars | Quiet


@dataclass(frozen=True, slots=True)
class Card:
    """One answer. Alone, it goes to the person who asked and to nobody else.

    `key` names the one thing it is about, like "decision/7" or "initiative/12": whoever is shown it
    may then say `yes`, `done`, `6.5`, `it` or `last`. A card about several things, or none, has no
    key. A posted card is about what its `Post` names.
    """

    title: Text
    text: Text = ""
    parts: tuple[Part, ...] = ()
    buttons: tuple[Button, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to fill in. `options` are what may be chosen, each a value and its label."""

    name: str
    label: str
    kind: Literal["text", "lines", "choice", "date"] = "text"
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """Asks for what cannot be done without; filled in, it sends the command it names."""

    title: Text
    sends: str
    inputs: tuple[Input, ...]
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    submit: str = "Save"


@dataclass(frozen=True, slots=True)
class Note:
    """What a reading command wants remembered; the keeper named `keeps` writes it afterwards."""

    keeps: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Post:
    """Says a thing there, durably and once; `key` names what to say, like "decision/7".

    `under` is a thread of that channel; in a room, whose channels share no thread, it is empty.
    """

    to: Person | Channel | Room
    key: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """Refreshes every message that shows this, wherever it stands."""

    key: str


Said = Card | Form | Note | Post | Changed
Reply = Said | tuple[Said, ...]


class Refusal(Exception):  # noqa: N818  it is an answer to a person, not a fault
    """A full sentence for the person that says what to do next; nothing was changed."""

    def __init__(self, text: str, field: str = "", buttons: tuple[Button, ...] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.field = field
        self.buttons = buttons


# Keeping them as JSON

_KEPT: dict[str, type] = {
    kind.__name__: kind
    for kind in (Account, Channel, Room, Command, Card, Form, Note, Post, Changed)
}


@cache
def _adapter(name: str) -> TypeAdapter[object]:
    return TypeAdapter(_KEPT[name])


def to_json(message: object) -> str:
    """Keep a message; `from_json` gives back one that is equal to it."""
    name = type(message).__name__
    body = _adapter(name).dump_python(message, mode="json")
    return json.dumps({"format": FORMAT, "is": name, "of": body}, ensure_ascii=False)


def from_json(text: str) -> object:
    """The message kept by `to_json`. Raises `ValueError` for anything else, or a newer format."""
    kept = json.loads(text)
    match kept:
        case {"format": int(number), "is": str(name), "of": of} if 1 <= number <= FORMAT:
            if name in _KEPT:
                return _adapter(name).validate_python(of)
    raise ValueError("not a message of this format")
