"""Messages whose sender fell silent or whose answer was lost: what became of them."""

from datetime import datetime

from sqlalchemy import and_, or_, update
from sqlmodel import col, select

from storage import budget, outbox
from storage.channels import Channel
from storage.database import Session
from storage.outbox import Message
from storage.sending import Claim, as_said, claimed_of


def expire(session: Session, now: datetime, look_at: datetime) -> int:
    """Take back what nobody answered for until its lease ended. Says how many.

    A first post may have been said: it is looked for. Anything else may simply be said again.
    The fence stays, so that a late result still counts as long as nobody has acted since.
    """
    is_over = and_(col(Message.state) == "sending", col(Message.lease_until) <= now)
    is_harmless = or_(
        col(Message.message_id) != "", col(Message.is_notice), col(Message.channel_id).is_(None)
    )
    harmless = {"state": "pending", "again_at": now}
    unsure = {"state": "unknown", "again_at": look_at, "looks": 0}
    count = 0
    for which, values in ((is_harmless, harmless), (~is_harmless, unsure)):
        over = (
            update(Message)
            .where(is_over, which)
            .values(why="its sender fell silent", lease_until=None, **values)
            .execution_options(synchronize_session=False)
        )
        count += session.execute(over).rowcount  # type: ignore[attr-defined]
    return count


def unknown(session: Session, now: datetime, most: int) -> list[Claim]:
    """What has settled and may be looked for now."""
    settled = (
        select(Message, Channel)
        .join(Channel, col(Message.channel_id) == col(Channel.id))
        .where(Message.state == "unknown", col(Message.again_at) <= now)
        .order_by(col(Message.again_at))
        .limit(most)
    )
    return [claimed_of(session, message, channel) for message, channel in session.exec(settled)]


def found(session: Session, looked: Claim, message_id: str, now: datetime) -> bool:
    """It is there: what was frozen last is what it says."""
    done = _after_look(session, looked, **as_said(Message.frozen, message_id, now))
    if done and looked.person_id:
        budget.said(session, looked.id, now)
    return done


def missed(session: Session, looked: Claim, looks: int, now: datetime, look_at: datetime) -> bool:
    """It is not there. After so many `looks` it is said again; else it is looked for once more.

    How many there were is written as the looker knew it: two who look at once are one look.
    """
    if looked.looks + 1 >= looks:
        return _after_look(session, looked, state="pending", looks=0, again_at=now)
    return _after_look(session, looked, looks=looked.looks + 1, again_at=look_at)


def unseen(session: Session, looked: Claim, look_at: datetime) -> bool:
    """Nobody could look just now."""
    return _after_look(session, looked, again_at=look_at)


def hold(session: Session, looked: Claim, why: str, now: datetime) -> bool:
    """Nobody of us may look: a person is asked, by a message written in the same transaction."""
    if looked.is_notice:
        return _after_look(session, looked, state="pending", again_at=now)
    done = _after_look(session, looked, state="held", why=why)
    if done:
        outbox.told(session, looked.id, "held", looked.caused_by_id, now)
    return done


def _after_look(session: Session, looked: Claim, **values: object) -> bool:
    """Nothing counts that somebody overtook."""
    written = (
        update(Message)
        .where(
            col(Message.id) == looked.id,
            col(Message.fence) == looked.fence,
            col(Message.state) == "unknown",
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(session.execute(written).rowcount)  # type: ignore[attr-defined]
