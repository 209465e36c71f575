"""Says in a room that its places are one now: who is where, and whom I cannot write to alone."""

from bot.messages import Card, Post, Typed
from bot.messages import Room as To
from handlers import examples
from handlers.saying import card, mention
from storage import audience, outbox, rooms
from storage.database import Session
from storage.people import Person
from storage.rooms import Room

NOUN = "room"
MOST_NAMES = 6


def post(session: Session, room: Room, before: Room | None = None) -> Post:
    """Said in the places that are new to the room; where it stands already, it follows.

    `before` is the room that a place was taken from.
    """
    follow(session, room)
    if before:
        follow(session, before)
    return Post(To(room.id), f"{NOUN}/{room.id}")


def follow(session: Session, room: Room) -> None:
    """The room has another name, or other places."""
    outbox.changed(session, f"{NOUN}/{room.id}", session.now)


def compose(key: str, session: Session) -> Card | None:
    """As things stand now; people come and go, and a count is what their chat said last."""
    room = session.get(Room, int(key.partition("/")[2]))
    if room is None:
        return None
    inside = rooms.channels(session, room.id)
    found = audience.of(session, inside)
    project = examples.project(session)
    return card(
        "room/paired",
        name=room.name,
        channels=[
            {
                "name": one.channel.name or one.channel.external_id,
                "platform": one.channel.platform,
                "count": one.count,
            }
            for one in found.heard
        ],
        unreached=named(found.unreached),
        unmet=found.unmet,
        count=len(found.unreached) + found.unmet,
        example=Typed(f"which priority does {project} support?") if project else None,
    )


def named(found: tuple[Person, ...] | list[Person]) -> dict[str, object]:
    """The first names of a list, and how many more there are."""
    shown = [mention(one) for one in found[:MOST_NAMES]]
    return {"people": shown, "more": len(found) - len(shown)}
