"""Writes to somebody alone about one thing: once, and only as often as they want to hear."""

from sqlmodel import col, select

from storage import nudges, outbox, people
from storage.database import Session
from storage.nudges import Reason
from storage.outbox import Message
from storage.people import Account


def tell(session: Session, person_id: int, key: str, why: Reason) -> bool:
    """Say it, or let what was said under this key show what is new. False where nobody may.

    It waits for the day on which they want to be written to. Whoever was never met in a chat
    cannot be; what waits for them is said with the next reason there is.
    """
    person = people.who(session, person_id)
    if person is None:
        return False
    if _is_said(session, person.id, key):
        outbox.changed(session, key, session.now)
        return True
    at = nudges.may_be_written_to(
        session, person, session.organisation.zone, session.now, owns=why.why == "owner"
    )
    if at is None or not _is_reached(session, person.id):
        return False
    nudges.record(session, person.id, key, [why], at)
    outbox.to_person(session, person.id, key, session.me.id, at)
    return True


def _is_said(session: Session, person_id: int, key: str) -> bool:
    said = select(Message.id).where(Message.person_id == person_id, Message.key == key)
    return session.exec(said.limit(1)).first() is not None


def _is_reached(session: Session, person_id: int) -> bool:
    met = select(Account.id).where(col(Account.person_id) == person_id)
    return session.exec(met.limit(1)).first() is not None
