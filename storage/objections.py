"""What people say is not right on the map, kept beside it until an owner has settled it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import outbox
from storage.database import Session as OurSession
from storage.tables import Ours, one_of, points_at

NOUN = "objection"
OUTCOMES = ("", "right", "removed", "elsewhere", "mended", "withdrawn")


class Objection(Ours, table=True):
    """One person's objection to a link (`links.key_of`), or to a thing ("initiative/4").

    `name` is how that was called then. All that are open about the same share one `card`, which
    is the id of the first. `instead` names what it serves now. The place is where it was said.
    """

    __tablename__ = "objections"
    __table_args__ = (
        points_at("people", "by_id"),
        points_at("people", "settled_by_id"),
        points_at("channels", "channel_id"),
        CheckConstraint(one_of("outcome", *OUTCOMES), name="outcome"),
        Index(None, "organisation_id", "about"),
    )

    id: int = Field(default=None, primary_key=True)
    about: str
    name: str
    by_id: int
    at: datetime
    channel_id: int
    under: str = ""
    reason: str = ""
    card: int = 0
    outcome: str = ""
    instead: str = ""
    settled_at: datetime | None = None
    settled_by_id: int | None = None

    @property
    def key(self) -> str:
        """Under which the owners are asked."""
        return f"{NOUN}/{self.card}"


def record(
    session: OurSession, about: str, name: str, channel_id: int, under: str, reason: str
) -> Objection:
    """Keep that this person objects; who does already only says more of it."""
    before = to(session, about)
    mine = next((one for one in before if one.by_id == session.me.id), None)
    if mine is None:
        mine = Objection(
            about=about,
            name=name,
            by_id=session.me.id,
            at=session.now,
            channel_id=channel_id,
            under=under,
        )
        session.add(mine)
        session.flush()
        mine.card = before[0].card if before else mine.id
    mine.reason = reason or mine.reason
    session.flush()
    return mine


def open_ones(session: Session) -> dict[str, list[Objection]]:
    """All that nobody has settled, by what they are about."""
    found: dict[str, list[Objection]] = {}
    for one in session.exec(_open()):
        found.setdefault(one.about, []).append(one)
    return found


def to(session: Session, about: str) -> list[Objection]:
    """The open objections to this, oldest first."""
    return list(session.exec(_open().where(Objection.about == about)))


def on_card(session: Session, card: int) -> list[Objection]:
    """All objections on one card, oldest first."""
    found = select(Objection).where(Objection.card == card)
    return list(session.exec(found.order_by(col(Objection.id))))


def settle(session: OurSession, about: str, outcome: str, instead: str = "") -> bool:
    """It is settled, by this person: whoever objected is told where they did. False if it was."""
    found = [
        one
        for one in to(session, about)
        if outcome != "withdrawn" or one.by_id == session.me.id  # of others' nobody takes back
    ]
    for one in found:
        one.outcome, one.instead = outcome, instead
        one.settled_at, one.settled_by_id = session.now, session.me.id
        session.flush()
        if one.by_id != session.me.id:
            told = (one.channel_id, f"settled/{one.id}", one.under)
            outbox.changed(session, told[1], session.now)  # it was settled before, and reopened
            outbox.in_channel(session, *told, one.by_id, session.now)
        outbox.changed(session, one.key, session.now)
    return bool(found)


def reopen(session: OurSession, about: str, at: datetime, called: str) -> None:
    """What settled them at that moment was taken back; who was told so reads that it is open."""
    settled = select(Objection).where(Objection.about == about, Objection.settled_at == at)
    for one in session.exec(settled.order_by(col(Objection.id))).all():
        if one.outcome == "withdrawn":
            continue
        one.about, one.outcome, one.instead = called, "", ""
        one.settled_at = one.settled_by_id = None
        session.flush()
        for key in (one.key, f"settled/{one.id}"):
            outbox.changed(session, key, session.now)


def _open() -> SelectOfScalar[Objection]:
    unsettled = select(Objection).where(col(Objection.settled_at).is_(None))
    return unsettled.order_by(col(Objection.id))
