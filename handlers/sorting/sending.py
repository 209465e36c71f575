"""[Send each owner only theirs]: asks each owner in one private message to sort what is theirs."""

from datetime import date

from bot import messages
from bot.messages import Button, Card, Command, Post, Reply
from handlers import rights
from handlers.saying import card, mention
from handlers.sorting.showing import takes
from storage import nudges, outbox, people, sorting
from storage.database import Session
from storage.nudges import SPAN
from storage.people import Person
from storage.sorting import NOUN

MOST = 8  # names in one sentence


def send(_command: Command, session: Session) -> Reply:
    """One message for each owner of something that serves no priority, at most one in a week."""
    rights.demand(session, "ask owners")
    waiting = sorting.open_by_owner(session)
    unowned = waiting.pop(None, 0)
    groups: dict[str, list[Person]] = {"sent": [], "before": [], "unwanted": [], "unreachable": []}
    owners = [one for one in people.everybody(session) if one.id in waiting]
    reached = people.with_accounts(session, {one.id for one in owners})
    before = outbox.told_since(session, NOUN, session.now - SPAN)
    for owner in owners:
        groups[_what_of(owner, reached, before)].append(owner)
    told = card(
        "sort/sent",
        projects=sum(waiting[one.id] for one in groups["sent"]),
        groups={name: [mention(one) for one in those[:MOST]] for name, those in groups.items()},
        counts={name: len(those) for name, those in groups.items()},
        unowned=unowned,
        buttons=(Button("Sort them myself", "sort"),) if unowned or groups["unreachable"] else (),
    )
    return told, *(
        Post(messages.Person(one.id, one.name), _key(one, session)) for one in groups["sent"]
    )


def _what_of(owner: Person, reached: set[int], before: set[int]) -> str:
    if owner.id not in reached or owner.gone_at:
        return "unreachable"
    if owner.id in before:
        return "before"
    return "sent" if nudges.is_wanted(owner, owns=True) else "unwanted"


def _key(owner: Person, session: Session) -> str:
    """The day makes it another message than that of the week before."""
    return f"{NOUN}/{owner.id}/{session.now.date().isoformat()}/{session.me.id}"


def compose(key: str, session: Session) -> Card | None:
    """What an owner reads; nothing where all of theirs was sorted meanwhile."""
    _, owner_id, day, by_id = key.split("/")
    date.fromisoformat(day)
    count = sorting.open_by_owner(session).get(int(owner_id), 0)
    if not count:
        return None
    return card(
        "sort/mine",
        count=count,
        by=mention(people.who(session, int(by_id))),
        buttons=(Button(f"Sort mine, {takes(count)}", "sort", "mine", is_main=True),),
    )
