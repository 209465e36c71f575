"""What somebody sees in the fake Slack, and what they can press there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.slack.mrkdwn import read
from tests.slack.world import Channel, Message, User, View

JSON = dict[str, Any]


@dataclass(frozen=True)
class Control:
    """A button, a menu or a field, and the block it stands in."""

    block: JSON
    element: JSON

    @property
    def label(self) -> str:
        return label(self.block, self.element)


@dataclass
class Shown:
    """All that one act showed one person, oldest first: messages, forms, the home page."""

    who: User
    things: list[Message | View] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)  # by the label of the field
    status: int = 200
    seconds: float = 0.0  # until the transport was acknowledged
    ack: JSON = field(default_factory=dict)  # the acknowledgement's body
    deliveries: int = 1

    @property
    def text(self) -> str:
        """Everything there is to read, as it is read."""
        said = [text(shown_of(one)) for one in self.things]
        return "\n".join([*said, *self.errors.values()])

    def __contains__(self, words: str) -> bool:
        return words in self.text

    def __bool__(self) -> bool:
        return bool(self.things or self.errors)

    @property
    def last(self) -> Message | View:
        assert self.things, f"{self.who.name} was shown nothing (the door said {self.status})"
        return self.things[-1]

    @property
    def message(self) -> Message:
        found = [one for one in self.things if isinstance(one, Message)]
        assert found, f"{self.who.name} was shown no message: {self.text!r}"
        return found[-1]

    @property
    def form(self) -> View:
        found = [one for one in self.things if isinstance(one, View)]
        assert found, f"{self.who.name} was shown no form: {self.text!r}"
        return found[-1]

    @property
    def channel(self) -> Channel | None:
        return self.last.channel

    @property
    def buttons(self) -> list[str]:
        """The labels of all that can be pressed on what was shown last."""
        return [
            one.label for one in controls(shown_of(self.last)) if one.element["type"] == "button"
        ]

    @property
    def fields(self) -> list[str]:
        """The labels of what can be filled in on what was shown last."""
        return [one.label for one in controls(shown_of(self.last)) if one.block["type"] == "input"]


def shown_of(thing: Message | View) -> JSON:
    """What is drawn: the text and blocks of a message, or a view."""
    return thing.said if isinstance(thing, Message) else thing.shown


def controls(shown: JSON) -> list[Control]:
    """Everything that can be pressed, chosen or filled in, from top to bottom."""
    found = []
    for block in shown.get("blocks") or []:
        inside = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
        found += [Control(block, one) for one in inside if one and "action_id" in one]
    return found


def label(block: JSON, element: JSON) -> str:
    """What a person calls it: the button's words, a field's label, else what it asks for."""
    if element["type"] == "button":
        return str(element["text"]["text"])
    if block["type"] == "input":
        return str(block["label"]["text"])
    asked = element.get("placeholder") or block.get("text") or {"text": element["action_id"]}
    return str(asked["text"])


def text(shown: JSON) -> str:
    """The words of a message or view, line by line; blocks stand in for the text beside them."""
    title = shown.get("title")
    lines = [title["text"]] if title else []
    blocks = shown.get("blocks")
    lines += _lines(blocks) if blocks else [read(str(shown.get("text", "")))]
    return "\n".join(lines)


def _lines(part: Any) -> Iterator[str]:
    match part:
        case list():
            for one in part:
                yield from _lines(one)
        case {"type": "table", "rows": rows}:
            for row in rows:
                yield " | ".join(" ".join(_lines(cell)) for cell in row)
        case {"type": "plain_text" | "raw_text", "text": str(words)}:
            yield words
        case {"text": str(words)}:
            yield read(words)
        case {"type": "user", "user_id": id}:
            yield f"@{id}"
        case dict():
            for key in ("label", "text", "fields", "title", "alt_text", "elements", "element",
                        "accessory", "hint", "placeholder", "options", "value"):  # fmt: skip
                if key in part and not isinstance(part[key], str):
                    yield from _lines(part[key])
