"""What a chat tells of somebody whom we have met: name, time, standing, address, and their leaving.

It may be told twice, late, or in another order than it happened: the newest word counts.
"""

from datetime import datetime
from typing import Protocol

from sqlmodel import col, or_, select

from storage import budget, events, joining, outbox, people, privately, refreshing
from storage.database import Session
from storage.people import Account, Person

NOUN = "account"  # of the message that says that one was closed


class Told(Protocol):
    """Somebody as a platform tells of them; `email` only where it vouches for the address."""

    @property
    def platform(self) -> str: ...
    @property
    def tenant(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def standing(self) -> str: ...
    @property
    def is_closed(self) -> bool: ...
    @property
    def as_of(self) -> datetime: ...


def learn(session: Session, told: Told) -> bool:
    """Keep what was told. False for somebody whom nobody has met, and for what is old news."""
    account = people.account(session, told.platform, told.tenant, told.id)
    if account is None:
        return False
    account.told_at = session.now
    if account.as_of and account.as_of > told.as_of:
        return False
    person = people.who(session, account.person_id)
    assert person is not None
    account.as_of = told.as_of
    _named(session, account, person, told.name)
    if told.zone:
        if person.zone in (None, account.zone):  # else they said another themselves
            person.zone = told.zone
        account.zone = told.zone
    _stands(session, account, person, told.standing)
    if told.is_closed and account.closed_at is None:
        _closed(session, account, person)
    elif not told.is_closed and account.closed_at:
        _opened(session, account, person)
    if told.email and not told.is_closed and not told.standing and not person.is_operator:
        _addressed(session, account, person, told.email.strip().lower())
    session.flush()
    return True


def unheard(session: Session, platform: str, tenant: str, before: datetime, most: int) -> list[str]:
    """The ids of accounts of whom nothing was told since then, or ever; those first."""
    old = or_(col(Account.told_at).is_(None), col(Account.told_at) < before)
    wanted = (
        select(Account.external_id)
        .where(Account.platform == platform, Account.tenant == tenant, old)
        .order_by(col(Account.told_at).is_not(None), col(Account.told_at), col(Account.id))
    )
    return list(session.exec(wanted.limit(most)))


def _named(session: Session, account: Account, person: Person, name: str) -> None:
    """A person is called as the chat calls them, unless another chat did before."""
    if not name or name == account.name:
        return
    was, account.name = account.name, name
    guessed = people.guessed_name(person.email or "")
    if person.name in (was, guessed, account.external_id):
        person.name = name
        refreshing.of_person(session, person.id)


def _stands(session: Session, account: Account, person: Person, standing: str) -> None:
    was, account.standing = account.standing, standing
    if standing in ("guest", "stranger"):
        person.role = "guest"
    elif was in ("guest", "stranger") and person.role == "guest":
        person.role = "member"  # the chat made them a colleague


def _open_accounts(session: Session, person: Person) -> list[Account]:
    theirs = select(Account).where(
        col(Account.person_id).in_(people.every_id(session, person.id)),
        col(Account.closed_at).is_(None),
    )
    return list(session.exec(theirs.order_by(col(Account.id))))


def _closed(session: Session, account: Account, person: Person) -> None:
    """Who has no account left has gone; who keeps the map hears of it either way."""
    account.closed_at = session.now
    session.flush()
    if not _open_accounts(session, person) and person.gone_at is None:
        person.gone_at = session.now
        _record(session, person, {"gone": None}, {"gone": session.now.date().isoformat()})
    for keeper in people.keepers(session):
        privately.tell(session, keeper.id, f"{NOUN}/{account.id}", owns=False)


def _opened(session: Session, account: Account, person: Person) -> None:
    """Back again, unless it was a person who said that they have gone."""
    if person.gone_at == account.closed_at:
        before, person.gone_at = person.gone_at, None
        gone = before.date().isoformat() if before else None
        _record(session, person, {"gone": gone}, {"gone": None})
        budget.reconsider(session, person.id, session.now)
    account.closed_at = None
    outbox.changed(session, f"{NOUN}/{account.id}", session.now)


def _addressed(session: Session, account: Account, person: Person, email: str) -> None:
    """Of two persons with one address one is made, where nothing speaks against it."""
    other = people.by_email(session, email)
    if other is None:
        if person.email is None or len(_open_accounts(session, person)) == 1:
            person.email = email
    elif other.id != person.id and _may_be_one(session, account, person, other):
        alias = joining.join(session, person, other)
        stays, goes = (session.get_one(Person, id) for id in (alias.person_id, alias.was_id))
        stays.name = person.name if stays.name == people.guessed_name(email) else stays.name
        _record(session, stays, {}, {"also": goes.name})
        refreshing.of_person(session, stays.id, goes.id)


def _may_be_one(session: Session, account: Account, person: Person, other: Person) -> bool:
    """An address may have been given to somebody new; and one chat knows nobody twice."""
    if other.gone_at or person.gone_at or "guest" in (person.role, other.role):
        return False
    here = account.platform, account.tenant
    return all((one.platform, one.tenant) != here for one in _open_accounts(session, other))


def _record(
    session: Session, person: Person, before: dict[str, str | None], after: dict[str, str | None]
) -> None:
    session.flush()
    events.record(session, [events.happened(session, "person", person, "changed", before, after)])
