"""Writes to somebody alone about one thing, once; `storage.budget` lets it wait for its day."""

from sqlmodel import col, select, update

from storage import nudges, outbox, people
from storage.database import Session
from storage.outbox import Message


def tell(session: Session, person_id: int, key: str, *, owns: bool) -> bool:
    """Say it, or let what was said under this key show what is new. False where nobody may.

    `owns` says whether it is about something of theirs. Whoever was never met in a chat cannot be
    written to; what waits for them is said with the next reason there is.
    """
    person = people.who(session, person_id)
    if person is None:
        return False
    said = select(Message).where(Message.person_id == person.id, Message.key == key)
    message = session.exec(said).first()
    if message and message.state != "failed":
        outbox.changed(session, key, session.now)
        return True
    if not nudges.is_wanted(person, owns=owns) or not is_met(session, person.id):
        return False
    if message:
        _try_again(session, message)
    else:
        outbox.to_person(session, person.id, key, session.me.id, session.now)
    return True


def is_met(session: Session, person_id: int) -> bool:
    """Whether they have ever been in a chat with me."""
    return bool(people.with_accounts(session, {person_id}))


def _try_again(session: Session, message: Message) -> None:
    """They did not want it then, or could not be reached; now it is asked anew."""
    session.execute(
        update(Message)
        .where(col(Message.id) == message.id)
        .values(state="pending", why="", again_at=session.now, due_at=session.now)
        .execution_options(synchronize_session=False)
    )
