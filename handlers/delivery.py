"""Asks a person about a message whose answer was lost, and tells when one can never be said."""

from bot.messages import Button, Card, Command, Refusal
from handlers import rights
from handlers.saying import card, title
from storage import decisions, outbox
from storage.channels import Channel
from storage.database import Session
from storage.outbox import Message

NAMES = {  # of what is said beside decisions
    "confirm": "links that wait for your word",
    "objection": "what somebody says is not right",
    "settled": "what came of an objection",
    "unknown": "a name that I do not know",
    "sort": "projects that name no priority",
    "connected": "what to try first in a new workspace",
    "digest": "the digest",
    "fresh": "a number that I asked for",
    "answer": "the answer to a question that was kept",
}


def compose_held(key: str, session: Session) -> Card | None:
    """It may stand there, and I may not look: only a person can say."""
    message = _about(key, "held", session)
    if message is None:
        return None
    what, where = _told(session, message)
    return card(
        "delivery/held",
        what=what,
        where=where,
        buttons=(
            Button("It is there", "it is there", message.id, is_main=True),
            Button("Post it", "post it", message.id),
        ),
    )


def compose_failed(key: str, session: Session) -> Card | None:
    """It will never be said there, and why."""
    message = _about(key, "failed", session)
    if message is None:
        return None
    what, where = _told(session, message)
    return card(
        "delivery/failed",
        what=what,
        where=where,
        why=message.why,
    )


def compose_withdrawn(_key: str, _session: Session) -> Card:
    """It stood there, and may no longer be seen: who shared it has taken that back."""
    return card("delivery/withdrawn")


def is_there(command: Command, session: Session) -> Card:
    """[It is there]"""
    rights.demand(session, "add")
    if not outbox.is_there(session, command.text, session.now):
        raise Refusal("Somebody has answered that already.")
    return card("delivery/thanks")


def post_it(command: Command, session: Session) -> Card:
    """[Post it]"""
    rights.demand(session, "add")
    if not outbox.post_it(session, command.text, session.now):
        raise Refusal("Somebody has answered that already.")
    return card("delivery/posting")


def _about(key: str, state: str, session: Session) -> Message | None:
    """The message that a notice is about, while that is how it stands."""
    message = session.get(Message, key.partition("/")[2])
    return message if message and message.state == state else None


def _told(session: Session, message: Message) -> tuple[str, str]:
    """What it says and where, as far as whoever is told may read that."""
    noun, _, number = message.key.partition("/")
    what = NAMES.get(noun, message.key)
    if noun == decisions.NOUN and number.isdigit():
        standing = decisions.one(session, int(number))
        if standing is None:
            return "a private decision", "a private place"
        what = f"{standing.decision.name} {title(standing.decision.title)}"
    channel = session.get(Channel, message.channel_id) if message.channel_id else None
    return what, (channel.name or channel.external_id) if channel else "a private message"
