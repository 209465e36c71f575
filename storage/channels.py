"""One place on one platform where things are said."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, select

from storage.tables import Ours, known_by_id


class Channel(Ours, table=True):
    """A channel, a chat, a direct conversation, a pane or a terminal."""

    __tablename__ = "channels"
    __table_args__ = (
        known_by_id(),
        UniqueConstraint("platform", "tenant", "external_id"),
    )

    id: int = Field(default=None, primary_key=True)
    platform: str
    tenant: str
    external_id: str
    name: str = ""


def known(session: Session, platform: str, tenant: str, external_id: str) -> Channel | None:
    """The channel, if something was kept of it before."""
    return session.exec(
        select(Channel).where(
            Channel.platform == platform,
            Channel.tenant == tenant,
            Channel.external_id == external_id,
        )
    ).first()


def place(session: Session, platform: str, tenant: str, external_id: str, name: str) -> Channel:
    """The channel, made where it is new."""
    channel = known(session, platform, tenant, external_id)
    if channel is None:
        channel = Channel(platform=platform, tenant=tenant, external_id=external_id, name=name)
        session.add(channel)
        session.flush()
    return channel
