"""What Slack makes of a typed message is what was typed again."""

import pytest

from bot.slack import typed

US = "U0US"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("a &amp; b &lt; c &gt; d", "a & b < c > d"),
        ("&amp;lt;", "&lt;"),
        ("decide buy it <@U0DANA>", "decide buy it dana@acme.example"),
        ("decide buy it <@U0DANA|dana>", "decide buy it dana@acme.example"),
        ("ask <@U0NOBODY|nobody>", "ask @nobody"),
        ("ask <@U0NOBODY>", "ask @U0NOBODY"),
        ("in <#C1|general>", "in #general"),
        ("hear <!here>", "hear @here"),
        ("hear <!subteam^S1|@sales>", "hear @sales"),
        ("see <https://acme.example/a?b=1>", "see https://acme.example/a?b=1"),
        ("see <http://acme.example|acme.example>", "see acme.example"),
        ("see <https://acme.example/a|the plan>", "see the plan (https://acme.example/a)"),
        ("<mailto:lee@acme.example|lee@acme.example> owns it", "lee@acme.example owns it"),
        ("1 < 2 <\n>", "1 < 2 <\n>"),
    ],
)
def test_what_stands_between_brackets_is_what_was_typed(sent: str, said: str) -> None:
    assert typed.plainly(sent, {"U0DANA": "dana@acme.example"}) == said


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (f"<@{US}> help", "help"),
        (f"<@{US}|throughline>, help", "help"),
        (f"  Hey <@{US}>: help", "help"),
        (f"help, <@{US}>", "help,"),
        (f"<@{US}> ask <@{US}>", f"ask <@{US}>"),
        ("help", "help"),
    ],
)
def test_the_mention_that_calls_us_is_no_part_of_what_is_said(sent: str, said: str) -> None:
    assert typed.without_us(sent, US) == said
    assert typed.people(f"<@U1> {sent} <@U1>", but=US) == ["U1"]
