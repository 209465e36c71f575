"""What Slack refuses in messages and views, written from its documentation and not from our code.

Each function gives the faults it finds as sentences, nothing where all is well. Stricter than Slack
where being lenient would hide a mistake: unknown keys, unescaped text and cut escapes are faults,
and so is text that calls people together, because nobody may ping a channel through us.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.slack.mrkdwn import World, faults_of_text

JSON = dict[str, Any]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
ALL_TEXT = 10_000  # of one message's blocks together: near 12,000 it fails, and we stop before
ACTION_ID = BLOCK_ID = CALLBACK_ID = 255

# what may be in a thing of each type, and what must; "!" marks what must
KEYS: dict[str, str] = {
    "section": "text fields accessory expand",
    "header": "text!",
    "divider": "",
    "image": "alt_text! image_url slack_file title",
    "context": "elements!",
    "actions": "elements!",
    "input": "label! element! dispatch_action hint optional",
    "markdown": "text!",
    "table": "rows! column_settings",
    "rich_text": "elements!",
    "button": "text! action_id value url style confirm accessibility_label",
    "static_select": "options option_groups initial_option placeholder action_id confirm "
    "focus_on_load",
    "multi_static_select": "options option_groups initial_options placeholder action_id confirm "
    "focus_on_load max_selected_items",
    "external_select": "placeholder action_id confirm focus_on_load min_query_length "
    "initial_option",
    "users_select": "placeholder action_id confirm focus_on_load initial_user",
    "conversations_select": "placeholder action_id confirm focus_on_load initial_conversation "
    "default_to_current_conversation filter response_url_enabled",
    "channels_select": "placeholder action_id confirm focus_on_load initial_channel "
    "response_url_enabled",
    "overflow": "options! action_id confirm",
    "radio_buttons": "options! action_id confirm initial_option focus_on_load",
    "checkboxes": "options! action_id confirm initial_options focus_on_load",
    "datepicker": "action_id initial_date placeholder confirm focus_on_load",
    "timepicker": "action_id initial_time placeholder confirm focus_on_load timezone",
    "plain_text_input": "action_id initial_value multiline min_length max_length placeholder "
    "dispatch_action_config focus_on_load",
    "number_input": "is_decimal_allowed! action_id initial_value min_value max_value placeholder "
    "dispatch_action_config focus_on_load",
    "email_text_input": "action_id initial_value placeholder dispatch_action_config focus_on_load",
    "url_text_input": "action_id initial_value placeholder dispatch_action_config focus_on_load",
}
BLOCKS = {"section", "header", "divider", "image", "context", "actions", "input", "rich_text"}
ONLY_IN_MESSAGES = {"markdown", "table"}
INPUTS = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
PICKERS = {
    "static_select", "multi_static_select", "external_select", "users_select",
    "conversations_select", "channels_select", "radio_buttons", "checkboxes", "datepicker",
    "timepicker",
}  # fmt: skip
PRESSED = PICKERS | {"button", "overflow"}
MANY = {"static_select": 100, "multi_static_select": 100, "overflow": 5, "radio_buttons": 10,
        "checkboxes": 10}  # fmt: skip
MODAL = (
    "type title! blocks! submit close callback_id private_metadata external_id clear_on_close "
    "notify_on_close submit_disabled"
)
HOME = "type blocks! callback_id private_metadata external_id"


def of_message(said: JSON, world: World, *, is_edit: bool = False) -> list[str]:
    """The faults of what is said in a channel: its `text`, and its `blocks` if it has some."""
    text, blocks = said.get("text"), said.get("blocks")
    faults = []
    if not isinstance(text, str) or not text.strip():
        faults.append("there is no text beside the blocks" if blocks else "there is no text")
        text = ""
    if size(text) > (4_000 if is_edit else 40_000):
        faults.append(f"text has {size(text)} characters")
    faults += [f"text: {fault}" for fault in faults_of_text(text, world)]
    if "attachments" in said:
        faults.append("attachments are of another age")
    if blocks is None:
        return faults
    if not isinstance(blocks, list):
        return [*faults, f"blocks is no list: {blocks!r}"]
    if not 1 <= len(blocks) <= MESSAGE_BLOCKS:
        faults.append(f"a message of {len(blocks)} blocks")
    if sum(one.get("type") == "table" for one in blocks if isinstance(one, dict)) > 1:
        faults.append("only one table is allowed in a message")
    written = sum(map(size, _texts(blocks)))
    if written > ALL_TEXT:
        faults.append(f"the blocks have {written} characters together")
    return faults + _of_blocks(blocks, BLOCKS | ONLY_IN_MESSAGES, world)


def of_view(view: JSON, world: World) -> list[str]:
    """The faults of a modal or a home page."""
    match view.get("type"):
        case "modal":
            faults = _of_keys(view, MODAL, "modal")
        case "home":
            faults = _of_keys(view, HOME, "home")
        case other:
            return [f"a view of type {other!r}"]
    for name in ("title", "submit", "close"):
        if name in view:
            faults += _of_label(view[name], 24, name)
    for name, most in (("callback_id", 255), ("private_metadata", 3000), ("external_id", 255)):
        faults += _of_string(view, name, most, "view", may_be_empty=name == "private_metadata")
    blocks = view.get("blocks") or []
    if not 1 <= len(blocks) <= VIEW_BLOCKS:
        faults.append(f"a view of {len(blocks)} blocks")
    if (size := len(json.dumps(view, ensure_ascii=False).encode())) > 250_000:
        faults.append(f"a view of {size} bytes")
    if any(one.get("type") == "input" for one in blocks) and view["type"] == "modal":
        faults += [] if "submit" in view else ["a form with inputs needs submit"]
    return faults + _of_blocks(blocks, BLOCKS, world)


def _of_blocks(blocks: list[Any], known: set[str], world: World) -> list[str]:
    faults = []
    for number, block in enumerate(blocks, 1):
        if not isinstance(block, dict) or block.get("type") not in known:
            faults.append(f"block {number} is of no type that is known here: {block!r:.80}")
            continue
        where = f"block {number} ({block['type']})"
        faults += _of_keys(block, KEYS[block["type"]] + " block_id", where)
        faults += _of_string(block, "block_id", BLOCK_ID, where)
        faults += [f"{where}: {fault}" for fault in _of_block(block, world)]
    for name in ("action_id", "block_id"):
        found = Counter(_all(blocks, name))
        faults += [
            f"{name} {id!r} stands {count} times" for id, count in found.items() if count > 1
        ]
    return faults


def _of_block(block: JSON, world: World) -> list[str]:
    match block["type"]:
        case "section":
            return _of_section(block, world)
        case "header":
            return _of_label(block.get("text"), 150, "text")
        case "image":
            return _of_image(block)
        case "context":
            return _of_context(block, world)
        case "actions":
            return _of_elements(block.get("elements"), 25, PRESSED, world)
        case "input":
            return _of_input(block, world)
        case "markdown":
            return _of_markdown(block, world)
        case "table":
            return _of_table(block)
        case "rich_text":
            return _of_rich(block.get("elements"), world)
    return []


def _of_section(block: JSON, world: World) -> list[str]:
    faults = []
    if "text" not in block and "fields" not in block:
        faults.append("neither text nor fields")
    if "text" in block:
        faults += _of_text(block["text"], 3000, "text", world)
    if "fields" in block:
        fields = block["fields"]
        if not 1 <= len(fields) <= 10:
            faults.append(f"{len(fields)} fields")
        for field in fields:
            faults += _of_text(field, 2000, "field", world)
    if "accessory" in block:
        faults += _of_elements([block["accessory"]], 1, PRESSED | {"image"}, world)
    return faults


def _of_context(block: JSON, world: World) -> list[str]:
    elements = block.get("elements") or []
    faults = [] if 1 <= len(elements) <= 10 else [f"{len(elements)} elements"]
    for one in elements:
        if one.get("type") == "image":
            faults += _of_image(one)
        else:
            faults += _of_text(one, 2000, "element", world)
    return faults


def _of_image(image: JSON) -> list[str]:
    faults = _of_string(image, "alt_text", 2000, "image", is_needed=True)
    faults += _of_string(image, "image_url", 3000, "image")
    if ("image_url" in image) == ("slack_file" in image):
        faults.append("an image has either image_url or slack_file")
    return faults + (_of_label(image["title"], 2000, "title") if "title" in image else [])


def _of_input(block: JSON, world: World) -> list[str]:
    faults = _of_label(block.get("label"), 2000, "label")
    if "hint" in block:
        faults += _of_label(block["hint"], 2000, "hint")
    return faults + _of_elements([block.get("element")], 1, INPUTS | PICKERS, world)


def _of_markdown(block: JSON, world: World) -> list[str]:
    text = str(block.get("text", ""))
    faults = [] if 0 < size(text) <= 12_000 else [f"markdown of {len(text)} characters"]
    return faults + [fault for fault in faults_of_text(text, world) if "calls" in fault]


def _of_table(block: JSON) -> list[str]:
    rows = block.get("rows") or []
    faults = [] if 1 <= len(rows) <= 100 else [f"a table of {len(rows)} rows"]
    if len({len(row) for row in rows}) > 1:
        faults.append("rows of unlike length")
    for row in rows:
        if not 1 <= len(row) <= 20:
            faults.append(f"a row of {len(row)} cells")
        for cell in row:
            if cell.get("type") == "raw_text":
                faults += _of_keys(cell, "text!", "cell")
                faults += _of_string(cell, "text", 10_000, "cell", is_needed=True)
            elif cell.get("type") not in ("rich_text", "raw_number"):
                faults.append(f"a cell of type {cell.get('type')!r}")
    settings = block.get("column_settings") or []
    for one in settings:
        faults += _of_keys(one or {}, "align is_wrapped", "column_settings")
        if one and one.get("align", "left") not in ("left", "center", "right"):
            faults.append(f"a column aligned to {one['align']!r}")
    return faults + ([f"{len(settings)} column_settings"] if len(settings) > 20 else [])


RICH = {"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}
RUNS = {"text", "link", "emoji", "user", "channel", "date", "color"}


def _of_rich(elements: Any, world: World) -> list[str]:
    faults = []
    for one in elements or []:
        kind = one.get("type")
        if kind in RICH:
            faults += _of_rich(one.get("elements"), world)
        elif kind in ("broadcast", "usergroup"):
            faults.append(f"{kind} calls people together")
        elif kind not in RUNS:
            faults.append(f"rich text of type {kind!r}")
        elif kind == "user" and one.get("user_id") not in world.users:
            faults.append(f"mentions nobody: {one.get('user_id')!r}")
        elif kind == "text" and not one.get("text"):
            faults.append("an empty text")
    return faults


def _of_elements(elements: Any, most: int, known: set[str], world: World) -> list[str]:
    if not isinstance(elements, list) or not 1 <= len(elements) <= most:
        return [f"{len(elements) if isinstance(elements, list) else elements!r} elements"]
    faults = []
    for one in elements:
        if not isinstance(one, dict) or one.get("type") not in known:
            faults.append(f"an element of no type that is known here: {one!r:.80}")
        elif one["type"] == "image":
            faults += _of_image(one)
        else:
            faults += [f"{one['type']}: {fault}" for fault in _of_element(one, world)]
    return faults


def _of_element(one: JSON, world: World) -> list[str]:
    kind = one["type"]
    faults = _of_keys(one, KEYS[kind], kind)
    faults += _of_string(one, "action_id", ACTION_ID, kind, is_needed=True)
    if "placeholder" in one:
        faults += _of_label(one["placeholder"], 150, "placeholder")
    if "confirm" in one:
        faults += _of_confirm(one["confirm"], world)
    if kind == "button":
        faults += _of_label(one.get("text"), 75, "text")
        faults += _of_string(one, "value", 2000, kind)
        faults += _of_string(one, "url", 3000, kind)
        faults += _of_string(one, "accessibility_label", 75, kind)
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
            faults += _of_label(group.get("label"), 75, "label")
        options = [option for group in groups for option in group.get("options", [])]
        sizes = [len(group.get("options", [])) for group in groups]
    else:
        faults, options = [], one.get("options") or []
        sizes = [len(options)]
    faults += [f"{size} options" for size in sizes if not 1 <= size <= most]
    may_be_mrkdwn = one["type"] in ("radio_buttons", "checkboxes")
    for option in options:
        faults += _of_keys(option, "text! value! description url", "option")
        for name in ("text", "description"):
            if name in option and may_be_mrkdwn:
                faults += _of_text(option[name], 75, f"option's {name}", world)
            elif name in option:
                faults += _of_label(option[name], 75, f"option's {name}")
        faults += _of_string(option, "value", 150, "option", is_needed=True)
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
    faults = _of_keys(confirm, "title text confirm deny style", "confirm")
    for name, most in (("title", 100), ("confirm", 30), ("deny", 30)):
        faults += _of_label(confirm[name], most, name) if name in confirm else []
    return faults + (_of_text(confirm["text"], 300, "text", world) if "text" in confirm else [])


def _of_date(text: object) -> list[str]:
    try:
        is_date = date.fromisoformat(str(text)).isoformat() == text
    except ValueError:
        is_date = False
    return [] if is_date else [f"{text!r} is no date like 2026-11-23"]


def _of_text(text: Any, most: int, name: str, world: World) -> list[str]:
    """A text object of either kind."""
    if isinstance(text, dict) and text.get("type") == "mrkdwn":
        faults = _of_keys(text, "text! verbatim", name)
        faults += _of_string(text, "text", most, name, is_needed=True)
        return faults + [f"{name}: {f}" for f in faults_of_text(str(text.get("text", "")), world)]
    return _of_label(text, most, name)


def _of_label(text: Any, most: int, name: str) -> list[str]:
    """Plain text, which is what most labels must be."""
    if not isinstance(text, dict) or text.get("type") != "plain_text":
        return [f"{name} is no plain text: {text!r:.80}"]
    faults = _of_keys(text, "text! emoji", name)
    return faults + _of_string(text, "text", most, name, is_needed=True)


def size(text: str) -> int:
    """How long a text is to Slack, whose clients count UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _of_string(
    of: JSON,
    key: str,
    most: int,
    where: str,
    *,
    is_needed: bool = False,
    may_be_empty: bool = False,
) -> list[str]:
    if key not in of:
        return [f"{where} has no {key}"] if is_needed else []
    text = of[key]
    if not isinstance(text, str):
        return [f"{key} of {where} is no text: {text!r:.80}"]
    if not text.strip() and not may_be_empty:
        return [f"{key} of {where} is empty"]
    length = size(text)
    return [f"{key} of {where} has {length} of {most} characters"] if length > most else []


def _of_keys(of: JSON, keys: str, where: str) -> list[str]:
    known = {key.rstrip("!") for key in keys.split()} | {"type"}
    needed = [key[:-1] for key in keys.split() if key.endswith("!")]
    faults = [f"{where} knows no {key!r}" for key in of if key not in known]
    faults += [f"{where} has no {key}" for key in needed if key not in of]
    return faults + [f"{key} of {where} is null" for key, value in of.items() if value is None]


def _texts(blocks: Any) -> Iterator[str]:
    """All that is there to read."""
    match blocks:
        case list():
            for one in blocks:
                yield from _texts(one)
        case dict():
            for key, value in blocks.items():
                if key == "text" and isinstance(value, str):
                    yield value
                elif key not in ("value", "private_metadata"):
                    yield from _texts(value)


def _all(blocks: Any, name: str) -> Iterator[str]:
    match blocks:
        case list():
            for one in blocks:
                yield from _all(one, name)
        case dict():
            if isinstance(blocks.get(name), str):
                yield blocks[name]
            for value in blocks.values():
                yield from _all(value, name)
