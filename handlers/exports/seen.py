"""What somebody may take out of here: the map, and the decisions that are open to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from storage import decisions
from storage.database import Session
from storage.decisions import Decision
from storage.people import Person
from storage.readers import Reader


@dataclass(frozen=True, slots=True)
class Seen:
    """The decisions that leave with an export, by id in the order of their numbers.

    `left_out` counts those that stay because they are private. `is_whole`: it is the operator's,
    and says how often people want to be written to, so that it can be brought back.
    """

    ids: Sequence[int]
    left_out: int
    is_whole: bool = False


def exported(session: Session, person: Person, since: datetime | None = None) -> Seen:
    """What this person may take; the operator takes what the whole company may see."""
    wanted = select(Decision.id).order_by(col(Decision.number))
    if since is not None:
        wanted = wanted.where(col(Decision.at) >= since)
    reader = Reader() if person.is_operator else Reader(person=person)
    ids = session.exec(wanted.where(decisions.readable(session, reader))).all()
    count = len(session.exec(wanted).all())
    return Seen(ids, count - len(ids), person.is_operator)
