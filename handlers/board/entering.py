"""The way in to pages: a private link from a chat, and who is signed in in which browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.messages import Card, Typed
from bot.web.pages import SignedOut
from handlers.pages import PURPOSE, path_of
from handlers.saying import card
from storage import people, tickets, visits
from storage.codes import Code
from storage.database import Session
from storage.readers import Reader
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Offer:
    """What stands behind a link; `press` is the button that signs in, where it is still good."""

    card: Card
    press: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """A browser's secret, and the page that was asked for."""

    secret: str
    path: str


class Entering:
    """Signs people in by their links, and opens a transaction for whoever is signed in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def look(self, token: str) -> Offer:
        """Who would be signed in, and where. The link stays good."""
        with self._store.at_home() as session:
            ticket = _good(session, token)
            if ticket is None:
                again = [Typed("record"), Typed("import")]
                return Offer(card("visits/over", commands=again))
            company = session.organisation.name
            ready = card("visits/ready", company=company, name=session.me.name)
            return Offer(ready, f"Go on as {session.me.name}")

    def take(self, token: str) -> Entered | None:
        """Sign in whoever comes first."""
        with self._store.writing_home() as session:
            ticket = _good(session, token)
            if ticket is None or not tickets.spend(session, ticket, session.now):
                return None
            return Entered(visits.begin(session, session.me), path_of(ticket.purpose))

    def who(self, secret: str) -> str:
        """The name of whoever is signed in there; nothing for nobody."""
        with self._store.at_home() as session:
            person = visits.who(session, secret)
            return person.name if person else ""

    @contextmanager
    def reading(self, secret: str) -> Iterator[Session]:
        """Read as whoever is signed in there."""
        with self._store.at_home() as session:
            _sit(session, secret)
            yield session

    @contextmanager
    def writing(self, secret: str) -> Iterator[Session]:
        """Write as whoever is signed in there."""
        with self._store.writing_home() as session:
            _sit(session, secret)
            yield session

    def leave(self, secret: str) -> None:
        """Sign out."""
        with self._store.writing_home() as session:
            visits.end(session, secret)


def _good(session: Session, token: str) -> Code | None:
    """The ticket, if it still holds and its owner is here; the session is then theirs."""
    ticket = tickets.find(session, PURPOSE, token, session.now)
    if not isinstance(ticket, Code):
        return None
    person = people.who(session, ticket.by_id)
    if person is None or person.gone_at:
        return None
    session.me = person
    return ticket


def _sit(session: Session, secret: str) -> None:
    person = visits.who(session, secret)
    if person is None:
        raise SignedOut
    session.me, session.reader = person, Reader(person=person)
