"""Lets go of what nobody needs any more: deliveries that cannot come again, what was shown once."""

from datetime import datetime, timedelta

from storage import inbox, organisations, shown, visits
from storage.store import Store

HEARD = timedelta(days=30)  # the platforms send again for minutes, or a day at most
BATCH = 500  # rows in one transaction: other writers wait for no more than that
MOST = 20_000  # rows in one tick


class Forgetting:
    """Any number of processes may do it at once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def forget(self) -> int:
        """Says how many deliveries were let go of."""
        now, count = self._store.now(), 0
        with self._store.database.reading() as session:
            every = organisations.ids(session)
        for organisation_id in every:
            with self._store.database.beside(organisation_id) as session:
                shown.forget(session, now - shown.REMEMBERED)
                visits.forget(session, now)
            count += self._heard(organisation_id, now - HEARD)
        return count

    def _heard(self, organisation_id: int, before: datetime) -> int:
        count = 0
        while count < MOST:
            with self._store.database.beside(organisation_id) as session:
                gone = inbox.forget(session, before, BATCH)
            count += gone
            if gone < BATCH:
                break
        return count
