"""Who is who: one human of the company, and the accounts they are met under."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from rapidfuzz.distance import OSA
from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Index,
    UniqueConstraint,
    bindparam,
    false,
    func,
    text,
)
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, col, select

from storage.names.folding import fold
from storage.tables import WHOSE, Ours, known_by_id, one_of, points_at, run

Side = Literal["business", "it", "both"]
SIDES = ("business", "it", "both")
ROLES = ("admin", "facilitator", "auditor", "member", "guest")
WANTS = ("usual", "mondays", "owned", "never")  # how often somebody wants to be written to
T = TypeVar("T")


class Person(Ours, table=True):
    """One human. The side is unknown until they, or the chat they were first seen in, say it.

    They are away before the day `away_until`, and have left since `gone_at`. The operator is
    whoever runs us from a terminal, and no colleague: nobody lists or calls them.
    """

    __tablename__ = "people"
    __table_args__ = (
        known_by_id(),
        UniqueConstraint("organisation_id", "email"),
        CheckConstraint(one_of("side", *SIDES), name="side"),
        CheckConstraint(one_of("role", *ROLES), name="role"),
        CheckConstraint(one_of("wants", *WANTS), name="wants"),
    )

    id: int = Field(default=None, primary_key=True)
    name: str
    email: str | None = None
    side: str | None = None
    role: str = "member"
    title: str = ""
    created_at: datetime
    away_until: date | None = None
    gone_at: datetime | None = None
    wants: str = Field(default="usual", sa_column_kwargs={"server_default": "usual"})
    zone: str | None = None
    side_asked_at: datetime | None = None
    is_operator: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Account(Ours, table=True):
    """A person as one platform knows them."""

    __tablename__ = "accounts"
    __table_args__ = (
        points_at("people", "person_id"),
        UniqueConstraint("platform", "tenant", "external_id"),
        Index(None, "organisation_id", "person_id"),
    )

    id: int = Field(default=None, primary_key=True)
    platform: str
    tenant: str
    external_id: str
    person_id: int
    name: str


class Alias(Ours, table=True):
    """Two persons who turned out to be one: what names `was_id` means `person_id`.

    What happened keeps the old id, so that history stays as it was. `moved` is what the join
    changed, so that it can be taken apart.
    """

    __tablename__ = "aliases"
    __table_args__ = (
        points_at("people", "was_id"),
        points_at("people", "person_id"),
        Index(
            "uq_aliases_was",
            "organisation_id",
            "was_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    was_id: int
    person_id: int
    at: datetime
    moved: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    undone_at: datetime | None = None


_ALIASES = select(Alias.was_id, Alias.person_id).where(
    Alias.organisation_id == WHOSE, col(Alias.undone_at).is_(None)
)


def who(session: Session, id: int) -> Person | None:
    """The person whom an id means now, however often they were joined since."""
    for _ in range(100):  # joins make no circle; if one were made, nobody hangs
        alias = session.exec(
            select(Alias).where(Alias.was_id == id, col(Alias.undone_at).is_(None))
        ).first()
        if alias is None:
            return session.get(Person, id)
        id = alias.person_id
    return None


def joined(session: Session) -> dict[int, int]:
    """Whom each id means now that was joined to another: `who`, for many at once."""
    now: dict[int, int] = {row.was_id: row.person_id for row in run(session, _ALIASES)}
    for was in now:
        for _ in range(len(now)):  # joins make no circle; if one were made, nobody hangs
            now[was] = now.get(now[was], now[was])
    return now


def every_id(session: Session, id: int) -> set[int]:
    """All ids that mean this person now: their own, and of whoever was joined with them."""
    return {id, *(was for was, now in joined(session).items() if now == id)}


def today(person: Person, zone: str, now: datetime) -> date:
    """The date where this person is; `zone` is the company's, for who said none."""
    return now.astimezone(ZoneInfo(person.zone or zone)).date()


def is_away(person: Person, on: date) -> bool:
    """Whether they said that they are not back on this day."""
    return person.away_until is not None and on < person.away_until


def known(
    session: Session, platform: str, tenant: str, external_id: str, email: str
) -> Person | None:
    """Whom this account belongs to: by the account itself, else by a vouched-for address."""
    here = met(session, platform, tenant, external_id)
    return here or (by_email(session, email) if email else None)


_MET = (
    select(Person)
    .join(Account, col(Account.person_id) == col(Person.id))
    .where(
        Person.organisation_id == WHOSE,
        Account.organisation_id == WHOSE,
        Account.platform == bindparam("platform"),
        Account.tenant == bindparam("tenant"),
        Account.external_id == bindparam("external_id"),
    )
)


def met(session: Session, platform: str, tenant: str, external_id: str) -> Person | None:
    """Whom this account was kept for, so that they can be written to there."""
    account = {"platform": platform, "tenant": tenant, "external_id": external_id}
    return run(session, _MET, **account).scalars().first()


def meet(
    session: Session,
    platform: str,
    tenant: str,
    external_id: str,
    *,
    name: str,
    email: str,
    side: str,
    at: datetime,
    standing: str = "",
) -> Person:
    """The person behind an account; both are made where they are new.

    An ordinary colleague is joined by a vouched-for address; a guest or a stranger never is.
    """
    email = email if not standing else ""
    if known_here := met(session, platform, tenant, external_id):
        return standing_as(known_here, standing)
    here = (platform, tenant, external_id, email)
    person = known(session, *here) or _kept(
        session,
        Person(name=name, email=email.lower() or None, side=side or None, created_at=at),
        lambda: known(session, *here),
    )
    if _account(session, *here[:3]) is None:
        account = Account(
            platform=platform,
            tenant=tenant,
            external_id=external_id,
            person_id=person.id,
            name=name,
        )
        _kept(session, account, lambda: _account(session, *here[:3]))
    return standing_as(person, standing)


def standing_as(person: Person, standing: str) -> Person:
    """The person with the rights that the chat says they have here."""
    if person.is_operator != (standing == "operator"):  # what is set is written, also unchanged
        person.is_operator = standing == "operator"
    if standing in ("guest", "stranger"):
        person.role = "guest"
    return person


def _account(session: Session, platform: str, tenant: str, external_id: str) -> Account | None:
    return session.exec(
        select(Account).where(
            Account.platform == platform,
            Account.tenant == tenant,
            Account.external_id == external_id,
        )
    ).first()


def _kept(session: Session, row: T, otherwise: Callable[[], T | None]) -> T:
    """The row, or what somebody else wrote in the same moment: the database lets one of us."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        theirs = otherwise()
        if theirs is None:
            raise
        return theirs
    return row


def invite(session: Session, email: str, at: datetime) -> Person:
    """The person with this address, made where nobody has it: somebody named them."""
    address = email.strip().lower()
    found = by_email(session, address)
    if found is None:
        name = address.partition("@")[0].replace(".", " ").replace("_", " ").title()
        found = Person(name=name, email=address, created_at=at)
        session.add(found)
        session.flush()
    return found


def by_email(session: Session, email: str) -> Person | None:
    """The person with this address, whatever its case."""
    wanted = select(Person.id).where(Person.email == email.strip().lower())
    id = session.exec(wanted).first()
    return who(session, id) if id is not None else None


def with_accounts(session: Session, ids: set[int]) -> set[int]:
    """Those of these people who are in any chat with us."""
    met = select(Account.person_id).where(col(Account.person_id).in_(ids))
    return set(session.exec(met))


_JOINED = select(Alias.was_id).where(Alias.organisation_id == WHOSE, col(Alias.undone_at).is_(None))
_EVERYBODY = (
    select(Person)
    .where(
        Person.organisation_id == WHOSE,
        col(Person.is_operator).is_(False),
        col(Person.id).not_in(_JOINED),
    )
    .order_by(func.lower(Person.name), col(Person.id))
)
_NAMES = _EVERYBODY.with_only_columns(col(Person.id), col(Person.name), col(Person.email))
_NAMED = (
    select(Person)
    .where(Person.organisation_id == WHOSE, col(Person.id).in_(bindparam("ids", expanding=True)))
    .order_by(func.lower(Person.name), col(Person.id))
)


def everybody(session: Session) -> list[Person]:
    """All people, by name, also those who have left; each once, however many they were before."""
    return list(run(session, _EVERYBODY).scalars())


def keepers(session: Session) -> list[Person]:
    """Who keeps the map, by name, but for whoever has left."""
    return [one for one in everybody(session) if one.role == "facilitator" and not one.gone_at]


def named(session: Session, ids: Collection[int]) -> list[Person]:
    """The people of these ids, by name."""
    return list(run(session, _NAMED, ids=ids).scalars()) if ids else []


def called(session: Session, typed: str) -> list[Person]:
    """Whom somebody means by `@dana`, `Dana`, `dana brandt` or an address: all that fit.

    An address or a whole name decides; else the first word of a name, or of an address, does.
    """
    said = typed.strip().lstrip("@").strip()
    wanted = _plainly(said)
    if not wanted:
        return []
    if "@" in said and (found := by_email(session, said)):
        return [found]
    people = [(row.id, _keys(row.name, row.email or "")) for row in run(session, _NAMES)]
    for part in (0, 1):
        fitting = [id for id, keys in people if {wanted, said.lower()} & keys[part]]
        if fitting:
            return named(session, fitting)
    return []


def nearest(session: Session, typed: str) -> list[Person]:
    """Who may be meant by a name with a slip in it."""
    wanted = _plainly(typed)
    if len(wanted) < 3:
        return []
    return [
        person
        for person in everybody(session)
        if any(
            OSA.distance(key, wanted) == 1
            for keys in _keys(person.name, person.email or "")
            for key in keys
        )
    ]


def _plainly(text: str) -> str:
    return " ".join(fold(text))


@lru_cache(maxsize=4096)
def _keys(name: str, email: str) -> tuple[frozenset[str], frozenset[str]]:
    """What names somebody for sure, and what may do."""
    head, _, tail = name.rpartition(" ")
    whole = {
        _plainly(name),
        _plainly(f"{tail} {head}"),
        _plainly(f"{head[:1]} {tail}") if head else "",
        email,
    }
    local, last = email.partition("@")[0], name.partition(" ")[2]
    part = {*fold(name), _plainly(last), local, *local.split(".")}
    return frozenset(whole - {""}), frozenset(part - {""})
