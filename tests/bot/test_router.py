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


@pytest.fixture(scope="module")
def more() -> Router[object]:
    return Router(
        (
            Route("ask", "reads", _shown),
            Route("home", "reads", _shown),
            Route("gone", "changes", _shown),
            Route("decide", "changes", _shown),
            Route("this is me", "changes", _shown),
            Route("stop", "changes", _shown, stands_alone=True),
            Route("why me", "reads", _shown, stands_alone=True),
        )
    )


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("this is me", Heard("this is me", "")),
        ("This is  me KQ7", Heard("this is me", "KQ7")),
        ("this is me!", Heard("this is me", "")),
        ("this is", Heard("ask", "this is")),
        ("why me?", Heard("why me", "")),
        ("why me ?", Heard("why me", "?")),
        ("why meet at all?", Heard("ask", "why meet at all?")),
        ("why me and not Lee", Heard("ask", "why me and not Lee")),
        ("stop", Heard("stop", "")),
        ("STOP.", Heard("stop", "")),
        ("stop smoking", Heard("ask", "stop smoking")),
        ("gone @dana", Heard("gone", "@dana")),
    ],
)
def test_a_command_may_have_several_words_or_stand_alone(
    more: Router[object], typed: str, heard: Heard
) -> None:
    assert more.hear(typed) == heard


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("One login", ""), ("done it", ""), ("gnoe @dana", "gone"), ("decid x", "decide"),
        ("sotp", "stop"), ("step", ""), ("sotp it", ""),
    ],
)  # fmt: skip
def test_what_changes_something_is_not_guessed_from_a_name(
    more: Router[object], typed: str, near: str
) -> None:
    assert more.hear(typed).near == near
