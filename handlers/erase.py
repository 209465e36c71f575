"""Erases somebody who has left: their name goes, what they decided stays on record."""

from bot.messages import Card, Refusal
from handlers import rights
from handlers.saying import card
from storage import erasing, people
from storage.database import Session
from storage.people import Person


def foresee(session: Session, email: str) -> Card:
    """Whom it would erase, and what would go and stay."""
    person = _left(session, email)
    return card("record/erasing", name=person.name, email=person.email or "")


def erase(session: Session, email: str) -> Card:
    """By their address, since there is no way back. They must have left before."""
    person = _left(session, email)
    was = person.name
    naming = erasing.erase(session, person)
    return card("record/erased", was=was, now=person.name, naming=naming)


def _left(session: Session, email: str) -> Person:
    rights.demand(session, "operate")
    person = people.by_email(session, email)
    if person is None:
        raise Refusal(
            f"I don't know anybody with the address {email}. See who is who: throughline do people"
        )
    if person.gone_at is None:
        raise Refusal(
            f"{person.name} has not left, as far as I know. Say so first, and I show what is open "
            f'with them: throughline do "gone {email}"'
        )
    return person
