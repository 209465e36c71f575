"""Which workspaces and tenants of which chat are connected, and to which organisation.

One row for each, also after it has gone, so that nobody else is taken for it. Tokens stand here
only encrypted (`storage.sealing`), and not at all once the chat has taken them back.
"""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    UniqueConstraint,
    and_,
    bindparam,
    false,
    or_,
)
from sqlmodel import Field, Session, col, select

from storage.organisations import Organisation
from storage.people import SIDES, Account, Person
from storage.tables import WHOSE, Ours, known_by_id, one_of, run


class Installed(Protocol):
    """What a chat tells of a tenant that lets us in; an empty token is kept elsewhere."""

    @property
    def platform(self) -> str: ...
    @property
    def tenant(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def enterprise_id(self) -> str: ...
    @property
    def is_org_wide(self) -> bool: ...
    @property
    def bot_id(self) -> str: ...
    @property
    def app_id(self) -> str: ...
    @property
    def scopes(self) -> str: ...
    @property
    def installed_by(self) -> str: ...
    @property
    def token(self) -> str: ...
    @property
    def refresh_token(self) -> str: ...
    @property
    def expires_at(self) -> datetime | None: ...


class NotConnected(Exception):  # noqa: N818  somebody speaks from where nobody let us in
    """This tenant belongs to no organisation here: nothing may be read or kept for it."""


class Installation(Ours, table=True):
    """One tenant: a workspace, a whole company's workspaces, or a Teams tenant.

    `bot_id` is who we are there, `scopes` what we were allowed, separated by commas. `version`
    counts its tokens, and `renewing_until` says that somebody fetches the next ones.
    """

    __tablename__ = "installations"
    __table_args__ = (
        known_by_id(),
        UniqueConstraint("platform", "tenant"),
        CheckConstraint(one_of("side", *SIDES), name="side"),
    )

    id: int = Field(default=None, primary_key=True)
    platform: str
    tenant: str
    enterprise_id: str = ""
    is_org_wide: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    name: str = ""
    side: str | None = None
    bot_id: str = ""
    app_id: str = ""
    scopes: str = ""
    installed_by: str = ""
    installed_at: datetime
    token: str = Field(default="", repr=False)
    refresh_token: str = Field(default="", repr=False)
    expires_at: datetime | None = None
    version: int = 0
    renewing_until: datetime | None = None
    gone_at: datetime | None = None
    why_gone: str = ""


# Whose it is: asked before there is a session of one organisation

_OF_SOMEBODY = select(Organisation.id).join(
    Installation, col(Installation.organisation_id) == col(Organisation.id)
)


def whose(session: Session, platform: str, tenant: str) -> int | None:
    """The organisation that this tenant belongs to, in a session of all."""
    here = Installation.platform == platform, Installation.tenant == tenant
    return session.exec(_OF_SOMEBODY.where(*here)).first()


def is_connected(session: Session, platform: str) -> bool:
    """Whether any tenant of this chat was ever connected, to whichever organisation."""
    return session.exec(_OF_SOMEBODY.where(Installation.platform == platform)).first() is not None


_HERE = and_(
    col(Installation.organisation_id) == col(Organisation.id),
    col(Installation.platform) == bindparam("platform"),
    col(Installation.tenant) == bindparam("tenant"),
)
_ANY = select(Installation.id).where(Installation.platform == bindparam("platform")).exists()
_THERE = (
    select(Organisation, Installation.side)
    .outerjoin(Installation, _HERE)
    .where(
        Organisation.id == WHOSE,
        or_(
            col(Installation.id).is_not(None),
            and_(col(Organisation.id) == bindparam("home"), ~_ANY),
        ),
    )
)


def standing(
    session: Session, platform: str, tenant: str, home: int
) -> tuple[Organisation, str] | None:
    """This session's organisation and the side people there take, if the tenant is still its own.

    What belongs to no installation at all, such as a terminal, belongs to the organisation `home`.
    """
    there = {"platform": platform, "tenant": tenant, "home": home}
    found: Any = run(session, _THERE, **there).one_or_none()
    if found is None:
        return None
    organisation, side = found
    return organisation, side or ""


# In a session of one organisation


def one(session: Session, platform: str, tenant: str) -> Installation | None:
    """This tenant, if it is ours."""
    here = Installation.platform == platform, Installation.tenant == tenant
    return session.exec(select(Installation).where(*here)).first()


def every(session: Session) -> list[Installation]:
    """All of ours, also those that have gone, the first one first."""
    return list(session.exec(select(Installation).order_by(col(Installation.id))))


def say_side(session: Session, found: Installation, side: str) -> int:
    """Whoever is met there, and has not said otherwise, is on this side. Gives how many are."""
    found.side = side
    here = Account.platform == found.platform, Account.tenant == found.tenant
    met = select(Account.person_id).where(*here)
    taking = select(Person).where(col(Person.id).in_(met), col(Person.side).is_(None))
    people = [one for one in session.exec(taking) if one.role != "guest"]
    for person in people:
        person.side = side
    session.flush()
    return len(people)


def side_of(session: Session, platform: str, tenant: str) -> str:
    """The side that people take who are met there; empty while nobody has said."""
    found = one(session, platform, tenant)
    return (found.side if found else None) or ""


def is_gone(platform: object, tenant: object) -> ColumnElement[bool]:
    """A condition: that this tenant of ours lets us in no more."""
    gone = col(Installation.gone_at).is_not(None)
    here = Installation.platform == platform, Installation.tenant == tenant
    return select(Installation.id).where(gone, *here).exists()


def is_foreign(platform: object, tenant: object) -> ColumnElement[bool]:
    """A condition: that this tenant is not ours, though others of this chat are.

    Whoever is of another company is met in a shared channel, and written to by nobody of ours.
    """
    of_chat = select(Installation.id).where(Installation.platform == platform)
    return and_(of_chat.exists(), ~of_chat.where(Installation.tenant == tenant).exists())
