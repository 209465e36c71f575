"""Tables that are only ever added to: the database itself refuses to change or drop their rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op
from alembic.operations import BatchOperations

TABLES = ("decisions", "decision_events", "events", "records")
_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% are only added to', TG_TABLE_NAME; END $$
"""


def guard(table: str) -> None:
    """Refuse every UPDATE and DELETE of this table from now on. For migrations."""
    if op.get_context().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} are only added to'); END"
            )
        return
    op.execute(_FUNCTION)
    for what in ("UPDATE OR DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{what.split()[0].lower()} BEFORE {what} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


@contextmanager
def rebuilt(table: str) -> Iterator[BatchOperations]:
    """Change a guarded table's columns or checks: SQLite builds it anew, without its triggers."""
    with op.batch_alter_table(table) as batch:
        yield batch
    if op.get_context().dialect.name == "sqlite":
        guard(table)
