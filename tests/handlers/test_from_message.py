"""What was said in a chat is logged as a decision, with a link to where it was said."""

from bot.messages import Command, Form, Source
from tests.chat import Chat

SAID = "We buy the CRM and do not build it."
LINK = "https://chat.example/archives/C1/p1700000000000100"


def marked(chat: Chat, name: str) -> Command:
    command = chat.command("dana", name)
    return Command(
        name, command.by, command.at, command.when, key=command.key, source=Source(SAID, LINK)
    )


def form(chat: Chat) -> Form:
    found = chat.last("dana").form
    assert found is not None
    return found


def submits(chat: Chat, **values: str) -> Chat:
    asked = form(chat)
    given = {one.name: one.value for one in asked.inputs}
    return chat.does("dana", chat.command("dana", asked.sends, values={
        **asked.values, **given, **values
    }))  # fmt: skip


def test_the_form_says_what_the_message_says(chat: Chat) -> None:
    asked = form(chat.does("dana", marked(chat, "log this")))
    assert {one.name: one.value for one in asked.inputs if one.value} == {"title": SAID}
    assert [one.name for one in asked.inputs if one.is_needed] == ["title"]


def test_the_decision_stands_with_a_link_to_the_message(chat: Chat) -> None:
    chat.does("dana", marked(chat, "log this"))
    submits(chat, owner="@lee", due="2026-12-15", because="It is cheaper.", priority="2")
    chat.sees("dana", "D-1", SAID, "Owner: Lee Novak, asked", "15 Dec", "It is cheaper.", LINK)
    chat.sees("dana", "For Grow revenue")


def test_a_message_that_was_marked_is_offered_and_logged_by_a_tap(chat: Chat) -> None:
    chat.does("dana", marked(chat, "offer to log")).sees("dana", SAID)
    chat.clicks("dana", "Log as decision")
    submits(chat)
    chat.sees("dana", "D-1", SAID, "A wish", LINK)


def test_what_is_wrong_in_a_field_is_said_of_that_field(chat: Chat) -> None:
    for field, wrong, told in (
        ("title", "  ", "Say what was decided"),
        ("owner", "@nobody", "I don't know anybody called “@nobody”"),
        ("owner", "@sam", "Sam Ode or Sam Petrov?"),
        ("due", "someday", "I cannot read “someday” as a day"),
        ("priority", "99", "That priority is no longer there"),
    ):
        chat.does("dana", marked(chat, "log this"))
        submits(chat, **{field: wrong}).refused("dana", told)
        refusal = chat.last("dana").refusal
        assert refusal is not None
        assert refusal.field == field
    chat.types("dana", "decisions").sees("dana", "No decisions")


def test_a_message_without_words_is_not_logged(chat: Chat) -> None:
    chat.does("dana", chat.command("dana", "offer to log")).refused("dana", "I cannot read that")
