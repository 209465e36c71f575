"""When places of two chats become one room, all who read there are told who they are."""

import re
from dataclasses import replace

import pytest
from sqlmodel import select

from bot import plain
from bot.messages import Account, Channel
from storage import channels, memberships, outbox
from storage.outbox import Message
from storage.people import Account as Stored
from storage.rooms import Room
from tests.chat import Chat

THERE = Channel("other", "acme", "19:x", "Steering")


@pytest.fixture
def paired(chat: Chat) -> Chat:
    """#it-steering in one chat and Steering in another, whose people are known."""
    for name in ("lee", "ana"):
        chat.types(name, "stop", at="it-steering")
    people_are(chat, "it-steering", "lee", "ana", "omar")
    chat.accounts["other"] = Account("other", "acme", "29:lee", "Lee Novak", "lee@acme.example")
    chat.types("lee", "room Steering", at="it-steering")
    (code,) = re.findall(r"`room join (\w+)`", chat.text("lee"))
    chat.does("other", replace(chat.typed("other", f"room join {code}"), at=THERE))
    return chat


def people_are(chat: Chat, at: str, *names: str) -> None:
    with chat.changing() as session:
        here = channels.place(session, "chat", "acme", at, at)
        inside = [("acme", name) for name in names]
        memberships.replace(session, here.id, inside, session.now)


def room(chat: Chat) -> str:
    """What stands in the room."""
    with chat.looking() as session:
        id = session.exec(select(Room.id)).one()
    return plain.card(chat.standing(f"room/{id}", "it-steering"), chat.zone)


def test_it_is_said_in_each_of_its_places_and_counts_only_what_was_heard(paired: Chat) -> None:
    with paired.looking() as session:
        said = [one for one in session.exec(select(Message)) if one.key.startswith("room/")]
    assert len({one.channel_id for one in said}) == 2
    told = "Steering is one room now: it-steering (Chat, 3 people) and Steering (Other)"
    assert told in room(paired)
    assert "which priority does One login support?" in room(paired)


def test_it_says_whom_i_cannot_write_to_alone_by_name_where_they_have_one(paired: Chat) -> None:
    assert "I cannot message 1 of them privately: 1 I have not met yet." in room(paired)
    paired.types("omar", "stop")
    assert "privately" not in room(paired)
    with paired.changing() as session:
        for name in ("ana", "omar"):
            (account,) = [one for one in session.exec(select(Stored)) if one.external_id == name]
            account.closed_at = session.now
    assert "I cannot message 2 of them privately: Ana Sousa, Omar Haddad." in room(paired)


def test_it_follows_when_the_room_is_renamed_or_left(paired: Chat) -> None:
    def wanted() -> list[int]:
        with paired.looking() as session:
            said = session.exec(select(Message)).all()
        return [one.wanted for one in said if one.key.startswith("room/")]

    before = wanted()
    paired.types("lee", "room rename Board", at="it-steering")
    assert all(now > then for now, then in zip(wanted(), before, strict=True))
    assert "Board is one room now" in room(paired)
    paired.does("other", replace(paired.typed("other", "room leave"), at=THERE))
    assert "Board is one place: it-steering (Chat, 3 people)" in room(paired)
    paired.types("lee", "room leave", at="it-steering")
    assert "Board has no place any more" in room(paired)


def test_with_one_chat_it_is_said_who_cannot_see_it_yet(chat: Chat) -> None:
    chat.types("lee", "room Steering").sees(
        "lee", "Who cannot see this yet: ", "Dana Brandt", "They are not in this chat."
    )
    for name in ("dana", "omar", "ana", "sam", "sam.petrov"):
        chat.types(name, "stop")
    chat.types("lee", "room Board").sees_no("lee", "Who cannot see this yet")


def test_whoever_lets_me_in_is_told_three_things_to_try_and_one_to_do_next(chat: Chat) -> None:
    chat.types("lee", "stop")
    with chat.changing() as session:
        key = f"welcome/{session.me.id}"
        outbox.to_person(session, session.me.id, key, session.me.id, session.now)
    told = plain.card(chat.standing(key), chat.zone)
    assert told.startswith("Lee, Throughline is here now, for Acme Lifts")
    assert "which priority does One login support?" in told
    assert "room Steering" in told
