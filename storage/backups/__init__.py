"""The whole database in one file, and back from it; nothing is believed until it was read again."""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from storage.backups import dumps, files
from storage.backups.contents import Contents as Contents
from storage.backups.contents import holds_anything, read, standing
from storage.backups.unusable import Unusable as Unusable
from storage.database import Database
from storage.migrations import current, migrate, newest
from storage.organisations import Organisation

SQLITE, POSTGRESQL = b"SQLite format 3\0", b"PGDMP"  # how either kind of file begins


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands now, and the backup of what stood there before, if anything did."""

    contents: Contents
    before: Path | None


def take(database: Database, path: Path) -> Contents:
    """Write a backup to a file that is not there yet, and read it again. Others may go on writing.

    Raises `Unusable`. What it gives is what is in the file, not what is in the database by then.
    """
    if not standing(database):
        raise Unusable("There is nothing to back up: no Throughline has kept anything there yet.")
    write = files.write if database.is_sqlite else dumps.write
    at = database.now()
    contents = _take(path, partial(write, database))
    if current(database) == newest():  # an older schema has no place for it
        with database.writing() as session:
            session.execute(update(Organisation).values(backed_up_at=at))
    return contents


def _take(path: Path, write: Callable[[Path], Contents]) -> Contents:
    with _into(path) as part:
        return write(part)


def restore(database: Database, path: Path, is_instead: bool, at: datetime) -> Restored:
    """Make this database what the backup is, as a whole or not at all, moved to our schema.

    Where something stands already it must be said that the backup comes `is_instead` of it; a
    backup of that is then taken first, beside the other one. Raises `Unusable` and `TooNew`.
    """
    _is_fitting(path, database)
    is_ours = standing(database)
    kind = files if database.is_sqlite else dumps
    with kind.check(path, database) as checked:
        stands = is_ours and holds_anything(database)
        if stands and not is_instead:
            raise Unusable(
                "There is something in this database already. Name an empty one in DATABASE_URL, "
                "or add --replace: I then back up first what stands there."
            )
        before = _before(path, at) if stands else None
        kind.bring(database, checked, partial(_take, before) if before else None)
    migrate(database)
    return Restored(read(database), before)


def _before(path: Path, at: datetime) -> Path:
    return path.with_name(f"{path.stem}-before-{at:%Y%m%d-%H%M%S}{path.suffix}")


def _is_fitting(path: Path, database: Database) -> None:
    """Whether a file may be a backup for this kind of database, by how it begins."""
    if not path.exists():
        raise Unusable(f"There is no file {path}. Look how the backup is called.")
    if path.is_dir():
        raise Unusable(f"{path} is a folder. Name the backup in it.")
    try:
        with path.open("rb") as file:
            begins = file.read(len(SQLITE))
    except OSError as problem:
        raise Unusable(_told(problem, path)) from problem
    ours, other = (SQLITE, POSTGRESQL) if database.is_sqlite else (POSTGRESQL, SQLITE)
    if begins.startswith(other):
        now, then = ("SQLite", "PostgreSQL") if database.is_sqlite else ("PostgreSQL", "SQLite")
        raise Unusable(
            f"{path} was taken of a database in {then}, and DATABASE_URL names one in {now}. "
            f"Let it name one in {then}; `export` and `import` carry the map from one to the other."
        )
    if not begins.startswith(ours):
        raise Unusable(f"{path} is not a backup of mine. Look whether it is the right file.")


@contextmanager
def _into(path: Path) -> Iterator[Path]:
    """A file to write to, which is there under its own name only once it is whole and on disk."""
    if path.exists():
        raise Unusable(f"{path} is there already, and I overwrite nothing. Name another file.")
    if not path.absolute().parent.is_dir():
        raise Unusable(f"There is no folder {path.absolute().parent}. Make it first.")
    part = None
    try:
        handle, name = tempfile.mkstemp(".part", f"{path.name}-", path.absolute().parent)  # 0600
        os.close(handle)
        part = Path(name)
        yield part
        _to_disk(part)
        _name(part, path)
        _to_disk(path.absolute().parent)
    except OSError as problem:
        raise Unusable(_told(problem, path)) from problem
    except DatabaseError as problem:
        raise Unusable(f"I could not write {path}: {files.why(problem)}.") from problem
    finally:
        if part:
            with suppress(FileNotFoundError):
                part.unlink()


def _name(part: Path, path: Path) -> None:
    """A link refuses where somebody else took the name meanwhile; some file systems have none."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        part.rename(path)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _told(problem: OSError, path: Path) -> str:
    match problem.errno:
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"I may not read or write {path}. Name another place, or let me in there."
        case errno.ENOSPC | errno.EDQUOT:
            return f"There is no room for {path}. Make some, or name a place on another disk."
        case errno.EEXIST:
            return f"{path} is there already, and I overwrite nothing. Name another file."
        case _:
            return f"I could not use {path}: {problem.strerror or 'the system refused'}."
