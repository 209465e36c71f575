"""Says which places are one room, so that what is decided in one chat is read in the others."""

import re

from bot.messages import Button, Card, Command, Refusal, Reply, Text, Typed
from bot.router import Route
from handlers import ask, pairing, rights, zone
from handlers.saying import card, writer
from storage import audience, channels, codes, naming, rooms, visibility
from storage.channels import Channel
from storage.codes import Code
from storage.database import Session
from storage.rooms import Room

PURPOSE = "room"
BACK = "room back"  # of the code behind a button that puts a place where it was
WRONG = {
    "unknown": "I did not give that code. Check it, or type room and its name there for a new one.",
    "over": "That code is over: it works once, and for ten minutes. Get a new one there.",
    "too many": "That were five wrong codes. Wait ten minutes, then get a new one there.",
}
NONE = "This place belongs to no room. Say which, for example: room Steering"
QUOTES = "\"'“”„‘’«»"
LONGEST = 60
_VERB = re.compile(r"^\s*room[:,]?\s+", re.IGNORECASE)


def show(command: Command, session: Session) -> Card:
    """`room`: which one this place belongs to, and who reads along."""
    rights.demand(session, "read")
    here = _known(command, session)
    if here is None or here.room_id is None:
        return card("room/none", example=Typed("room Steering"), zone=zone.of(here, session))
    return card(
        "room/room",
        readers=_readers(session, here.room_id),
        name=session.get_one(Room, here.room_id).name,
        zone=zone.of(here, session),
    )


def belong(command: Command, session: Session) -> Reply:
    """`room Steering`: this place is part of it from now on; a code brings in the other chats."""
    if command.text.rstrip().endswith("?") or naming.index(session).exactly(command.text):
        return ask.answer(command, session)  # "Room booking" may be a project
    rights.demand(session, "room")
    name = _name(_VERB.sub("", command.text), 'Name the room, for example: room "Steering"')
    here = _here(command, session)
    before = _room_of(session, here)
    _may_join_by_name(session, name, here)
    room = rooms.found(session, name, here)
    was = before if before and before.id != room.id else None
    code = codes.make(session, PURPOSE, session.me.id, session.now, room.id)
    told = card(
        "room/belongs",
        readers=_readers(session, room.id),
        place=_called(here),
        name=room.name,
        before=was.name if was else "",
        join=Typed(f"room join {code}"),
        unseen=_unseen(session, room.id),
        buttons=_undone(session, was),
    )
    is_paired = len(rooms.channels(session, room.id)) > 1
    return (told, pairing.post(session, room, was)) if is_paired else told


def _may_join_by_name(session: Session, name: str, here: Channel) -> None:
    """Whoever knows the name of a private room is not in it yet: a code comes from inside."""
    room = rooms.called(session, name)
    inside = rooms.channels(session, room.id) if room else []
    if room is None or not inside or here.id in {one.id for one in inside}:
        return
    is_inside = room.id in [one.id for one in visibility.rooms_for(session)]
    if rooms.is_private(session, room.id) and not is_inside:
        raise Refusal(
            f"There is a private room {room.name} already. To make this place part of it, type "
            f"room {room.name} in one of its places, and the code that I give there here: "
            "room join CODE. Or choose another name.",
        )


def join(command: Command, session: Session) -> Reply:
    """`room join 7KQ2XY`, with the code that was given in the other chat."""
    rights.demand(session, "room")
    typed = command.text.strip(" .!?")
    if not typed:
        raise Refusal("Say the code that I gave in the other chat, for example: room join 7KQ2XY")
    return _joined(typed, PURPOSE, command, session)


def put_back(command: Command, session: Session) -> Reply:
    """[Put it back]: who took a place out of a private room may put it back."""
    rights.demand(session, "room")
    return _joined(command.text, BACK, command, session)


def _joined(typed: str, purpose: str, command: Command, session: Session) -> Reply:
    found = codes.find(session, purpose, typed, session.me.id, session.now)
    if not isinstance(found, Code):  # an answer, no refusal: that it was tried must be kept
        return card("room/wrong", why=WRONG[found])
    room = session.get_one(Room, found.thing_id)
    here = _here(command, session)
    before = _room_of(session, here)
    if before and before.id == room.id:
        return card("room/same", name=room.name, join=Typed(f"room join {typed.upper()}"))
    rooms.found(session, room.name, here)
    codes.spend(found, session.now)
    told = card(
        "room/joined",
        readers=_readers(session, room.id),
        place=_called(here),
        name=room.name,
        before=before.name if before else "",
        buttons=_undone(session, before),
    )
    return told, pairing.post(session, room, before)


def leave(command: Command, session: Session) -> Card:
    """`room leave` takes this place out."""
    rights.demand(session, "room")
    if any(char.isalnum() for char in command.text):
        raise Refusal(
            "It takes out the place where it is typed, so type it there, alone: room leave",
            buttons=(Button("Take this place out", "room leave"),),
        )
    here = _here(command, session)
    room = _room_of(session, here)
    if room is None:
        raise Refusal(NONE)
    here.room_id = None
    session.flush()
    pairing.follow(session, room)
    return card(
        "room/left",
        readers=_readers(session, room.id),
        place=_called(here),
        name=room.name,
        buttons=(_back_to(session, room, "Put it back"),),
    )


def rename(command: Command, session: Session) -> Card:
    """`room rename "Board"`."""
    rights.demand(session, "room")
    name = _name(command.text, 'Say the new name, for example: room rename "Board"')
    room = _room_of(session, _here(command, session))
    if room is None:
        raise Refusal(NONE)
    other = rooms.called(session, name)
    if other and other.id != room.id:
        raise Refusal(
            f"There is a room {other.name} already. Choose another name, or make this place part "
            f'of it: room "{other.name}"',
            buttons=(Button(f"Make it part of {other.name}", "in room", f'room "{other.name}"'),),
        )
    before, room.name = room.name, name
    session.flush()
    pairing.follow(session, room)
    return card(
        "room/renamed",
        name=name,
        before=before,
        buttons=(Button(f"Back to {before}", "room rename", f'"{before}"'),)
        if before != name
        else (),
    )


def _name(typed: str, otherwise: str) -> str:
    name = " ".join(typed.split()).strip(QUOTES + " ")
    if not any(char.isalnum() for char in name):
        raise Refusal(otherwise)
    if len(name) > LONGEST:
        raise Refusal(f"That is too long for the name of a room. I keep {LONGEST} characters.")
    return name


def _known(command: Command, session: Session) -> Channel | None:
    at = command.at
    return channels.known(session, at.platform, at.tenant, at.id)


def _here(command: Command, session: Session) -> Channel:
    return channels.here(session, command.at)


def _room_of(session: Session, here: Channel) -> Room | None:
    return session.get(Room, here.room_id) if here.room_id else None


def _called(channel: Channel) -> str:
    return channel.name or channel.external_id


def _undone(session: Session, before: Room | None) -> tuple[Button, ...]:
    """Where it was before is one press away, and so is no room at all."""
    out = Button("Take it out again", "room leave")
    return (_back_to(session, before, f"Back to {before.name}"), out) if before else (out,)


def _back_to(session: Session, room: Room, label: str) -> Button:
    """It comes with a code of its own, as only a code leads into a private room."""
    code = codes.make(session, BACK, session.me.id, session.now, room.id)
    return Button(label, "put back", code)


def _unseen(session: Session, room_id: int) -> dict[str, object]:
    """Who sees none of it while the room is in one chat alone."""
    inside = rooms.channels(session, room_id)
    is_alone = len({channel.platform for channel in inside}) == 1
    return pairing.named(audience.without(session, inside) if is_alone else [])


def _readers(session: Session, room_id: int) -> Text:
    """The channels of a room, and whether what is said there stays there."""
    inside = rooms.channels(session, room_id)
    return (
        writer()
        .write(
            "room/channels",
            channels=[{"name": _called(one), "platform": one.platform} for one in inside],
            is_told=any(one.is_private for one in inside),
            is_private=rooms.is_private(session, room_id),
        )
        .text
    )


ROUTES: tuple[Route[Session], ...] = (
    Route("room", "reads", show, stands_alone=True),
    Route("room join", "changes", join),
    Route("put back", "changes", put_back, is_typed=False),
    Route("room leave", "changes", leave),
    Route("room rename", "changes", rename),
    Route("in room", "changes", belong, is_typed=False, also=r"room[:,]?\s+\S"),
    Route("zone", "reads", zone.show, stands_alone=True),
    Route("set zone", "changes", zone.change, is_typed=False, also=r"zone[:,]?\s+\S"),
)
