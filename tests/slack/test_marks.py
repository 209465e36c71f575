"""Text is cut where a reader would cut it, and never inside what belongs together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Link, Words
from bot.slack import limits, marks
from bot.words import finalize
from tests.slack.cards import ours, text
from tests.slack.mrkdwn import World, faults_of_text
from tests.slack.seen import Seen

HERE = World(users={f"U{number:05}" for number in range(60)})


def test_it_is_cut_at_the_end_of_a_word() -> None:
    assert marks.label("Which priority does One login support", 24) == "Which priority does One…"
    assert marks.label("short", 5) == "short"


def test_nothing_that_belongs_together_is_cut() -> None:
    assert marks.label("&&&&&&&&", 24) == "&amp;&amp;&amp;&amp;…"
    assert marks.label("e\u0301" * 20, 24) == "e\u0301" * 11 + "…"
    assert marks.label("👩‍👩‍👧‍👦" * 5, 24) == "👩‍👩‍👧‍👦" * 2 + "…"


@given(said=text, limit=st.integers(24, 200))
def test_a_label_is_never_too_long_and_always_whole(said: str, limit: int) -> None:
    label = marks.label(said, limit)
    assert 0 < limits.size(label) <= limit
    assert faults_of_text(label, HERE) == []


@given(said=ours, limit=st.sampled_from([400, 1000, 3000]))
def test_each_piece_of_a_text_is_whole(said: Words, limit: int) -> None:
    for piece in marks.pack(marks.atoms(said, Seen()), limit):
        assert 0 < limits.size(piece) <= max(limit, 1100)  # a link is never cut
        assert faults_of_text(piece, HERE) == []


def test_a_voice_that_touches_a_letter_is_set_apart() -> None:
    assert marks.mrkdwn(Words("a**b**c"), Seen()) == "a\u200b*b*\u200bc"
    assert marks.mrkdwn(Words("a **b **c"), Seen()) == "a *b* c"


def test_a_line_that_somebody_began_with_a_quotation_mark_is_none() -> None:
    assert marks.mrkdwn(Words(finalize("> so")), Seen()) == "› so"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://", "data:x", "ftp://x"])
def test_what_leads_to_no_page_is_no_link(address: str) -> None:
    assert "<" not in marks.mrkdwn(Words(finalize(Link("here", address))), Seen())


def test_a_link_ends_where_it_ends() -> None:
    link = Link("a > b|c", "https://acme.example/?a=1&b=2|x> <!here>")
    said = marks.mrkdwn(Words(finalize(link)), Seen())
    assert said == "<https://acme.example/?a=1&amp;b=2%7Cx%3E%20%3C!here%3E|a &gt; b|c>"
