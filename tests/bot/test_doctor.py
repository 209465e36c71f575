"""`throughline check` looks at the installation and says what to mend."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database

Run = Callable[..., tuple[int, str]]


def test_a_sound_installation_is_well_and_says_what_was_looked_at(run: Run, tmp_path: Path) -> None:
    for file in tmp_path.iterdir():
        file.chmod(0o600)
    code, said = run("check")
    assert code == 0, said
    for told in (
        "Settings: DATABASE_URL.",
        "The database answers: ",
        "A row was written and read back.",
        "The clocks agree.",
        "No file with secrets is open to everybody",
        "Nothing is on record yet.",
        "→ Bring a list: throughline import projects.csv",
        "It will listen on 127.0.0.1 port 8700, with the sandbox, for this machine only.",
    ):
        assert told in said
    assert "No chat is connected" not in said


def test_elsewhere_there_is_no_sandbox_and_it_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST", "10.0.0.1")
    monkeypatch.setenv("METRICS_TOKEN", "not-to-be-printed-anywhere")
    code, said = run("check")
    assert code == 0
    assert "No chat is connected there." in said
    assert "METRICS_TOKEN" in said
    assert "not-to-be-printed" not in said


def test_one_is_told_as_one(run: Run) -> None:
    run("do", 'project "Data lake" cost 3k EUR')
    assert "The map holds 1 project or tool." in run("check")[1]
    said = run("export", "map.yaml")[1]
    assert "1 project or tool, 0 priorities, 0 capabilities, 0 numbers, 0 decisions" in said


def test_the_records_head_is_told(run: Run) -> None:
    run("do", 'project "Data lake" cost 3k EUR')
    assert "The newest on record is record 1 · " in run("check")[1]


def test_what_everybody_can_read_gets_a_remedy(run: Run, tmp_path: Path) -> None:
    secrets = tmp_path / ".env"
    secrets.write_text("ORGANISATION=Acme\n")
    secrets.chmod(0o644)
    code, said = run("check")
    assert code == 0
    assert "Everybody on this machine can read .env." in said
    assert "→ chmod 600 .env" in said


def test_where_nothing_can_be_saved_the_exit_code_says_so(run: Run, address: str) -> None:
    database = Database(address)
    run("check")
    with database.writer.begin() as connection:
        connection.execute(text("DROP TABLE heartbeats"))
    try:
        code, said = run("check")
    finally:
        with database.writer.begin() as connection:
            connection.execute(
                text(
                    "CREATE TABLE heartbeats (organisation_id integer PRIMARY KEY "
                    "REFERENCES organisations (id), at timestamp with time zone NOT NULL, "
                    "room varchar NOT NULL)"
                )
            )
        database.close()
    assert code == 1
    assert "wrong    Nothing can be saved" in said
