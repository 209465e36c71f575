"""The bare command: what waits for me, and what to try."""

import pytest

from tests.chat import Chat


@pytest.mark.parametrize("typed", ["", "/align", "align", "Throughline"])
def test_the_bare_command_greets_and_counts(chat: Chat, typed: str) -> None:
    chat.types("dana", typed)
    assert chat.title("dana") == "Dana, this is Throughline"
    chat.sees("dana", "7 projects and tools and 3 priorities", "Nothing waits for you.")


def test_every_button_answers(chat: Chat) -> None:
    chat.types("dana", "/align")
    assert chat.labels("dana") == [
        "Which priority does One login support", "What are our priorities",
        "What changed this week", "The digest here", "Help",
    ]  # fmt: skip
    for label, title in (
        ("What are our priorities", "Our 3 priorities"),
        ("Which priority does One login support", "One login"),
        ("What changed this week", "What changed since 16 Nov"),
        ("Help", "Ask me as you would ask a colleague"),
    ):
        chat.types("dana", "/align").clicks("dana", label)
        assert chat.title("dana") == title


def test_the_example_reaches_a_priority(chat: Chat) -> None:
    chat.types("dana", "/align").clicks("dana", "Which priority does One login support")
    chat.sees("dana", "Supports Faster onboarding")


def test_only_what_is_mine_waits_for_me(chat: Chat) -> None:
    chat.types("omar", "").sees(
        "omar", "Waits for you: New customers, a number nobody has told me lately"
    )
    chat.types("lee", "").sees(
        "lee", "Yours, and serving no priority I know of: Audit trail, Data lake"
    )
    chat.types("ana", "").sees("ana", "Renews within 60 days: Asana")
    chat.types("ana", "").sees_no("ana", "New customers", "Data lake", "Nothing waits")


def test_what_waits_comes_and_goes_with_time(chat: Chat) -> None:
    chat.clock.wind(days=21)
    chat.types("dana", "").sees("dana", "Waits for you: Days to onboard")
    chat.clock.wind(days=60)
    chat.types("ana", "").sees_no("ana", "Renews")


def test_somebody_new_is_greeted_and_owes_nothing(chat: Chat) -> None:
    chat.types("max", "/align")
    assert chat.title("max") == "Max, this is Throughline"
    chat.sees("max", "Nothing waits for you.")


def test_the_demo_company_has_something_to_press(demo_chat: Chat) -> None:
    demo_chat.types("dana", "/align")
    (example,) = [one for one in demo_chat.labels("dana") if one.startswith("Which priority")]
    demo_chat.clicks("dana", example).sees("dana", "Supports ", " said so on ")
