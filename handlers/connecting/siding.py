"""Says which side a workspace speaks for: whoever is met there takes it, unless they say."""

from bot.messages import Button, Changed, Command, Refusal, Reply
from handlers import rights
from handlers.saying import card
from handlers.side import LABELS, SAID
from storage import installations
from storage.database import Session
from storage.installations import Installation


def say(command: Command, session: Session) -> Reply:
    """[Business] [IT] [Both], of a workspace"""
    rights.demand(session, "workspace side")
    id, side = command.values.get("workspace", ""), command.text.strip().lower()
    found = session.get(Installation, int(id)) if id.isdigit() else None
    if found is None or side not in SAID:
        raise Refusal("I don't know that workspace. Press one of the buttons under my message.")
    count = installations.say_side(session, found, side)
    told = card("connecting/side", name=found.name, side=SAID[side], count=count)
    return told, Changed(f"connected/{found.id}")


def buttons(found: Installation) -> tuple[Button, ...]:
    """The sides it is not on yet."""
    return tuple(
        Button(label, "workspace side", one, {"workspace": str(found.id)})
        for one, label in LABELS.items()
        if one != found.side
    )
