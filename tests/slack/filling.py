"""How a form is filled in, and what Slack makes of its fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.slack.screen import controls

JSON = dict[str, Any]
NEEDED = "Please complete this required field."
ONE_OF = {"users_select": "selected_user", "conversations_select": "selected_conversation",
          "channels_select": "selected_channel", "datepicker": "selected_date",
          "timepicker": "selected_time"}  # fmt: skip
INITIAL = {"users_select": "initial_user", "conversations_select": "initial_conversation",
           "channels_select": "initial_channel", "datepicker": "initial_date",
           "timepicker": "initial_time"}  # fmt: skip


@dataclass
class Filled:
    """`values` by block and action, or `refused` by label if Slack's own client sends nothing."""

    values: JSON
    refused: dict[str, str] = field(default_factory=dict)


def filled(shown: JSON, given: Mapping[str, str]) -> Filled:
    """Each field as it was, or as it is filled in now."""
    fields = [one for one in controls(shown) if one.block["type"] == "input"]
    unknown = given.keys() - {one.label for one in fields}
    assert not unknown, f"no field {sorted(unknown)}, but {[one.label for one in fields]}"
    made = Filled(values_of(shown))
    for one in fields:
        id, action = one.block["block_id"], one.element["action_id"]
        if one.label in given:
            made.values[id][action] = {"type": one.element["type"],
                                       **chosen(one.element, given[one.label])}  # fmt: skip
        now = made.values[id][action]
        is_empty = not any(value for key, value in now.items() if key != "type")
        if is_empty and not one.block.get("optional"):
            made.refused[one.label] = NEEDED
        text = now.get("value") or ""
        least, most = one.element.get("min_length", 0), one.element.get("max_length", 3000)
        if text and not least <= len(text) <= most:
            made.refused[one.label] = f"Between {least} and {most} characters."
    return made


def values_of(shown: JSON) -> JSON:
    """What stands in the fields of a message or view before anybody touches them."""
    values: JSON = {}
    for one in controls(shown):
        if one.element["type"] not in ("button", "overflow"):
            under = values.setdefault(one.block["block_id"], {})
            under[one.element["action_id"]] = {"type": one.element["type"], **_initial(one.element)}
    return values


def _initial(element: JSON) -> JSON:
    kind = element["type"]
    if kind in ONE_OF:
        return {ONE_OF[kind]: element.get(INITIAL[kind])}
    if kind in ("static_select", "radio_buttons", "external_select"):
        return {"selected_option": element.get("initial_option")}
    if kind in ("multi_static_select", "checkboxes"):
        return {"selected_options": element.get("initial_options", [])}
    return {"value": element.get("initial_value")}


def chosen(element: JSON, words: str) -> JSON:
    """What a person's words become in this field: an option by its label, a date, text."""
    kind = element["type"]
    if kind == "button":
        return {}
    if kind in ONE_OF:
        return {ONE_OF[kind]: words or None}
    if kind.endswith("_text_input") or kind == "number_input":
        return {"value": words or None}
    many = kind in ("multi_static_select", "checkboxes")
    options = _options(element)
    found = [
        one for one in options for each in (words.split(", ") if many else [words])
        if one["text"]["text"] == each
    ]  # fmt: skip
    assert found or not words, f"no option {words!r}, but {[o['text']['text'] for o in options]}"
    return {"selected_options": found} if many else {"selected_option": found[0] if found else None}


def _options(element: JSON) -> list[JSON]:
    groups = element.get("option_groups") or [{"options": element.get("options") or []}]
    return [one for group in groups for one in group["options"]]
