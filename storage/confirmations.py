"""Links that wait for the word of whoever owns the other end: each is asked about once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, bindparam
from sqlmodel import Field, Session, col, select

from storage import outbox, privately
from storage.database import Session as OurSession
from storage.tables import WHOSE, Ours, one_of, points_at, run

NOUN = "confirm"
ANSWERS = ("", "yes", "no", "gone")


class Confirmation(Ours, table=True):
    """One link (`links.key_of`), asked of one person.

    What waits for the same person stands on one `card`, which is the id of the first of them.
    `answer` is empty until there is one; `gone` says that the link went before it.
    """

    __tablename__ = "confirmations"
    __table_args__ = (
        points_at("people", "asked_id"),
        CheckConstraint(one_of("answer", *ANSWERS), name="answer"),
        Index(None, "organisation_id", "asked_id"),
        Index(None, "organisation_id", "link"),
    )

    id: int = Field(default=None, primary_key=True)
    link: str
    asked_id: int
    asked_at: datetime
    card: int = 0
    answer: str = ""
    answered_at: datetime | None = None

    @property
    def key(self) -> str:
        """Under which its card is said."""
        return f"{NOUN}/{self.card}"


def ask(session: OurSession, link: str, owner_id: int) -> None:
    """Ask this owner about a link, on the card that still waits for them if there is one."""
    waiting = of_person(session, owner_id)
    if any(one.link == link for one in waiting):
        return
    new = Confirmation(link=link, asked_id=owner_id, asked_at=session.now)
    session.add(new)
    session.flush()
    new.card = waiting[0].card if waiting else new.id
    session.flush()
    privately.tell(session, owner_id, new.key, owns=True)


def answer(session: OurSession, link: str, said: str) -> None:
    """Nobody is asked about this link any more."""
    for one in _waiting(session, Confirmation.link == link):
        one.answer, one.answered_at = said, session.now
        session.flush()
        outbox.changed(session, one.key, session.now)


def reopen(session: OurSession, link: str, at: datetime, called: str) -> None:
    """What answered them at that moment was taken back: the link, `called` so now, waits again."""
    asked = select(Confirmation).where(
        Confirmation.link == link,
        Confirmation.answered_at == at,
        col(Confirmation.answer).in_(("yes", "gone")),
    )
    for one in session.exec(asked.order_by(col(Confirmation.id))).all():
        one.link, one.answer, one.answered_at = called, "", None
        session.flush()
        outbox.changed(session, one.key, session.now)


def of_person(session: Session, person_id: int) -> list[Confirmation]:
    """What waits for somebody's word, oldest first."""
    return _waiting(session, Confirmation.asked_id == person_id)


def on_card(session: Session, card: int) -> list[Confirmation]:
    """All that was ever asked on one card, oldest first."""
    asked = select(Confirmation).where(Confirmation.card == card)
    return list(session.exec(asked.order_by(col(Confirmation.id))))


_WAITED_FOR = (
    select(Confirmation.asked_id)
    .where(
        Confirmation.organisation_id == WHOSE,
        Confirmation.link == bindparam("link"),
        Confirmation.answer == "",
    )
    .order_by(col(Confirmation.id))
    .limit(1)
)


def waits_for(session: Session, link: str) -> int | None:
    """Whose word this link waits for."""
    found: int | None = run(session, _WAITED_FOR, link=link).scalar()
    return found


def _waiting(session: Session, such: bool) -> list[Confirmation]:
    asked = select(Confirmation).where(such, Confirmation.answer == "")
    return list(session.exec(asked.order_by(col(Confirmation.id))))
