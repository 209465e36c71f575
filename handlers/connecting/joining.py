"""`join link`: another workspace comes to the company by an admin's word alone."""

from dataclasses import dataclass

from bot.messages import Card, Command, Link, Typed
from handlers import rights
from handlers.saying import card, mention
from storage import people, tickets
from storage.codes import Code
from storage.database import Session
from storage.people import Person
from storage.store import Store

PURPOSE = "join link"
PATH = "/j/"


@dataclass(frozen=True, slots=True)
class Offer:
    """What stands on the page; `is_good` says that there is something to choose."""

    card: Card
    is_good: bool = False


def link(_command: Command, session: Session) -> Card:
    """`join link`"""
    rights.demand(session, "join link")
    token = tickets.make(session, PURPOSE, session.me.id, session.now)
    return card(
        "connecting/link",
        company=session.organisation.name,
        link=Link("Open the page to connect it", f"{session.pages}{PATH}{token}"),
    )


class Joining:
    """Answers who brings a token. Nobody is signed in: the token says who asked for it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def look(self, token: str) -> Offer:
        """What the link is for. It stays good until somebody has come by it."""
        with self._store.at(self._store.whose_ticket(token)) as session:
            by = maker(session, token)
            if by is None:
                return Offer(card("connecting/over", command=Typed(PURPOSE)))
            company = session.organisation.name
            return Offer(card("connecting/joins", company=company, by=mention(by)), True)


def maker(session: Session, token: str) -> Person | None:
    """Who made the link, if it is still good and they may still make one."""
    ticket = tickets.find(session, PURPOSE, token, session.now)
    if not isinstance(ticket, Code):
        return None
    person = people.who(session, ticket.by_id)
    return person if person and rights.can(person, "join link") else None


def spend(session: Session, token: str) -> bool:
    """Somebody has come by it. False for whoever comes second."""
    ticket = tickets.find(session, PURPOSE, token, session.now)
    return isinstance(ticket, Code) and tickets.spend(session, ticket, session.now)
