"""What becomes of a message: who sends it now, what it says, and how that went.

Every write after a claim carries the claim's fence: who was frozen for longer than its lease
finds the row with another fence, and changes nothing.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import and_, case, or_, update
from sqlmodel import col, select

from storage import budget, installations, lanes, outbox
from storage.channels import Channel
from storage.database import Session
from storage.lanes import Lane
from storage.outbox import Message
from storage.people import Account

LaneOf = Callable[[str, str, str, bool], tuple[str, float]]
Place = tuple[str, str, str, str]  # platform, tenant, the platform's own id, name


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that is this process's to send until its lease ends.

    `place` is empty for somebody whose direct conversation nobody has opened yet; then `accounts`
    says where they are. `card` is empty unless this revision was frozen before.
    """

    organisation_id: int
    id: str
    uid: str
    fence: int
    revision: int
    key: str
    under: str
    place: Place | None
    accounts: tuple[Place, ...]
    message_id: str
    card: str
    lane: str
    looks: int
    is_anew: bool
    is_notice: bool
    caused_by_id: int | None
    person_id: int | None
    created_at: datetime


def is_due(session: Session, now: datetime) -> bool:
    """Whether there may be something to claim."""
    due = select(Message.id).where(Message.state == "pending", col(Message.again_at) <= now)
    return session.exec(due.limit(1)).first() is not None


def claim(
    session: Session, now: datetime, lease: float, platforms: Collection[str], lane_of: LaneOf
) -> Claim | None:
    """Take the next message whose lane is free. The lease is in seconds."""
    due = (
        select(Message, Channel)
        .outerjoin(Channel, col(Message.channel_id) == col(Channel.id))
        .outerjoin(Lane, col(Message.lane) == col(Lane.name))
        .where(
            Message.state == "pending",
            col(Message.again_at) <= now,
            or_(col(Message.channel_id).is_(None), col(Channel.platform).in_(platforms)),
            or_(col(Lane.free_at).is_(None), col(Lane.free_at) <= now),
        )
        .order_by(col(Message.again_at), col(Message.created_at))
        .limit(1)
        .with_for_update(skip_locked=True, of=Message)
    )
    while found := session.exec(due).first():
        message, channel = found
        session.expunge(message)  # what is written of it names its organisation, below
        if budget.is_counted(message) and not budget.lets_pass(session, message, now):
            continue
        if channel and not _enters_lane(session, message, channel, now, lane_of):
            continue
        message.fence += 1
        until = now + timedelta(seconds=lease)
        _set(session, message, state="sending", fence=message.fence, lease_until=until)
        return claimed_of(session, message, channel)
    return None


def _enters_lane(
    session: Session, message: Message, channel: Channel, now: datetime, lane_of: LaneOf
) -> bool:
    name, every = lane_of(
        channel.platform, channel.tenant, channel.external_id, bool(message.message_id)
    )
    if message.lane != name:
        message.lane = name
        _set(session, message, lane=name)
    return lanes.take(session, name, now, every)


def _set(session: Session, message: Message, **values: object) -> None:
    session.execute(
        update(Message)
        .where(col(Message.id) == message.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def claimed_of(session: Session, message: Message, channel: Channel | None) -> Claim:
    return Claim(
        organisation_id=message.organisation_id,
        id=message.id,
        uid=str(uuid5(UUID(message.id), "anew")) if message.is_anew else message.id,
        fence=message.fence,
        revision=message.wanted,
        key=message.key,
        under=message.under,
        place=_place(channel),
        accounts=() if channel else _accounts(session, message.person_id),
        message_id=message.message_id,
        card=message.card if message.frozen == message.wanted else "",
        lane=message.lane,
        looks=message.looks,
        is_anew=message.is_anew,
        is_notice=message.is_notice,
        caused_by_id=message.caused_by_id,
        person_id=message.person_id,
        created_at=message.created_at,
    )


def _place(channel: Channel | None) -> Place | None:
    if channel is None:
        return None
    return channel.platform, channel.tenant, channel.external_id, channel.name


def _accounts(session: Session, person_id: int | None) -> tuple[Place, ...]:
    there = col(Account.platform), col(Account.tenant)
    is_shut = or_(installations.is_gone(*there), installations.is_foreign(*there))
    is_theirs = Account.person_id == person_id, col(Account.closed_at).is_(None)
    of_them = select(Account).where(*is_theirs, ~is_shut).order_by(col(Account.id))
    return tuple((a.platform, a.tenant, a.external_id, a.name) for a in session.exec(of_them))


def freeze(session: Session, claimed: Claim, card: str) -> bool:
    """Keep what this revision says, before it is said. False where the claim was lost."""
    return _write(session, claimed, card=card, frozen=claimed.revision)


def place(session: Session, claimed: Claim, channel_id: int) -> bool:
    """Keep where somebody is spoken to alone."""
    return _write(session, claimed, channel_id=channel_id)


def sent(session: Session, claimed: Claim, message_id: str, now: datetime) -> bool:
    """It is said. If more is wanted by now, it is due again, as an edit."""
    done = _write(session, claimed, **as_said(claimed.revision, message_id, now))
    if done and claimed.person_id and not claimed.message_id:
        budget.said(session, claimed.id, now)
    return done


def as_said(revision: object, message_id: str, now: datetime) -> dict[str, object]:
    is_behind = col(Message.wanted) > revision
    return {
        "state": case((is_behind, "pending"), else_="sent"),
        "said": revision,
        "message_id": message_id,
        "sent_at": now,
        "due_at": case((is_behind, now), else_=Message.due_at),
        "again_at": now,
        "lane": "",
        "looks": 0,
        "why": "",
        "lease_until": None,
    }


def again(session: Session, claimed: Claim, at: datetime, why: str) -> bool:
    """It was surely not said, or saying it twice is harmless: try it from then on."""
    return _write(session, claimed, state="pending", again_at=at, why=why, lease_until=None)


def lost(session: Session, claimed: Claim, look_at: datetime, why: str) -> bool:
    """The answer to a first post was lost. Nobody posts it again before somebody has looked."""
    unknown = {"state": "unknown", "again_at": look_at, "looks": 0}
    return _write(session, claimed, why=why, lease_until=None, **unknown)


def gone(session: Session, claimed: Claim, now: datetime) -> bool:
    """The message to be edited is not there any more: it is posted anew, once."""
    if claimed.is_anew:
        return failed(session, claimed, "It was deleted twice.", now)
    return _write(
        session,
        claimed,
        state="pending",
        message_id="",
        is_anew=True,
        said=0,
        lane="",
        again_at=now,
        why="it was deleted",
        lease_until=None,
    )


def failed(session: Session, claimed: Claim, why: str, now: datetime) -> bool:
    """It will never be said, and somebody is told so in the same transaction."""
    done = _write(session, claimed, state="failed", why=why, lease_until=None)
    if done and not claimed.is_notice:
        outbox.told(session, claimed.id, "failed", claimed.caused_by_id, now)
    return done


def _write(session: Session, claimed: Claim, **values: object) -> bool:
    written = (
        update(Message)
        .where(and_(col(Message.id) == claimed.id, col(Message.fence) == claimed.fence))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(session.execute(written).rowcount)  # type: ignore[attr-defined]
