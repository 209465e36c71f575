"""A tenant lets us in, gives us other tokens, and lets us in no more."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from storage import installations, outbox
from storage.channels import Channel
from storage.installations import Installation, Installed
from storage.memberships import Membership
from storage.outbox import Message
from storage.people import Account
from storage.sealing import Sealing


def keep(session: Session, told: Installed, sealing: Sealing | None, at: datetime) -> Installation:
    """Connect this tenant, or connect it again. Without a `sealing` it must have no token."""
    if told.token and sealing is None:
        raise ValueError("a token is kept only where it can be encrypted")
    found = installations.one(session, told.platform, told.tenant)
    if found is None:
        found = Installation(platform=told.platform, tenant=told.tenant, installed_at=at)
        session.add(found)
    was_gone = found.gone_at is not None
    found.name, found.enterprise_id = told.name or found.name, told.enterprise_id
    found.is_org_wide, found.bot_id, found.app_id = told.is_org_wide, told.bot_id, told.app_id
    found.scopes, found.installed_by = told.scopes, told.installed_by or found.installed_by
    found.installed_at, found.gone_at, found.why_gone = at, None, ""
    found.token = sealing.seal(told.token) if sealing else ""
    found.refresh_token = sealing.seal(told.refresh_token) if sealing else ""
    found.expires_at, found.renewing_until = told.expires_at, None
    found.version += 1
    session.flush()
    if was_gone:
        _say_again(session, found, at)
    return found


def gone(session: Session, platform: str, tenant: str, why: str, at: datetime) -> int:
    """It lets us in no more: forget its tokens, and say nothing there. However often it is told.

    Gives how many messages will not be said. Each is told to whoever caused it.
    """
    found = installations.one(session, platform, tenant)
    if found is None:
        return 0
    found.token, found.refresh_token, found.expires_at = "", "", None
    found.renewing_until, found.version = None, found.version + 1
    if found.gone_at is None:
        found.gone_at, found.why_gone = at, why
    session.flush()
    return _say_no_more(session, found, at)


def leave(session: Session, platform: str, tenant: str, why: str, at: datetime) -> None:
    """It goes to another organisation: what was said there stays with this one, put aside.

    Its places and accounts get another tenant's name, so that they stand in nobody's way.
    """
    gone(session, platform, tenant, why, at)
    found = installations.one(session, platform, tenant)
    if found is None:
        return
    aside = f"{tenant}/{found.id}.{found.version}"
    for table in (Channel, Account):
        here = col(table.platform) == platform, col(table.tenant) == tenant
        session.execute(update(table).where(*here).values(tenant=aside))
    members = col(Membership.tenant) == tenant
    session.execute(update(Membership).where(members).values(tenant=aside))
    rooms = update(Channel).where(col(Channel.tenant) == aside)
    session.execute(rooms.values(room_id=None))
    session.delete(found)
    session.flush()
    session.expire_all()


def _say_no_more(session: Session, found: Installation, at: datetime) -> int:
    """What is being sent now comes to its end by itself: its sender is told the same."""
    waiting = (
        update(Message)
        .where(_is_there(found), col(Message.state).in_(("pending", "unknown", "held")))
        .values(state="failed", why=found.why_gone, lease_until=None)
        .returning(col(Message.id), col(Message.is_notice), col(Message.caused_by_id))
        .execution_options(synchronize_session=False)
    )
    silenced = session.execute(waiting).all()
    for id, is_notice, caused_by_id in silenced:
        if not is_notice:
            outbox.told(session, id, "failed", caused_by_id, at)
    return len(silenced)


def _say_again(session: Session, found: Installation, at: datetime) -> None:
    """What stands there is brought up to date; what was not said then is not said now."""
    stands = col(Message.message_id) != "", col(Message.wanted) > col(Message.said)
    session.execute(
        update(Message)
        .where(_is_there(found), col(Message.state) == "failed", *stands)
        .values(state="pending", why="", due_at=at, again_at=at)
        .execution_options(synchronize_session=False)
    )


def _is_there(found: Installation) -> Any:
    here = Channel.platform == found.platform, Channel.tenant == found.tenant
    return col(Message.channel_id).in_(select(Channel.id).where(*here))


def renew(
    session: Session, platform: str, tenant: str, ends: datetime, now: datetime, lease: timedelta
) -> Installation | None:
    """Let one process fetch the next token, if this one ends until then: nothing for whoever comes
    while another does, or after it has."""
    claimed = (
        update(Installation)
        .where(
            col(Installation.platform) == platform,
            col(Installation.tenant) == tenant,
            col(Installation.refresh_token) != "",
            col(Installation.expires_at) <= ends,
            or_(
                col(Installation.renewing_until).is_(None), col(Installation.renewing_until) <= now
            ),
        )
        .values(renewing_until=now + lease)
        .returning(col(Installation.id))
        .execution_options(synchronize_session=False)
    )
    is_ours = session.execute(claimed).first() is not None
    return installations.one(session, platform, tenant) if is_ours else None


def renewed(
    session: Session, id: int, version: int, token: str, refresh_token: str, expires_at: datetime
) -> bool:
    """Keep the next tokens, sealed. False where the tenant has gone, or got others, since."""
    kept = (
        update(Installation)
        .where(col(Installation.id) == id, col(Installation.version) == version)
        .values(
            token=token,
            refresh_token=refresh_token,
            expires_at=expires_at,
            version=version + 1,
            renewing_until=None,
        )
        .returning(col(Installation.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(kept).first() is not None
