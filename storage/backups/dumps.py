"""Backups of PostgreSQL, by its own programs: `pg_dump` writes one, `psql` brings it back.

A password never stands on a command line, where everybody on the machine can read it: the
programs are told through their environment.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from psycopg import pq
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from storage.backups.contents import Contents, read
from storage.backups.unusable import Unusable
from storage.database import Database, Session
from storage.migrations import TooNew, current, is_known, newest

PLAIN = ("--no-owner", "--no-privileges")  # another server has other users
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
IN_USE = "Throughline, or another program, is connected to this database. Stop it first."

Keep = Callable[[Callable[[Path], Contents]], Contents]  # a backup, of what writes one


@dataclass(frozen=True, slots=True)
class Moment:
    """The database as it was when a transaction began."""

    connection: Connection

    @contextmanager
    def reading(self, organisation_id: int | None = None) -> Iterator[Session]:
        with Session(self.connection, expire_on_commit=False, autoflush=False) as session:
            session.info["organisation_id"] = organisation_id
            yield session


def write(database: Database, part: Path) -> Contents:
    """Write all of it, as it is at this moment, and say what that is."""
    program = _found("pg_dump", database, f"--format=custom {' '.join(PLAIN)} --file=FILE")
    with database.reader.connect() as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        asked = ("--format=custom", *PLAIN, f"--snapshot={snapshot}", f"--file={part}")
        _run(program, asked, database)
        is_current = current(database) == newest()
        contents = read(Moment(connection)) if is_current else Contents((), ())
    _read_through(part, database)
    return contents


@contextmanager
def check(path: Path, database: Database) -> Iterator[Path]:
    """The backup as statements, once it is found whole, ours, and no newer than we are."""
    program = _found("pg_restore", database, "")
    listed = _read_through(path, database)
    if not {"alembic_version", "organisations"} <= set(re.findall(r" TABLE public (\w+) ", listed)):
        raise Unusable(f"{path} is a backup of another program's database.")
    version = _run(
        program, ("--data-only", "--table=alembic_version", "--file=-", str(path)), database
    )
    named = re.search(r"^COPY public\.alembic_version .*\n(.+)\n", version, re.MULTILINE)
    revision = named[1] if named else ""
    if not is_known(revision):
        raise TooNew(
            f"{path} was written by a newer Throughline (revision {revision}). "
            "Restore it with that one."
        )
    with tempfile.TemporaryDirectory(prefix="throughline-") as folder:
        script = Path(folder) / "backup.sql"
        asked = ("--clean", "--if-exists", *PLAIN, f"--file={script}", str(path))
        _run(program, asked, database)
        yield script


def bring(database: Database, script: Path, keep: Keep | None) -> None:
    """Put the backup in this database's place in one transaction, when nobody else is connected.

    `keep` is given first what writes a backup of it.
    """
    program = _found("psql", database, "")
    database.close()  # our own connections are nobody else's
    with database.reader.connect() as connection:
        if connection.scalar(text(OTHERS)):
            raise Unusable(IN_USE)
    if keep:
        keep(partial(write, database))
    database.close()
    ours = ", ".join(f'public."{name}"' for name in (*SQLModel.metadata.tables, "alembic_version"))
    alone = (
        f"DO $$ BEGIN IF ({OTHERS}) > 0 THEN RAISE EXCEPTION '{IN_USE}'; END IF; END $$; "
        f"SET LOCAL lock_timeout = '10s'; DROP TABLE IF EXISTS {ours} CASCADE"
    )
    asked = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    _run(
        program, (*asked, "--output=/dev/null", f"--command={alone}", f"--file={script}"), database
    )


def _read_through(path: Path, database: Database) -> str:
    """Everything in a backup is read once, and thrown away: its list of contents."""
    program = _found("pg_restore", database, "")
    try:
        listed = _run(program, ("--list", str(path)), database)
        _run(program, ("--file=/dev/null", str(path)), database)
    except Unusable as problem:
        raise Unusable(
            f"{path} is damaged or was cut short ({problem.text}). Take another one."
        ) from problem
    return listed


def _found(program: str, database: Database, asked: str) -> str:
    found = shutil.which(program)
    if found:
        return found
    line = f" {asked} " if asked else " "
    raise Unusable(
        f"{program} is not on this machine's path; it comes with PostgreSQL's client programs. "
        + (
            f"Where it is, this does the same: {program}{line}'{_public(database)}'"
            if asked
            else ""
        )
    )


def _public(database: Database) -> str:
    """The address as it may be shown."""
    url = database.url.set(drivername="postgresql", password=None)
    return url.difference_update_query(["password"]).render_as_string()


def _environment(database: Database) -> dict[str, str]:
    """What libpq is to know, by the names that its programs read."""
    _, asked = database.writer.dialect.create_connect_args(database.url)
    names = {one.keyword.decode(): one.envvar for one in pq.Conninfo.get_defaults()}
    known = {name: names.get(name) for name in asked}
    return {
        **os.environ,
        **{name.decode(): str(asked[keyword]) for keyword, name in known.items() if name},
    }


def _run(program: str, asked: tuple[str, ...], database: Database) -> str:
    done = subprocess.run(  # noqa: S603  our own arguments, no shell
        [program, *asked],
        env=_environment(database),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        told = next((line for line in said if "ERROR" in line or "error" in line), said[-1])
        if IN_USE in told:
            raise Unusable(IN_USE)
        raise Unusable(f"{Path(program).name} refused: {told}")
    return done.stdout.decode(errors="replace")
