"""A form as a Slack modal, and what was filled in as values again.

Slack knows no form of ours when it is sent: what it needs travels in `private_metadata`. People are
chosen from ours, like anything else: Slack's own picker knows only those of one chat.
"""

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from bot import plain
from bot.messages import Form, Input, Refusal
from bot.slack import buttons, fields, limits, marks, parts
from bot.slack.blocks import Payload
from bot.slack.seen import Seen

CALLBACK = "form"
CARRIES = 1000  # characters that whoever opens the form may send along


@dataclass(frozen=True, slots=True)
class Filled:
    """What was submitted. With `errors`, by block, it is not to be run: Slack shows them."""

    sends: str
    text: str
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


def view(form: Form, seen: Seen, carries: Mapping[str, str] | None = None) -> Payload:
    """A view for `views.open`, `views.update` or `views.push`.

    `carries` comes back with what is submitted, see `carried`: the place it was opened in.
    """
    title = plain.plain(form.title, seen.zone)
    short = marks.label(title, limits.VIEW_TITLE)
    shown = [] if marks.escape(title) == short else _title(form, seen)
    typed = _typed_ones(form.inputs)
    for place, one in enumerate(form.inputs):
        shown += _blocks(one, place, place in typed, seen)
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": parts.plain_text(short),
        "submit": parts.plain_text(marks.label(form.submit, limits.VIEW_SUBMIT)),
        "close": parts.plain_text("Cancel"),
        "private_metadata": _metadata(form, carries or {}, typed, seen),
        "blocks": shown or [parts.section(marks.MORE)],
    }


def carried(submitted: Mapping[str, Any]) -> dict[str, str]:
    """What was sent along, without asking anybody: it says where to look for the rest."""
    return dict(json.loads(submitted["private_metadata"])[0])


def filled(submitted: Mapping[str, Any], seen: Seen) -> Filled | None:
    """What somebody filled in; `submitted` is Slack's `view`. Nothing where the form is too old."""
    told = _told(submitted, seen)
    if told is None:
        return None
    sends, text, hidden, asked = told
    state = submitted["state"]["values"]
    values, errors = dict(hidden), {}
    for place, (name, label, is_needed, options) in enumerate(asked):
        typed = _typed(state, place, seen)
        value = _chosen(typed, options) if options and typed.strip() else typed
        if value is None:
            errors[_block(place)] = f"I cannot tell which one “{marks.label(typed, 100)}” is."
        elif is_needed and not value.strip():
            errors[_block(place)] = f"“{marks.label(label, 100)}” is still empty."
        values[name] = value or ""
    return Filled(sends, text, values, errors)


def refused(refusal: Refusal, submitted: Mapping[str, Any], seen: Seen) -> Payload:
    """The answer to a submission that says why not, under the field that it is about."""
    told = _told(submitted, seen)
    names = [name for name, *_ in told[3]] if told else []
    place = names.index(refusal.field) if refusal.field in names else 0
    said = marks.cut(marks.literal(refusal.text), limits.LABEL)
    return errors({_block(place): said})


def errors(by_block: Mapping[str, str]) -> Payload:
    """The answer to a submission that lets the form stand, with these words under its fields."""
    return {"response_action": "errors", "errors": dict(by_block)}


def _title(form: Form, seen: Seen) -> list[dict[str, Any]]:
    """In full, where Slack's own title has no room for it."""
    pieces = marks.pack(marks.atoms(form.title, seen, "*"), parts.SECTION)
    return [parts.section(piece) for piece in pieces]


# What travels with it


def _metadata(form: Form, carries: Mapping[str, str], typed: Set[int], seen: Seen) -> str:
    fields = [
        [one.name, one.label, one.is_needed, one.options if place in typed else []]
        for place, one in enumerate(form.inputs)
    ]
    along = json.dumps(dict(carries), ensure_ascii=False)
    room = limits.METADATA - limits.size(json.dumps(along, ensure_ascii=False))
    form_told = [form.sends, form.text, dict(form.values), fields]
    kept = buttons.value_of(form_told, min(room, limits.METADATA) // 2, seen)
    return json.dumps([dict(carries), kept], ensure_ascii=False)


def _told(submitted: Mapping[str, Any], seen: Seen) -> list[Any] | None:
    told = buttons.told(json.loads(submitted["private_metadata"])[1], seen)
    return told if isinstance(told, list) else None


def _typed(state: Mapping[str, Any], place: int, seen: Seen) -> str:
    typed, slice = "", 0
    while (block := _block(place, slice)) in state:
        typed += fields.answer(next(iter(state[block].values())), seen)
        slice += 1
    return typed


def _chosen(typed: str, options: Sequence[Sequence[str]]) -> str | None:
    """The option that was meant by what somebody typed, if it is one only."""
    wanted = typed.strip().casefold()
    found = {value for value, label in options if wanted == label.strip().casefold()}
    return next(iter(found)) if len(found) == 1 else None


def _typed_ones(inputs: Sequence[Input]) -> set[int]:
    """The choices with so many options that all of them together are more than Slack takes."""
    room, typed = limits.VIEW_BYTES // 2, set()
    for place, one in enumerate(inputs):
        weight = sum(len(json.dumps(option)) + fields.OPTION_BYTES for option in one.options)
        if weight > room:
            typed.add(place)
        else:
            room -= weight
    return typed


def _block(place: int, slice: int = 0) -> str:
    return f"input/{place}/{slice}"


def _blocks(one: Input, place: int, is_typed: bool, seen: Seen) -> Iterator[dict[str, Any]]:
    """One field; a value that is too long for one goes on in the next."""
    hint = {"hint": parts.plain_text("Type its name.")} if is_typed else {}
    for slice, element in enumerate(fields.elements(one, is_typed, seen)):
        label = marks.label(one.label, limits.LABEL - 20)
        yield {
            "type": "input",
            "block_id": _block(place, slice),
            "label": parts.plain_text(f"{label} (goes on)" if slice else label),
            "optional": not one.is_needed or slice > 0,
            "element": element | {"action_id": _block(place, slice)},
        } | hint
