"""Help: three examples each, every one of which works here."""

import pytest

from handlers import router
from handlers.help import COMMANDS, TOPICS, WORDS
from tests.chat import Chat


def test_help_offers_three_examples_and_the_topics(chat: Chat) -> None:
    chat.types("dana", "help")
    labels = chat.labels("dana")
    assert labels[:3] == [
        "which priority does One login support?", "what are our priorities?",
        "what does @Dana own?",
    ]  # fmt: skip
    assert [label.lower() for label in labels[3:]] == [*TOPICS, *COMMANDS]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_three_examples_that_the_map_can_answer(chat: Chat, topic: str) -> None:
    chat.types("omar", "help").clicks("omar", topic.capitalize())
    assert chat.title("omar") == topic.capitalize()
    labels = chat.labels("omar")
    assert len(labels) == 3
    for label in labels:
        chat.types("omar", f"help {topic}").clicks("omar", label)
        chat.sees_no("omar", "I don't know", "I have no help", "{")


def test_help_knows_the_words_people_use(chat: Chat) -> None:
    for word, title in (("spend", "Money"), ("OWNER?", "People"), ("late", "News"),
                        ("tool", "Projects"), ("goals", "Priorities")):  # fmt: skip
        chat.types("dana", f"help {word}")
        assert chat.title("dana") == title
    assert set(WORDS.values()) == {*TOPICS, *COMMANDS}


def test_a_word_without_help_is_named_and_help_is_given_anyway(chat: Chat) -> None:
    chat.types("dana", "help frobnicate")
    assert chat.title("dana") == "I have no help on “frobnicate”"
    assert len(chat.labels("dana")) == 3 + len(TOPICS) + len(COMMANDS)


def test_a_misspelt_help_is_offered_and_keeps_the_word(chat: Chat) -> None:
    chat.types("dana", "hepl money")
    assert chat.title("dana") == "Did you mean “help”?"
    chat.clicks("dana", "help")
    assert chat.title("dana") == "Money"


def test_a_topic_of_commands_shows_how_they_are_typed(chat: Chat) -> None:
    chat.types("omar", "help").clicks("omar", "Colleagues")
    chat.sees("omar", "`side @dana business`")
    assert chat.labels("omar") == []


def test_every_command_has_help_under_its_own_name(chat: Chat) -> None:
    for name, route in router().routes.items():
        if route.is_typed and name not in ("ask", "home", "help"):
            chat.types("omar", f"help {name}").sees("omar", f"`{name}").sees_no("omar", "no help")


def test_every_typed_example_is_heard_as_a_command() -> None:
    for _, examples in COMMANDS.values():
        for example in examples:
            assert router().hear(example).name != "ask", example
