"""Writers who wait together commit together: the database syncs once for all of them.

Whoever comes while another writes leaves its work in the queue; the next one whose turn it is
does all that waits in one transaction, and everybody learns what became of theirs after the commit.
Where a part fails, all of them are undone and done once more, each in a savepoint of its own:
savepoints cost as much as two statements, and most parts do not fail.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, TypeVar

from sqlalchemy import Connection

from storage.database import Database, Session

IN_TRANSACTION = 2  # of libpq's states of a transaction; 3 is one that has failed
MOST = 64  # parts in one transaction: the first of them waits for the last

T = TypeVar("T")
Outcome = tuple[Any, BaseException | None]


@dataclass(slots=True, eq=False)
class Part:
    """What one writer wants done, and what it will be told: that it is done, or that it leads."""

    organisation_id: int
    work: Callable[[Session], Any]
    outcome: Outcome | None = None
    told: Event = field(default_factory=Event)


class Together:
    """The writers of one database in this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[Part] = deque()
        self._leader: Part | None = None  # always the first of those who wait, or who are written
        self._changing = Lock()

    def write(self, organisation_id: int, work: Callable[[Session], T]) -> T:
        """Do this work, and return when it is committed. What it raises undoes it alone."""
        part = Part(organisation_id, work)
        with self._changing:
            self._waiting.append(part)
            self._leader = self._leader or part
        try:
            if self._leader is not part:
                part.told.wait()
            if part.outcome is None:
                self._commit(self._next())
        finally:
            self._leave(part)
        assert part.outcome is not None
        value, refused = part.outcome
        if refused is not None:
            raise refused
        done: T = value
        return done

    def _leave(self, part: Part) -> None:
        """Let the next one lead, also where this one was interrupted while it waited."""
        with self._changing:
            if part.outcome is None and part in self._waiting:
                self._waiting.remove(part)
            if self._leader is part:
                self._leader = self._waiting[0] if self._waiting else None
                if self._leader:
                    self._leader.told.set()

    def _next(self) -> list[Part]:
        """Those who wait, in their order, as far as they write for one organisation."""
        parts = [self._waiting.popleft()]
        while (
            self._waiting
            and len(parts) < MOST
            and self._waiting[0].organisation_id == parts[0].organisation_id
        ):
            parts.append(self._waiting.popleft())
        return parts

    def _commit(self, parts: list[Part]) -> None:
        """Nobody is told anything before the commit; if that fails, everybody is told so."""
        try:
            done = self._all(parts, _plainly) or self._all(parts, _apart)
        except BaseException as fault:  # noqa: BLE001  each caller raises it in its own thread
            done = [(None, fault) for _ in parts]
        for part, outcome in zip(parts, done, strict=True):
            part.outcome = outcome
            part.told.set()

    def _all(self, parts: list[Part], do: Callable[[Part, Connection], Outcome]) -> list[Outcome]:
        """What became of each, committed; of none where one failed that the others are to be
        done without."""
        with self._database.writer.connect() as connection, connection.begin() as transaction:
            self._database.queue_up(connection, parts[0].organisation_id)
            done: list[Outcome] = []
            for part in parts:
                try:
                    done.append(do(part, connection))
                except BaseException:
                    if len(parts) == 1 or do is _apart:
                        raise
                    transaction.rollback()
                    return []
        return done


def _plainly(part: Part, connection: Connection) -> Outcome:
    with Session(
        connection, expire_on_commit=False, join_transaction_mode="rollback_only"
    ) as session:
        session.info["organisation_id"] = part.organisation_id
        value = part.work(session)
        session.commit()
    if not _goes_on(connection):
        raise RuntimeError("the database has ended the transaction by itself")
    return value, None


def _apart(part: Part, connection: Connection) -> Outcome:
    try:
        with connection.begin_nested():
            return _plainly(part, connection)
    except BaseException as fault:
        if not _goes_on(connection):
            raise
        return None, fault


def _goes_on(connection: Connection) -> bool:
    """Whether the transaction is still open and sound.

    A full disk undoes all of it, and what came after would stand alone.
    """
    if connection.invalidated:
        return False
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return bool(driver.in_transaction)
    return bool(driver.info.transaction_status == IN_TRANSACTION)
