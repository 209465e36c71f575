"""Says in the room what nobody owns any more since somebody left."""

from bot import messages
from bot.messages import Card, Post, Room
from handlers.decide.showing import may_see
from handlers.saying import card, mention, title
from storage import decisions, events, people, things
from storage.channels import Channel
from storage.database import Session
from storage.decisions import NOUN, Standing
from storage.people import Person

MOST_NAMES = 8


def posts(
    session: Session, person: Person, here: Channel, at: Room | messages.Channel
) -> list[Post]:
    """Where it is said: here, and for a decision that may not be seen here, where that was made."""
    day = f"{session.now:%Y-%m-%d}"
    found = [Post(at, f"unowned/{person.id}/{day}/{here.id}")]
    for standing in _decided(session, person.id):
        home = session.get_one(Channel, standing.decision.channel_id)
        if not may_see(_key(standing), _place(here), session):
            there = Room(home.room_id) if home.room_id else _place(home)
            found.append(Post(there, f"unowned/{person.id}/{day}/{home.id}/alone"))
    return list({(post.key, post.to): post for post in found}.values())


def compose(key: str, session: Session) -> Card | None:
    """What still has no owner, as far as it may be seen in that place."""
    _, person_id, _day, channel_id, *alone = key.split("/")
    person, channel = people.who(session, int(person_id)), session.get(Channel, int(channel_id))
    if person is None or channel is None:
        return None
    decided = [
        f"{one.decision.name} {title(one.decision.title)}"
        for one in _decided(session, int(person_id))
        if (one.decision.channel_id == channel.id or not alone)
        and may_see(_key(one), _place(channel), session)
    ]
    names = decided if alone else [*_on_map(session, int(person_id)), *decided]
    if not names:
        return None
    return card(
        "gone/unowned",
        person=mention(person),
        names=names[:MOST_NAMES],
        more=max(len(names) - MOST_NAMES, 0),
    )


def _on_map(session: Session, person_id: int) -> list[str]:
    """What was theirs when it was left without an owner, and still has none."""
    left = [
        things.find(session, one.noun, one.thing_id)
        for one in events.handed_over(session, person_id)
    ]
    return list(dict.fromkeys(one.name for one in left if one and one.owner_id is None))


def _decided(session: Session, person_id: int) -> list[Standing]:
    """The open decisions that they owned, and that nobody does now."""
    return [
        one
        for one in decisions.without_owner(session)
        if any(e.what == "owner" and e.data["person"] == person_id for e in one.events)
    ]


def _key(standing: Standing) -> str:
    return f"{NOUN}/{standing.decision.number}"


def _place(channel: Channel) -> messages.Channel:
    return messages.Channel(channel.platform, channel.tenant, channel.external_id, channel.name)
