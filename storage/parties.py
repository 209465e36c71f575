"""Who has part in a decision: who logged it, owns it, or was asked; they may read it anywhere."""

from collections.abc import Collection

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Session, select

from storage.tables import Ours, points_at


class Party(Ours, table=True):
    """One of them, under the id that they had then; made anew from the decision's events."""

    __tablename__ = "decision_parties"
    __table_args__ = (
        points_at("decisions", "decision_id"),
        points_at("people", "person_id"),
        UniqueConstraint("organisation_id", "decision_id", "person_id"),
        Index(None, "organisation_id", "person_id"),
    )

    id: int = Field(default=None, primary_key=True)
    decision_id: int
    person_id: int


def keep(session: Session, decision_id: int, person_ids: Collection[int]) -> None:
    """From now on these have part in it, and nobody else."""
    kept = session.exec(select(Party).where(Party.decision_id == decision_id)).all()
    for party in kept:
        if party.person_id not in person_ids:
            session.delete(party)
    for person_id in set(person_ids) - {party.person_id for party in kept}:
        session.add(Party(decision_id=decision_id, person_id=person_id))
    session.flush()
