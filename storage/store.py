"""Opens a transaction for whoever speaks: the right organisation, and who they are in it."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol, TypeVar

from sqlmodel import select

from storage import channels, demo, inbox, organisations, outbox, people, priorities, rooms, shown
from storage.channels import Place as Place
from storage.database import Database, Session
from storage.initiatives import Initiative
from storage.lingering import Lingering
from storage.names import Index
from storage.organisations import Organisation
from storage.people import Person
from storage.readers import Reader
from storage.shown import Glance
from storage.together import Together

T = TypeVar("T")


class Speaker(Protocol):
    """An account, as a chat knows it."""

    @property
    def platform(self) -> str: ...
    @property
    def tenant(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def standing(self) -> str: ...


class Store:
    """The database, the time, and the name index of each organisation."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], lingers: float = 0.0
    ) -> None:
        self.database = database
        self.now = now
        self._indexes: dict[int, tuple[int, Index]] = {}
        self.pages = ""  # where a browser finds ours, once the roof knows
        self.pages_are_open = False
        self._home = 0
        self._together = Together(database)
        self.lingering = Lingering(self._together.write, lingers)

    def found(self, name: str, zone: str) -> Organisation:
        """The organisation of this database, made at the first start."""
        with self.database.writing() as session:
            organisation = organisations.first(session)
            if organisation is None:
                organisation = Organisation(
                    name=name or organisations.UNNAMED, zone=zone or "UTC", created_at=self.now()
                )
                session.add(organisation)
        self._home = organisation.id
        return organisation

    def open_room(self, name: str, places: Collection[Place]) -> None:
        """Let those of these channels that are new be one room; others people may have moved."""
        with self.database.writing(self._home) as session:
            self._prepare(session)
            new = [p for p in places if not channels.known(session, p.platform, p.tenant, p.id)]
            inside = {p.id: channels.here(session, p) for p in places}
            if new:
                rooms.found(session, name, *(inside[p.id] for p in new))

    def seed_demo(self, rename: bool, rezone: bool) -> bool:
        """Fill an empty map with the demo company. False where something is there already."""
        with self.database.writing(self._home) as session:
            self._prepare(session)
            if not is_empty(session):
                return False
            organisation = session.organisation
            company = demo.seed(session, session.now)
            organisation.is_demo = True
            organisation.currency = "EUR"
            if rename:
                organisation.name = company["name"]
            if rezone:
                organisation.zone = company["zone"]
            organisations.touch_map(session, organisation)
        return True

    @contextmanager
    def at_home(self) -> Iterator[Session]:
        """Read for the organisation as such, as nobody."""
        with self.at(self._home) as session:
            yield session

    @contextmanager
    def at(self, organisation_id: int, place: Place | None = None) -> Iterator[Session]:
        """Read for this organisation as such, as nobody; or as everybody who reads in a place."""
        with self.database.reading(organisation_id) as session:
            self._prepare(session)
            session.reader = Reader(place)
            yield session

    @contextmanager
    def writing_home(self) -> Iterator[Session]:
        """Write for the organisation as such, as nobody."""
        with self.database.writing(self._home) as session:
            self._prepare(session)
            session.indexes = self._indexes.copy()
            yield session
        self._indexes.update(session.indexes)

    @contextmanager
    def reading(self, by: Speaker, at: Place | None = None) -> Iterator[Session]:
        """Read as this speaker. Somebody new is imagined, and kept by no one."""
        with self.database.reading(self._home) as session:
            self._prepare(session)
            if at is not None:
                session.info[shown.WAITING] = self.lingering.of(_conversation(_account(by), at))
            known = people.met(session, by.platform, by.tenant, by.id)
            session.is_first_meeting = known is None
            email = by.email if not by.standing else ""
            if known is None and email:
                known = people.by_email(session, email)
            new = Person(
                name=by.name,
                email=email.lower() or None,
                side=by.side or None,
                created_at=session.now,
            )
            session.me = people.standing_as(known or new, by.standing)
            session.reader = Reader(at, session.me, _account(by))
            yield session

    @contextmanager
    def writing(self, by: Speaker, at: Place | None = None) -> Iterator[Session]:
        """Write as this speaker. Somebody new is kept."""
        self._recall(by, at)
        with self.database.writing(self._home) as session:
            self._meet(session, by, at)
            yield session
        self._indexes.update(session.indexes)

    def write(self, by: Speaker, work: Callable[[Session], T], at: Place | None = None) -> T:
        """The same, for work that may share its commit with what waits beside it."""
        self._recall(by, at)

        def as_them(session: Session) -> tuple[T, dict[int, tuple[int, Index]]]:
            self._meet(session, by, at)
            return work(session), session.indexes

        done, indexes = self._together.write(self._home, as_them)
        self._indexes.update(indexes)
        return done

    def _recall(self, by: Speaker, at: Place | None) -> None:
        if at is not None:
            self.lingering.before(_conversation(_account(by), at))

    def _meet(self, session: Session, by: Speaker, at: Place | None) -> None:
        """The names it reads count for others once it is committed: it may have changed them."""
        self._prepare(session)
        session.indexes = self._indexes.copy()
        session.me = people.meet(
            session,
            by.platform,
            by.tenant,
            by.id,
            name=by.name,
            email=by.email,
            side=by.side,
            at=session.now,
            standing=by.standing,
        )
        session.reader = Reader(at, session.me, _account(by))

    # What answering keeps in the same transaction

    def hear(self, session: Session, key: str) -> bool:
        """Keep that this delivery was heard. False for one that was heard before."""
        return inbox.hear(session, key, session.now)

    def say_in_room(self, session: Session, room_id: int, key: str) -> None:
        """Say it in every channel of the room."""
        outbox.in_room(session, room_id, key, session.me.id, session.now)

    def say_in_channel(self, session: Session, at: Place, key: str, under: str) -> None:
        """Say it in one channel."""
        where = (at.platform, at.tenant, at.id, at.name)
        outbox.to_place(session, *where, key, under, session.me.id, session.now)

    def say_to_person(self, session: Session, person_id: int, key: str) -> None:
        """Say it to somebody alone."""
        outbox.to_person(session, person_id, key, session.me.id, session.now)

    def show(self, session: Session, at: Place, under: str, key: str) -> None:
        """Keep that this session's person was shown this there."""
        here = channels.here(session, at)
        shown.keep(session, [Glance(here.id, under, session.me.id, key, session.now)])

    def show_soon(self, session: Session, at: Place, under: str, key: str) -> bool:
        """The same from a session that only reads; False where the place or the person is new."""
        here = channels.known(session, at.platform, at.tenant, at.id)
        if here is None or session.is_first_meeting:
            return False
        glance = Glance(here.id, under, session.me.id, key, session.now)
        who = _conversation(session.reader.account, at)
        self.lingering.keep(who, session.info["organisation_id"], glance)
        return True

    def settle(self) -> None:
        """Write what waits to be written."""
        self.lingering.settle()

    def refresh(self, session: Session, key: str) -> None:
        """Every message that shows this is to be edited."""
        outbox.changed(session, key, session.now)

    def _prepare(self, session: Session) -> None:
        session.organisation = organisations.ours(session)
        session.now, session.indexes = self.now(), self._indexes
        session.pages, session.pages_are_open = self.pages, self.pages_are_open


def _account(by: Speaker) -> tuple[str, str, str]:
    return by.platform, by.tenant, by.id


def _conversation(account: tuple[str, str, str], at: Place) -> tuple[str, ...]:
    return (*account, at.platform, at.tenant, at.id)


def is_empty(session: Session) -> bool:
    """Whether nothing is on the map."""
    return not session.exec(select(Initiative.id).limit(1)).first() and not priorities.live(session)
