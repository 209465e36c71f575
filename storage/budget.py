"""Lets a private message wait until its reader may be written to; what waits together is one.

What somebody caused themselves, and a notice about a message of theirs, is an answer and waits for
nobody. A message that waits stays pending; one that is not wanted at all is settled with why.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select, update

from storage import asking, nudges, outbox, shown
from storage.database import Session
from storage.nudges import SPAN, Reason
from storage.organisations import Organisation
from storage.outbox import Message
from storage.people import Person
from storage.shown import Glance

NOUN = "waiting"  # of a message that says several
UNWANTED = "they want no private messages about this"
LEFT = "they have left"


def is_counted(message: Message) -> bool:
    """Whether it is one of the few private messages that somebody may get."""
    is_first = message.person_id is not None and not message.message_id
    return is_first and not message.is_notice and message.person_id != message.caused_by_id


def lets_pass(session: Session, message: Message, now: datetime) -> bool:
    """Whether it may be said now. Else it waits, is settled, or is said within another."""
    session.now = now  # who may read what it is about, depends on it
    locked = select(Person).where(Person.id == message.person_id).with_for_update()
    person = session.exec(locked).one()  # of two senders one counts after the other
    _, owns = _reasons(session, message)
    if not nudges.is_wanted(person, owns=owns):
        _settle(session, message, LEFT if person.gone_at else UNWANTED)
        return False
    at = _next_at(session, person, message, now)
    if at > now:
        _set(session, [message.id], again_at=at, due_at=at, why="it waits for its reader's week")
        return False
    beside = [one for one in _waiting(session, message) if _is_wanted(session, person, one)]
    if not beside:
        return True
    if message.key.startswith(f"{NOUN}/"):
        _say_within(session, beside, message.key)
        message.wanted += 1  # it says more than was frozen
        _set(session, [message.id], wanted=message.wanted)
        return True
    key = f"{NOUN}/{message.id}"
    outbox.to_person(session, person.id, key, None, now)
    _say_within(session, [message, *beside], key)
    return False


def said(session: Session, id: str, now: datetime) -> None:
    """It is said: its reader was shown it, and it counts."""
    session.now = now
    message = session.exec(select(Message).where(Message.id == id)).one()
    if message.person_id is None or message.is_notice:
        return
    if message.channel_id is not None:
        shown.keep(session, [Glance(message.channel_id, "", None, message.key, now)])
    week = nudges.since(session, message.person_id, now - SPAN)
    is_known = message.key in {one.message for one in week}
    if message.person_id != message.caused_by_id and not is_known:
        reasons, _ = _reasons(session, message)
        nudges.record(session, message.person_id, message.key, reasons, now)


def reconsider(session: Session, person_id: int, now: datetime) -> None:
    """They are back, or chose otherwise: what waits for them is looked at again."""
    waiting = update(Message).where(
        col(Message.person_id) == person_id,
        col(Message.state) == "pending",
        col(Message.message_id) == "",
    )
    session.execute(
        waiting.values(again_at=now, due_at=now).execution_options(synchronize_session=False)
    )


def within(session: Session, key: str) -> list[Message]:
    """The messages that are said within the one under this key, the oldest first."""
    inside = select(Message).where(Message.within == key)
    return list(session.exec(inside.order_by(col(Message.created_at), col(Message.key))))


def _reasons(session: Session, message: Message) -> tuple[list[Reason], bool]:
    """Why it is said, and whether any of it is about something of theirs."""
    assert message.person_id is not None
    keys = [one.key for one in within(session, message.key)] or [message.key]
    found = [asking.reason(session, message.person_id, key) for key in keys]
    return [one for one, _ in found], any(owns for _, owns in found)


def _next_at(session: Session, person: Person, message: Message, now: datetime) -> datetime:
    sent = nudges.messages(nudges.since(session, person.id, now - SPAN))
    under_way = select(Message.id).where(
        Message.person_id == person.id,
        Message.id != message.id,
        col(Message.state).in_(("sending", "unknown", "held")),
        Message.message_id == "",
        col(Message.is_notice).is_(False),
        col(Message.caused_by_id).is_distinct_from(person.id),
    )
    return nudges.next_at(
        [*sent, *(now for _ in session.exec(under_way))],
        now,
        wants=person.wants,
        away_until=person.away_until,
        zone=person.zone or session.get_one(Organisation, person.organisation_id).zone,
    )


def _is_wanted(session: Session, person: Person, message: Message) -> bool:
    _, owns = _reasons(session, message)
    return nudges.is_wanted(person, owns=owns)


def _waiting(session: Session, message: Message) -> list[Message]:
    """The others that wait for the same reader."""
    others = (
        select(Message)
        .where(
            Message.person_id == message.person_id,
            Message.id != message.id,
            Message.state == "pending",
            Message.message_id == "",
        )
        .order_by(col(Message.created_at), col(Message.key))
        .with_for_update(skip_locked=True)
    )
    return [one for one in session.exec(others) if is_counted(one)]


def _say_within(session: Session, messages: Sequence[Message], key: str) -> None:
    ids = [one.id for one in messages]
    _set(session, ids, state="sent", said=Message.wanted, within=key, why="", lane="")


def _settle(session: Session, message: Message, why: str) -> None:
    _set(session, [message.id], state="failed", why=why)


def _set(session: Session, ids: list[str], **values: object) -> None:
    session.execute(
        update(Message)
        .where(col(Message.id).in_(ids))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
