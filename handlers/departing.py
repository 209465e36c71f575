"""Tells who keeps the map that somebody's account was closed, and what is open with them."""

from bot.messages import Button, Card
from handlers import gone
from handlers.people import counted
from handlers.saying import card, mention, moment
from storage import audience, holding, people
from storage.database import Session
from storage.people import Account


def compose(key: str, session: Session) -> Card | None:
    """As things stand now: they may be back, or others may have taken over."""
    account = session.get(Account, int(key.partition("/")[2]))
    person = people.who(session, account.person_id) if account else None
    if account is None or person is None:
        return None
    held = holding.held_by(session, person.id)
    is_elsewhere = bool(audience.reachable(session, {person.id}))
    buttons: tuple[Button, ...] = ()
    if person.gone_at:
        buttons = gone.offered(session, person, is_open=bool(held))
    elif account.closed_at:
        leaver = {"person": str(person.id)}
        buttons = (Button(f"{person.name.partition(' ')[0]} has left", "gone", "", leaver),)
    return card(
        "gone/closed",
        person=mention(person),
        platform=account.platform,
        at=moment(account.closed_at) if account.closed_at else None,
        has_left=person.gone_at is not None,
        is_elsewhere=is_elsewhere,
        open=[counted(kind, len(things)) for kind, things in held],
        buttons=buttons,
    )
