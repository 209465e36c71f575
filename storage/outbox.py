"""What is to be said, where, and how far it has come: nothing saved is forgotten.

A row names what to say, not how. It is written with the change it tells of; see `storage.sending`
for what becomes of it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import CheckConstraint, Index, and_, case, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, col, select

from storage import channels, rooms, showings, shown
from storage.channels import Channel
from storage.people import Person
from storage.shown import Glance
from storage.tables import Ours, insert_all_new, insert_new, one_of, points_at

OURS = UUID("6d1f6f0e-3d0c-5a7e-9c55-0f7b0d9f5a11")  # of the ids that travel with messages
STATES = ("pending", "sending", "unknown", "held", "sent", "failed")
OVERDUE = timedelta(minutes=15)


class Message(Ours, table=True):
    """One message in one channel, or to one person, whose channel is found when it is sent.

    It says the revision `said` and should say `wanted`; `card` is what revision `frozen` says.
    `is_notice` marks what is said to one person about another message: sent at least once.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        points_at("channels", "channel_id"),
        points_at("people", "person_id"),
        points_at("people", "caused_by_id"),
        CheckConstraint(one_of("state", *STATES), name="state"),
        CheckConstraint("channel_id IS NOT NULL OR person_id IS NOT NULL", name="to"),
        Index(None, "organisation_id", "state", "again_at"),
        Index(None, "organisation_id", "key"),
    )

    id: str = Field(primary_key=True)
    channel_id: int | None = None
    person_id: int | None = None
    key: str
    under: str = ""
    state: str = "pending"
    wanted: int = 1
    said: int = 0
    frozen: int = 0
    card: str = ""
    message_id: str = ""
    is_anew: bool = False
    is_notice: bool = False
    within: str | None = None  # the key of the message that says it, together with others
    lane: str = ""
    fence: int = 0
    lease_until: datetime | None = None
    looks: int = 0
    why: str = ""
    caused_by_id: int | None = None
    created_at: datetime
    due_at: datetime
    again_at: datetime
    sent_at: datetime | None = None


_NEW = {  # what a row says where nothing else is told
    name: field.default for name, field in Message.model_fields.items() if not field.is_required()
}


def in_channel(
    session: Session, channel_id: int, key: str, under: str, by_id: int | None, now: datetime
) -> str:
    """Say it in this channel, once: what has a row there already gets no second one."""
    shown.keep(session, [Glance(channel_id, under, None, key, now)])
    return _write(session, f"{channel_id}", key, now, by_id, channel_id=channel_id, under=under)


def in_room(session: Session, room_id: int, key: str, by_id: int | None, now: datetime) -> None:
    """Say it in every channel of the room."""
    inside = [channel.id for channel in rooms.channels(session, room_id)]
    shown.keep(session, [Glance(id, "", None, key, now) for id in inside])
    insert_all_new(
        session,
        Message,
        [_row(session, f"{id}", key, now, by_id, channel_id=id) for id in inside],
    )


def to_person(
    session: Session,
    person_id: int,
    key: str,
    by_id: int | None,
    now: datetime,
    is_notice: bool = False,
) -> str:
    """Say it to somebody alone."""
    where = f"person:{person_id}"
    return _write(session, where, key, now, by_id, person_id=person_id, is_notice=is_notice)


def _write(
    session: Session, where: str, key: str, now: datetime, by_id: int | None, **rest: Any
) -> str:
    row = _row(session, where, key, now, by_id, **rest)
    insert_new(session, Message, **row)
    return str(row["id"])


def _row(
    session: Session, where: str, key: str, now: datetime, by_id: int | None, **rest: Any
) -> dict[str, Any]:
    organisation_id = session.info["organisation_id"]
    id = str(uuid5(OURS, f"{organisation_id}/{where}/{key}"))
    told = {"id": id, "organisation_id": organisation_id, "key": key, "caused_by_id": by_id}
    at = {"created_at": now, "due_at": now, "again_at": now}
    return {**_NEW, **told, **at, **rest}


def told_since(session: Session, noun: str, at: datetime) -> set[int]:
    """Who was told something under such a key since then, or is about to be."""
    wanted = select(Message.person_id).where(
        col(Message.key).startswith(f"{noun}/", autoescape=True),
        col(Message.person_id).is_not(None),
        col(Message.state) != "failed",
        or_(col(Message.due_at) > at, col(Message.sent_at) > at),
    )
    return {one for one in session.exec(wanted) if one is not None}


def standing_at(session: Session, channel_id: int, message_id: str) -> str:
    """The key of what one message of ours shows; empty where it is none of ours."""
    here = Message.channel_id == channel_id, Message.message_id == message_id
    return session.exec(select(Message.key).where(*here)).first() or ""


def changed(session: Session, key: str, now: datetime) -> int:
    """Every message that shows this is to be refreshed. Says how many there are.

    One that a person confirmed by eye has no id to edit it by, and stays as it is.
    """
    is_behind = col(Message.wanted) > col(Message.said)
    is_sent = col(Message.state) == "sent"
    inside = aliased(Message)
    around = select(inside.within).where(inside.key == key, col(inside.within).is_not(None))
    raised = (
        update(Message)
        .where(
            or_(
                col(Message.key) == key,
                col(Message.key).in_(around),
                col(Message.key).in_(showings.messages(key)),
            ),
            col(Message.state) != "failed",
            or_(~is_sent, col(Message.message_id) != ""),
        )
        .values(
            wanted=Message.wanted + 1,
            state=case((is_sent, "pending"), else_=Message.state),
            due_at=case((is_behind, Message.due_at), else_=now),
            again_at=case((is_sent, now), else_=Message.again_at),
        )
        .execution_options(synchronize_session=False)
    )
    return int(session.execute(raised).rowcount)  # type: ignore[attr-defined]


def overdue(
    session: Session, now: datetime, platforms: Collection[str] | None = None
) -> list[Message]:
    """What was due a while ago and is neither sent, held nor failed: there must be none.

    Where `platforms` are given, of what is to be said there, or to a person wherever they are.
    """
    late = select(Message).where(
        col(Message.state).in_(("pending", "sending", "unknown")),
        col(Message.due_at) <= now - OVERDUE,
    )
    if platforms is not None:
        here = select(Channel.id).where(col(Channel.platform).in_(platforms))
        late = late.where(or_(col(Message.channel_id).is_(None), col(Message.channel_id).in_(here)))
    return list(session.exec(late.order_by(col(Message.due_at))))


def held(session: Session) -> list[Message]:
    """What a person must look at, oldest first."""
    return list(
        session.exec(select(Message).where(Message.state == "held").order_by(col(Message.due_at)))
    )


def is_there(session: Session, id: str, now: datetime) -> bool:
    """Somebody looked, and saw it. False where nobody asks any more."""
    return _decided(session, id, state="sent", said=Message.wanted, sent_at=now)


def post_it(session: Session, id: str, now: datetime) -> bool:
    """Somebody looked, and did not see it: say it now."""
    return _decided(session, id, state="pending", looks=0, due_at=now, again_at=now)


def _decided(session: Session, id: str, **values: object) -> bool:
    decided = (
        update(Message)
        .where(and_(col(Message.id) == id, col(Message.state) == "held"))
        .values(why="", **values)
        .execution_options(synchronize_session=False)
    )
    return bool(session.execute(decided).rowcount)  # type: ignore[attr-defined]


def told(session: Session, row_id: str, what: str, by_id: int | None, now: datetime) -> None:
    """Tell who caused a message, else the facilitators, what has become of it."""
    people = [by_id] if by_id else _facilitators(session)
    for person_id in people:
        to_person(session, person_id, f"{what}/{row_id}", None, now, is_notice=True)


def _facilitators(session: Session) -> list[int]:
    roles = col(Person.role).in_(("facilitator", "admin"))
    return list(session.exec(select(Person.id).where(roles).order_by(col(Person.id))))


def to_place(
    session: Session,
    platform: str,
    tenant: str,
    external_id: str,
    name: str,
    key: str,
    under: str,
    by_id: int | None,
    now: datetime,
) -> None:
    """Say it in a channel that is known by what its platform calls it."""
    channel = channels.place(session, platform, tenant, external_id, name)
    in_channel(session, channel.id, key, under, by_id, now)
