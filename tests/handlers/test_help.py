"""Help: three examples each, every one of which works here."""

import pytest

from handlers.help import TOPICS, WORDS
from tests.chat import Chat


def test_help_offers_three_examples_and_the_topics(chat: Chat) -> None:
    chat.types("dana", "help")
    labels = chat.labels("dana")
    assert labels[:3] == [
        "which priority does One login support?", "what are our priorities?",
        "what does @Dana own?",
    ]  # fmt: skip
    assert [label.lower() for label in labels[3:]] == list(TOPICS)


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
    assert set(WORDS.values()) == set(TOPICS)


def test_a_word_without_help_is_named_and_help_is_given_anyway(chat: Chat) -> None:
    chat.types("dana", "help frobnicate")
    assert chat.title("dana") == "I have no help on “frobnicate”"
    assert len(chat.labels("dana")) == 3 + len(TOPICS)


def test_a_misspelt_help_is_offered_and_keeps_the_word(chat: Chat) -> None:
    chat.types("dana", "hepl money")
    assert chat.title("dana") == "Did you mean “help”?"
    chat.clicks("dana", "help")
    assert chat.title("dana") == "Money"
