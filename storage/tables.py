"""What every table shares: it belongs to one organisation, and so does all it points at."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    column,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel

NAMES = {  # so that a migration can name what it changes, on either database
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """A row of any table."""

    metadata = MetaData(naming_convention=NAMES)


class Ours(Row):
    """A row of one organisation. The session fills `organisation_id` in and reads no other's."""

    organisation_id: int = Field(default=None, foreign_key="organisations.id", nullable=False)

    @classmethod
    def whose(cls) -> ColumnElement[int]:
        """The column that says it. This class, which is no table, only names it."""
        named: ColumnElement[int] = column("organisation_id", Integer)
        return getattr(cls, "organisation_id", named)


def known_by_id() -> UniqueConstraint:
    """Lets other tables point here together with the organisation."""
    return UniqueConstraint("organisation_id", "id")


def points_at(table: str, column: str) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the organisation."""
    return ForeignKeyConstraint(
        ["organisation_id", column], [f"{table}.organisation_id", f"{table}.id"]
    )


def one_of(column: str, *choices: str) -> str:
    """The condition of a check: `column` holds one of these."""
    return f"{column} IN ({', '.join(repr(choice) for choice in choices)})"


def insert_new(session: Session, table: type[Row], **values: Any) -> bool:
    """Write this row unless it is there already. Says whether it is new."""
    at: Table = table.__table__  # type: ignore[attr-defined]
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(at) if is_sqlite else postgresql.insert(at)
    new = insert.values(values).on_conflict_do_nothing().returning(*at.primary_key)
    return session.connection().execute(new).first() is not None  # row counts vary by driver
