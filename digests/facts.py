"""What is true of a company at one moment, gathered once for all of its digests.

Whatever came from a place that is perhaps private carries that place's id as its `home`: each
room reads of it what the one gate lets it read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from storage import chain, decisions, lines, metrics
from storage.capabilities import Capability
from storage.confirmations import Confirmation
from storage.database import Session
from storage.decisions import OPEN, Decision, DecisionEvent, DecisionState
from storage.events import Event
from storage.initiatives import ENDED, Initiative
from storage.links import Link
from storage.metrics import Metric, Reading
from storage.people import Person
from storage.priorities import Priority
from storage.questions import Question
from storage.sorting import Sorting

REMEMBERED = timedelta(days=92)  # how far back changes are looked at
OLD = timedelta(days=365)  # how long ago something may have been delivered, to be spoken of


@dataclass(frozen=True, slots=True)
class Project:
    """A project or a tool."""

    id: int
    name: str
    kind: str
    owner_id: int | None
    status: str | None
    ends_on: date | None
    renews_on: date | None
    cost: int | None
    currency: str | None

    @property
    def is_live(self) -> bool:
        return self.status not in ENDED


@dataclass(frozen=True, slots=True)
class Asked:
    """An open decision, from the channel `home`."""

    id: int
    number: int
    title: str
    status: str
    owner_id: int | None
    priority_id: int | None
    at: datetime
    due_on: date | None
    review_on: date | None
    home: int
    is_shared: bool

    @property
    def key(self) -> str:
        return f"{decisions.NOUN}/{self.number}"


@dataclass(frozen=True, slots=True)
class Wondered:
    """A name that the map could not answer for, asked in the channel `home`."""

    id: int
    about: str
    at: datetime
    home: int


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one project or tool."""

    at: datetime
    thing_id: int
    what: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    by_id: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it. `today` is the company's date at that moment."""

    at: datetime
    today: date
    sides: Mapping[int, str | None]
    projects: Mapping[int, Project]
    goals: Mapping[int, set[int]]  # which live priorities each project reaches
    settled: frozenset[int]  # projects of which it was said that they serve none
    priorities: Sequence[Priority]
    metrics: Sequence[Metric]
    readings: Mapping[int, list[Reading]]
    shown_by: Mapping[int, list[int]]  # the numbers of each priority
    decisions: Sequence[Asked]
    blocks: Mapping[int, list[int]]  # the projects that each decision blocks
    unconfirmed: Mapping[int, list[int]]  # the card of each link that waits, by whose word
    questions: Sequence[Wondered]
    changes: Sequence[Change]
    twice: Sequence[tuple[str, list[str]]]  # tools that do the same, by what they are for
    head: str


def gather(session: Session, at: datetime | None = None) -> Facts:
    """Everything a digest of that moment may speak of; of now, where none is given."""
    now = at or session.now
    today = now.astimezone(ZoneInfo(session.organisation.zone)).date()
    projects = {one.id: one for one in _projects(session)}
    changes = _changes(session, now)
    if now < session.now:
        projects = _as_they_were(projects, _since(session, now))
    numbers = metrics.all_of_them(session)
    head = chain.head(session)
    return Facts(
        at=now,
        today=today,
        sides=_sides(session),
        projects=projects,
        goals=lines.reach(session),
        settled=_settled(session),
        priorities=_priorities(session),
        metrics=numbers,
        readings=_readings(session, numbers, today),
        shown_by=_shown_by(session),
        decisions=_decisions(session, now),
        blocks=_blocks(session),
        unconfirmed=_unconfirmed(session),
        questions=_questions(session, now),
        changes=changes,
        twice=_twice(session, projects),
        head=head.short if head else "",
    )


def _projects(session: Session) -> list[Project]:
    one = Initiative
    wanted = select(
        *(col(c) for c in (one.id, one.name, one.kind, one.owner_id)),
        *(col(c) for c in (one.status, one.ends_on, one.renews_on, one.cost, one.currency)),
    )
    return [Project(*row) for row in session.execute(wanted.order_by(col(one.id)))]


def _as_they_were(projects: dict[int, Project], later: list[Event]) -> dict[int, Project]:
    """Without what happened since, the newest first."""
    were = dict(projects)
    for event in later:
        one = were.get(event.thing_id)
        if one is None:
            continue
        if event.what == "added":
            del were[one.id]
            continue
        if "status" in event.before:
            one = replace(one, status=event.before["status"])
        if "ends_on" in event.before:
            said = event.before["ends_on"]
            one = replace(one, ends_on=date.fromisoformat(said) if said else None)
        were[one.id] = one
    return were


def _since(session: Session, at: datetime) -> list[Event]:
    later = select(Event).where(Event.noun == "initiative", Event.at > at)
    return list(session.exec(later.order_by(col(Event.id).desc())))


def _changes(session: Session, now: datetime) -> list[Change]:
    began = session.organisation.map_began_at
    since = max(now - REMEMBERED, began) if began else now - REMEMBERED
    wanted = select(
        *(col(c) for c in (Event.at, Event.thing_id, Event.what)),
        *(col(c) for c in (Event.before, Event.after, Event.by_id)),
    ).where(Event.noun == "initiative", Event.at >= since, Event.at <= now)
    return [Change(*row) for row in session.execute(wanted.order_by(col(Event.id)))]


def _sides(session: Session) -> dict[int, str | None]:
    return dict(session.exec(select(Person.id, Person.side)).all())


def _settled(session: Session) -> frozenset[int]:
    said = select(Sorting.initiative_id).where(
        Sorting.answer == "none", col(Sorting.settles).is_(True)
    )
    return frozenset(session.exec(said))


def _priorities(session: Session) -> list[Priority]:
    return list(session.exec(select(Priority).where(col(Priority.retired_at).is_(None))))


def _readings(session: Session, found: Sequence[Metric], today: date) -> dict[int, list[Reading]]:
    told = metrics.readings_of(session, {one.id for one in found})
    return {id: [one for one in some if one.day <= today] for id, some in told.items()}


def _shown_by(session: Session) -> dict[int, list[int]]:
    pairs = select(col(Link.metric_id), col(Link.priority_id)).where(
        col(Link.metric_id).is_not(None), col(Link.priority_id).is_not(None)
    )
    found: dict[int, list[int]] = {}
    for metric_id, priority_id in session.execute(pairs.order_by(col(Link.id))):
        found.setdefault(priority_id, []).append(metric_id)
    return found


_OPEN = (
    select(
        *(col(c) for c in (Decision.id, Decision.number, Decision.title)),
        *(col(c) for c in (DecisionState.status, DecisionState.owner_id)),
        *(col(c) for c in (DecisionState.priority_id, Decision.at)),
        *(col(c) for c in (DecisionState.due_on, DecisionState.review_on)),
        *(col(c) for c in (Decision.channel_id, DecisionState.is_shared)),
    )
    .join(DecisionState, col(DecisionState.decision_id) == col(Decision.id))
    .where(DecisionState.organisation_id == Decision.organisation_id)
    .order_by(col(Decision.number))
)


def _decisions(session: Session, now: datetime) -> list[Asked]:
    if now < session.now:
        return _decisions_as_of(session, now)
    still = _OPEN.where(col(DecisionState.status).in_(OPEN))
    return [Asked(*row) for row in session.execute(still)]


def _decisions_as_of(session: Session, at: datetime) -> list[Asked]:
    """As they stood then: what was said of them since counts not."""
    logged = {row[0]: Asked(*row) for row in session.execute(_OPEN.where(col(Decision.at) <= at))}
    found = []
    for now in decisions.stand(session, logged):
        then = decisions.fold(now.decision, [one for one in now.events if one.at <= at])
        if then.is_open:
            found.append(
                replace(
                    logged[now.decision.id],
                    status=then.status,
                    owner_id=then.owner_id,
                    due_on=then.due_on,
                    review_on=then.review_on,
                )
            )
    return found


def _blocks(session: Session) -> dict[int, list[int]]:
    said = (
        select(col(DecisionEvent.decision_id), col(DecisionEvent.data))
        .join(DecisionState, col(DecisionState.decision_id) == col(DecisionEvent.decision_id))
        .where(
            DecisionState.organisation_id == DecisionEvent.organisation_id,
            DecisionEvent.what == "blocks",
            col(DecisionState.status).in_(OPEN),
        )
    )
    found: dict[int, list[int]] = {}
    for decision_id, data in session.execute(said.order_by(col(DecisionEvent.id))):
        found.setdefault(decision_id, []).append(data["initiative"])
    return found


def _unconfirmed(session: Session) -> dict[int, list[int]]:
    waiting = select(col(Confirmation.asked_id), col(Confirmation.card)).where(
        Confirmation.answer == ""
    )
    found: dict[int, list[int]] = {}
    for person_id, card in session.execute(waiting.order_by(col(Confirmation.id))):
        found.setdefault(person_id, []).append(card)
    return found


def _questions(session: Session, now: datetime) -> list[Wondered]:
    wanted = select(
        *(col(c) for c in (Question.id, Question.about, Question.asked_at, Question.channel_id))
    ).where(col(Question.answered_at).is_(None), Question.asked_at <= now)
    return [Wondered(*row) for row in session.execute(wanted.order_by(col(Question.id)))]


def _twice(session: Session, projects: Mapping[int, Project]) -> list[tuple[str, list[str]]]:
    pairs = (
        select(col(Capability.name), col(Link.initiative_id))
        .join(Link, col(Link.capability_id) == col(Capability.id))
        .where(
            Link.organisation_id == Capability.organisation_id,
            col(Link.initiative_id).is_not(None),
        )
    )
    tools: dict[str, list[str]] = {}
    for what, id in session.execute(pairs.order_by(col(Capability.id), col(Link.id))):
        one = projects.get(id)
        if one and one.kind == "tool" and one.is_live:
            tools.setdefault(what, []).append(one.name)
    return [(what, names) for what, names in tools.items() if len(names) > 1]
