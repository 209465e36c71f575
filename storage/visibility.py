"""The one gate: who may read, and where, what came from a place that is perhaps private.

Whatever is made in a room carries the room's privacy: decisions, polls, questions and meetings. The
gate is a condition for queries, so that counts and searches know no more than the list does. It
asks, in this order: is it open to the company, by its place or because somebody shared it; does the
answer stand in the room that it came from; has whoever is answered part in it; are they, as was
heard within the hour, in one of that room's channels. Nothing else lets anybody in. An auditor
reads what is open. So does the operator: whoever runs us could read the file, but `decisions` at
the terminal is no place to stumble over what others said in private; what is logged there is open.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, false, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import people
from storage.channels import Channel, Place
from storage.database import Session
from storage.memberships import FRESH, Membership
from storage.people import Account, Person
from storage.readers import Reader
from storage.rooms import Room

Ids = SelectOfScalar[int]

# The channels under three names, made once: to make a condition takes longer than to ask it, and
# every decision that is read passes here.
_HOME, _OTHER, _ENTERED = aliased(Channel), aliased(Channel), aliased(Channel)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the gate must know of a kind of thing.

    `home` is the id of the channel where it was made, `has_part` the condition that one of these
    persons logged it, owns it, or was asked.
    """

    home: SQLColumnExpression[int]
    is_shared: ColumnElement[bool]
    has_part: Callable[[Collection[int]], ColumnElement[bool]]


def visible_to(session: Session, reader: Reader, kept: Kept) -> ColumnElement[bool]:
    """The condition that a thing may be read by this reader."""
    reader = _alone(session, reader)
    ways: list[ColumnElement[bool]] = []
    if reader.is_colleague:
        ways += [kept.is_shared, kept.home.in_(_open())]
    if reader.at is not None:
        ways.append(kept.home.in_(_same_room(reader.at)))
    if reader.person is not None and reader.is_present:
        ids = people.every_id(session, reader.person.id) if reader.person.id else set()
        entered = _entered(ids, reader.account, session.now - FRESH)
        ways += [kept.has_part(ids), kept.home.in_(entered)]
    return or_(false(), *ways)


def homes_for(session: Session, reader: Reader) -> set[int]:
    """The channels whose talk this reader may read, by id."""
    return set(session.exec(select(Channel.id).where(_home_is_read(session, reader))))


def _home_is_read(session: Session, reader: Reader) -> ColumnElement[bool]:
    kept = Kept(col(Channel.id), false(), lambda _ids: false())
    return visible_to(session, reader, kept)


def rooms_for(session: Session) -> list[Room]:
    """The rooms whose talk may be read by whoever this session answers, by name."""
    readable = select(Channel.room_id).where(_home_is_read(session, session.reader))
    named = select(Room).where(col(Room.id).in_(readable)).order_by(Room.name)
    return list(session.exec(named))


def _alone(session: Session, reader: Reader) -> Reader:
    """What is said in a direct conversation is read by one person, whom we may know."""
    if reader.person is not None or reader.at is None:
        return reader
    person = session.exec(
        select(Person)
        .join(Account, col(Account.person_id) == col(Person.id))
        .join(Channel, col(Channel.platform) == col(Account.platform))
        .join(
            Membership,
            and_(
                col(Membership.channel_id) == col(Channel.id),
                col(Membership.tenant) == col(Account.tenant),
                col(Membership.external_id) == col(Account.external_id),
            ),
        )
        .where(_is(Channel, reader.at), Channel.is_direct, Membership.is_inside)
    ).first()
    return replace(reader, person=person)


def _is(channel: type[Channel], at: Place) -> ColumnElement[bool]:
    return and_(
        col(channel.platform) == at.platform,
        col(channel.tenant) == at.tenant,
        col(channel.external_id) == at.id,
    )


@cache
def _open() -> Ids:
    """Where all may read: no channel of the room is private, or may be."""
    closed = select(_OTHER.room_id).where(
        col(_OTHER.room_id).is_not(None), col(_OTHER.is_private).is_not(False)
    )
    is_whole = or_(col(_HOME.room_id).is_(None), col(_HOME.room_id).not_in(closed))
    return select(_HOME.id).where(col(_HOME.is_private).is_(False), is_whole)


@cache
def _beside() -> Ids:
    """The channels, each beside itself and all that are one room with it."""
    is_one = or_(col(_HOME.id) == col(_OTHER.id), col(_HOME.room_id) == col(_OTHER.room_id))
    return select(_HOME.id).join(_OTHER, is_one)


def _same_room(at: Place) -> Ids:
    """The place itself, and the channels that are one room with it."""
    return _beside().where(_is(_OTHER, at))


@cache
def _inside() -> Ids:
    """The channels of everybody who is inside, beside their accounts."""
    return (
        select(Membership.channel_id)
        .join(_ENTERED, col(_ENTERED.id) == col(Membership.channel_id))
        .join(
            Account,
            and_(
                col(Account.platform) == col(_ENTERED.platform),
                col(Account.tenant) == col(Membership.tenant),
                col(Account.external_id) == col(Membership.external_id),
            ),
            isouter=True,
        )
        .where(Membership.is_inside)
    )


def _entered(ids: Collection[int], account: tuple[str, str, str], since: datetime) -> Ids:
    """Where they are members, by any of their accounts, and the channels that are one room with it.

    It is enough to be in one channel of a room: what is said in one is posted in all.
    """
    platform, tenant, id = account
    is_theirs = or_(
        col(Account.person_id).in_(ids),
        and_(
            col(_ENTERED.platform) == platform,
            col(Membership.tenant) == tenant,
            col(Membership.external_id) == id,
        ),
    )
    inside = _inside().where(is_theirs, col(Membership.heard_at) >= since)
    return _beside().where(col(_OTHER.id).in_(inside))
