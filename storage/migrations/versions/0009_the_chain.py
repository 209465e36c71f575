"""The record: what was decided and changed is chained, and the database refuses to alter it."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from storage import append_only
from storage.chain import digest

revision = "0009"
down_revision = "0008"

RECORDED = ("decisions", "decision_events", "events")


def upgrade() -> None:
    op.create_table(
        "records",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_records_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "number", name=op.f("pk_records")),
    )
    op.create_table(
        "record_heads",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_record_heads_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_record_heads")),
    )
    op.add_column(
        "organisations", sa.Column("map_began_at", sa.DateTime(timezone=True), nullable=True)
    )
    # a person's name is kept where it can be erased, and nowhere else
    op.execute("UPDATE events SET name = '' WHERE noun = 'person'")
    _record_what_is_there()
    for table in append_only.TABLES:
        append_only.guard(table)


def _record_what_is_there() -> None:
    connection = op.get_bind()
    metadata = sa.MetaData()
    records = sa.Table("records", metadata, autoload_with=connection)
    heads = sa.Table("record_heads", metadata, autoload_with=connection)
    found = []
    for name in RECORDED:
        table = sa.Table(name, metadata, autoload_with=connection)
        rows = connection.execute(_typed(table)).mappings()
        found += [(row["at"], RECORDED.index(name), row["id"], name, dict(row)) for row in rows]
    found.sort(key=lambda one: one[:3])
    newest: dict[int, dict[str, object]] = {}
    for at, _, row_id, noun, row in found:
        whose = row["organisation_id"]
        head = newest.get(whose, {"number": 0, "hash": ""})
        entry = {
            "organisation_id": whose,
            "number": int(str(head["number"])) + 1,
            "hash": digest(str(head["hash"]), noun, row),
        }
        connection.execute(records.insert().values(noun=noun, row_id=row_id, **entry))
        newest[whose] = entry | {"at": at}
    if newest:
        connection.execute(heads.insert(), list(newest.values()))


def _typed(table: sa.Table) -> sa.Select[*tuple[object, ...]]:
    """All columns, as the program reads them: SQLite keeps moments and lists as text."""
    kinds: dict[str, Any] = {
        "at": UTCDateTime(), "is_needed": sa.Boolean(),
        "data": sa.JSON(), "before": sa.JSON(), "after": sa.JSON(),
    }  # fmt: skip
    return sa.select(
        *(
            sa.type_coerce(column, kinds[column.name]).label(column.name)
            if column.name in kinds
            else column
            for column in table.columns
        )
    )
