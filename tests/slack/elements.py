"""What Slack refuses in buttons, menus, fields and pictures."""

from collections import Counter
from datetime import date
from typing import Any

from tests.slack.checks import KEYS, of_keys, of_label, of_string, of_text, size
from tests.slack.mrkdwn import World

JSON = dict[str, Any]
ACTION_ID = 255
INPUTS = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
PICKERS = {
    "static_select", "multi_static_select", "external_select", "users_select",
    "conversations_select", "channels_select", "radio_buttons", "checkboxes", "datepicker",
    "timepicker",
}  # fmt: skip
PRESSED = PICKERS | {"button", "overflow"}
MANY = {"static_select": 100, "multi_static_select": 100, "overflow": 5, "radio_buttons": 10,
        "checkboxes": 10}  # fmt: skip


def of_elements(elements: Any, most: int, known: set[str], world: World) -> list[str]:
    if not isinstance(elements, list) or not 1 <= len(elements) <= most:
        return [f"{len(elements) if isinstance(elements, list) else elements!r} elements"]
    faults = []
    for one in elements:
        if not isinstance(one, dict) or one.get("type") not in known:
            faults.append(f"an element of no type that is known here: {one!r:.80}")
        elif one["type"] == "image":
            faults += of_image(one)
        else:
            faults += [f"{one['type']}: {fault}" for fault in _of_element(one, world)]
    return faults


def _of_element(one: JSON, world: World) -> list[str]:
    kind = one["type"]
    faults = of_keys(one, KEYS[kind], kind)
    faults += of_string(one, "action_id", ACTION_ID, kind, is_needed=True)
    if "placeholder" in one:
        faults += of_label(one["placeholder"], 150, "placeholder")
    if "confirm" in one:
        faults += _of_confirm(one["confirm"], world)
    if kind == "button":
        faults += of_label(one.get("text"), 75, "text")
        faults += of_string(one, "value", 2000, kind)
        faults += of_string(one, "url", 3000, kind)
        faults += of_string(one, "accessibility_label", 75, kind)
        if one.get("style", "primary") not in ("primary", "danger"):
            faults.append(f"the style {one['style']!r}")
    if kind in MANY:
        faults += _of_options(one, MANY[kind], world)
    if kind in INPUTS:
        faults += _of_field(one)
    if kind == "datepicker" and "initial_date" in one:
        faults += _of_date(one["initial_date"])
    if kind == "users_select" and one.get("initial_user", "") not in {"", *world.users}:
        faults.append(f"nobody is {one['initial_user']!r}")
    return faults


def _of_options(one: JSON, most: int, world: World) -> list[str]:
    groups = one.get("option_groups")
    if groups is not None:
        faults = [] if 1 <= len(groups) <= 100 and "options" not in one else ["option_groups"]
        for group in groups:
            faults += of_label(group.get("label"), 75, "label")
        options = [option for group in groups for option in group.get("options", [])]
        sizes = [len(group.get("options", [])) for group in groups]
    else:
        faults, options = [], one.get("options") or []
        sizes = [len(options)]
    faults += [f"{size} options" for size in sizes if not 1 <= size <= most]
    may_be_mrkdwn = one["type"] in ("radio_buttons", "checkboxes")
    for option in options:
        faults += of_keys(option, "text! value! description url", "option")
        for name in ("text", "description"):
            if name in option and may_be_mrkdwn:
                faults += of_text(option[name], 75, f"option's {name}", world)
            elif name in option:
                faults += of_label(option[name], 75, f"option's {name}")
        faults += of_string(option, "value", 150, "option", is_needed=True)
    values = [option.get("value") for option in options]
    faults += [f"the value {v!r} stands twice" for v, n in Counter(values).items() if n > 1]
    chosen = [one["initial_option"]] if "initial_option" in one else one.get("initial_options", [])
    if "initial_options" in one and not chosen:
        faults.append("initial_options is empty")
    return faults + ["what is chosen is no option" for each in chosen if each not in options]


def _of_field(one: JSON) -> list[str]:
    least, most = one.get("min_length", 0), one.get("max_length", 3000)
    faults = []
    if not 0 <= least <= 3000 or not 1 <= most <= 3000 or least > most:
        faults.append(f"from {least} to {most} characters")
    if size(str(one.get("initial_value", ""))) > most:
        faults.append(f"it begins with {len(str(one['initial_value']))} of {most} characters")
    return faults


def _of_confirm(confirm: JSON, world: World) -> list[str]:
    faults = of_keys(confirm, "title text confirm deny style", "confirm")
    for name, most in (("title", 100), ("confirm", 30), ("deny", 30)):
        faults += of_label(confirm[name], most, name) if name in confirm else []
    return faults + (of_text(confirm["text"], 300, "text", world) if "text" in confirm else [])


def _of_date(text: object) -> list[str]:
    try:
        is_date = date.fromisoformat(str(text)).isoformat() == text
    except ValueError:
        is_date = False
    return [] if is_date else [f"{text!r} is no date like 2026-11-23"]


def of_image(image: JSON) -> list[str]:
    faults = of_string(image, "alt_text", 2000, "image", is_needed=True)
    faults += of_string(image, "image_url", 3000, "image")
    if ("image_url" in image) == ("slack_file" in image):
        faults.append("an image has either image_url or slack_file")
    return faults + (of_label(image["title"], 2000, "title") if "title" in image else [])
