"""What every table shares: it belongs to one organisation, and so does all it points at."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Executable,
    ForeignKeyConstraint,
    Insert,
    Integer,
    MetaData,
    Result,
    Table,
    UniqueConstraint,
    bindparam,
    column,
    insert,
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


WHOSE = bindparam("whose", type_=Integer)  # in a statement that is made once
SAYS_WHOSE = "says_whose"  # marks one, which needs no filter


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


R = TypeVar("R", bound=Ours)


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


def run(session: Session, statement: Executable, **values: Any) -> Result[Any]:
    """Run a statement that was made once, as a constant: to make it takes longer than to run it.

    Whose rows it is about it says itself, as `.where(Table.organisation_id == WHOSE)`.
    """
    values["whose"] = session.info["organisation_id"]
    return session.execute(statement, values, execution_options={SAYS_WHOSE: True})


def append(session: Session, row: R) -> R:
    """Write a row that is never edited, now; the session need not look after it any more."""
    session.flush()
    at = _table(type(row))
    row.organisation_id = session.info["organisation_id"]
    values = {name: value for name, value in row.__dict__.items() if name in at.c}
    if values["id"] is None:
        del values["id"]
    (row.id,) = session.connection().execute(_plain(at), values).inserted_primary_key or (None,)
    return row


def insert_new(session: Session, table: type[Row], **values: Any) -> bool:
    """Write this row unless it is there already. Says whether it is new."""
    found = session.connection().execute(_unless_there(session, table)[1], values)
    return found.first() is not None  # row counts vary by driver


def insert_all_new(session: Session, table: type[Row], rows: Sequence[dict[str, Any]]) -> None:
    """Write those of these rows that are not there already."""
    if rows:
        session.connection().execute(_unless_there(session, table)[0], rows)


def _unless_there(session: Session, table: type[Row]) -> tuple[Insert, Insert]:
    return _made_once(_table(table), session.get_bind().dialect.name == "sqlite")


@cache
def _made_once(at: Table, is_sqlite: bool) -> tuple[Insert, Insert]:
    """The insert, and the same that returns the key of a new row."""
    new = (sqlite.insert(at) if is_sqlite else postgresql.insert(at)).on_conflict_do_nothing()
    return new, new.returning(*at.primary_key)


def _table(of: type[Row]) -> Table:
    table: Table = of.__table__  # type: ignore[attr-defined]
    return table


@cache
def _plain(at: Table) -> Insert:
    return insert(at)
