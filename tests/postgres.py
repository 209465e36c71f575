"""The suite's own PostgreSQL: in a temporary folder, on a Unix socket, stopped by its pid."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
from psycopg import sql

from storage.database import Database
from storage.migrations import migrate

USER = "throughline"
TEMPLATE = "migrated"
QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")
DURABLE = ("fsync=on", "synchronous_commit=on")  # as it is left alone
TRIES = 600  # of a twentieth of a second, for a server to say that it is ready


def missing(reason: str) -> NoReturn:
    """What a test needs is not on this machine: fine on a laptop, not where CI promises all.

    Files under ../shared are the exception: a test that wants one of those only ever skips.
    """
    if os.environ.get("CI_REQUIRES_ALL") == "1":
        pytest.fail(f"CI_REQUIRES_ALL=1, but {reason}", pytrace=False)
    pytest.skip(reason)


def binaries() -> Path | None:
    """The folder of a whole server: on the path, else the newest installed; never a lone client."""
    on_path = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    newest_first = sorted(installed, key=lambda found: _version(found.parent.name), reverse=True)
    for folder in (*on_path, *newest_first):
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres")):
            return (folder / "initdb").resolve().parent
    return None


def _version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split(".") if part.isdigit())


def with_programs(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let its own programs be found beside the server; for a test that runs them."""
    if address.startswith("postgresql"):
        programs = binaries()
        if programs is None or not os.access(programs / "pg_dump", os.X_OK):
            missing("pg_dump is not beside the PostgreSQL server")
        monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)


class Cluster:
    """A running server. It refuses to be root's, so root lends it an ordinary user."""

    def __init__(self, programs: Path, options: tuple[str, ...] = QUICK) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="throughline-postgres-", dir="/tmp"))
        self._options = options
        self._user: int | None = None
        self._group: int | None = None
        self._groups: list[int] | None = None
        if os.geteuid() == 0:
            somebody = _somebody_ordinary()
            self._user, self._group, self._groups = somebody.pw_uid, somebody.pw_gid, []
            os.chown(self.folder, self._user, self._group)
        try:
            self._make(programs)
            self._programs = programs
            self._process = self._start(programs)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _make(self, programs: Path) -> None:
        subprocess.run(
            [programs / "initdb", "--pgdata", self.folder / "data", "--username", USER,
             "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"],
            check=True, capture_output=True, cwd=self.folder, user=self._user, group=self._group,
            extra_groups=self._groups,
        )  # fmt: skip

    def _start(self, programs: Path) -> "subprocess.Popen[bytes]":
        options = ("listen_addresses=", f"unix_socket_directories={self.folder}", *self._options)
        command = [str(programs / "postgres"), "-D", str(self.folder / "data")]
        for option in options:
            command += ["-c", option]
        leash = shutil.which("setpriv")  # so that it also ends where the run is killed outright
        if leash:
            command = [leash, "--pdeathsig", "INT", *command]
        log = (self.folder / "log").open("wb")
        process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=self.folder, start_new_session=True,
            user=self._user, group=self._group, extra_groups=self._groups,
        )  # fmt: skip
        log.close()
        return self._ready(process)

    def _ready(self, process: "subprocess.Popen[bytes]") -> "subprocess.Popen[bytes]":
        for _ in range(TRIES):
            try:
                process.wait(timeout=0.05)
                break
            except subprocess.TimeoutExpired:
                with suppress(psycopg.OperationalError), _operator(str(self.folder)):
                    return process
        process.kill()
        process.wait()
        raise RuntimeError((self.folder / "log").read_text(errors="replace"))

    def halt(self) -> None:
        """End it, by its own pid; what it holds stays."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # "fast": whoever is connected is let go
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def goes_on(self) -> None:
        """Start it again after `halt`."""
        self._process = self._start(self._programs)

    def stop(self) -> None:
        """End it, and take its folder away."""
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)


def _somebody_ordinary() -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


class Server:
    """The cluster as a test process sees it: a socket folder, and databases of its own."""

    def __init__(self, folder: str, worker: str) -> None:
        self._folder = folder
        self._prefix = f"test_{worker}"
        self._made = 0
        self._own = ""

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database with nothing in it, gone afterwards."""
        name = self._create("template0")
        try:
            yield address(self._folder, name)
        finally:
            with _operator(self._folder) as operator:
                operator.execute(
                    sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
                )

    def migrated(self) -> str:
        """The address of this worker's own migrated database, with no rows in it.

        It is emptied and used again: to make and drop one takes half a second.
        """
        if not self._own:
            self._own = self._create(TEMPLATE)
        with _operator(self._folder, self._own) as operator:
            operator.execute("SET lock_timeout = '5s'")  # somebody has left a transaction open
            operator.execute("SET session_replication_role = replica")  # what is only added to
            found = operator.execute(
                "SELECT tablename FROM pg_tables "
                "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            )
            tables = sql.SQL(", ").join(sql.Identifier(str(name)) for (name,) in found)
            operator.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(tables))
        return address(self._folder, self._own)

    def another(self) -> str:
        """The address of a migrated database that nobody else uses or empties."""
        return address(self._folder, self._create(TEMPLATE))

    def _create(self, template: str) -> str:
        self._made += 1
        name = f"{self._prefix}_{self._made}"
        with _operator(self._folder) as operator:
            operator.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return name


def address(folder: str, database: str) -> str:
    """The DATABASE_URL of a database behind the socket in this folder."""
    return f"postgresql://{USER}@/{database}?host={folder}"


@contextmanager
def _operator(
    folder: str, database: str = "postgres"
) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    with psycopg.connect(
        f"host={folder} user={USER} dbname={database}", autocommit=True
    ) as connection:
        yield connection


def start(options: tuple[str, ...] = QUICK) -> Cluster | None:
    """A cluster with a migrated template in it, or nothing where there is no server."""
    programs = binaries()
    if programs is None:
        return None
    cluster = Cluster(programs, options)
    try:
        with _operator(str(cluster.folder)) as operator:
            operator.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        database = Database(address(str(cluster.folder), TEMPLATE))
        migrate(database)
        database.close()
    except BaseException:
        cluster.stop()
        raise
    return cluster
