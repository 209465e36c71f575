"""Whom a room reaches: who is in its channels, whom I can write to alone, and who sees nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from storage import holding, installations, memberships, people
from storage.channels import Channel
from storage.database import Session
from storage.people import Account, Person


@dataclass(frozen=True, slots=True)
class Heard:
    """One channel of a room, and how many people are in it, as far as its platform has said."""

    channel: Channel
    count: int | None


@dataclass(frozen=True, slots=True)
class Audience:
    """`unreached` are those in the room to whom I cannot write alone; `unmet` has no name yet."""

    heard: tuple[Heard, ...]
    unreached: tuple[Person, ...]
    unmet: int


def of(session: Session, channels: Sequence[Channel]) -> Audience:
    """The audience of these channels together."""
    heard, met, unmet = [], dict[int, Person](), set[tuple[str, str, str]]()
    for channel in channels:
        inside = memberships.people_in(session, channel.id)
        heard.append(Heard(channel, len(inside) if inside is not None else None))
        for one in inside or ():
            account = people.account(session, channel.platform, one.tenant, one.external_id)
            person = people.who(session, account.person_id) if account else None
            if person is None:
                unmet.add((channel.platform, one.tenant, one.external_id))
            else:
                met[person.id] = person
    reached = reachable(session, set(met))
    unreached = [person for id, person in met.items() if id not in reached]
    return Audience(tuple(heard), tuple(sorted(unreached, key=_name)), len(unmet))


def reachable(session: Session, ids: set[int]) -> set[int]:
    """Those of these people who have an account to write to: open, and of this company."""
    there = col(Account.platform), col(Account.tenant)
    own = select(Account.person_id).where(
        col(Account.person_id).in_(ids),
        col(Account.closed_at).is_(None),
        Account.standing != "stranger",
        ~installations.is_gone(*there),
        ~installations.is_foreign(*there),
    )
    return set(session.exec(own).all())


def without(session: Session, channels: Sequence[Channel]) -> list[Person]:
    """Who has no account in any chat of these channels; those who own something come first."""
    platforms = {channel.platform for channel in channels}
    here = select(Account.person_id).where(
        col(Account.platform).in_(platforms), col(Account.closed_at).is_(None)
    )
    inside, owns = set(session.exec(here).all()), holding.counts(session)
    others = [
        one for one in people.everybody(session) if one.id not in inside and one.gone_at is None
    ]
    return sorted(others, key=lambda one: (-owns[one.id], _name(one)))


def _name(person: Person) -> str:
    return person.name.casefold()
