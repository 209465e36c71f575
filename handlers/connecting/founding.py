"""A workspace lets us in: it comes to its company or founds one, and somebody is first admin."""

from collections.abc import Callable
from zoneinfo import available_timezones

from sqlmodel import col, select

from bot.messages import Account, Card, Refusal
from handlers.connecting import joining
from handlers.saying import card
from storage import connecting, installations, organisations, outbox, people, store
from storage.database import Session
from storage.installations import Installation, Installed
from storage.organisations import UNNAMED, Organisation
from storage.people import Person
from storage.sealing import Sealing
from storage.store import Store

OVER = (
    "The link to join a company is over: it works once, for ten minutes. Ask the admin who gave "
    "it to you for a new one."
)
TAKEN = (
    "{name} belongs to another company here, and only an admin of {name} may take it to this one. "
    "Ask one of them to open the link."
)
NOT_HERE = (
    "SLACK_BOT_TOKEN: {name} belongs to another company in this database. Use a database of its "
    "own, or let it join yours by an admin's link."
)
MOVED = "it belongs to another company now"
REPLACED = "I was given the token of another workspace"


class Founding:
    """`sealing` is missing where no token is kept here; `wake` lets what is to be said be said."""

    def __init__(self, memory: Store, sealing: Sealing | None, wake: Callable[[], None]) -> None:
        self._store, self._sealing, self._wake = memory, sealing, wake

    def may_join(self, join: str) -> bool:
        """Whether the link is still good; also where there is none."""
        if not join:
            return True
        with self._store.at(self._store.whose_ticket(join)) as session:
            return joining.maker(session, join) is not None

    def connect(self, told: Installed, by: Account, is_admin: bool, zone: str, join: str) -> Card:
        """By OAuth. One transaction: what the page says is so, or nothing is."""
        with self._store.database.writing() as session:
            was = installations.whose(session, told.platform, told.tenant)
            if join:
                ours = self._joined(session, told, is_admin, join, was)
            else:
                ours = was or self._founded(session, told.name, zone)
            self._turn_to(session, ours)
            found = connecting.keep(session, told, self._sealing, session.now)
            admin = self._installer(session, found, by, is_admin)
            said = card(
                "connecting/founded",
                name=found.name,
                company=session.organisation.name,
                joined=bool(join) and was != ours,
                again=was == ours,
                admin=admin,
                unclaimed=not admin and not _has_admin(session),
            )
        self._wake()
        return said

    def connect_home(self, told: Installed) -> None:
        """By a token that the operator has set: it is the company's own workspace."""
        with self._store.database.writing() as session:
            was = installations.whose(session, told.platform, told.tenant)
            if was not in (None, self._store.home):
                raise Refusal(NOT_HERE.format(name=told.name))
            self._turn_to(session, self._store.home)
            _take_name(session.organisation, told.name, "")
            connecting.keep(session, told, None, session.now)
            for other in installations.every(session):
                where = other.platform, other.tenant
                if where[0] == told.platform and where[1] != told.tenant and not other.token:
                    connecting.gone(session, *where, REPLACED, session.now)

    def _turn_to(self, session: Session, organisation_id: int) -> None:
        """Go on for this organisation alone, after its other writers."""
        session.flush()
        session.info["organisation_id"] = organisation_id
        self._store.database.queue_up(session.connection(), organisation_id)
        self._store.prepare(session)

    def _founded(self, session: Session, name: str, zone: str) -> int:
        """A company of its own: the one this database began with, if nobody has used it."""
        home = organisations.first(session)
        if home is not None and self._is_untouched(session, home):
            _take_name(home, name, zone)
            return home.id
        ours = Organisation(name=name or UNNAMED, zone=_zone(zone), created_at=self._store.now())
        session.add(ours)
        session.flush()
        return ours.id

    def _is_untouched(self, session: Session, home: Organisation) -> bool:
        self._turn_to(session, home.id)
        somebody = select(Person.id).where(col(Person.is_operator).is_(False)).limit(1)
        return (
            not installations.every(session)
            and store.is_empty(session)
            and session.exec(somebody).first() is None
        )

    def _joined(
        self, session: Session, told: Installed, is_admin: bool, join: str, was: int | None
    ) -> int:
        ours = self._store.whose_ticket(join)
        self._turn_to(session, ours)
        if joining.maker(session, join) is None or not joining.spend(session, join):
            raise Refusal(OVER)
        if was is not None and was != ours:
            if not is_admin:
                raise Refusal(TAKEN.format(name=told.name))
            self._turn_to(session, was)
            connecting.leave(session, told.platform, told.tenant, MOVED, session.now)
        return ours

    def _installer(
        self, session: Session, found: Installation, by: Account, is_admin: bool
    ) -> bool:
        """Write to whoever let us in. An admin of the workspace is the first of a company that
        has none; whoever joins one is what its admins make of them."""
        if not by.id:
            return False
        session.me = people.meet(
            session, by.platform, by.tenant, by.id, name=by.name, email=by.email,
            side=by.side or found.side or "", at=session.now, standing=by.standing,
        )  # fmt: skip
        is_first = is_admin and not _has_admin(session)
        if is_first:
            session.me.role = "admin"
            session.flush()
        key = f"connected/{found.id}"
        outbox.to_person(session, session.me.id, key, session.me.id, session.now)
        return is_first


def _has_admin(session: Session) -> bool:
    return any(one.role == "admin" and not one.gone_at for one in people.everybody(session))


def _take_name(organisation: Organisation, name: str, zone: str) -> None:
    """What the operator has set stays."""
    if organisation.name == UNNAMED and name:
        organisation.name = name
    if organisation.zone == "UTC":
        organisation.zone = _zone(zone)


def _zone(name: str) -> str:
    return name if name in available_timezones() else "UTC"
