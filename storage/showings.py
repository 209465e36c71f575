"""What else a message shows than what it is about: when that changes, it is refreshed as well."""

from collections.abc import Collection, Iterable

from sqlalchemy import Index
from sqlmodel import Field, Session, col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.tables import Ours

AT_ONCE = 500  # keys in one question


class Showing(Ours, table=True):
    """The message under `message` shows what stands under `shows`, like "decision/7"."""

    __tablename__ = "showings"
    __table_args__ = (
        Index(None, "organisation_id", "shows"),
        Index(None, "organisation_id", "message"),
    )

    id: int = Field(default=None, primary_key=True)
    message: str
    shows: str


def keep(session: Session, message: str, shows: Iterable[str]) -> None:
    """From now on this message shows these."""
    session.execute(delete(Showing).where(col(Showing.message) == message))
    session.add_all(Showing(message=message, shows=one) for one in dict.fromkeys(shows))
    session.flush()


def messages(key: str) -> SelectOfScalar[str]:
    """The messages that show this."""
    return select(Showing.message).where(Showing.shows == key)


def of_any(session: Session, keys: Collection[str]) -> list[str]:
    """The messages that show any of these, each once."""
    wanted, found = sorted(keys), set[str]()
    for at in range(0, len(wanted), AT_ONCE):
        some = wanted[at : at + AT_ONCE]
        found |= set(session.exec(select(Showing.message).where(col(Showing.shows).in_(some))))
    return sorted(found)
