"""Who has part in a decision: who logged it, owns it, or was asked; they may read it anywhere."""

from collections.abc import Set

from sqlalchemy import Index, Table, UniqueConstraint, bindparam, delete
from sqlmodel import Field, Session

from storage.tables import WHOSE, Ours, insert_all_new, points_at, run


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


_PARTIES: Table = Party.__table__  # type: ignore[attr-defined]
_LEAVES = delete(_PARTIES).where(
    _PARTIES.c.organisation_id == WHOSE,
    _PARTIES.c.decision_id == bindparam("decision"),
    _PARTIES.c.person_id == bindparam("person"),
)


def change(session: Session, decision_id: int, before: Set[int], now: Set[int]) -> None:
    """From now on these have part in it, and nobody else; `before` did until now."""
    for person_id in before - now:
        run(session, _LEAVES, decision=decision_id, person=person_id)
    ours = {"organisation_id": session.info["organisation_id"], "decision_id": decision_id}
    new = [{**ours, "person_id": person_id} for person_id in sorted(now - before)]
    insert_all_new(session, Party, new)
