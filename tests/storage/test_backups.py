"""The drill: a backup is taken while decisions are logged, and brought back elsewhere."""

import errno
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlmodel import col, select

from storage import backups, recorded
from storage.backups import Unusable
from storage.database import Database
from storage.decisions import Decision
from storage.migrations import current, migrate, newest
from storage.store import Store
from tests import postgres
from tests.bench.deciding import Deciding

THREADS, BACKUPS = 4, 3
SEVERAL = 12  # decisions of each thread between two backups
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Busy:
    """People who log decisions without a pause, and what was acknowledged to them, in order."""

    def __init__(self, address: str) -> None:
        self._deciding = Deciding(address)
        self._over = Event()
        self.acknowledged: list[list[int]] = [[] for _ in range(THREADS)]
        self._problems: list[BaseException] = []
        self._threads = [Thread(target=self._log, args=(one,)) for one in range(THREADS)]
        for thread in self._threads:
            thread.start()

    def _log(self, thread: int) -> None:
        number = 1000 + thread
        try:
            while not self._over.is_set():
                self._deciding.decide(number)
                self.acknowledged[thread].append(number)
                number += THREADS
        except BaseException as problem:
            self._problems.append(problem)
            raise

    def wait(self) -> None:
        """Until everybody has logged several more."""
        wanted = [len(one) + SEVERAL for one in self.acknowledged]
        while any(len(one) < want for one, want in zip(self.acknowledged, wanted, strict=True)):
            assert not self._problems, self._problems
            self._over.wait(0.01)

    def standing(self) -> list[int]:
        return [len(one) for one in self.acknowledged]

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._deciding.close()


@pytest.fixture
def elsewhere(address: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database of the same kind."""
    postgres.with_programs(address, request.getfixturevalue("monkeypatch"))
    if address.startswith("sqlite"):
        with closing(Database(f"sqlite:///{tmp_path / 'other.db'}")) as database:
            yield database
        return
    server: postgres.Server = request.getfixturevalue("server")
    with server.empty() as other, closing(Database(other)) as database:
        yield database


def _logged(database: Database) -> list[int]:
    """The numbers of the tents that were decided, in the order of their records."""
    with database.reading(1) as session:
        titles = session.exec(select(Decision.title).order_by(col(Decision.id))).all()
    return [int(title.removeprefix("buy tent ")) for title in titles if title.startswith("buy")]


def test_a_backup_taken_under_load_holds_all_that_was_acknowledged_before_it_began(
    address: str, elsewhere: Database, tmp_path: Path
) -> None:
    busy = Busy(address)
    taken = []
    try:
        with closing(Database(address)) as database:
            for number in range(BACKUPS):
                busy.wait()
                before = busy.standing()
                file = tmp_path / f"{number}.bak"
                contents = backups.take(database, file)
                busy.wait()
                taken.append((file, before, contents))
    finally:
        busy.stop()
    for file, before, contents in taken:
        restored = backups.restore(elsewhere, file, is_instead=True, at=AT)
        assert restored.contents == contents
        assert contents.is_whole
        found = [one for one in _logged(elsewhere) if one >= 1000]
        assert dict(contents.counts)["decisions"] == len(_logged(elsewhere))
        for thread, acknowledged in enumerate(busy.acknowledged):
            theirs = [one for one in found if (one - 1000) % THREADS == thread]
            assert theirs == acknowledged[: len(theirs)]
            assert before[thread] <= len(theirs) < len(acknowledged)
        heads = [(one.head.number, one.head.hash) for one in contents.records if one.head]
        assert heads
        with closing(Database(address)) as database:  # the record went on from there
            assert not [one.faults for one in recorded.verify(database, heads) if one.faults]
        for one in tmp_path.glob("*-before-*"):
            one.unlink()


def test_what_is_said_is_in_the_file_whatever_is_saved_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
    server: postgres.Server,
    tmp_path: Path,
) -> None:
    """SQLite's file is read itself; of PostgreSQL's the moment must be the same."""
    address = server.migrated()
    postgres.with_programs(address, monkeypatch)
    programs = postgres.binaries()
    meanwhile = tmp_path / "pg_dump"
    renamed = f"{programs}/psql -qc \"UPDATE organisations SET name = 'Later'\" || exit 3"
    meanwhile.write_text(f'#!/bin/sh\n{renamed}\nexec {programs}/pg_dump "$@"\n')
    meanwhile.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with closing(Database(address)) as database, server.empty() as other:
        store = Store(database, database.now)
        store.found("Acme Lifts", "UTC")
        contents = backups.take(database, tmp_path / "kept.bak")
        with store.at_home() as session:
            assert session.organisation.name == "Later"
        assert [one.company for one in contents.records] == ["Acme Lifts"]
        with closing(Database(other)) as empty:
            restored = backups.restore(empty, tmp_path / "kept.bak", is_instead=False, at=AT)
        assert restored.contents == contents


def test_a_backup_of_an_older_schema_is_moved_forward(
    empty_address: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    postgres.with_programs(empty_address, request.getfixturevalue("monkeypatch"))
    with closing(Database(empty_address)) as database:
        migrate(database, "0008")
        backups.take(database, tmp_path / "kept.bak")
        assert current(database) == "0008"
        restored = backups.restore(database, tmp_path / "kept.bak", is_instead=False, at=AT)
        assert current(database) == newest()
        assert restored.contents.is_whole


def test_without_the_programs_the_exact_line_is_said_and_no_password(
    monkeypatch: pytest.MonkeyPatch, server: postgres.Server, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    secret = server.migrated().replace("throughline@", "throughline:hushhush@")
    with closing(Database(secret)) as database, pytest.raises(Unusable) as told:
        backups.take(database, tmp_path / "kept.bak")
    assert "pg_dump --format=custom --no-owner --no-privileges --file=" in told.value.text
    assert "hushhush" not in told.value.text
    assert list(tmp_path.iterdir()) == []


def test_the_password_is_handed_on_where_nobody_can_read_it(
    monkeypatch: pytest.MonkeyPatch, server: postgres.Server, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@" >{seen}\necho "$PGPASSWORD" >>{seen}\nexit 1\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    secret = server.migrated().replace("throughline@", "throughline:hushhush@")
    with closing(Database(secret)) as database, pytest.raises(Unusable, match="pg_dump refused"):
        backups.take(database, tmp_path / "kept.bak")
    asked, password = seen.read_text().splitlines()
    assert "hushhush" not in asked
    assert password == "hushhush"


@pytest.mark.parametrize(
    ("problem", "told"),
    [(errno.ENOSPC, "There is no room for"), (errno.EACCES, "I may not read or write")],
)
def test_a_full_or_closed_disk_is_told_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, sqlite: Database, tmp_path: Path, problem: int, told: str
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    def refuse(_handle: int) -> None:
        raise OSError(problem, os.strerror(problem))

    monkeypatch.setattr("storage.backups.os.fsync", refuse)
    with pytest.raises(Unusable, match=told):
        backups.take(sqlite, folder / "kept.bak")
    assert list(folder.iterdir()) == []
