"""Backups of SQLite: a file that SQLite itself writes, of one moment, and copies back as a whole.

The file of a running database is never copied: what is in its -wal file would be missing.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError

from storage.backups.contents import Contents, read, standing
from storage.backups.unusable import Unusable
from storage.database import Database, sqlite_driver
from storage.migrations import current, migrate, newest

Keep = Callable[[Callable[[Path], Contents]], Contents]  # a backup, of what writes one


def write(database: Database, part: Path) -> Contents:
    """Write all of it, as it is at this moment, into an empty file, and read that again."""
    with closing(database.writer.raw_connection()) as connection:
        _write(connection.driver_connection, part)
    return look(part)


def _write(connection: DBAPIConnection | None, part: Path) -> None:
    """Outside of any transaction; whoever writes meanwhile does not wait for it."""
    assert connection is not None
    with _in_words("I could not write the backup"):
        connection.cursor().execute("VACUUM INTO ?", (str(part),))


def look(file: Path) -> Contents:
    """What is in a backup; one of an older schema is moved forward aside, and left as it is."""
    with closing(Database(f"sqlite:///{file}")) as database:
        _is_sound(database, file)
        if current(database) == newest():
            return read(database)
    with check(file) as aside, closing(Database(f"sqlite:///{aside}")) as database:
        return read(database)


@contextmanager
def check(path: Path, _database: Database | None = None) -> Iterator[Path]:
    """A copy of this backup that was found sound, and ours, and was moved to our schema."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise Unusable(
            f"{path} is a database in use, not a backup: part of it is still in {log.name}. "
            "Let DATABASE_URL name it, and take a backup of it."
        )
    with tempfile.TemporaryDirectory(prefix="throughline-") as folder:
        copy = Path(folder) / "copy.db"
        try:
            shutil.copyfile(path, copy)
            with closing(Database(f"sqlite:///{copy}")) as database:
                _is_sound(database, path)
                if not standing(database):
                    raise Unusable(f"{path} is empty. Look whether it is the right file.")
                migrate(database)
        except OSError as problem:
            raise Unusable(
                f"I could not copy {path} to {folder}, to look through it: {problem.strerror}. "
                "Set TMPDIR to a folder with room for it."
            ) from problem
        except DatabaseError as problem:
            raise Unusable(f"I cannot use {path}: {why(problem)}.") from problem
        yield copy


def bring(database: Database, copy: Path, keep: Keep | None) -> None:
    """Put the copy in this database's place in one transaction, when nobody else is connected.

    `keep` is given first what writes a backup of it.
    """
    database.close()
    with (
        closing(database.writer.raw_connection()) as target,
        closing(Database(f"sqlite:///{copy}")) as source,
        closing(source.reader.raw_connection()) as raw,
    ):
        here, there = raw.driver_connection, target.driver_connection

        def written(part: Path) -> Contents:
            _write(there, part)
            return look(part)

        try:
            _alone(there)
            if keep:
                keep(written)
            with _in_words("I could not write the database, and it is as it was"):
                here.backup(there)  # type: ignore[union-attr]  # SQLite's driver alone has it
        finally:
            target.invalidate()  # its lock ends with it
    database.close()


def _alone(connection: DBAPIConnection | None) -> None:
    """Take the lock that only the one who is alone gets, and keep it until it is closed.

    To leave the WAL mode is what SQLite refuses as long as anybody else is connected.
    """
    assert connection is not None
    said = connection.cursor()
    try:
        for asked in ("busy_timeout=0", "locking_mode=EXCLUSIVE", "journal_mode=DELETE"):
            said.execute(f"PRAGMA {asked}")
        said.execute("BEGIN EXCLUSIVE")
        said.execute("COMMIT")
    except sqlite_driver().OperationalError as busy:
        if "locked" not in str(busy):
            raise Unusable(f"I could not use the database: {why(busy)}.") from busy
        raise Unusable(
            "Throughline, or another program, is running on this database. Stop it first."
        ) from busy
    finally:
        said.close()


def _is_sound(database: Database, path: Path) -> None:
    try:
        with database.reader.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
            if _is_short(connection, path):  # an empty last page reads as if it were whole
                found = "its end is missing"
    except DatabaseError as problem:
        found = why(problem)
    if found != "ok":
        raise Unusable(
            f"{path} is damaged or was cut short ({found}). Take another backup of the series."
        )


def _is_short(connection: Connection, path: Path) -> bool:
    pages, size = (
        connection.exec_driver_sql(f"PRAGMA {one}").scalar_one()
        for one in ("page_count", "page_size")
    )
    return path.stat().st_size < int(pages) * int(size)


@contextmanager
def _in_words(what: str) -> Iterator[None]:
    """The driver's own errors, which come by here unwrapped."""
    try:
        yield
    except sqlite_driver().Error as problem:
        raise Unusable(f"{what}: {why(problem)}.") from problem


def why(problem: Exception) -> str:
    """What SQLite says of it, in words for whoever operates."""
    said = str(problem.orig if isinstance(problem, DatabaseError) else problem)
    if "disk is full" in said:
        return "there is no room; make some, or name a place on another disk"
    if "unable to open" in said:
        return "the file cannot be opened; look who may read and write there"
    return said
