"""What chats tell of people and places, unasked or when asked: every call is a transaction.

It may come twice, and in another order than it happened. `spot` is the tenant it was heard in.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from sqlmodel import col, select

from storage import acquaintance, channels, installations, memberships, outbox, people
from storage.acquaintance import Told
from storage.channels import Channel, Place
from storage.database import Session
from storage.installations import NotConnected
from storage.memberships import US
from storage.people import Account, Person
from storage.store import Spot, Store

T = TypeVar("T")


class Hearsay:
    """As an adapter uses it, in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # People

    def known(self, spot: Spot, id: str) -> tuple[str, str] | None:
        """The name and standing of an account of which its platform has told; else nothing."""
        with self._reading(spot) as session:
            found = people.account(session, spot.platform, spot.tenant, id)
            return (found.name, found.standing) if found and found.told_at else None

    def met(self, spot: Spot, ids: Collection[str]) -> dict[str, str]:
        """The tenants of those of these accounts that were met: a stranger has another."""
        with self._reading(spot) as session:
            met = select(Account.external_id, Account.tenant).where(
                Account.platform == spot.platform, col(Account.external_id).in_(ids)
            )
            return dict(session.exec(met).all())

    def unheard(self, spot: Spot, since: timedelta, most: int) -> list[str]:
        """The accounts that its platform should be asked about."""
        with self._reading(spot) as session:
            before = self._store.now() - since
            return acquaintance.unheard(session, spot.platform, spot.tenant, before, most)

    def learn(self, spot: Spot, told: Told) -> bool:
        """Keep what was told of somebody; nothing of whom nobody has met."""
        return self._write(spot, lambda session: acquaintance.learn(session, told))

    def unsaid(self, spot: Spot, id: str) -> None:
        """Its platform was asked about this account, and does not know it."""

        def write(session: Session) -> None:
            found = people.account(session, spot.platform, spot.tenant, id)
            if found:
                found.told_at = session.now

        self._write(spot, write)

    def meet(self, spot: Spot, told: Told) -> None:
        """Somebody is in a room of ours, and will be spoken of: they are a person from now on."""

        def write(session: Session) -> None:
            people.meet(
                session, told.platform, told.tenant, told.id, name=told.name, email=told.email,
                side="", at=session.now, standing=told.standing,
            )  # fmt: skip
            acquaintance.learn(session, told)

        self._write(spot, write)

    # Places

    def was_removed(self, channel: Place) -> bool:
        """Whether somebody took us out of there, and nobody has asked us in again."""
        with self._reading(channel) as session:
            here = channels.known(session, channel.platform, channel.tenant, channel.id)
            return here is not None and memberships.is_out(session, here.id, (channel.tenant, US))

    def came(self, channel: Place, tenant: str, id: str, at: datetime) -> None:
        """Somebody came in; an empty id is ours."""
        self._heard(channel, lambda s, here: memberships.enter(s, here, (tenant, id or US), at))

    def left(self, channel: Place, tenant: str, id: str, at: datetime) -> None:
        """Somebody left; an empty id is ours."""
        self._heard(channel, lambda s, here: memberships.leave(s, here, (tenant, id or US), at))

    def learn_place(self, channel: Place) -> None:
        """How it is called now, and who reads there."""
        self._write(channel, lambda session: channels.learn(session, channel))

    def moved(self, channel: Place, id: str) -> None:
        """It has another id from now on."""
        self._write(channel, lambda session: channels.moved(session, channel, id))

    def stale(self, spot: Spot, since: timedelta) -> list[tuple[str, bool]]:
        """The channels whose members are to be listed anew, and whether each is one of a room."""
        with self._reading(spot) as session:
            before = self._store.now() - since
            found = memberships.stale(session, spot.platform, spot.tenant, before)
            return [(one.external_id, one.room_id is not None) for one in found]

    def open(self, spot: Spot) -> list[str]:
        """The channels in which all colleagues may read, as far as was told."""
        with self._reading(spot) as session:
            there = Channel.platform == spot.platform, Channel.tenant == spot.tenant
            is_open = select(Channel.external_id).where(*there, col(Channel.is_private).is_(False))
            return list(session.exec(is_open.order_by(col(Channel.id))))

    def inside(self, channel: Place, members: Collection[tuple[str, str]], at: datetime) -> None:
        """These were in the channel then; what was said of its room shows it, the first time."""

        def write(session: Session, here: int) -> None:
            is_first = memberships.people_in(session, here) is None
            memberships.replace(session, here, members, at)
            room_id = session.get_one(Channel, here).room_id
            if is_first and room_id is not None:
                outbox.changed(session, f"room/{room_id}", session.now)

        self._heard(channel, write)

    def _heard(self, channel: Place, work: Callable[[Session, int], None]) -> None:
        """Nothing is kept of a place in which nothing was ever said to us."""

        def write(session: Session) -> None:
            here = channels.known(session, channel.platform, channel.tenant, channel.id)
            if here is not None:
                work(session, here.id)

        self._write(channel, write)

    # Whose it is

    @contextmanager
    def _reading(self, spot: Spot) -> Iterator[Session]:
        with self._store.at(self._whose(spot)) as session:
            yield session

    def _write(self, spot: Spot, work: Callable[[Session], T]) -> T:
        with self._store.writing_at(self._whose(spot)) as session:
            there = installations.standing(session, spot.platform, spot.tenant, self._store.home)
            if there is None:  # it was given to another organisation just now
                raise NotConnected(spot.platform)
            session.me = Person(name="", created_at=session.now)  # nobody did it
            return work(session)

    def _whose(self, spot: Spot) -> int:
        """Asked anew each time: what is told of one company must not be kept by another."""
        with self._store.database.reading() as session:
            found = installations.whose(session, spot.platform, spot.tenant)
            if found is None and installations.is_connected(session, spot.platform):
                raise NotConnected(spot.platform)
        return found or self._store.home
