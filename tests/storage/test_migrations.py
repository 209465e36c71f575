"""The schema moves forward by itself, once, whoever starts."""

import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

import storage
from storage import append_only, migrations, recorded
from storage.database import Database
from storage.migrations import TooNew, migrate
from storage.tables import Row

ROOT = Path(__file__).parents[2]
STARTS = """
import os, sys
from storage.database import Database
from storage.migrations import migrate

wait, go = os.pipe()
children = []
for _ in range(8):
    child = os.fork()
    if not child:
        os.close(go)
        os.read(wait, 1)  # until the gate is shut, for all at once
        database = Database(sys.argv[1])
        print(migrate(database), flush=True)
        database.close()
        os._exit(0)
    children.append(child)
os.close(go)
sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))
"""


@pytest.fixture
def moved(empty_address: str) -> Iterator[Database]:
    """A database just migrated, whose schema a test may change."""
    database = Database(empty_address)
    migrate(database)
    yield database
    database.close()


@pytest.fixture(autouse=True)
def _every_table_is_known() -> None:
    for module in pkgutil.walk_packages(storage.__path__, "storage."):
        if "versions" not in module.name:
            import_module(module.name)


def _tables(database: Database) -> set[str]:
    with database.reader.connect() as connection:
        return set(inspect(connection).get_table_names())


def test_an_empty_database_gets_every_table(empty_address: str) -> None:
    database = Database(empty_address)
    assert _tables(database) == set()
    head = migrate(database)
    assert _tables(database) == {*Row.metadata.tables, "alembic_version"}
    with database.reader.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == head
    database.close()


def test_migrating_again_changes_nothing(database: Database) -> None:
    with database.writer.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO organisations (name, zone, currency, map_revision, is_demo, "
                "created_at) VALUES ('Acme', 'UTC', 'EUR', 3, false, '2026-11-23 09:00:00')"
            )
        )
    before = _tables(database)
    assert migrate(database) == migrate(database)
    assert _tables(database) == before
    with database.reader.connect() as connection:
        assert connection.scalar(text("SELECT map_revision FROM organisations")) == 3
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1


def test_what_the_first_schema_held_is_kept_and_completed(empty_address: str) -> None:
    database = Database(empty_address)
    with database.writer.begin() as connection:
        _move(connection, "0001")
        for statement in (
            "INSERT INTO organisations (id, name, zone, currency, map_revision, is_demo, "
            "created_at) VALUES (1, 'Acme', 'UTC', 'EUR', 0, false, '2026-11-23 09:00:00')",
            "INSERT INTO people (id, organisation_id, name, role, title, created_at) VALUES "
            "(1, 1, 'Operator', 'member', '', '2026-11-23 09:00:00'), "
            "(2, 1, 'Dana', 'member', '', '2026-11-23 09:00:00')",
            "INSERT INTO accounts (organisation_id, platform, tenant, external_id, person_id, "
            "name) VALUES (1, 'terminal', '', 'operator', 1, 'Operator'), "
            "(1, 'terminal', '', 'dana@acme.example', 2, 'Dana')",
        ):
            connection.execute(text(statement))
    migrate(database)
    with database.reader.connect() as connection:
        kept = connection.execute(text("SELECT name, is_operator, wants FROM people ORDER BY id"))
        assert [tuple(row) for row in kept] == [("Operator", True, "usual"),
                                                ("Dana", False, "usual")]  # fmt: skip
    with pytest.raises(Exception, match="ck_people_wants"), database.writer.begin() as connection:
        connection.execute(text("UPDATE people SET wants = 'hourly'"))
    database.close()


def test_who_has_part_in_older_decisions_is_found_in_their_events(empty_address: str) -> None:
    database = Database(empty_address)
    at = "2026-11-23 09:00:00"
    with database.writer.begin() as connection:
        _move(connection, "0004")
        connection.execute(
            text(
                "INSERT INTO organisations (id, name, zone, currency, map_revision, is_demo, "
                f"created_at) VALUES (1, 'Acme', 'UTC', 'EUR', 0, false, '{at}')"
            )
        )
        for id in range(1, 8):
            connection.execute(
                text(
                    "INSERT INTO people (id, organisation_id, name, role, title, created_at) "
                    f"VALUES ({id}, 1, 'P{id}', 'member', '', '{at}')"
                )
            )
        connection.execute(
            text(
                "INSERT INTO channels (id, organisation_id, platform, tenant, external_id, name, "
                "zone) VALUES (1, 1, 'chat', 'acme', 'board', 'Board', '')"
            )
        )
        for id in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO decisions (id, organisation_id, number, title, is_needed, by_id, "
                    f"channel_id, at, source, link) VALUES ({id}, 1, {id}, 'x', false, 1, 1, "
                    f"'{at}', '', '')"
                )
            )
        for id, (by, what, data) in enumerate(
            (
                (1, "owner", {"person": 2}),
                (2, "refused", {"why": ""}),
                (1, "owner", {"person": 3}),
                (1, "owner", {"person": 4}),
                (1, "asked", {"people": [5, 6]}),
                (1, "asked", {"people": [7]}),
                (1, "undone", {"event": 6}),
            ),
            start=1,
        ):
            connection.execute(
                text(
                    "INSERT INTO decision_events (id, organisation_id, decision_id, at, by_id, "
                    f"what, data) VALUES ({id}, 1, 1, '{at}', {by}, '{what}', :data)"
                ),
                {"data": json.dumps(data)},
            )
    migrate(database)
    with database.reader.connect() as connection:
        found = connection.execute(text("SELECT decision_id, person_id FROM decision_parties"))
        parties = {tuple(row) for row in found}
    database.close()
    assert parties == {(1, 1), (1, 2), (1, 4), (1, 5), (1, 6), (2, 1)}


def _script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return ScriptDirectory.from_config(config)


def _move(connection: Connection, revision: str) -> None:
    script = _script()
    with EnvironmentContext(Config(), script) as environment:
        environment.configure(
            connection=connection,
            fn=lambda current, _context: script._upgrade_revs(revision, current),
            transactional_ddl=False,
        )
        environment.run_migrations()


def test_the_migrated_schema_is_what_the_models_say(database: Database) -> None:
    with database.writer.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Row.metadata) == []


def test_the_comparison_would_see_a_difference(moved: Database) -> None:
    with moved.writer.begin() as connection:
        connection.execute(text("ALTER TABLE people ADD COLUMN hat VARCHAR"))
        connection.execute(text("DROP INDEX ix_events_organisation_id_at"))
        found = compare_metadata(MigrationContext.configure(connection), Row.metadata)
    assert {one[0] for one in found} == {"remove_column", "add_index"}


def test_constraints_are_what_the_models_say(empty_address: str) -> None:
    database = Database(empty_address)
    with database.writer.begin() as connection:
        Row.metadata.create_all(connection)
        by_models = {table: _constraints(connection, table) for table in Row.metadata.tables}
        Row.metadata.drop_all(connection)
    migrate(database)
    with database.writer.begin() as connection:
        by_migrations = {table: _constraints(connection, table) for table in Row.metadata.tables}
    database.close()
    assert by_migrations == by_models
    assert by_models["links"][0]


def test_tables_that_are_only_added_to_keep_their_triggers(empty_address: str) -> None:
    """From the revision that made them on, through every one that builds a table anew."""
    database = Database(empty_address)
    script = _script()
    revisions = [one.revision for one in reversed(list(script.walk_revisions()))]
    for revision in revisions[revisions.index("0009") :]:
        migrate(database, revision)
        with database.reader.connect() as connection:
            assert _triggers(connection) == {
                f"{table}_no_{what}"
                for table in append_only.TABLES
                for what in ("update", "delete" if database.is_sqlite else "truncate")
            }
    database.close()


def _triggers(connection: Connection) -> set[str]:
    is_sqlite = connection.dialect.name == "sqlite"
    kept = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    )
    return set(connection.scalars(text(kept)))


def test_what_was_decided_before_there_was_a_record_is_recorded(empty_address: str) -> None:
    database = Database(empty_address)
    with database.writer.begin() as connection:
        _move(connection, "0004")
        for statement in (
            "INSERT INTO organisations (id, name, zone, currency, map_revision, is_demo, "
            "created_at) VALUES (1, 'Acme', 'UTC', 'EUR', 0, false, '2026-11-23 09:00:00')",
            "INSERT INTO people (id, organisation_id, name, role, title, created_at) VALUES "
            "(1, 1, 'Dana', 'member', '', '2026-11-23 09:00:00')",
            "INSERT INTO channels (id, organisation_id, platform, tenant, external_id, name, zone)"
            " VALUES (1, 1, 'chat', '', 'general', 'general', '')",
            "INSERT INTO decisions (id, organisation_id, number, title, is_needed, by_id, "
            "channel_id, at, source, link) VALUES (7, 1, 1, 'Buy the CRM – \"now\"', false, 1, 1, "
            "'2026-11-23 09:00:00.25', '', '')",
            "INSERT INTO decision_events (id, organisation_id, decision_id, at, by_id, what, data)"
            " VALUES (3, 1, 7, '2026-11-23 09:01:00', 1, 'owner', '{\"person\": 1}')",
            "INSERT INTO events (id, organisation_id, at, by_id, noun, thing_id, name, what, "
            "before, after, source) VALUES (1, 1, '2026-11-23 08:00:00', 1, 'person', 1, 'Dana', "
            "'changed', '{\"side\": null}', '{\"side\": \"it\"}', '')",
        ):
            connection.exec_driver_sql(statement)
    migrate(database)
    (found,) = recorded.verify(database)
    assert found.faults == ()
    assert found.head
    assert found.head.number == 3
    with database.reader.connect() as connection:
        covered = connection.execute(text("SELECT noun, row_id FROM records ORDER BY number"))
        assert [tuple(row) for row in covered] == [
            ("events", 1), ("decisions", 7), ("decision_events", 3)
        ]  # fmt: skip
        assert connection.scalar(text("SELECT name FROM events")) == ""
    database.close()


def _constraints(connection: Connection, table: str) -> list[Any]:
    looked = inspect(connection)
    return [
        sorted((one["name"], one["sqltext"]) for one in looked.get_check_constraints(table)),
        sorted((one["name"], one["column_names"]) for one in looked.get_unique_constraints(table)),
        sorted(
            (one["name"], one["constrained_columns"], one["referred_table"], str(one["options"]))
            for one in looked.get_foreign_keys(table)
        ),
        looked.get_pk_constraint(table)["name"],
    ]


def test_eight_processes_starting_at_once_migrate_once(empty_address: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", STARTS, empty_address],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    said = ran.stdout.split()
    assert len(said) == 8
    assert len(set(said)) == 1
    database = Database(empty_address)
    assert _tables(database) == {*Row.metadata.tables, "alembic_version"}
    with database.reader.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1
    database.close()


def test_a_newer_database_is_refused_in_words_and_left_alone(moved: Database) -> None:
    with moved.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(TooNew, match="written by a newer Throughline") as told:
        migrate(moved)
    assert "9999" in str(told.value)
    assert "restore a backup" in str(told.value)
    with moved.reader.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_a_migration_that_fails_leaves_nothing(empty_address: str) -> None:
    database = Database(empty_address)
    with database.writer.begin() as connection:  # in the way of one of the last tables
        connection.execute(text("CREATE TABLE readings (id INTEGER)"))
    with pytest.raises(Exception, match="readings"):
        migrate(database)
    assert _tables(database) == {"readings"}
    database.close()
