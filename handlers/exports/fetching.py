"""What a one-time link gives: first a page that says what is ready, then, once, the file."""

from dataclasses import dataclass

from bot.messages import Card, Typed
from handlers import rights, saying
from handlers.exports.asking import PURPOSE, SAID, Wanted, wanted
from handlers.exports.files import File, made
from handlers.exports.gathering import gather
from handlers.exports.seen import exported
from handlers.saying import card
from storage import initiatives, people, tickets
from storage.codes import Code
from storage.database import Session
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Offer:
    """What stands on the page; `press` is the button that gives the file, where there is one."""

    card: Card
    press: str = ""


class Fetching:
    """Answers who brings a token. Nobody is signed in: the token says who asked."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def look(self, token: str) -> Offer:
        """What the link gives. It stays good."""
        with self._store.at(self._store.whose_ticket(token)) as session:
            ticket = _good(session, token)
            if ticket is None:
                return Offer(card("exports/over", command=Typed("export")))
            return Offer(_ready(session, wanted(ticket.purpose)), "Download")

    def take(self, token: str) -> File | None:
        """The file, to one who comes first. It is made before the link is used up."""
        with self._store.at(self._store.whose_ticket(token)) as session:
            ticket = _good(session, token)
            file = _file(session, wanted(ticket.purpose)) if ticket else None
        if ticket is None or file is None:
            return None
        with self._store.writing_at(ticket.organisation_id) as session:
            is_first = tickets.spend(session, ticket, session.now)
        return file if is_first else None


def _good(session: Session, token: str) -> Code | None:
    """The ticket, if it still holds and its owner still may; the session is then theirs."""
    ticket = tickets.find(session, PURPOSE, token, session.now)
    if not isinstance(ticket, Code):
        return None
    person = people.who(session, ticket.by_id)
    if person is None or not rights.can(person, "export"):
        return None
    session.me = person
    return ticket


def _ready(session: Session, asked: Wanted) -> Card:
    seen = exported(session, session.me, asked.since_at)
    return card(
        "exports/ready",
        format=SAID[asked.kind],
        company=session.organisation.name,
        projects=saying.number(initiatives.count(session)),
        decisions=saying.number(len(seen.ids)),
        only_decisions=asked.only_decisions,
        left_out=saying.number(seen.left_out) if seen.left_out else "",
    )


def _file(session: Session, asked: Wanted) -> File:
    seen = exported(session, session.me, asked.since_at)
    (file,) = made(gather(session, seen), asked.kind, session.organisation, asked.only_decisions)
    return file
