"""`throughline backup` and `throughline restore`, as an operator types them."""

import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import inspect, text, update

from bot.messages import Refusal
from handlers.backups import backup, restore
from storage import database
from storage.database import Database
from storage.migrations import current
from storage.organisations import Organisation
from tests import postgres

Run = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def _programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "address" in request.fixturenames:
        postgres.with_programs(request.getfixturevalue("address"), monkeypatch)


@pytest.fixture
def elsewhere(
    address: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], str]]:
    """Lets the command line work on an empty database: `elsewhere()` names it."""
    monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    if address.startswith("sqlite"):
        other = f"sqlite:///{tmp_path / 'other.db'}"
        yield partial(_point_at, monkeypatch, other)
        return
    server: postgres.Server = request.getfixturevalue("server")
    with server.empty() as other:
        yield partial(_point_at, monkeypatch, other)


def _point_at(monkeypatch: pytest.MonkeyPatch, other: str) -> str:
    monkeypatch.setenv("DATABASE_URL", other)
    return other


def _head(said: str) -> str:
    return said.split("whole up to ")[1].split(".")[0]


def test_check_tells_how_old_the_newest_backup_is(run: Run, address: str) -> None:
    run("do", "decide buy the CRM")
    assert "I have taken no backup yet." in run("check")[1]
    run("backup", "kept.bak")
    said = run("check")[1]
    assert "The newest backup that I took was taken today." in said
    assert "Take one" not in said
    with closing(Database(address)) as database, database.writing() as session:
        eight_days = database.now() - timedelta(days=8)
        session.execute(update(Organisation).values(backed_up_at=eight_days))
    said = run("check")[1]
    assert "The newest backup that I took was taken 8 days ago." in said
    assert "→ Take one: throughline backup FILE" in said


def test_what_was_backed_up_stands_elsewhere_afterwards(
    run: Run, elsewhere: Callable[[], str]
) -> None:
    run("do", "decide buy the CRM")
    run("do", "decide sell the old one")
    code, said = run("backup", "kept.bak")
    assert code == 0
    assert "decisions 2," in said
    assert "record 2 · " in _head(said)
    assert stat.S_IMODE(Path("kept.bak").stat().st_mode) == 0o600
    head = _head(said)
    run("do", "decide a third thing")
    elsewhere()
    code, said = run("restore", "kept.bak")
    assert code == 0
    assert "decisions 2," in said
    assert _head(said) == head
    assert "goes on from the head" in run("verify", "--head", head)[1]
    assert "buy the CRM" in run("do", "why D-1")[1]
    assert [one.name for one in Path().iterdir() if "part" in one.name] == []


def test_a_backup_overwrites_nothing(run: Run) -> None:
    run("do", "decide buy the CRM")
    Path("kept.bak").write_text("mine")
    code, said = run("backup", "kept.bak")
    assert code == 1
    assert "is there already, and I overwrite nothing. Name another file." in said
    assert Path("kept.bak").read_text() == "mine"


def test_what_stands_there_is_replaced_only_when_said_so_and_is_kept(run: Run) -> None:
    run("do", "decide buy the CRM")
    run("backup", "kept.bak")
    run("do", "decide sell the old one")
    code, said = run("restore", "kept.bak")
    assert code == 1
    assert "add --replace" in said
    assert "sell the old one" in run("do", "why D-2")[1]
    code, said = run("restore", "kept.bak", "--replace")
    assert code == 0
    assert "decisions 1," in said
    before = said.split("What stood there before is in ")[1].strip().rstrip(".")
    assert run("restore", before, "--replace")[0] == 0
    assert "sell the old one" in run("do", "why D-2")[1]
    assert run("verify")[0] == 0


def test_it_is_not_restored_under_a_running_program(run: Run, address: str) -> None:
    run("do", "decide buy the CRM")
    run("backup", "kept.bak")
    with closing(Database(address)) as running:
        running.now()  # connected, and idle
        code, said = run("restore", "kept.bak", "--replace")
    assert code == 1
    assert "is running on this database" in said or "is connected to this database" in said
    assert run("restore", "kept.bak", "--replace")[0] == 0


def test_a_file_cut_short_anywhere_is_refused_and_nothing_changes(run: Run) -> None:
    run("do", "decide buy the CRM")
    run("backup", "kept.bak")
    run("do", "decide sell the old one")
    whole = Path("kept.bak").read_bytes()
    for length in (40, len(whole) // 3, len(whole) // 2, len(whole) - 100):
        Path("cut.bak").write_bytes(whole[:length])
        code, said = run("restore", "cut.bak", "--replace")
        assert code == 1
        assert "is damaged or was cut short" in said
    assert "sell the old one" in run("do", "why D-2")[1]


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "There is no file"), (b"", "is not a backup of mine"), (b"PK\3\4", "is not a backup")],
)
def test_what_is_no_backup_is_told_from_one(run: Run, content: bytes | None, told: str) -> None:
    if content is not None:
        Path("kept.bak").write_bytes(content)
    code, said = run("restore", "kept.bak")
    assert code == 1
    assert told in said
    assert run("restore", ".")[1].startswith(". is a folder")


def test_a_backup_of_the_other_kind_of_database_is_told(run: Run, address: str) -> None:
    begins = b"PGDMP" if address.startswith("sqlite") else b"SQLite format 3\0"
    Path("kept.bak").write_bytes(begins)
    code, said = run("restore", "kept.bak")
    assert code == 1
    assert "was taken of a database in" in said


def test_a_backup_by_a_newer_program_is_told(run: Run, address: str) -> None:
    run("do", "decide buy the CRM")
    now_at = text("UPDATE alembic_version SET version_num = :revision")
    with closing(Database(address)) as stands:
        was = current(stands)
        with stands.writer.begin() as connection:
            connection.execute(now_at, {"revision": "9999_later"})
        code, said = run("backup", "kept.bak")
        assert code == 2
        assert "a newer Throughline" in said
        stands.close()
        if stands.file:
            assert not Path(f"{stands.file}-wal").exists()
            shutil.copyfile(stands.file, "kept.bak")
        else:
            subprocess.run(["pg_dump", "--format=custom", "--file=kept.bak", address], check=True)
        with stands.writer.begin() as connection:
            connection.execute(now_at, {"revision": was})
    code, said = run("restore", "kept.bak", "--replace")
    assert code == 2
    assert "a newer Throughline" in said


def test_a_copied_file_with_its_log_beside_it_is_no_backup(
    tmp_path: Path, sqlite: Database
) -> None:
    assert sqlite.file
    with sqlite.writer.begin() as connection:
        connection.execute(text("CREATE TABLE more (id INTEGER)"))
    with (
        closing(Database(f"sqlite:///{tmp_path / 'other.db'}")) as other,
        pytest.raises(Refusal, match="is a database in use, not a backup"),
    ):
        restore(other, sqlite.file, False, sqlite.now())


def test_a_disk_that_is_full_is_told_and_the_database_stays_as_it_was(
    tmp_path: Path, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's own limit on the size of a file stands for the disk's."""
    kept, other = tmp_path / "kept.bak", tmp_path / "other.db"
    backup(sqlite, kept)
    monkeypatch.setattr(database, "PRAGMAS", (*database.PRAGMAS, "max_page_count=20"))
    with closing(Database(f"sqlite:///{other}")) as full:
        with pytest.raises(Refusal, match=r"it is as it was: there is no room"):
            restore(full, kept, False, sqlite.now())
        with full.reader.connect() as connection:
            assert not inspect(connection).get_table_names()


def test_a_folder_that_is_missing_or_closed_is_told(run: Run) -> None:
    run("do", "decide buy the CRM")
    code, said = run("backup", "nowhere/kept.bak")
    assert code == 1
    assert "There is no folder" in said
    code, said = run("backup", "/proc/kept.bak")
    assert code == 1
    assert "/proc/kept.bak" in said


def test_an_empty_database_has_nothing_to_back_up(run: Run, elsewhere: Callable[[], str]) -> None:
    elsewhere()
    code, said = run("backup", "kept.bak")
    assert code == 1
    assert "There is nothing to back up" in said
    assert not Path("kept.bak").exists()


def test_another_programs_database_is_left_alone(
    run: Run, elsewhere: Callable[[], str], address: str
) -> None:
    run("do", "decide buy the CRM")
    run("backup", "kept.bak")
    with closing(Database(elsewhere())) as other, other.writer.begin() as connection:
        connection.execute(text("CREATE TABLE cakes (name TEXT)"))
    for typed in (("backup", "cakes.bak"), ("restore", "kept.bak", "--replace")):
        code, said = run(*typed)
        assert code == 1
        assert "Another program keeps its things in this database" in said
