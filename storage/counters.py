"""The numbers people see, like D-7: one row per organisation and noun, taken under its lock."""

from sqlalchemy import UniqueConstraint
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
    counter = session.exec(select(Counter).where(Counter.noun == noun)).first()
    if counter is None:
        session.add(Counter(noun=noun, last=1))
        session.flush()
        return 1
    number = counter.last + 1
    session.exec(update(Counter).where(col(Counter.noun) == noun).values(last=number))
    return number


def keep_clear_of(session: Session, noun: str, number: int) -> None:
    """A number that came from elsewhere is not given again."""
    counter = session.exec(select(Counter).where(Counter.noun == noun)).first()
    if counter is None:
        session.add(Counter(noun=noun, last=number))
        session.flush()
    elif counter.last < number:
        session.exec(update(Counter).where(col(Counter.noun) == noun).values(last=number))
