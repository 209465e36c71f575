"""Every earlier schema, with something in every table, moves to the newest and loses nothing."""

import re
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, Connection, Date, DateTime, Float, Integer, inspect, text
from sqlalchemy.schema import MetaData, Table

from storage import migrations, recorded
from storage.database import Database
from storage.migrations import migrate
from storage.tables import Row

RECORDED = "0009"  # since then there is a record of what was decided
AT = datetime(2026, 11, 23, 9)
CHOICES = re.compile(
    r"(\w+)\W*\s+IN\s+\(([^)]*)\)|(\w+)\W*(?:::\w+\W*)*\s*=\s*ANY\s*\(\W*ARRAY\[([^\]]*)"
)


def revisions() -> list[str]:
    """All but the newest, oldest first."""
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0])
    walked = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]
    return walked[:0:-1]


@pytest.mark.parametrize("revision", revisions())
def test_what_an_earlier_schema_held_is_there_after_all_later_ones(
    empty_address: str, revision: str
) -> None:
    with closing(Database(empty_address)) as database:
        migrate(database, revision)
        with database.writer.begin() as connection:
            held = _fill(connection)
        assert min(held.values()) == 2
        migrate(database)
        with database.writer.connect() as connection:
            for table, count in held.items():
                assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == count, table
            assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
            if database.is_sqlite:
                assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        if revision < RECORDED:  # later ones held a record already, which cannot be made up
            assert [record.faults for record in recorded.verify(database)] == [(), ()]


def _fill(connection: Connection) -> dict[str, int]:
    """Two rows in every table; those that others point at come first."""
    metadata = MetaData()
    metadata.reflect(connection)
    held = {}
    for table in metadata.sorted_tables:
        if table.name == "alembic_version":
            continue
        choices = _choices(connection, table)
        for number in (1, 2):
            connection.execute(table.insert().values(_row(table, number, choices)))
        held[table.name] = 2
    return held


def _choices(connection: Connection, table: Table) -> dict[str, str]:
    """For columns that hold one of a few words: the first of them."""
    found = {}
    for check in inspect(connection).get_check_constraints(table.name):
        for one, words, other, more in CHOICES.findall(str(check["sqltext"])):
            found[one or other] = re.findall(r"'([^']*)'", words or more)[0]
    return found


def _row(table: Table, number: int, choices: dict[str, str]) -> dict[str, Any]:
    pointing = {
        column.name
        for key in table.foreign_key_constraints
        for column in key.columns
        if column.name != "organisation_id"
    }
    row: dict[str, Any] = {}
    for column in table.columns:
        name = column.name
        if name in ("id", "organisation_id") and isinstance(column.type, Integer):
            row[name] = 1 if name == "organisation_id" and not column.primary_key else number
        elif name in pointing:
            row[name] = number
        elif name in choices:
            row[name] = choices[name]
        elif not column.nullable:
            row[name] = _value(column.type, number)
    if special := SPECIAL.get(table.name):
        row |= special(number)
    return row


def _value(kind: Any, number: int) -> Any:
    match kind:
        case JSON():
            return {}
        case Boolean():
            return False
        case Integer() | Float():
            return number
        case DateTime():
            return AT
        case Date():
            return date(2026, 11, 23)
    return f"text {number}"


SPECIAL: dict[str, Callable[[int], dict[str, Any]]] = {  # what a rule over several columns wants
    "links": lambda number: {"metric_id": None, "capability_id": None, "initiative_id": number},
    "decision_events": lambda _number: {"data": {"person": 1}},
    "organisations": lambda _number: {"zone": "UTC"},
}
