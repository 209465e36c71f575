"""What people type is taken apart in one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Card, Command
from bot.router import Heard, Route, Router


def _shown(_command: Command, _session: object) -> Card:
    return Card("shown")


@pytest.fixture(scope="module")
def router() -> Router[object]:
    names = ("ask", "home", "help", "decide", "map")
    return Router(Route(name, "reads", _shown) for name in names)


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("", Heard("home", "")),
        ("   ", Heard("home", "")),
        ("/align", Heard("home", "")),
        ("align", Heard("home", "")),
        ("Throughline, ", Heard("home", "")),
        ("/align help", Heard("help", "")),
        ("help", Heard("help", "")),
        ("Help?", Heard("help", "")),
        ("HELP  money ", Heard("help", "money")),
        ("align: help money", Heard("help", "money")),
        ("ask which priority does One login support?",
         Heard("ask", "which priority does One login support?")),
        ("which priority does One login support?",
         Heard("ask", "which priority does One login support?")),
        ("/align One login", Heard("ask", "One login")),
        ("home office", Heard("ask", "home office")),
        ("decide buy the CRM @dana fri", Heard("decide", "buy the CRM @dana fri")),
        ('decide "Buy, not build" because "…"', Heard("decide", '"Buy, not build" because "…"')),
    ],
)  # fmt: skip
def test_a_first_word_of_ours_is_a_command_and_all_else_a_question(
    router: Router[object], typed: str, heard: Heard
) -> None:
    assert router.hear(typed) == heard


@pytest.mark.parametrize("typed", ["hepl money", "halp money", "helpp money", "elp money"])
def test_a_first_word_one_edit_from_a_command_stays_a_question_that_knows_it(
    router: Router[object], typed: str
) -> None:
    assert router.hear(typed) == Heard("ask", typed, near="help")


@pytest.mark.parametrize("typed", ["hxxp money", "mop the floor", "aks One login", "alignment"])
def test_a_first_word_further_away_or_very_short_is_only_a_question(
    router: Router[object], typed: str
) -> None:
    assert router.hear(typed) == Heard("ask", typed)


def test_the_words_of_a_project_are_not_swallowed_with_our_own_name(
    router: Router[object],
) -> None:
    assert router.hear("aligned goals").text == "aligned goals"
    assert router.hear("what does align support?").text == "what does align support?"


@given(st.text())
def test_whatever_is_typed_finds_somebody_to_answer_it(typed: str) -> None:
    names = ("ask", "home", "help")
    router: Router[object] = Router(Route(name, "reads", _shown) for name in names)
    heard = router.hear(typed)
    assert heard.name in router.routes
    assert heard.text in typed
