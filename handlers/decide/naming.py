"""Which decision and which person is meant by what was typed."""

import re

from bot.messages import Button, Command, Refusal
from handlers import here
from storage import decisions, people
from storage.database import Session
from storage.decisions import Standing
from storage.people import Person

NUMBER = re.compile(r"\bd[- ]?(\d{1,9})\b|^\s*(\d{1,9})\b", re.IGNORECASE)
LAST = re.compile(r"^\s*last\b", re.IGNORECASE)


def meant(command: Command, session: Session) -> tuple[Standing, str]:
    """The decision a command is about, and the rest of its text.

    Without a number it is the one that they were shown last in this conversation.
    """
    found = NUMBER.search(command.text)
    if found:
        standing = decisions.one(session, int(found[1] or found[2]))
        if standing is None:
            raise Refusal(
                f"There is no decision D-{found[1] or found[2]}. “decisions” lists those there are."
            )
        rest = command.text[: found.start()] + command.text[found.end() :]
        return standing, " ".join(rest.split())
    rest = LAST.sub("", command.text).strip()
    key = here.key(command, session)
    number = here.decision(key)
    standing = decisions.one(session, number) if number else None
    if standing is None:
        listed = Button("Open decisions", "decisions", "open")
        raise here.refused(key, session, f"Say which decision: {command.name} D-7.", (listed,))
    return standing, rest


def meant_alone(command: Command, session: Session) -> Standing:
    """The same, for a command that has nothing else to say: "done deal" is no decision's number."""
    standing, rest = meant(command, session)
    if command.text and rest.strip(" .!?,").lower() not in (
        "",
        "it",
        "that",
        "last",
        "i own it",
        "yes",
    ):
        raise Refusal(f"Say which decision, by its number: {command.name} D-7.")
    return standing


def person(said: str, command: Command, session: Session) -> Person:
    """The one person who is meant; an address that nobody has yet makes that person.

    Raises a `Refusal` whose buttons name those who fit, each repeating the command with them.
    """
    if re.fullmatch(r"@?(me|i|myself)", said.strip(), re.IGNORECASE):
        return session.me
    fitting = people.called(session, said)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise Refusal(
            f"More than one person fits “{said}”.",
            buttons=tuple(_instead(command, said, one) for one in fitting[:5]),
        )
    address = said.strip().lstrip("@").lower()
    if re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", address):
        return people.invite(session, address, session.now)
    raise Refusal(
        f"I don't know anybody called “{said}”. Name them by their e-mail address, and I will."
    )


def _instead(command: Command, said: str, one: Person) -> Button:
    name = one.email or one.name
    return Button(one.name, command.name, command.text.replace(said, name), command.values)
