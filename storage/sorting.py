"""Which projects serve no priority, and what people answered when they were asked which."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, CompoundSelect, Index
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, and_, case, col, delete, func, or_, select, union_all

from storage.initiatives import ENDED, Initiative
from storage.links import Link
from storage.priorities import Priority
from storage.tables import Ours, one_of, points_at

NOUN = "sort"
FIELD = "serves"  # of the event that says that a project serves none
ANSWERS = ("serves", "none", "unknown")


class Sorting(Ours, table=True):
    """What one person answered when a project was shown: one priority, none, or "don't know".

    Which priority is a link, made at the very moment `at`. `settles` says that their word was
    enough for "none": they owned it, or kept the map. Two rows of one project and person come only
    of two persons who turned out to be one.
    """

    __tablename__ = "sortings"
    __table_args__ = (
        points_at("initiatives", "initiative_id"),
        points_at("people", "person_id"),
        CheckConstraint(one_of("answer", *ANSWERS), name="answer"),
        Index(None, "organisation_id", "initiative_id"),
        Index(None, "organisation_id", "person_id"),
    )

    id: int = Field(default=None, primary_key=True)
    initiative_id: int
    person_id: int
    answer: str
    settles: bool = False
    at: datetime


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose turn it is, and of which projects.

    What they did not know is shown to them again only where `again` says: up to which moment.
    What they answered from `since` on counts as one sitting.
    """

    person_id: int
    since: datetime
    is_mine: bool = False
    again: datetime | None = None


def serving() -> CompoundSelect[Any]:
    """Each way from a project to a live priority: both ids, and the strength of its own link."""
    direct = (
        select(col(Link.initiative_id), col(Link.priority_id), col(Link.strength))
        .join(Priority, col(Priority.id) == col(Link.priority_id))
        .where(
            Link.organisation_id == Priority.organisation_id,
            col(Link.initiative_id).is_not(None),
            col(Priority.retired_at).is_(None),
        )
    )
    lower, upper = aliased(Link), aliased(Link)
    through = (
        select(col(lower.initiative_id), col(upper.priority_id), col(lower.strength))
        .join(upper, col(upper.capability_id) == col(lower.capability_id))
        .join(Priority, col(Priority.id) == col(upper.priority_id))
        .where(
            lower.organisation_id == Priority.organisation_id,
            upper.organisation_id == Priority.organisation_id,
            col(lower.initiative_id).is_not(None),
            col(Priority.retired_at).is_(None),
        )
    )
    return union_all(direct, through)


def is_live() -> ColumnElement[bool]:
    """It is not over."""
    return or_(col(Initiative.status).is_(None), col(Initiative.status).not_in(ENDED))


def _serves() -> ColumnElement[bool]:
    ways = serving().subquery()
    return col(Initiative.id).in_(select(ways.c.initiative_id))


def _answered(*such: ColumnElement[bool]) -> ColumnElement[bool]:
    return col(Initiative.id).in_(select(Sorting.initiative_id).where(*such))


def _is_open() -> ColumnElement[bool]:
    """Nothing says what it serves, and nobody whose word is enough said that it serves none."""
    is_settled = _answered(col(Sorting.answer) == "none", col(Sorting.settles).is_(True))
    return and_(is_live(), ~_serves(), ~is_settled)


def _waits_for(whose: Whose) -> ColumnElement[bool]:
    said = [col(Sorting.person_id) == whose.person_id, col(Sorting.answer) != "serves"]
    if whose.again:
        said.append(or_(col(Sorting.answer) == "none", col(Sorting.at) > whose.again))
    waits = and_(_is_open(), ~_answered(*said))
    return and_(waits, col(Initiative.owner_id) == whose.person_id) if whose.is_mine else waits


def next_for(session: Session, whose: Whose) -> tuple[Initiative | None, int]:
    """The project to show now, and how many are left: the dearest first.

    What somebody did not know comes last. One query, however many there are.
    """
    is_doubted = _answered(col(Sorting.answer) == "unknown")
    found = session.exec(
        select(Initiative, func.count().over())
        .where(_waits_for(whose))
        .order_by(
            case((is_doubted, 1), else_=0),
            col(Initiative.cost).desc().nulls_last(),
            func.lower(Initiative.name),
            col(Initiative.id),
        )
        .limit(1)
    ).first()
    return found if found else (None, 0)


def done_by(session: Session, whose: Whose) -> dict[str, int]:
    """How many this person sorted in this sitting, by answer; what was taken back counts not."""
    counted = [
        col(Sorting.person_id) == whose.person_id,
        col(Sorting.at) >= whose.since,
        or_(col(Sorting.answer) != "serves", _serves()),
    ]
    if whose.is_mine:
        counted.append(col(Initiative.owner_id) == whose.person_id)
    if whose.again:
        counted.append(or_(col(Sorting.answer) != "unknown", col(Sorting.at) > whose.again))
    rows = session.exec(
        select(Sorting.answer, func.count(func.distinct(col(Sorting.initiative_id))))
        .join(Initiative, col(Initiative.id) == col(Sorting.initiative_id))
        .where(Sorting.organisation_id == Initiative.organisation_id, *counted)
        .group_by(col(Sorting.answer))
    )
    return dict.fromkeys(ANSWERS, 0) | dict(rows.all())


def last_of(session: Session, whose: Whose) -> Sorting | None:
    """What this person answered last in this sitting."""
    return session.exec(
        select(Sorting)
        .where(Sorting.person_id == whose.person_id, col(Sorting.at) >= whose.since)
        .order_by(col(Sorting.id).desc())
        .limit(1)
    ).first()


def said_by(session: Session, person_id: int, initiative_id: int) -> Sorting | None:
    """What this person answered of this project."""
    said = select(Sorting).where(
        Sorting.person_id == person_id, Sorting.initiative_id == initiative_id
    )
    return session.exec(said.order_by(col(Sorting.id).desc()).limit(1)).first()


def link_of(session: Session, said: Sorting) -> Link | None:
    """The link that this answer made, while it is still that person's own word alone."""
    return session.exec(
        select(Link).where(
            Link.initiative_id == said.initiative_id,
            col(Link.priority_id).is_not(None),
            Link.said_by_id == said.person_id,
            Link.said_at == said.at,
            or_(col(Link.confirmed_by_id).is_(None), col(Link.confirmed_by_id) == said.person_id),
        )
    ).first()


def keep(
    session: Session, initiative_id: int, person_id: int, answer: str, at: datetime, settles: bool
) -> None:
    """Let this be what the person says of it, in place of what they said before."""
    forget(session, initiative_id, person_id)
    session.add(
        Sorting(
            initiative_id=initiative_id,
            person_id=person_id,
            answer=answer,
            settles=settles,
            at=at,
        )
    )
    session.flush()


def forget(session: Session, initiative_id: int, person_id: int) -> None:
    """Let the person have said nothing of it."""
    session.exec(
        delete(Sorting).where(
            col(Sorting.initiative_id) == initiative_id, col(Sorting.person_id) == person_id
        )
    )


def none_said(session: Session, initiative_id: int) -> Sorting | None:
    """Who said last, with a word that is enough, that it serves no priority."""
    said = select(Sorting).where(
        Sorting.initiative_id == initiative_id,
        Sorting.answer == "none",
        col(Sorting.settles).is_(True),
    )
    return session.exec(said.order_by(col(Sorting.id).desc()).limit(1)).first()


def settled(session: Session, ids: set[int]) -> set[int]:
    """Those of these projects of which somebody said, with enough word, that they serve none."""
    said = select(Sorting.initiative_id).where(
        Sorting.answer == "none", col(Sorting.settles).is_(True)
    )
    return set(session.exec(said.where(col(Sorting.initiative_id).in_(ids))))


def count_open(session: Session) -> int:
    """How many projects wait to be sorted by anybody."""
    return session.exec(select(func.count(col(Initiative.id))).where(_is_open())).one()


def open_by_owner(session: Session) -> dict[int | None, int]:
    """How many wait for each owner's word: what the owner answered waits for others."""
    by_owner = (
        select(Sorting.id)
        .where(
            Sorting.organisation_id == Initiative.organisation_id,
            Sorting.initiative_id == Initiative.id,
            Sorting.person_id == Initiative.owner_id,
            Sorting.answer != "serves",
        )
        .exists()
    )
    rows = session.exec(
        select(Initiative.owner_id, func.count(col(Initiative.id)))
        .where(_is_open(), ~by_owner)
        .group_by(col(Initiative.owner_id))
    )
    return dict(rows.all())


def money(session: Session) -> list[tuple[str, int, int]]:
    """By currency: how much of what is not over serves a priority, and of how much."""
    serves = func.sum(case((_serves(), Initiative.cost), else_=0))
    rows = session.exec(
        select(Initiative.currency, serves, func.sum(Initiative.cost))
        .where(is_live(), col(Initiative.currency).is_not(None))
        .group_by(col(Initiative.currency))
        .order_by(col(Initiative.currency))
    )
    return [(unit or "", int(some or 0), int(total or 0)) for unit, some, total in rows]
