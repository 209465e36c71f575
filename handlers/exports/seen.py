"""What somebody may take out of here: the map, and the decisions that are open to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from storage import rooms
from storage.channels import Channel
from storage.database import Session
from storage.decisions import Decision, DecisionState
from storage.people import Person


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
    """What this person may take; the operator takes what the whole company may see.

    This is the one place where an export asks what is private.
    """
    wanted = (
        select(Decision.id, Decision.by_id, Decision.channel_id, DecisionState.is_shared)
        .join(DecisionState, col(DecisionState.decision_id) == col(Decision.id))
        .where(DecisionState.organisation_id == Decision.organisation_id)
        .order_by(col(Decision.number))
    )
    if since is not None:
        wanted = wanted.where(col(Decision.at) >= since)
    public = _public(session)
    found = session.exec(wanted).all()
    ids = [
        id
        for id, by_id, channel_id, is_shared in found
        if is_shared or channel_id in public or (by_id == person.id and not person.is_operator)
    ]
    return Seen(ids, len(found) - len(ids), person.is_operator)


def _public(session: Session) -> set[int]:
    """The channels where everybody may read; a room is as private as its strictest part."""
    channels = session.exec(select(Channel)).all()
    private = {
        room_id
        for room_id in {one.room_id for one in channels if one.room_id}
        if rooms.is_private(session, room_id)
    }
    return {
        one.id
        for one in channels
        if (one.room_id not in private if one.room_id else one.is_private is False)
    }
