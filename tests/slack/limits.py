"""What Slack refuses in messages and views, written from its documentation and not from our code.

Each function gives the faults it finds as sentences, nothing where all is well. Stricter than Slack
where being lenient would hide a mistake: unknown keys, unescaped text and cut escapes are faults,
and so is text that calls people together, because nobody may ping a channel through us.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.slack.checks import KEYS, of_keys, of_label, of_string, of_text, size
from tests.slack.elements import INPUTS, PICKERS, PRESSED, of_elements, of_image
from tests.slack.mrkdwn import World, faults_of_text

JSON = dict[str, Any]
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
ALL_TEXT = 10_000  # of one message's blocks together: near 12,000 it fails, and we stop before
BLOCK_ID = 255
BLOCKS = {"section", "header", "divider", "image", "context", "actions", "input", "rich_text"}
ONLY_IN_MESSAGES = {"markdown", "table"}
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
            faults = of_keys(view, MODAL, "modal")
        case "home":
            faults = of_keys(view, HOME, "home")
        case other:
            return [f"a view of type {other!r}"]
    for name in ("title", "submit", "close"):
        if name in view:
            faults += of_label(view[name], 24, name)
    for name, most in (("callback_id", 255), ("private_metadata", 3000), ("external_id", 255)):
        faults += of_string(view, name, most, "view", may_be_empty=name == "private_metadata")
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
        faults += of_keys(block, KEYS[block["type"]] + " block_id", where)
        faults += of_string(block, "block_id", BLOCK_ID, where)
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
            return of_label(block.get("text"), 150, "text")
        case "image":
            return of_image(block)
        case "context":
            return _of_context(block, world)
        case "actions":
            return of_elements(block.get("elements"), 25, PRESSED, world)
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
        faults += of_text(block["text"], 3000, "text", world)
    if "fields" in block:
        fields = block["fields"]
        if not 1 <= len(fields) <= 10:
            faults.append(f"{len(fields)} fields")
        for field in fields:
            faults += of_text(field, 2000, "field", world)
    if "accessory" in block:
        faults += of_elements([block["accessory"]], 1, PRESSED | {"image"}, world)
    return faults


def _of_context(block: JSON, world: World) -> list[str]:
    elements = block.get("elements") or []
    faults = [] if 1 <= len(elements) <= 10 else [f"{len(elements)} elements"]
    for one in elements:
        if one.get("type") == "image":
            faults += of_image(one)
        else:
            faults += of_text(one, 2000, "element", world)
    return faults


def _of_input(block: JSON, world: World) -> list[str]:
    faults = of_label(block.get("label"), 2000, "label")
    if "hint" in block:
        faults += of_label(block["hint"], 2000, "hint")
    return faults + of_elements([block.get("element")], 1, INPUTS | PICKERS, world)


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
                faults += of_keys(cell, "text!", "cell")
                faults += of_string(cell, "text", 10_000, "cell", is_needed=True)
            elif cell.get("type") not in ("rich_text", "raw_number"):
                faults.append(f"a cell of type {cell.get('type')!r}")
    settings = block.get("column_settings") or []
    for one in settings:
        faults += of_keys(one or {}, "align is_wrapped", "column_settings")
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
