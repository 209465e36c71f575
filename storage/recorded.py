"""What the record covers, and what is wrong with it, for every organisation in the database."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from storage import chain, organisations
from storage.chain import Fault, Head
from storage.database import Session
from storage.decisions import Decision, DecisionEvent
from storage.events import Event
from storage.organisations import Organisation

TABLES = (Decision, DecisionEvent, Event)


@dataclass(frozen=True, slots=True)
class Record:
    """An organisation's record as it stands."""

    company: str
    head: Head | None
    faults: tuple[Fault, ...]


class Reading(Protocol):
    """A database, or one moment of it."""

    def reading(self, organisation_id: int | None = None) -> AbstractContextManager[Session]: ...


def verify(database: Reading, printed: Iterable[tuple[int, str]] = ()) -> Iterator[Record]:
    """Read all of it, one organisation after the other. `printed` as in `chain.faults`."""
    heads = tuple(printed)
    with database.reading() as session:
        ids = organisations.ids(session)
    for id in ids:
        with database.reading(id) as session:
            company = session.get_one(Organisation, id).name
            faults = tuple(chain.faults(session, TABLES, heads))
            yield Record(company, chain.head(session), faults)
