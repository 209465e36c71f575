"""Keeps what readers were shown a moment later, all of it together: nobody waits for that.

To read is often; to write each time what "it" now means would make every question as dear as a
decision. So it waits here for a moment, where whoever reads next finds it; what is killed meanwhile
forgets only what "it" meant.
"""

import logging
from collections.abc import Callable
from functools import partial
from threading import Lock, Timer

from sqlalchemy.exc import SQLAlchemyError

from storage import shown
from storage.database import Session
from storage.shown import Glance

log = logging.getLogger(__name__)

Where = tuple[str, ...]  # the account, and the place


class Lingering:
    """What waits to be written. `write` runs work in a transaction of an organisation.

    Without `seconds` nothing waits.
    """

    def __init__(
        self, write: Callable[[int, Callable[[Session], None]], None], seconds: float
    ) -> None:
        self._write, self.seconds = write, seconds
        self._waiting: dict[Where, list[tuple[int, Glance]]] = {}
        self._changing = Lock()
        self._timer: Timer | None = None

    def keep(self, where: Where, organisation_id: int, glance: Glance) -> None:
        """Write it soon."""
        with self._changing:
            self._waiting.setdefault(where, []).append((organisation_id, glance))
            if self.seconds and self._timer is None:
                self._timer = Timer(self.seconds, self.settle)
                self._timer.daemon = True
                self._timer.start()
        if not self.seconds:
            self.settle()

    def of(self, where: Where) -> list[Glance]:
        """What waits of this person there, oldest first."""
        with self._changing:
            return [glance for _, glance in self._waiting.get(where, ())]

    def before(self, where: Where) -> None:
        """Somebody changes something there: what they were shown before is written before."""
        if where in self._waiting:
            self.settle()

    def settle(self) -> None:
        """Write all that waits. A database that cannot is no reason to say anything."""
        with self._changing:
            waiting, self._waiting = self._waiting, {}
            if self._timer:
                self._timer.cancel()
            self._timer = None
        by_organisation: dict[int, list[Glance]] = {}
        for organisation_id, glance in (one for several in waiting.values() for one in several):
            by_organisation.setdefault(organisation_id, []).append(glance)
        for organisation_id, glances in by_organisation.items():
            try:
                self._write(organisation_id, partial(shown.keep, glances=glances))
            except SQLAlchemyError:
                log.warning("what people were shown is not kept", exc_info=True)
