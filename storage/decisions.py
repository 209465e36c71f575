"""What was decided: written once, never edited, only followed by events.

A decision is its words, who logged it, when and where. All else is said of it afterwards, by
somebody, and is an event: who owns it, that they accepted, why, by when, for which priority. How
it stands is what its events add up to; `decision_states` keeps that sum for looking up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ColumnElement,
    Index,
    Table,
    UniqueConstraint,
    bindparam,
    insert,
    update,
)
from sqlmodel import Field, Session, col, select

from storage import chain, counters, database, parties, people, visibility
from storage.parties import Party
from storage.readers import Reader
from storage.tables import WHOSE, Ours, append, known_by_id, one_of, points_at, run

NOUN = "decision"

Status = Literal[
    "needed", "wish", "asked", "accepted", "done", "reversed", "superseded", "withdrawn"
]
What = Literal[
    "owner",  # {"person": id or null}: who is asked to own it; the by-person accepts by naming self
    "accepted",
    "refused",  # {"why"}: "not me"
    "decided",  # what was needed has been decided, {"by": id of the decision}
    "done",
    "reversed",  # {"why"}
    "superseded",  # {"by": id}
    "replaces",  # {"decision": id}
    "because",  # {"text"}
    "due",  # {"day"}
    "review",  # {"day"}
    "for",  # {"priority": id}
    "not for anything",  # said so on purpose
    "asked",  # {"people": [ids]}
    "told",  # {"text": [...]}
    "risk",
    "blocks",  # {"initiative": id}
    "expects",  # {"text"}
    "shared",  # with the room
    "withdrawn",  # by who logged it, at once
    "undone",  # {"event": id}: it counts no more
]
Said = tuple[What, dict[str, Any]]
OPEN: tuple[Status, ...] = ("needed", "wish", "asked", "accepted")


class Decision(Ours, table=True):
    """One decision. `is_needed` was asked for and is not made yet; then `title` is the question."""

    __tablename__ = "decisions"
    __table_args__ = (
        known_by_id(),
        UniqueConstraint("organisation_id", "number"),
        points_at("people", "by_id"),
        points_at("channels", "channel_id"),
    )

    id: int = Field(default=None, primary_key=True)
    number: int
    title: str
    is_needed: bool = False
    by_id: int
    channel_id: int
    at: datetime
    source: str = ""  # the text of the message it was logged from
    link: str = ""  # to that message

    @property
    def name(self) -> str:
        """As people say it: D-7."""
        return f"D-{self.number}"


class DecisionEvent(Ours, table=True):
    """One thing somebody said of a decision."""

    __tablename__ = "decision_events"
    __table_args__ = (
        points_at("decisions", "decision_id"),
        points_at("people", "by_id"),
        CheckConstraint(one_of("what", *get_args(What)), name="what"),
        Index(None, "organisation_id", "decision_id"),
    )

    id: int = Field(default=None, primary_key=True)
    decision_id: int
    at: datetime
    by_id: int
    what: str
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class DecisionState(Ours, table=True):
    """How a decision stands, as its events add up: for looking up, and made anew from them."""

    __tablename__ = "decision_states"
    __table_args__ = (
        points_at("decisions", "decision_id"),
        points_at("people", "owner_id"),
        points_at("priorities", "priority_id"),
        UniqueConstraint("organisation_id", "decision_id"),
        CheckConstraint(one_of("status", *get_args(Status)), name="status"),
        Index(None, "organisation_id", "status"),
        Index(None, "organisation_id", "owner_id"),
    )

    id: int = Field(default=None, primary_key=True)
    decision_id: int
    status: str
    owner_id: int | None = None
    priority_id: int | None = None
    due_on: date | None = None
    review_on: date | None = None
    is_shared: bool = False


SUMMED = ("status", "owner_id", "priority_id", "due_on", "review_on", "is_shared")
_STATES: Table = DecisionState.__table__  # type: ignore[attr-defined]
_NEW_STATE = insert(_STATES)
_SUMMED = update(_STATES).where(
    _STATES.c.organisation_id == WHOSE, _STATES.c.decision_id == bindparam("decision")
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision and what its events add up to."""

    decision: Decision
    status: Status
    author_id: int = 0  # who logged it
    owner_id: int | None = None
    owner_asked_at: datetime | None = None
    owner_answered_at: datetime | None = None
    because: str = ""
    due_on: date | None = None
    review_on: date | None = None
    priority_id: int | None = None
    serves_nothing: bool = False  # said so on purpose
    asked: tuple[int, ...] = ()
    told: tuple[str, ...] = ()
    accepts_risk: bool = False
    blocks: tuple[int, ...] = ()
    expects: str = ""
    replaces: int | None = None
    replaced_by: int | None = None
    why: str = ""  # it was reversed, or who was asked said not me
    refused_by: tuple[int, ...] = ()
    is_shared: bool = False
    events: Sequence[DecisionEvent] = field(default=(), repr=False)

    @property
    def asked_id(self) -> int | None:
        """Who is asked to own it, and has not answered."""
        return self.owner_id if self.status == "asked" else None

    @property
    def party_ids(self) -> set[int]:
        """Who has part in it: who logged it, owns it, was asked, or said that it is not theirs."""
        owner = {self.owner_id} if self.owner_id is not None else set()
        return {self.author_id, *owner, *self.asked, *self.refused_by}

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


def make(
    session: Session,
    *,
    title: str,
    by_id: int,
    channel_id: int,
    at: datetime,
    is_needed: bool = False,
    source: str = "",
    link: str = "",
    number: int | None = None,
    said: Iterable[Said] = (),
) -> Decision:
    """Log a decision, with what who logs it says of it. It is a wish until somebody is named.

    One that comes back from a file keeps its `number`, which must be free.
    """
    if number is not None:
        counters.keep_clear_of(session, NOUN, number)
    decision = append(
        session,
        Decision(
            number=counters.next_of(session, NOUN) if number is None else number,
            title=title,
            by_id=by_id,
            channel_id=channel_id,
            at=at,
            is_needed=is_needed,
            source=source,
            link=link,
        ),
    )
    events = [
        append(session, DecisionEvent(decision_id=decision.id, at=at, by_id=by_id, what=w, data=d))
        for w, d in said
    ]
    chain.append(session, [decision, *events])
    standing = fold(decision, events)
    state = {"organisation_id": decision.organisation_id, "decision_id": decision.id}
    session.connection().execute(_NEW_STATE, {**state, **_sum(standing)})
    parties.change(session, decision.id, set(), standing.party_ids)
    _standings(session)[decision.id] = standing
    return decision


def say(
    session: Session, decision: Decision, what: What, by_id: int, at: datetime, /, **data: Any
) -> DecisionEvent:
    """Let somebody say something of a decision."""
    before = _standings(session).get(decision.id) or _as_said(session, [decision.id])[0]
    event = DecisionEvent(decision_id=decision.id, at=at, by_id=by_id, what=what, data=data)
    append(session, event)
    chain.append(session, [event])
    after = fold(before.decision, (*before.events, event))
    if _sum(after) != _sum(before):
        now = people.joined(session)
        run(session, _SUMMED, decision=decision.id, **_sum(_as_joined(after, now)))
    parties.change(session, decision.id, before.party_ids, after.party_ids)
    _standings(session)[decision.id] = after
    return event


def _standings(session: Session) -> dict[int, Standing]:
    """How decisions stand that this transaction spoke of: nobody else can until it ends.

    They keep the ids under which things were said.
    """
    standings: dict[int, Standing] = session.info.setdefault("standings", {})
    return standings


def _sum(standing: Standing) -> dict[str, Any]:
    """What is kept for looking up."""
    return {name: getattr(standing, name) for name in SUMMED}


def stand(session: Session, ids: Iterable[int]) -> list[Standing]:
    """How these decisions stand, in the order of their numbers."""
    now = people.joined(session)
    return [_as_joined(standing, now) for standing in _as_said(session, ids)]


def _as_said(session: Session, ids: Iterable[int]) -> list[Standing]:
    """The same, with the ids under which things were said."""
    wanted = set(ids)
    found = session.exec(
        select(Decision).where(col(Decision.id).in_(wanted)).order_by(col(Decision.number))
    ).all()
    events: dict[int, list[DecisionEvent]] = {id: [] for id in wanted}
    for event in session.exec(
        select(DecisionEvent)
        .where(col(DecisionEvent.decision_id).in_(wanted))
        .order_by(col(DecisionEvent.id))
    ):
        events[event.decision_id].append(event)
    return [fold(decision, events[decision.id]) for decision in found]


def _as_joined(standing: Standing, now: Mapping[int, int]) -> Standing:
    """The events keep the ids under which things were said; it stands with who they are now."""
    owner, author = standing.owner_id, standing.decision.by_id
    return replace(
        standing,
        author_id=now.get(author, author),
        owner_id=now.get(owner, owner) if owner else None,
        asked=tuple(dict.fromkeys(now.get(id, id) for id in standing.asked)),
        refused_by=tuple(now.get(id, id) for id in standing.refused_by),
    )


def readable(session: database.Session, reader: Reader | None = None) -> ColumnElement[bool]:
    """The gate, for decisions: by whoever this session answers, or by this reader."""
    shared = select(DecisionState.decision_id).where(DecisionState.is_shared)
    kept = visibility.Kept(
        home=col(Decision.channel_id),
        is_shared=col(Decision.id).in_(shared),
        has_part=lambda ids: col(Decision.id).in_(
            select(Party.decision_id).where(col(Party.person_id).in_(ids))
        ),
    )
    return visibility.visible_to(session, reader or session.reader, kept)


def is_open(session: database.Session, decision: Decision) -> bool:
    """Whether every colleague may read it anywhere."""
    wanted = select(Decision.id).where(Decision.id == decision.id, readable(session, Reader()))
    return session.exec(wanted).first() is not None


def one(session: database.Session, number: int, reader: Reader | None = None) -> Standing | None:
    """The decision with this number, as it stands; nothing for who may not read it."""
    wanted = select(Decision.id).where(Decision.number == number, readable(session, reader))
    id = session.exec(wanted).first()
    return stand(session, [id])[0] if id is not None else None


def asked_of(session: Session, person_id: int | None) -> list[Standing]:
    """The decisions that wait for this person's word, whether they own them."""
    waiting = select(DecisionState.decision_id).where(
        DecisionState.owner_id == person_id, DecisionState.status == "asked"
    )
    return stand(session, session.exec(waiting)) if person_id is not None else []


def naming(session: Session, noun: str, id: int) -> list[int]:
    """The decisions that name this priority or project: they are for it, or it waits for them."""
    if noun == "priority":
        served = select(DecisionState.decision_id).where(DecisionState.priority_id == id)
        return list(session.exec(served))
    if noun == "initiative":
        said = session.exec(select(DecisionEvent).where(DecisionEvent.what == "blocks"))
        return [event.decision_id for event in said if event.data["initiative"] == id]
    return []


def without_owner(session: Session) -> list[Standing]:
    """The open decisions that nobody owns."""
    nobodys = select(DecisionState.decision_id).where(
        col(DecisionState.owner_id).is_(None), col(DecisionState.status).in_(OPEN)
    )
    return stand(session, session.exec(nobodys))


def fold(decision: Decision, events: Sequence[DecisionEvent]) -> Standing:
    """What the events add up to, in their order. What was undone counts no more."""
    undone = {event.data["event"] for event in events if event.what == "undone"}
    begun: Status = "needed" if decision.is_needed else "wish"
    standing = Standing(decision, begun, author_id=decision.by_id, events=tuple(events))
    for event in events:
        if event.id not in undone:
            standing = _after(standing, event)
    return standing


def _after(was: Standing, event: DecisionEvent) -> Standing:
    data = event.data
    match event.what:
        case "owner":
            return _owned(was, event, data["person"])
        case "accepted":
            answered = replace(was, owner_id=event.by_id, owner_answered_at=event.at)
            return replace(answered, status=was.status if was.decision.is_needed else "accepted")
        case "refused":
            nobody = replace(was, owner_id=None, why=data.get("why", ""))
            status = was.status if was.decision.is_needed else "wish"
            return replace(nobody, status=status, refused_by=(*was.refused_by, event.by_id))
        case "decided":
            return replace(was, status="done", replaced_by=data.get("by"))
        case "done":
            return replace(was, status="done")
        case "reversed":
            return replace(was, status="reversed", why=data.get("why", ""))
        case "superseded":
            return replace(was, status="superseded", replaced_by=data["by"])
        case "withdrawn":
            return replace(was, status="withdrawn")
        case "replaces":
            return replace(was, replaces=data["decision"])
        case "because":
            return replace(was, because=data["text"])
        case "due":
            return replace(was, due_on=date.fromisoformat(data["day"]))
        case "review":
            return replace(was, review_on=date.fromisoformat(data["day"]))
        case "for":
            return replace(was, priority_id=data["priority"], serves_nothing=False)
        case "not for anything":
            return replace(was, priority_id=None, serves_nothing=True)
        case "asked":
            return replace(was, asked=tuple(dict.fromkeys((*was.asked, *data["people"]))))
        case "told":
            return replace(was, told=(*was.told, *data["text"]))
        case "risk":
            return replace(was, accepts_risk=True)
        case "blocks":
            return replace(was, blocks=tuple(dict.fromkeys((*was.blocks, data["initiative"]))))
        case "expects":
            return replace(was, expects=data["text"])
        case "shared":
            return replace(was, is_shared=True)
    return was


def _owned(was: Standing, event: DecisionEvent, person_id: int | None) -> Standing:
    if was.decision.is_needed:
        return replace(was, owner_id=person_id, owner_asked_at=event.at)
    if person_id is None:
        return replace(was, owner_id=None, status="wish")
    if person_id == event.by_id:  # naming yourself is accepting
        return replace(was, owner_id=person_id, status="accepted", owner_answered_at=event.at)
    asked = replace(was, owner_id=person_id, status="asked", owner_asked_at=event.at)
    return replace(asked, owner_answered_at=None)
