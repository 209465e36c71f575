"""What a modal shows beside the form that it was opened for."""

from collections.abc import Mapping
from typing import Any

from bot.messages import Form, Input
from bot.slack import limits, marks, parts

Payload = dict[str, Any]
REFUSAL = "refusal"  # the block that says why not
KEPT = ("type", "callback_id", "title", "submit", "close", "private_metadata", "blocks")
TYPED = "typed"  # what the form below sends: what stands in it is heard as if it were typed
ASK = Form(
    "Ask Throughline",
    TYPED,
    (Input("typed", "Ask me, or tell me what was decided", "lines"),),
    submit="Send",
)
_FILLED = {  # what somebody put into an element, and what it is to begin with
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_date": "initial_date",
}


def saying(title: str, blocks: list[dict[str, Any]]) -> Payload:
    """A modal with nothing to fill in."""
    return {
        "type": "modal",
        "title": parts.plain_text(marks.label(title, limits.VIEW_TITLE)),
        "close": parts.plain_text("Close"),
        "blocks": blocks,
    }


def refused(submitted: Mapping[str, Any], why: str) -> Payload:
    """The same form, as it was filled in, and why not at its top."""
    view = {name: submitted[name] for name in KEPT if submitted.get(name)}
    state = (submitted.get("state") or {}).get("values") or {}
    blocks = [
        _as_filled(block, state.get(block.get("block_id")) or {})
        for block in submitted.get("blocks") or []
        if block.get("block_id") != REFUSAL
    ]
    said = marks.cut(marks.said(why), limits.SECTION)
    view["blocks"] = [{**parts.section(f":warning: {said}"), "block_id": REFUSAL}, *blocks]
    return view


def _as_filled(block: dict[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Slack takes a field that is shown again as a new one where the modal was another between."""
    element = block.get("element")
    if block.get("type") != "input" or not isinstance(element, dict):
        return block
    given = typed.get(element.get("action_id", "")) or {}
    begun = {
        initial: given[name] for name, initial in _FILLED.items() if given.get(name) is not None
    }
    return {**block, "element": {**element, **begun}}
