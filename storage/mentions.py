"""Who somebody is on one platform, for whoever renders a card there, and what time it is there."""

from collections.abc import Callable, Collection
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from storage import channels, organisations, people
from storage.channels import Place
from storage.database import Database
from storage.people import Account


class Mentions:
    """Each call reads on its own. `whose` says which organisation a place belongs to."""

    def __init__(self, database: Database, whose: Callable[[Place], int]) -> None:
        self._database, self._whose = database, whose

    def account_of(self, place: Place, person_id: int) -> str | None:
        """The id of this person's account on the place's platform and tenant, if they have one."""
        with self._database.reading(self._whose(place)) as session:
            person = people.who(session, person_id)
            if person is None:
                return None
            theirs = select(Account.external_id).where(
                col(Account.person_id).in_(people.every_id(session, person.id)),
                Account.platform == place.platform,
                Account.tenant == place.tenant,
            )
            return session.exec(theirs.order_by(col(Account.id)).limit(1)).first()

    def addresses(self, place: Place, ids: Collection[str]) -> dict[str, str]:
        """How those of these accounts that were met are typed: by address, else by the id."""
        with self._database.reading(self._whose(place)) as session:
            theirs = select(Account.external_id, Account.person_id).where(
                col(Account.external_id).in_(ids), Account.platform == place.platform
            )
            met = {id: people.who(session, person) for id, person in session.exec(theirs)}
            return {id: (one and one.email) or f"@{id}" for id, one in met.items()}

    def zone(self, place: Place) -> ZoneInfo:
        """The place's own zone, else the company's."""
        with self._database.reading(self._whose(place)) as session:
            here = channels.known(session, place.platform, place.tenant, place.id)
            return ZoneInfo((here and here.zone) or organisations.ours(session).zone)
