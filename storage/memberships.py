"""Who is in which channel, as its platform last said: what was not heard lately is not believed.

Platforms tell it by events (somebody came, somebody left) and by a tick that lists a channel anew.
A list is some seconds old when it is written, so what was heard after it began is left as it is.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Index, UniqueConstraint, and_, func, or_
from sqlmodel import Field, Session, col, select

from storage.channels import Channel
from storage.tables import Ours, points_at

FRESH = timedelta(hours=1)
US = "us"  # the bot itself, which has another id in each tenant


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
        Membership.channel_id == channel_id, Membership.external_id != US
    )
    others = dict.fromkeys(session.exec(known).all(), False)
    _hear(session, channel_id, others | dict.fromkeys(members, True), at)


def is_out(session: Session, channel_id: int, member: Member) -> bool:
    """Whether somebody was heard to leave, and not to come back."""
    tenant, id = member
    here = Membership.channel_id == channel_id, Membership.tenant == tenant
    found = session.exec(select(Membership).where(*here, Membership.external_id == id)).first()
    return found is not None and not found.is_inside


def people_in(session: Session, channel_id: int) -> list[Membership] | None:
    """Everybody who is in there but us, however long ago it was heard; nothing if it never was."""
    of_channel = select(Membership).where(
        Membership.channel_id == channel_id, Membership.external_id != US
    )
    found = session.exec(of_channel.order_by(col(Membership.id))).all()
    return [one for one in found if one.is_inside] if found else None


def stale(session: Session, platform: str, tenant: str, before: datetime) -> list[Channel]:
    """The channels whose members matter, and were not listed since then; the oldest first.

    Who is in a channel decides who reads what was said in private, and whom a room reaches.
    """
    listed_at = func.min(Membership.heard_at)
    is_listed = and_(
        col(Membership.channel_id) == col(Channel.id),
        col(Membership.organisation_id) == col(Channel.organisation_id),
        col(Membership.is_inside),
        col(Membership.external_id) != US,
    )
    wanted = (
        select(Channel)
        .join(Membership, is_listed, isouter=True)
        .where(
            Channel.platform == platform,
            Channel.tenant == tenant,
            col(Channel.is_direct).is_(False),
            or_(col(Channel.is_private).is_not(False), col(Channel.room_id).is_not(None)),
        )
        .group_by(col(Channel.id))
        .having(or_(listed_at.is_(None), listed_at < before))
        .order_by(listed_at.nulls_first(), col(Channel.id))
    )
    return list(session.exec(wanted))


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
