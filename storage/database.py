"""Opens the database: SQLite or PostgreSQL, for reading or for writing, for one organisation.

On SQLite one connection writes and takes the lock first (`BEGIN IMMEDIATE`): a transaction that
reads and then writes would fail, or lose an update. Readers have connections that cannot write.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sqlmodel
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import (
    LoaderCriteriaOption,
    ORMExecuteState,
    UOWTransaction,
    with_loader_criteria,
)
from sqlmodel import func, select

from storage import chain
from storage.names import Index
from storage.organisations import Organisation
from storage.people import Person
from storage.readers import Reader
from storage.tables import SAYS_WHOSE, Ours

WRITERS = 0x7468  # of PostgreSQL's advisory locks, those of an organisation's writers
PRAGMAS: tuple[str, ...] = (
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL loses acknowledged writes in a power cut
    "busy_timeout=5000",
    "foreign_keys=ON",
    "trusted_schema=OFF",
)


class Session(sqlmodel.Session):
    """One transaction for one organisation: it reads and writes no other's rows.

    `me` is the person it is done for; in a reading session a person who is new stands there
    without an id. `is_first_meeting` says that the account they speak from is not kept yet.
    `reader` is who reads what comes of it. One that `is_reading` cannot write.
    """

    organisation: Organisation
    me: Person
    now: datetime
    indexes: dict[int, tuple[int, Index]]
    place_zone: str = ""  # of the place where somebody speaks, where it has its own
    is_first_meeting: bool = False
    is_reading: bool = False
    reader: Reader = Reader()
    pages: str = ""  # where a browser finds our pages
    pages_are_open: bool = False  # to whoever is at this machine, without signing in
    act: str = ""  # what its changes of the map have in common, once there is one

    @property
    def zone(self) -> str:
        """Whose times are read and told: the person's, else the place's, else the company's."""
        me: Person | None = getattr(self, "me", None)  # a digest is composed for nobody
        return (me.zone if me else None) or self.place_zone or self.organisation.zone


@event.listens_for(Session, "do_orm_execute")
def _only_ours(state: ORMExecuteState) -> None:
    organisation_id = state.session.info.get("organisation_id")
    if organisation_id is not None and not state.execution_options.get(SAYS_WHOSE):
        state.statement = state.statement.options(_rows_of(organisation_id))


@lru_cache(maxsize=1024)
def _rows_of(organisation_id: int) -> LoaderCriteriaOption:
    return with_loader_criteria(
        Ours,
        lambda table: table.whose() == organisation_id,
        include_aliases=True,
        propagate_to_loaders=False,
    )


@event.listens_for(Session, "before_flush")
def _stays_ours(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    organisation_id = session.info.get("organisation_id")
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Ours) and organisation_id is not None:
            if row.organisation_id not in (None, organisation_id):
                raise ValueError(f"a {type(row).__name__} of another organisation")
            row.organisation_id = organisation_id


@event.listens_for(Session, "before_commit")
def _is_recorded(session: Session) -> None:
    if not session.in_nested_transaction():
        chain.seal(session)


@event.listens_for(Session, "after_rollback")
def _is_forgotten(session: Session) -> None:
    session.info.pop("unsealed", None)


class Database:
    """The engines behind one address, and the sessions they give."""

    def __init__(self, address: str) -> None:
        self.url = _driver(make_url(address))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.writer, self.reader = _sqlite(self.url) if self.is_sqlite else _postgres(self.url)

    def close(self) -> None:
        """Give every connection back."""
        self.reader.dispose()
        self.writer.dispose()

    @contextmanager
    def reading(self, organisation_id: int | None = None) -> Iterator[Session]:
        """A session that cannot write."""
        with Session(self.reader, expire_on_commit=False, autoflush=False) as session:
            session.info["organisation_id"] = organisation_id
            session.is_reading = True
            yield session

    @contextmanager
    def writing(self, organisation_id: int | None = None) -> Iterator[Session]:
        """A session whose work is kept as a whole, or not at all.

        Writers of one organisation go one after the other, so that what one has read still holds
        when it writes: on SQLite by its own lock, on PostgreSQL by one of the organisation's.
        """
        with Session(self.writer, expire_on_commit=False) as session, session.begin():
            session.info["organisation_id"] = organisation_id
            self.queue_up(session.connection(), organisation_id)
            yield session

    def queue_up(self, connection: Connection, organisation_id: int | None) -> None:
        """Wait until no other writer of this organisation is left; SQLite has waited already."""
        if not self.is_sqlite:
            lock = select(func.pg_advisory_xact_lock(WRITERS, organisation_id or 0))
            connection.execute(lock)

    @contextmanager
    def beside(self, organisation_id: int) -> Iterator[Session]:
        """A writing session that waits for no other writer of the organisation on PostgreSQL.

        Only for statements that guard themselves: by a fence, a state or a unique key.
        """
        with Session(self.writer, expire_on_commit=False) as session, session.begin():
            session.info["organisation_id"] = organisation_id
            yield session

    def now(self) -> datetime:
        """The database's own time, which all processes share."""
        with self.reader.connect() as connection:
            if self.is_sqlite:
                said = connection.scalar(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"))
                return datetime.fromisoformat(str(said)).replace(tzinfo=UTC)
            at = connection.scalar(text("SELECT clock_timestamp()"))
            assert isinstance(at, datetime)
            return at.astimezone(UTC)

    def version(self) -> tuple[str, tuple[int, ...]]:
        """The server in words, and its version in numbers."""
        asked = "SELECT sqlite_version()" if self.is_sqlite else "SHOW server_version"
        with self.reader.connect() as connection:
            said = str(connection.scalar(text(asked))).split()[0]
        numbers = tuple(int(part) for part in said.split(".") if part.isdigit())
        return f"{'SQLite' if self.is_sqlite else 'PostgreSQL'} {said}", numbers

    @property
    def file(self) -> Path | None:
        """Where SQLite keeps it."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None


def _driver(url: URL) -> URL:
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise ValueError("DATABASE_URL must name a file: sqlite:///throughline.db")
        file = Path(url.database).absolute()
        if not file.parent.is_dir():
            raise ValueError(f"DATABASE_URL: there is no folder {file.parent}. Make it first.")
        file.touch(mode=0o600)  # what it holds is the company's own business
        return url.set(drivername="sqlite", database=str(file))
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "postgresql+psycopg":
        return url
    raise ValueError(
        f"DATABASE_URL must begin with sqlite:/// or postgresql://, not {url.drivername}://"
    )


def _postgres(url: URL) -> tuple[Engine, Engine]:
    writer = create_engine(
        url, pool_size=8, max_overflow=4, pool_pre_ping=True, hide_parameters=True
    )
    reader = writer.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
    return writer, reader


def sqlite_driver() -> Any:
    """A wheel with a newer SQLite than the system's, where there is one (see RELIABILITY)."""
    return import_module("pysqlite3" if find_spec("pysqlite3") else "sqlite3")


def _sqlite(url: URL) -> tuple[Engine, Engine]:
    shared: dict[str, Any] = {
        "module": sqlite_driver(),
        "connect_args": {"check_same_thread": False, "timeout": 5},
        "hide_parameters": True,  # an error's text may reach a log, what people typed must not
    }
    writer = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=30, **shared)
    reader = create_engine(url, pool_size=8, max_overflow=8, **shared)
    _prepare(writer, "BEGIN IMMEDIATE", PRAGMAS)
    _prepare(reader, "BEGIN", (*PRAGMAS, "query_only=ON"))
    return writer, reader


def _prepare(engine: Engine, begin: str, pragmas: tuple[str, ...]) -> None:
    def connected(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
