"""The numbers people see, like D-7: one row per organisation and noun, taken under its lock."""

from functools import cache

from sqlalchemy import Insert, UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, col, select, update

from storage.tables import Ours


class Counter(Ours, table=True):
    """How many of a noun there have been."""

    __tablename__ = "counters"
    __table_args__ = (UniqueConstraint("organisation_id", "noun"),)

    id: int = Field(default=None, primary_key=True)
    noun: str
    last: int


def next_of(session: Session, noun: str) -> int:
    """The next number of a noun. Writers of one organisation go one after the other."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    first = {"organisation_id": session.info["organisation_id"], "noun": noun, "last": 1}
    return int(session.connection().execute(_counted(is_sqlite), first).scalar_one())


@cache
def _counted(is_sqlite: bool) -> Insert:
    at = Counter.__table__  # type: ignore[attr-defined]
    counting = sqlite.insert(at) if is_sqlite else postgresql.insert(at)
    return counting.on_conflict_do_update(
        index_elements=("organisation_id", "noun"), set_={"last": at.c.last + 1}
    ).returning(at.c.last)


def keep_clear_of(session: Session, noun: str, number: int) -> None:
    """A number that came from elsewhere is not given again."""
    counter = session.exec(select(Counter).where(Counter.noun == noun)).first()
    if counter is None:
        session.add(Counter(noun=noun, last=number))
        session.flush()
    elif counter.last < number:
        session.exec(update(Counter).where(col(Counter.noun) == noun).values(last=number))
