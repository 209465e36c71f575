"""Every card can be sent to Slack: within its limits, calling nobody, and whole."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.messages import Button, Card, Fact, Facts, Person, Quiet, Table, Typed, Words
from bot.slack import blocks, buttons
from bot.slack.buttons import More
from bot.words import finalize
from tests.slack import limits
from tests.slack.cards import cards
from tests.slack.mrkdwn import World
from tests.slack.reading import fragments, shown, told
from tests.slack.seen import Seen, nobody

Blocks = list[dict[str, Any]]
HERE = World(users={f"U{number:05}" for number in range(60)})
often = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def pages(card: Card, seen: Seen, key: str = "") -> list[dict[str, Any]]:
    """All of it, as somebody goes through it by [More]."""
    found, page = [], 1
    while True:
        said = blocks.message(card, seen, key, page)
        found.append(said)
        more = [one for one in _pressed(said, seen) if isinstance(one, More)]
        if not more:
            return found
        assert len(more) == 1
        assert more[0].page == page + 1
        page += 1
        if not key:
            kept = buttons.kept_card(more[0], seen)
            assert kept == card, "what [More] goes on with is not what was asked for"


def _pressed(said: dict[str, Any], seen: Seen) -> list[Button | More | None]:
    last = said["blocks"][-1]
    elements = last["elements"] if last["type"] == "actions" else []
    return [buttons.pressed(element, seen) for element in elements]


@often
@given(card=cards)
def test_every_page_of_every_card_is_taken_by_slack(card: Card) -> None:
    seen = Seen()
    for said in pages(card, seen, "decision/7"):
        assert limits.of_message(said, HERE, is_edit=True) == []
    assert limits.of_view(blocks.home(card, seen), HERE) == []


@often
@given(card=cards)
def test_nothing_of_a_card_is_lost(card: Card) -> None:
    seen = Seen()
    every = pages(card, seen, "decision/7")
    title = every[0]["blocks"][:1] if told(card.title, seen) else []
    said = shown(title) + "".join(
        _content(page["blocks"], title, number, len(every)) for number, page in enumerate(every, 1)
    )
    for fragment in fragments(card, seen):
        assert fragment in said
    pressed = [one for page in every for one in _pressed(page, seen) if isinstance(one, Button)]
    assert tuple(pressed) == card.buttons


def _content(blocks: Blocks, title: Blocks, number: int, count: int) -> str:
    """What a page has beside its title, its buttons and which page it is."""
    inside = [block for block in blocks if block["type"] != "actions"]
    if count > 1:
        assert shown(inside[-1:]) == f"{number}of{count}"
        inside.pop()
    assert inside[: len(title)] == title
    return shown(inside[len(title) :])


# What one part becomes


def written(card: Card, seen: Seen | None = None, page: int = 1) -> list[dict[str, Any]]:
    blocks_of: list[dict[str, Any]] = blocks.message(card, seen or Seen(), "a/1", page)["blocks"]
    return blocks_of


def test_the_first_line_of_the_text_is_the_title() -> None:
    card = Card("D-1 buy <the> CRM", Words("Owner: nobody"), (Facts((Fact("Cost", "5"),)),))
    said = blocks.message(card, Seen())["text"]
    assert said == "D-1 buy &lt;the&gt; CRM\nOwner: nobody\nCost: 5"


@pytest.mark.parametrize("call", ["<!channel>", "<!here|x>", "<!subteam^S1|@all>", "<@U00001>"])
def test_nobody_is_called_wherever_it_is_typed(call: str) -> None:
    button = Button(call, "ask", call)
    table = Table(call, (call,), ((call,), (Words(finalize(call)),)))
    card = Card(call, call, (Facts((Fact(call, call),)), table, Quiet(call)), (button,))
    said = blocks.message(card, Seen())
    said["blocks"][-1]["elements"][0].pop("value")  # nobody reads that
    assert call not in str(said)


def test_a_person_is_mentioned_where_they_are_and_named_elsewhere() -> None:
    card = Card("", Words(f"Owner: {finalize(Person(3, 'Lee'))}"))
    (here,) = written(card)
    (there,) = written(card, Seen(mention=nobody))
    assert here["text"]["text"] == "Owner: <@U00003>"
    assert there["text"]["text"] == "Owner: Lee"


def test_a_command_to_type_is_typed_as_in_slack() -> None:
    (section,) = written(Card("", Words(f"Say {finalize(Typed('decide …'))}")))
    assert section["text"]["text"] == "Say `/align decide …`"


def test_what_a_person_typed_has_no_voice() -> None:
    (section,) = written(Card("", Words(f"Why: **{finalize('*a* _b_ `c`')}** snake_case")))
    assert section["text"]["text"] == "Why: *∗a∗ ˍbˍ ˋcˋ* snake_case"
    (alone,) = written(Card("", "*a*"))
    assert alone["text"] == {"type": "plain_text", "text": "*a*", "emoji": False}


def test_a_second_table_is_text_and_a_long_one_goes_on_behind_more() -> None:
    rows = tuple((str(number), "x") for number in range(150))
    card = Card("T", "", (Table("One", ("No.", "It"), rows), Table("Two", ("a",), (("b",),))))
    first, second = written(card), written(card, page=2)
    assert [len(one["rows"]) for one in (*first, *second) if one["type"] == "table"] == [100, 52]
    assert [one["text"]["text"] for one in second if one["type"] == "section"][-1] == "a: *b*"
    assert not [one for one in blocks.home(card, Seen())["blocks"] if one["type"] == "table"]


def test_a_button_comes_back_as_it_was_however_much_it_carries() -> None:
    seen = Seen()
    for text in ("short", "x" * 5000):
        button = Button("Do it", "decide", text, {"a": "b"}, is_main=True)
        element = buttons.action(button, 3, seen)
        assert buttons.pressed(element, seen) == button
    seen.texts.clear()
    assert buttons.pressed(element, seen) is None


def test_what_is_no_button_of_ours_is_nothing() -> None:
    for value in ("", "[]", "null", "kept/x", "{", '["a"]', "7"):
        assert buttons.pressed({"value": value}, Seen()) is None
