"""What somebody means by "it", "last" or nothing at all: what they were shown last, where they are.

A thing is named by the key of its card: "decision/7" by its number, "initiative/12" by its id.
"""

from bot.messages import Button, Command, Refusal
from digests import fresh
from storage import channels, decisions, naming, outbox, shown, things
from storage.database import Session
from storage.names import Name

WORDS = ("it", "this", "that", "last", "the last", "the last one", "this one", "that one")
WAITS = Button("What waits for me", "ask", "what waits for me?")


def key(command: Command, session: Session) -> str:
    """The key of what this person was shown last in this conversation, within a day.

    The thread under a message of ours is about what that message shows, however old it is.
    """
    at = command.at
    place = channels.known(session, at.platform, at.tenant, at.id)
    if place is None:
        return ""
    under = command.under
    found = shown.last(session, place.id, under, session.me.id, session.now)
    return found or (outbox.standing_at(session, place.id, under) if under else "")


def is_it(typed: str) -> bool:
    """Whether it names nothing, and points at what was just shown."""
    return " ".join(typed.split()).strip(" .!?,").casefold() in ("", *WORDS)


def decision(key: str) -> int | None:
    """The number of the decision that this key names, if it names one."""
    noun, _, number = key.partition("/")
    return int(number) if noun == decisions.NOUN and number.isdigit() else None


def thing(key: str, session: Session) -> Name | None:
    """The thing on the map that this key names, if it is still there."""
    noun, _, id = key.partition("/")
    if noun == fresh.NOUN:  # whoever was asked for a number says it
        noun, id = "metric", id.partition("/")[0]
    row = things.find(session, noun, int(id)) if id.isdigit() else None
    return Name(noun, row.id, row.name) if row else None


def meant(typed: str, command: Command, session: Session) -> Name | None:
    """The thing on the map that is meant by "it"; nothing where the words name something."""
    if not typed.strip() or not is_it(typed) or naming.index(session).exactly(typed):
        return None
    return thing(key(command, session), session)


def refused(
    key: str, session: Session, otherwise: str, buttons: tuple[Button, ...] = ()
) -> Refusal:
    """Why what was shown last, or nothing, is not what was meant; and what to say instead."""
    number, on_map = decision(key), thing(key, session)
    name = f"D-{number}" if number else on_map.text if on_map else ""
    if name:
        why = f"What I showed you last here is {name}, and that is not what this is about."
    elif key:
        why = "What I showed you last here is not about one thing."
    else:
        why = "I have shown you nothing here in the last day that this could be about."
    return Refusal(f"{why} {otherwise}", buttons=(*buttons, WAITS))
