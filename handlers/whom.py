"""Finds whom somebody means: by mention, address, first name or full name; two that fit, asks."""

from collections.abc import Mapping

from bot.messages import Button, Command, Reply
from handlers import ask
from handlers.saying import card
from storage import naming, people
from storage.database import Session
from storage.people import Person

MOST = 5  # people to choose from


def named(
    command: Command, session: Session, typed: str, values: Mapping[str, str] | None = None
) -> Person | Reply:
    """The person; or what to answer where nobody, or more than one, is called that.

    `values` go along with the button that says who was meant.
    """
    if pressed := command.values.get("person", ""):
        chosen = people.who(session, int(pressed))
        return chosen or card("people/nobody", typed=typed)
    fitting = people.called(session, typed)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        buttons = _choices(command, fitting, values or {})
        return card("ask/which_person", typed=typed, buttons=buttons)
    if answered := asked_instead(command, session):
        return answered
    near = _choices(command, people.nearest(session, typed), values or {})
    return card("people/nobody", typed=typed, buttons=near)


def asked_instead(command: Command, session: Session) -> Reply | None:
    """The answer to a question that only began like a command: "role based access", a project."""
    whole = f"{command.name} {command.text}"
    if "@" in whole or command.values:
        return None
    found = naming.index(session).find(whole)
    if not found.one:
        return None
    asked = Command("ask", command.by, command.at, command.when, found.one.text)
    return ask.answer(asked, session)


def _choices(
    command: Command, fitting: list[Person], values: Mapping[str, str]
) -> tuple[Button, ...]:
    return tuple(
        Button(
            told_apart(one, fitting), command.name, command.text, {**values, "person": str(one.id)}
        )
        for one in fitting[:MOST]
    )


def told_apart(person: Person, others: list[Person]) -> str:
    """The name; where others have the same, with what tells them apart."""
    namesakes = [one for one in others if one.name == person.name]
    if len(namesakes) < 2:
        return person.name
    return f"{person.name}, {person.email or person.title or f'number {person.id}'}"
