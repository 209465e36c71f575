"""What the fake Slack refuses in messages and views: each limit takes what fits, and no more."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.slack.limits import of_message, of_view
from tests.slack.mrkdwn import World

JSON = dict[str, Any]
WORLD = World({"U1"}, {"C1"})


def plain(text: str) -> JSON:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> JSON:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "x", **more: Any) -> JSON:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: JSON) -> JSON:
    return {"type": "actions", "elements": list(elements)}


def button(n: int = 1, **more: Any) -> JSON:
    return {"type": "button", "action_id": f"a{n}", "text": plain("x"), **more}


def option(n: int = 1, **more: Any) -> JSON:
    return {"text": plain(f"o{n}"), "value": f"{n}", **more}


def menu(kind: str, count: int, **more: Any) -> JSON:
    return {"type": kind, "action_id": "m", "options": [option(n) for n in range(count)], **more}


def field(**more: Any) -> JSON:
    return {"type": "plain_text_input", "action_id": "t", **more}


def asked(element: JSON, **more: Any) -> JSON:
    return {"type": "input", "label": plain("Why"), "element": element, **more}


def table(rows: int, cells: int) -> JSON:
    cell = {"type": "raw_text", "text": "x"}
    return {"type": "table", "rows": [[cell] * cells for _ in range(rows)]}


def modal(*blocks: JSON, **more: Any) -> JSON:
    shown = {"type": "modal", "title": plain("x"), "submit": plain("Save"), "blocks": list(blocks)}
    return shown | more


IN_MESSAGES: dict[str, tuple[int, Callable[[int], list[JSON]]]] = {  # what fits, and blocks of that
    "blocks": (50, lambda n: [section()] * n),
    "section": (3000, lambda n: [section("x" * n)]),
    "field": (2000, lambda n: [{"type": "section", "fields": [mrkdwn("x" * n)]}]),
    "fields": (10, lambda n: [{"type": "section", "fields": [mrkdwn("x")] * n}]),
    "header": (150, lambda n: [{"type": "header", "text": plain("x" * n)}]),
    "header in UTF-16": (75, lambda n: [{"type": "header", "text": plain("😀" * n)}]),
    "context": (10, lambda n: [{"type": "context", "elements": [mrkdwn("x")] * n}]),
    "actions": (25, lambda n: [actions(*(button(i) for i in range(n)))]),
    "button": (75, lambda n: [actions(button(text=plain("x" * n)))]),
    "value": (2000, lambda n: [actions(button(value="x" * n))]),
    "action_id": (255, lambda n: [actions(button(action_id="x" * n))]),
    "block_id": (255, lambda n: [section(block_id="x" * n)]),
    "select": (100, lambda n: [actions(menu("static_select", n))]),
    "placeholder": (150, lambda n: [actions(menu("static_select", 1, placeholder=plain("x" * n)))]),
    "radio": (10, lambda n: [actions(menu("radio_buttons", n))]),
    "checkboxes": (10, lambda n: [actions(menu("checkboxes", n))]),
    "option": (75, lambda n: [actions(menu("static_select", 0, options=[
        option(text=plain("x" * n))]))]),
    "option's value": (150, lambda n: [actions(menu("static_select", 0, options=[
        option(value="x" * n)]))]),
    "description": (75, lambda n: [actions(menu("static_select", 0, options=[
        option(description=plain("x" * n))]))]),
    "alt": (2000, lambda n: [{"type": "image", "image_url": "https://x.example/x.png",
                              "alt_text": "x" * n}]),
    "rows": (100, lambda n: [table(n, 2)]),
    "cells": (20, lambda n: [table(2, n)]),
    "tables": (1, lambda n: [table(1, 1)] * n),
    "all text": (10_000, lambda n: [section("x" * 2500)] * 3 + [section("x" * (n - 7500))]),
}  # fmt: skip

IN_VIEWS: dict[str, tuple[int, Callable[[int], JSON]]] = {
    "blocks": (100, lambda n: modal(*[section()] * n)),
    "title": (24, lambda n: modal(section(), title=plain("x" * n))),
    "submit": (24, lambda n: modal(section(), submit=plain("x" * n))),
    "close": (24, lambda n: modal(section(), close=plain("x" * n))),
    "callback_id": (255, lambda n: modal(section(), callback_id="x" * n)),
    "private_metadata": (3000, lambda n: modal(section(), private_metadata="x" * n)),
    "label": (2000, lambda n: modal(asked(field(), label=plain("x" * n)))),
    "what stands there": (3000, lambda n: modal(asked(field(initial_value="x" * n)))),
    "max_length": (3000, lambda n: modal(asked(field(max_length=n)))),
}


@pytest.mark.parametrize("name", IN_MESSAGES)
def test_a_message_takes_what_fits_and_no_more(name: str) -> None:
    most, made = IN_MESSAGES[name]
    assert of_message({"text": "x", "blocks": made(most)}, WORLD) == []
    assert of_message({"text": "x", "blocks": made(most + 1)}, WORLD)


@pytest.mark.parametrize("name", IN_VIEWS)
def test_a_view_takes_what_fits_and_no_more(name: str) -> None:
    most, made = IN_VIEWS[name]
    assert of_view(made(most), WORLD) == []
    assert of_view(made(most + 1), WORLD)


def test_an_edit_takes_less_text_than_a_post() -> None:
    assert of_message({"text": "x" * 4001}, WORLD) == []
    assert of_message({"text": "x" * 4000}, WORLD, is_edit=True) == []
    assert of_message({"text": "x" * 4001}, WORLD, is_edit=True)


WRONG: dict[str, list[JSON]] = {
    "the same action_id twice": [actions(button(1), button(1))],
    "the same action_id in two blocks": [actions(button(1)), actions(button(1))],
    "the same block_id twice": [section(block_id="b"), section(block_id="b")],
    "a key of another age": [section(emoji=True)],
    "a key that is null": [section(accessory=None)],
    "a button without an id": [actions({"type": "button", "text": plain("x")})],
    "a button in mrkdwn": [actions(button(text=mrkdwn("x")))],
    "a button of another colour": [actions(button(style="default"))],
    "nothing to press": [actions()],
    "no text in a section": [{"type": "section"}],
    "an empty text": [section("")],
    "an unknown block": [{"type": "chart"}],
    "no block at all": ["x"],  # type: ignore[list-item]  # that is the point
    "two values alike": [actions(menu("static_select", 0, options=[option(1), option(1)]))],
    "a choice that is not offered": [actions(menu("static_select", 1, initial_option=option(7)))],
    "a day that is none": [actions({"type": "datepicker", "action_id": "d",
                                    "initial_date": "2026-11-31"})],
    "rows of unlike length": [{"type": "table", "rows": [*table(1, 1)["rows"],
                                                        *table(1, 2)["rows"]]}],
    "a picture without words": [{"type": "image", "image_url": "https://x.example/x.png"}],
    "a broadcast in rich text": [{"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "here"}]}]}],
    "a broadcast in Markdown": [{"type": "markdown", "text": "see <!channel>"}],
    "a broadcast in a confirmation": [actions(button(confirm={
        "title": plain("x"), "text": mrkdwn("<!here>"), "confirm": plain("x"),
        "deny": plain("x")}))],
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_in_blocks_is_found(name: str) -> None:
    assert of_message({"text": "x", "blocks": WRONG[name]}, WORLD)


@pytest.mark.parametrize(
    "text",
    ["<!channel>", "<!here|here>", "<!everyone>", "<!subteam^S1>", "<!subteam^S1|@it>",
     "<@U2>", "<#C2>", "a < b", "a > b", "AT&T", "&nbsp;", "cut &am", "<b>bold</b>", "<script>",
     "<!date^now^{date}|x>", "<!date^1^{date}>", "<javascript:x|y>", "<https://x.example|",
     ""],
)  # fmt: skip
def test_what_is_wrong_in_text_is_found_wherever_it_stands(text: str) -> None:
    assert of_message({"text": text}, WORLD)
    assert of_message({"text": "x", "blocks": [section(text)]}, WORLD)


@pytest.mark.parametrize(
    "text",
    ["<@U1> in <#C1|steering>", "a &lt;!channel&gt; b &amp; c", "> quoted\n> twice",
     "<https://x.example/a?b=c&d=e|D-1>", "<!date^1795424400^{date_short} {time}|Fri 27 Nov>",
     "*bold* _and_ ~so~ `on`", "@channel"],
)  # fmt: skip
def test_what_is_right_in_text_is_let_through(text: str) -> None:
    assert of_message({"text": text, "blocks": [section(text)]}, WORLD) == []


def test_a_message_has_a_text_beside_its_blocks() -> None:
    assert of_message({"blocks": [section()]}, WORLD)
    assert of_message({"text": " ", "blocks": [section()]}, WORLD)
    assert of_message({"text": "x", "blocks": []}, WORLD)
    assert of_message({"text": "x", "attachments": []}, WORLD)


@pytest.mark.parametrize(
    "view",
    [
        modal(asked(field())) | {"submit": None},
        {key: value for key, value in modal(asked(field())).items() if key != "submit"},
        {key: value for key, value in modal(section()).items() if key != "title"},
        modal(),
        modal(table(1, 1)),
        modal({"type": "markdown", "text": "x"}),
        modal(asked(button())),
        modal(asked(field(), label=mrkdwn("Why"))),
        modal(section(), emoji=True),
        modal(*[section("x" * 3000)] * 90),
        {"type": "home", "title": plain("x"), "blocks": [section()]},
        {"type": "home", "blocks": []},
        {"type": "workflow_step", "blocks": [section()]},
    ],
)
def test_what_is_wrong_in_a_view_is_found(view: JSON) -> None:
    assert of_view(view, WORLD)


def test_a_home_page_is_let_through() -> None:
    assert of_view({"type": "home", "blocks": [section(), actions(button())]}, WORLD) == []
