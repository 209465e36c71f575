"""Writers who wait together commit together: SQLite syncs its file once for all of them.

Whoever comes while another writes leaves its work in the queue; the next one whose turn it is
does all that waits in one transaction, each part in a savepoint of its own, and everybody learns
what became of theirs after the commit.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection

from storage.database import Database, Session

MOST = 64  # parts in one transaction: the first of them waits for the last

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one writer wants done, and what it will be told."""

    organisation_id: int
    work: Callable[[Session], Any]
    outcome: "Future[Any]" = field(default_factory=Future)


class Together:
    """The writers of one SQLite database in this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[Part] = deque()
        self._turn = Lock()

    def write(self, organisation_id: int, work: Callable[[Session], T]) -> T:
        """Do this work, and return when it is committed. What it raises undoes it alone."""
        part = Part(organisation_id, work)
        self._waiting.append(part)
        with self._turn:
            while not part.outcome.done():
                self._commit([self._waiting.popleft() for _ in range(self._some())])
        outcome: T = part.outcome.result()
        return outcome

    def _some(self) -> int:
        return min(len(self._waiting), MOST)

    def _commit(self, parts: list[Part]) -> None:
        """Nobody is told anything before the commit; if that fails, everybody is told so."""
        done: list[tuple[Part, Any, BaseException | None]] = []
        try:
            with self._database.writer.begin() as connection:
                for part in parts:
                    done.append((part, *_run(part, connection)))
        except BaseException as fault:  # noqa: BLE001  each caller raises it in its own thread
            done = [(part, None, fault) for part in parts]
        for part, value, refused in done:
            if refused is None:
                part.outcome.set_result(value)
            else:
                part.outcome.set_exception(refused)


def _run(part: Part, connection: Connection) -> tuple[Any, BaseException | None]:
    try:
        with (
            Session(
                connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
            ) as session,
            session.begin(),
        ):
            session.info["organisation_id"] = part.organisation_id
            return part.work(session), None
    except BaseException as fault:
        # a full disk undoes the whole transaction, and what came after would stand alone
        if not connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
            raise
        return None, fault
