"""How a button becomes what Slack sends back when it is pressed, and that a button again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.messages import Button, Card, from_json, to_json
from bot.slack import limits, marks
from bot.slack.seen import Seen

PRESS = "press/"  # how every action_id of ours begins
_KEPT = "kept/"  # a value that was too long; every other is JSON


@dataclass(frozen=True, slots=True)
class More:
    """[More]: the page that it asks for, of what stands under `key`, or of what was kept."""

    page: int
    key: str = ""
    token: str = ""


def action(button: Button, place: int, seen: Seen) -> dict[str, Any]:
    """A button's element; `place` is its place in the message, which makes its id unique there."""
    value = [button.sends, button.text, dict(button.values), button.label, button.is_main]
    element = _element(button.label, place, value, seen)
    return element | {"style": "primary"} if button.is_main else element


def more(page: int, key: str, card: Card, place: int, seen: Seen, label: str = "More") -> Any:
    """The element of [More]: a posted card is composed again from its key, an answer is kept."""
    token = "" if key else seen.keep(to_json(card))
    return _element(label, place, [page, key, token], seen)


def pressed(action: Mapping[str, Any], seen: Seen) -> Button | More | None:
    """What was pressed; `action` is Slack's own. Nothing where it was let go of, or is not ours."""
    match told(str(action.get("value", "")), seen):
        case [str(sends), str(text), dict(values), str(label), bool(is_main)]:
            return Button(label, sends, text, values, is_main)
        case [int(page), str(key), str(token)]:
            return More(page, key, token)
    return None


def kept_card(more: More, seen: Seen) -> Card | None:
    """The card that [More] of an answer goes on with; nothing once it was let go of."""
    kept = seen.kept(more.token) if more.token else None
    card = from_json(kept) if kept else None
    return card if isinstance(card, Card) else None


def value_of(this: object, limit: int, seen: Seen) -> str:
    """This as JSON, or where to find it."""
    value = json.dumps(this, ensure_ascii=False, separators=(",", ":"))
    value = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return value if limits.size(value) <= limit else _KEPT + seen.keep(value)


def told(value: str, seen: Seen) -> Any:
    """What `value_of` made a value of; nothing where it was let go of, or is not ours."""
    if value.startswith(_KEPT):
        value = seen.kept(value.removeprefix(_KEPT)) or ""
    try:
        return json.loads(value)
    except ValueError:
        return None


def _element(label: str, place: int, value: object, seen: Seen) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": f"{PRESS}{place}",
        "text": {
            "type": "plain_text",
            "text": marks.label(label, limits.BUTTON),
            "emoji": False,
        },
        "value": value_of(value, limits.BUTTON_VALUE, seen),
    }
