"""Who is in which channel, as its platform last said: what was not heard lately is not believed.

Platforms tell it by events (somebody came, somebody left) and by a tick that lists a channel anew.
A list is some seconds old when it is written, so what was heard after it began is left as it is.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Session, select

from storage.tables import Ours, points_at

FRESH = timedelta(hours=1)


class Membership(Ours, table=True):
    """One account in one channel, or no longer in it, as was heard at `heard_at`.

    It names the account as the platform does, and no person: a member may be somebody whom nobody
    has met yet, and an account that goes to another person takes its memberships along.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        points_at("channels", "channel_id"),
        UniqueConstraint("organisation_id", "channel_id", "tenant", "external_id"),
        Index(None, "organisation_id", "external_id"),
    )

    id: int = Field(default=None, primary_key=True)
    channel_id: int
    tenant: str
    external_id: str
    is_inside: bool
    heard_at: datetime


Member = tuple[str, str]  # the account's tenant and the platform's own id of it


def enter(session: Session, channel_id: int, member: Member, at: datetime) -> None:
    """Somebody came in."""
    _hear(session, channel_id, {member: True}, at)


def leave(session: Session, channel_id: int, member: Member, at: datetime) -> None:
    """Somebody left: kept as such, so that an older list does not bring them back."""
    _hear(session, channel_id, {member: False}, at)


def replace(session: Session, channel_id: int, members: Collection[Member], at: datetime) -> None:
    """These were in the channel when its list was asked for, at `at`, and nobody else."""
    known = select(Membership.tenant, Membership.external_id).where(
        Membership.channel_id == channel_id
    )
    others = dict.fromkeys(session.exec(known).all(), False)
    _hear(session, channel_id, others | dict.fromkeys(members, True), at)


def _hear(session: Session, channel_id: int, told: dict[Member, bool], at: datetime) -> None:
    of_channel = session.exec(select(Membership).where(Membership.channel_id == channel_id))
    rows = {(row.tenant, row.external_id): row for row in of_channel}
    for member, is_inside in told.items():
        row = rows.get(member)
        if row is None:
            tenant, id = member
            row = Membership(
                channel_id=channel_id,
                tenant=tenant,
                external_id=id,
                is_inside=is_inside,
                heard_at=at,
            )
        elif row.heard_at <= at:
            row.is_inside, row.heard_at = is_inside, at
        session.add(row)
    session.flush()
