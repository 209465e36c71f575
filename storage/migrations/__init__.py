"""Moves the schema forward to what this program needs, at start, under a lock."""

from contextlib import suppress
from pathlib import Path
from time import sleep

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from storage.database import Database

TRIES, PAUSE = 20, 0.2  # a database that starts, or that eight others open in the same moment
LOCK = 0x7468726F  # of PostgreSQL; any number that nobody else in this database takes


class TooNew(Exception):  # noqa: N818  it is told to the operator in words
    """The database was written by a newer program."""


def migrate(database: Database, to: str = "") -> str:
    """Bring the schema to the newest revision, or `to` an earlier one, and name it.

    Many processes may start at once: one does it, the others wait and find it done. SQLite's
    write lock is taken with the transaction itself.
    """
    for _ in range(TRIES):
        with suppress(OperationalError):
            return _under_lock(database, to)
        sleep(PAUSE)
    return _under_lock(database, to)


def newest() -> str:
    """The revision that this program works with."""
    head = _script().get_current_head()
    assert head is not None
    return head


def is_known(revision: str) -> bool:
    """Whether this program has it, or an older one."""
    return revision in {one.revision for one in _script().walk_revisions()}


def current(database: Database) -> str:
    """The revision of what stands there, "" where there is nothing. Raises `TooNew`."""
    with database.reader.connect() as connection:
        return _known(connection, _script())


def _under_lock(database: Database, to: str) -> str:
    with database.writer.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        return _upgrade(connection, to)


def _script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return ScriptDirectory.from_config(config)


def _known(connection: Connection, script: ScriptDirectory) -> str:
    current = MigrationContext.configure(connection).get_current_revision()
    if current and current not in {revision.revision for revision in script.walk_revisions()}:
        raise TooNew(
            f"This database was written by a newer Throughline (revision {current}); this one "
            f"knows up to {script.get_current_head()}. Start the newer program, or restore a "
            "backup from before it."
        )
    return current or ""


def _upgrade(connection: Connection, to: str) -> str:
    script = _script()
    head = to or script.get_current_head()
    assert head is not None
    if _known(connection, script) == head:
        return head

    def steps(revision: str, _context: MigrationContext) -> list[RevisionStep]:
        return list(script._upgrade_revs(head, revision))

    with EnvironmentContext(Config(), script) as environment:
        environment.configure(connection=connection, fn=steps, transactional_ddl=False)
        environment.run_migrations()
    return head
