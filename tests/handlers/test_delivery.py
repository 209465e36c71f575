"""A message whose answer was lost is asked about; one that can never be said is told."""

from sqlmodel import col, select, update

from bot import plain
from storage.outbox import Message
from tests.chat import Chat


def outcome(chat: Chat, state: str, why: str = "") -> str:
    """Let the decision's message end like this; gives its id."""
    chat.types("dana", "decide buy the CRM @dana")
    with chat.changing() as session:
        id = session.exec(select(Message.id)).one()
        session.exec(update(Message).where(col(Message.id) == id).values(state=state, why=why))
    return id


def state(chat: Chat, id: str) -> str:
    with chat.looking() as session:
        return session.get_one(Message, id).state


def test_a_person_is_asked_whether_a_held_message_is_there(chat: Chat) -> None:
    id = outcome(chat, "held")
    asked = chat.standing(f"held/{id}")
    assert "Is “D-1 buy the CRM” in general?" in plain.card(asked, chat.zone)
    assert [button.label for button in asked.buttons] == ["It is there", "Post it"]
    chat.answer(chat.command("dana", asked.buttons[0].sends, asked.buttons[0].text))
    assert state(chat, id) == "sent"
    again = chat.answer(chat.command("lee", asked.buttons[1].sends, asked.buttons[1].text))
    assert again.refusal is not None


def test_what_nobody_saw_is_posted(chat: Chat) -> None:
    id = outcome(chat, "held")
    button = chat.standing(f"held/{id}").buttons[1]
    chat.answer(chat.command("dana", button.sends, button.text))
    assert state(chat, id) == "pending"


def test_what_can_never_be_said_is_told_with_the_reason(chat: Chat) -> None:
    id = outcome(chat, "failed", "The channel is archived. Unarchive it.")
    told = plain.card(chat.standing(f"failed/{id}"), chat.zone)
    assert "I could not say “D-1 buy the CRM” in general" in told
    assert "The channel is archived. Unarchive it." in told
