"""The outbox, as the sender uses it: every call is a transaction of its own, committed."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError

from storage import channels, lanes, looking, memberships, organisations, outbox, sending
from storage.database import Session
from storage.sending import Claim, LaneOf, Place
from storage.store import Store

T = TypeVar("T")
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 5.0
MOST_LOOKS = 50  # in one tick


class Delivering:
    """`pause` waits so many seconds, and says whether to try no more."""

    def __init__(self, store: Store, pause: Callable[[float], bool]) -> None:
        self._store, self._pause = store, pause
        self._database = store.database

    def at(self, organisation_id: int, place: channels.Place) -> AbstractContextManager[Session]:
        """Committed state, to compose from what may be read in this place."""
        return self._store.at(organisation_id, place)

    def claim(
        self, now: datetime, lease: float, platforms: Collection[str], lane_of: LaneOf
    ) -> Claim | None:
        """Take the next message that is due, in any organisation."""
        for organisation_id in self._organisations():
            with self._database.reading(organisation_id) as looking_in:
                is_due = sending.is_due(looking_in, now)
            if is_due:
                with self._database.beside(organisation_id) as session:
                    claimed = sending.claim(session, now, lease, platforms, lane_of)
                if claimed:
                    return claimed
        return None

    def freeze(self, claimed: Claim, card: str) -> bool:
        with self._database.beside(claimed.organisation_id) as session:
            return sending.freeze(session, claimed, card)

    def place(self, claimed: Claim, place: Place) -> bool:
        """Keep the direct conversation that was opened for it."""
        with self._database.beside(claimed.organisation_id) as session:
            channel = channels.place(session, *place)
            channels.told_direct(session, channel)
            for platform, tenant, id, _name in claimed.accounts:
                if platform == place[0]:
                    memberships.enter(session, channel.id, (tenant, id), self._store.now())
                    break
            return sending.place(session, claimed, channel.id)

    # Results that are already known: written until the database answers

    def sent(self, claimed: Claim, message_id: str, now: datetime) -> bool:
        return self._surely(claimed, lambda s: sending.sent(s, claimed, message_id, now))

    def again(self, claimed: Claim, at: datetime, why: str) -> bool:
        return self._surely(claimed, lambda s: sending.again(s, claimed, at, why))

    def wait(self, claimed: Claim, until: datetime, why: str) -> bool:
        """The platform wants to be left alone: the message waits, and so does its whole lane."""

        def write(session: Session) -> bool:
            if claimed.lane:
                lanes.hold(session, claimed.lane, until)
            return sending.again(session, claimed, until, why)

        return self._surely(claimed, write)

    def lost(self, claimed: Claim, look_at: datetime, why: str) -> bool:
        return self._surely(claimed, lambda s: sending.lost(s, claimed, look_at, why))

    def gone(self, claimed: Claim, now: datetime) -> bool:
        return self._surely(claimed, lambda s: sending.gone(s, claimed, now))

    def failed(self, claimed: Claim, why: str, now: datetime) -> bool:
        return self._surely(claimed, lambda s: sending.failed(s, claimed, why, now))

    def _surely(self, claimed: Claim, write: Callable[[Session], T]) -> T:
        pause = FIRST_PAUSE
        while True:
            try:
                with self._database.beside(claimed.organisation_id) as session:
                    return write(session)
            except (OperationalError, InterfaceError, TimeoutError):
                if self._pause(pause):
                    raise
                pause = min(2 * pause, LONGEST_PAUSE)

    # Looking after what fell silent

    def expire(self, now: datetime, settle: float) -> int:
        look_at = now + timedelta(seconds=settle)
        count = 0
        for organisation_id in self._organisations():
            with self._database.beside(organisation_id) as session:
                count += looking.expire(session, now, look_at)
        return count

    def unknown(self, now: datetime) -> list[Claim]:
        found: list[Claim] = []
        for organisation_id in self._organisations():
            with self._database.reading(organisation_id) as session:
                found += looking.unknown(session, now, MOST_LOOKS)
        return found

    def found(self, looked: Claim, message_id: str, now: datetime) -> bool:
        with self._database.beside(looked.organisation_id) as session:
            return looking.found(session, looked, message_id, now)

    def missed(self, looked: Claim, looks: int, now: datetime, look_at: datetime) -> bool:
        with self._database.beside(looked.organisation_id) as session:
            return looking.missed(session, looked, looks, now, look_at)

    def unseen(self, looked: Claim, look_at: datetime) -> bool:
        with self._database.beside(looked.organisation_id) as session:
            return looking.unseen(session, looked, look_at)

    def hold(self, looked: Claim, why: str, now: datetime) -> bool:
        with self._database.beside(looked.organisation_id) as session:
            return looking.hold(session, looked, why, now)

    def overdue(self, now: datetime) -> int:
        """How many messages are late for no reason: none, or the sender is broken."""
        count = 0
        for organisation_id in self._organisations():
            with self._database.reading(organisation_id) as session:
                count += len(outbox.overdue(session, now))
        return count

    def _organisations(self) -> list[int]:
        with self._database.reading() as session:
            return organisations.ids(session)
