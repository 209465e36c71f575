"""What is in a database: is it ours, how much does it hold, and is its record whole."""

from dataclasses import dataclass

from sqlalchemy import inspect
from sqlmodel import col, func, select

from storage import recorded
from storage.backups.unusable import Unusable
from storage.database import Database
from storage.decisions import Decision
from storage.initiatives import Initiative
from storage.migrations import current
from storage.people import Person
from storage.priorities import Priority
from storage.recorded import Reading, Record

COUNTED = (
    ("decisions", Decision),
    ("projects and tools", Initiative),
    ("priorities", Priority),
    ("people", Person),
)
OURS = {"alembic_version", "organisations", "initiatives", "links"}  # since the first schema


@dataclass(frozen=True, slots=True)
class Contents:
    """How many of each noun there are, and the record of each organisation.

    Neither is known of a PostgreSQL database that is still at an older schema.
    """

    counts: tuple[tuple[str, int], ...]
    records: tuple[Record, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every record is."""
        return not any(record.faults for record in self.records)


def standing(database: Database) -> bool:
    """Whether something of ours stands here; not so where nothing does. Raises `TooNew`."""
    with database.reader.connect() as connection:
        tables = set(inspect(connection).get_table_names())
    if not tables:
        return False
    if not tables >= OURS:
        raise Unusable("Another program keeps its things in this database. Name one of its own.")
    current(database)
    return True


def holds_anything(database: Database) -> bool:
    """Whether more is kept than the company's name."""
    with database.reading() as session:
        return any(
            session.exec(select(col(table.id)).limit(1)).first() is not None
            for table in (Person, Initiative, Priority)
        )


def read(database: Reading) -> Contents:
    """Count it all, and follow the record from its beginning."""
    with database.reading() as session:
        counts = tuple(
            (noun, session.exec(select(func.count()).select_from(table)).one())
            for noun, table in COUNTED
        )
    return Contents(counts, tuple(recorded.verify(database)))
