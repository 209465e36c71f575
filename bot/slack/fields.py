"""The fields of a form as Slack's elements, and what stands in one as text again."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.messages import Input
from bot.slack import limits, marks, parts
from bot.slack.seen import Seen

OPTION_BYTES = 120  # of one option in Slack's JSON, beside its words
SHORT = 200  # what is longer is seen better in a field of several lines
_KEPT = "kept/"  # the value of an option that is too long for one


def elements(one: Input, is_typed: bool, seen: Seen) -> Iterator[dict[str, Any]]:
    """One for a field; a value that is too long for one element goes on in the next.

    `is_typed` is a choice of more than Slack lists: whoever fills it in types a label.
    """
    if is_typed:
        label = next((label for value, label in one.options if value == one.value), "")
        yield _text(one, label[: limits.TYPED // 2])
    elif one.kind == "choice" and one.options:
        yield _choice(one, seen)
    elif one.kind == "date" and (not one.value or _is_day(one.value)):
        initial = {"initial_date": one.value} if one.value else {}
        yield {"type": "datepicker"} | initial
    else:
        yield from (_text(one, value) for value in _slices(one.value))


def answer(state: Mapping[str, Any], seen: Seen) -> str:
    """What stands in one: `state` is Slack's own of an element."""
    match state:
        case {"selected_option": {"value": str(value)}}:
            if value.startswith(_KEPT):
                return seen.kept(value.removeprefix(_KEPT)) or ""
            return value
        case {"selected_date": str(value)} | {"value": str(value)}:
            return value
    return ""


def _text(one: Input, value: str) -> dict[str, Any]:
    is_long = one.kind == "lines" or "\n" in value or limits.size(value) > SHORT
    return {
        "type": "plain_text_input",
        "multiline": is_long,
        "max_length": limits.TYPED,
    } | ({"initial_value": value} if value else {})


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _slices(value: str) -> Iterator[str]:
    start, length = 0, 0
    for at, char in enumerate(value):
        length += limits.size(char)
        if length > limits.TYPED:
            yield value[start:at]
            start, length = at, limits.size(char)
    yield value[start:]


def _choice(one: Input, seen: Seen) -> dict[str, Any]:
    """All of a few at once; a list for more, in groups where it is long; people type to search."""
    options = {value: _option(value, label, seen) for value, label in one.options}
    initial = {"initial_option": options[one.value]} if one.value in options else {}
    every = list(options.values())
    if len(every) <= limits.RADIO and (one.is_needed or initial):
        return {"type": "radio_buttons", "options": every} | initial
    if len(every) <= limits.OPTIONS:
        return {"type": "static_select", "options": every} | initial
    starts = range(0, len(every), limits.OPTIONS)
    groups = [_group(every, start, start + limits.OPTIONS) for start in starts]
    return {"type": "static_select", "option_groups": groups} | initial


def _option(value: str, label: str, seen: Seen) -> dict[str, Any]:
    is_short = limits.size(value) <= limits.OPTION_VALUE
    is_as_it_is = is_short and value.strip() and not value.startswith(_KEPT)
    return {
        "text": parts.plain_text(marks.label(label, limits.OPTION)),
        "value": value if is_as_it_is else _KEPT + seen.keep(value),
    }


def _group(every: list[dict[str, Any]], start: int, end: int) -> dict[str, Any]:
    some = every[start:end]
    return {
        "label": parts.plain_text(f"{start + 1} to {start + len(some)} of {len(every)}"),
        "options": some,
    }
