"""What people mean by "Steering": one or more channels, in any chats, that belong together."""

from sqlalchemy import UniqueConstraint, bindparam, update
from sqlmodel import Field, Session, col, select

from storage.channels import Channel
from storage.tables import WHOSE, Ours, known_by_id, run


class Room(Ours, table=True):
    """Its channels point at it."""

    __tablename__ = "rooms"
    __table_args__ = (known_by_id(), UniqueConstraint("organisation_id", "name"))

    id: int = Field(default=None, primary_key=True)
    name: str


def called(session: Session, name: str) -> Room | None:
    """The room of this name, in any case."""
    everyone = session.exec(select(Room).order_by(col(Room.id)))
    return next((room for room in everyone if room.name.casefold() == name.casefold()), None)


def found(session: Session, name: str, *channels: Channel) -> Room:
    """The room of this name, made where it is new, with these channels in it."""
    room = called(session, name)
    if room is None:
        room = Room(name=name)
        session.add(room)
        session.flush()
    session.execute(
        update(Channel)
        .where(col(Channel.id).in_([channel.id for channel in channels]))
        .values(room_id=room.id)
    )
    return room


_INSIDE = (
    select(Channel)
    .where(Channel.organisation_id == WHOSE, Channel.room_id == bindparam("room_id"))
    .order_by(col(Channel.id))
)


def channels(session: Session, room_id: int) -> list[Channel]:
    """The channels of a room, oldest first."""
    return list(run(session, _INSIDE, room_id=room_id).scalars())


def is_private(session: Session, room_id: int) -> bool:
    """Whether any of its channels is, or may be: nobody has told us that all may read there."""
    return any(channel.is_private is not False for channel in channels(session, room_id))
