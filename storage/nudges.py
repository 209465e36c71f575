"""How often one person is written to privately, and why: never more than three times a week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, Session, col, select

from storage.people import Person
from storage.tables import Ours, one_of, points_at

LIMIT = 3
SPAN = timedelta(days=7)
MORNING = time(9)
WHYS = ("owner", "asked", "voter", "keeper")

Why = Literal["owner", "asked", "voter", "keeper"]


class Nudge(Ours, table=True):
    """One reason for one message to one person; a message may have several.

    `message` is the key under which it was said, `key` what it asked about ("decision/14"),
    `about` how that was called then, for who asks "why me?".
    """

    __tablename__ = "nudges"
    __table_args__ = (
        points_at("people", "person_id"),
        UniqueConstraint("organisation_id", "person_id", "message", "key"),
        CheckConstraint(one_of("why", *WHYS), name="why"),
        Index(None, "organisation_id", "person_id", "sent_at"),
    )

    id: int = Field(default=None, primary_key=True)
    person_id: int
    message: str
    key: str
    why: str
    about: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is written to: what about, and what it is to them."""

    key: str
    why: Why
    about: str


def next_at(
    sent: Iterable[datetime],
    now: datetime,
    *,
    wants: str = "usual",
    away_until: date | None = None,
    zone: str = "UTC",
) -> datetime:
    """When the next message may go: `now` if at once, else later.

    `sent` are the times of the messages before. Whether they want any is `is_wanted`.
    """
    place = ZoneInfo(zone)
    before, at = sorted(sent), now
    if away_until and now.astimezone(place).date() < away_until:
        at = _morning(away_until, place)
    if len(before) >= LIMIT:
        at = max(at, before[-LIMIT] + SPAN)
    if wants == "mondays":
        at = _monday(at, before, place)
    return at


def _monday(at: datetime, before: Sequence[datetime], place: ZoneInfo) -> datetime:
    day = at.astimezone(place).date()
    is_told = bool(before) and before[-1].astimezone(place).date() >= day
    if day.weekday() == 0 and not is_told:
        return at
    return _morning(day + timedelta(days=7 - day.weekday()), place)


def _morning(day: date, place: ZoneInfo) -> datetime:
    return datetime.combine(day, MORNING, place).astimezone(UTC)


def is_wanted(person: Person, *, owns: bool) -> bool:
    """Whether such a message may go at all, however late; nobody writes to who has left."""
    is_never = person.wants == "never" or (person.wants == "owned" and not owns)
    return person.gone_at is None and not is_never


def record(
    session: Session, person_id: int, message: str, reasons: Sequence[Reason], at: datetime
) -> None:
    """Remember that this message went to this person, for these reasons."""
    for one in reasons:
        session.add(
            Nudge(
                person_id=person_id,
                message=message,
                key=one.key,
                why=one.why,
                about=one.about,
                sent_at=at,
            )
        )
    session.flush()


def since(session: Session, person_id: int, at: datetime) -> list[Nudge]:
    """What was sent to this person after then, oldest first."""
    return list(
        session.exec(
            select(Nudge)
            .where(Nudge.person_id == person_id, Nudge.sent_at > at)
            .order_by(col(Nudge.sent_at), col(Nudge.id))
        )
    )


def messages(nudges: Iterable[Nudge]) -> list[datetime]:
    """When each message went, whatever the number of its reasons."""
    return sorted({one.message: one.sent_at for one in nudges}.values())
