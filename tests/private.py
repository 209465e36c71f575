"""What people are written in private, and what they press on it; and a list that is imported."""

import csv
from pathlib import Path

from sqlmodel import col, select

from bot import plain, terminal
from bot.answering import Answer
from bot.messages import Button
from handlers import imports
from storage.channels import Channel
from storage.outbox import Message
from storage.people import Person
from tests.chat import Chat


def meet(chat: Chat, *names: str) -> None:
    """They have spoken to me before, so that I can write to them."""
    for name in names:
        chat.types(name, "help")


def written_to(chat: Chat, name: str) -> list[str]:
    """The keys of what somebody is written in private, oldest first."""
    with chat.looking() as session:
        theirs = (
            select(Message.key)
            .join(Person, col(Person.id) == col(Message.person_id))
            .where(
                Person.organisation_id == Message.organisation_id,
                Person.email == f"{name}@acme.example",
            )
        )
        return list(session.exec(theirs.order_by(col(Message.created_at), col(Message.key))))


def said_in(chat: Chat, noun: str) -> list[tuple[str, str]]:
    """Where messages of this noun are said: the channel's name, and the thread."""
    with chat.looking() as session:
        found = session.exec(
            select(Channel.name, Message.under)
            .join(Message, col(Message.channel_id) == col(Channel.id))
            .where(
                Message.organisation_id == Channel.organisation_id,
                col(Message.key).startswith(f"{noun}/"),
            )
        )
        return sorted(found)


def keys_of(chat: Chat, noun: str) -> list[str]:
    """The keys of all messages of this noun."""
    with chat.looking() as session:
        found = session.exec(select(Message.key).where(col(Message.key).startswith(f"{noun}/")))
        return sorted(found)


def reads(chat: Chat, key: str) -> str:
    """What stands under this key."""
    return plain.card(chat.standing(key), chat.zone)


def presses(chat: Chat, who: str, key: str, label: str, **filled: str) -> Answer:
    """Somebody presses a button of what they were written, and fills in its form if it has one."""
    button = next(one for one in chat.standing(key).buttons if one.label == label)
    return follows(chat, who, button, **filled)


def follows(chat: Chat, who: str, button: Button, at: str = "general", **filled: str) -> Answer:
    """Somebody presses this button somewhere."""
    answer = chat.answer(chat.command(who, button.sends, button.text, dict(button.values), at=at))
    if answer.form is None:
        return answer
    form = answer.form
    given = {one.name: filled.get(one.name, one.value) for one in form.inputs}
    assert set(filled) <= set(given)
    return chat.answer(chat.command(who, form.sends, form.text, {**form.values, **given}, at=at))


def brings(chat: Chat, folder: Path, *rows: tuple[str, str]) -> None:
    """The operator imports a list of projects and their priorities."""
    file = folder / "list.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([("Project name", "Priority"), *rows])
    with chat.store.writing(terminal.account("")) as session:
        found = imports.look(file, [], session)
        imports.bring(found, session, lambda _done, _of: None)
