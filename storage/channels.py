"""One place on one platform where things are said."""

from typing import Protocol

from sqlalchemy import UniqueConstraint, bindparam, false, text, update
from sqlmodel import Field, Session, col, select

from storage.tables import WHOSE, Ours, insert_new, known_by_id, points_at, run


class Place(Protocol):
    """A channel, as a chat knows it."""

    @property
    def platform(self) -> str: ...
    @property
    def tenant(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def privacy(self) -> str: ...


class Channel(Ours, table=True):
    """A channel, a chat, a direct conversation, a pane or a terminal.

    `is_private` is empty until somebody has told us; a direct conversation, with one person alone,
    always is. Without a `zone` it keeps the company's.
    """

    __tablename__ = "channels"
    __table_args__ = (
        known_by_id(),
        UniqueConstraint("platform", "tenant", "external_id"),
        points_at("rooms", "room_id"),
    )

    id: int = Field(default=None, primary_key=True)
    platform: str
    tenant: str
    external_id: str
    name: str = ""
    room_id: int | None = None
    is_private: bool | None = None
    is_direct: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    zone: str = ""
    lens: str = Field(
        default="", sa_column_kwargs={"server_default": text("''")}
    )  # of digests there


_KNOWN = select(Channel).where(
    Channel.organisation_id == WHOSE,
    Channel.platform == bindparam("platform"),
    Channel.tenant == bindparam("tenant"),
    Channel.external_id == bindparam("external_id"),
)


def known(session: Session, platform: str, tenant: str, external_id: str) -> Channel | None:
    """The channel, if something was kept of it before."""
    places: dict[tuple[str, str, str], Channel] = session.info.setdefault("places", {})
    here = (platform, tenant, external_id)
    if here not in places:
        where = {"platform": platform, "tenant": tenant, "external_id": external_id}
        found: Channel | None = run(session, _KNOWN, **where).scalars().first()
        if found is None:
            return None
        places[here] = found
    return places[here]


def place(session: Session, platform: str, tenant: str, external_id: str, name: str) -> Channel:
    """The channel, made where it is new; of two who make it at once, one does."""
    where = {"platform": platform, "tenant": tenant, "external_id": external_id}
    channel = known(session, **where)
    if channel is None:
        organisation_id = session.info["organisation_id"]
        insert_new(session, Channel, organisation_id=organisation_id, name=name, zone="", **where)
        channel = known(session, **where)
    assert channel is not None, "another organisation's"
    return channel


def here(session: Session, at: Place) -> Channel:
    """The channel where something is said, with what its platform says of it."""
    channel = place(session, at.platform, at.tenant, at.id, at.name)
    if at.privacy:
        channel.is_private = at.privacy != "open"
        channel.is_direct = at.privacy == "direct"
        session.flush()
    return channel


def learn(session: Session, at: Place) -> None:
    """Keep how a channel is called and who reads there now; nothing of one that is new to us."""
    channel = known(session, at.platform, at.tenant, at.id)
    if channel is None:
        return
    channel.name = at.name or channel.name
    if at.privacy:
        channel.is_private = at.privacy != "open"
    session.flush()


def moved(session: Session, at: Place, external_id: str) -> None:
    """The platform calls it otherwise from now on.

    Where it was heard of under both ids, the older one is what the company remembers.
    """
    channel = known(session, at.platform, at.tenant, at.id)
    other = known(session, at.platform, at.tenant, external_id)
    if channel is None:
        return
    session.info["places"].clear()
    if other is not None:
        if other.id < channel.id:
            return  # it was told twice
        other.external_id = f"{at.id} moved"
        session.flush()
    channel.external_id = external_id
    session.flush()
    if other is not None:
        other.external_id, other.room_id = at.id, None
        session.flush()


def reads_as(session: Session, at: Place, lens: str) -> None:
    """Digests are read through this lens there, unless somebody chose one."""
    channel = here(session, at)
    channel.lens = channel.lens or lens
    session.flush()


def told_direct(session: Session, channel: Channel) -> None:
    """Keep that one person alone is spoken to there."""
    here = update(Channel).where(col(Channel.id) == channel.id)
    session.execute(here.values(is_private=True, is_direct=True))


def told_private(session: Session, channel: Channel, is_private: bool) -> None:
    """Keep who may read there, as its platform says."""
    here = update(Channel).where(col(Channel.id) == channel.id)
    session.execute(here.values(is_private=is_private))
