"""Questions the map could not answer, kept until it can, and then answered where they were."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, Session, col, select

from storage import outbox
from storage.database import Session as OurSession
from storage.names.folding import fold
from storage.tables import Ours, points_at

NOUN = "unknown"


class Question(Ours, table=True):
    """What was asked, about which unknown name, by whom and where.

    Who keeps the map was asked at `passed_on_at`, on the `card` of whoever had that done first.
    `answer` is empty until there is one: "known", and then `noun` and `thing_id` say which thing
    it is, or "none" where somebody said that there is nothing of that name, and perhaps `why`.
    """

    __tablename__ = "questions"
    __table_args__ = (
        points_at("people", "asked_by_id"),
        points_at("people", "told_by_id"),
        points_at("channels", "channel_id"),
        Index(None, "organisation_id", "answered_at"),
    )

    id: int = Field(default=None, primary_key=True)
    text: str
    about: str
    asked_by_id: int
    channel_id: int
    under: str | None = None
    asked_at: datetime
    passed_on_at: datetime | None = None
    card: int | None = None
    answered_at: datetime | None = None
    told_by_id: int | None = None
    answer: str | None = None
    noun: str | None = None
    thing_id: int | None = None
    why: str | None = None

    @property
    def key(self) -> str:
        """Under which whoever keeps the map is asked."""
        return f"{NOUN}/{self.card or self.id}"


def keep(session: OurSession, text: str, about: str, channel_id: int, under: str) -> Question:
    """Keep a question of this person; asked again in the same place it is the same one."""
    mine = [one for one in alike(session, about) if one.asked_by_id == session.me.id]
    here = [one for one in mine if (one.channel_id, one.under or "") == (channel_id, under)]
    if here:
        here[0].text = text
        return here[0]
    new = Question(
        text=text,
        about=about,
        asked_by_id=session.me.id,
        channel_id=channel_id,
        under=under,
        asked_at=session.now,
    )
    session.add(new)
    session.flush()
    return new


def open_ones(session: Session) -> list[Question]:
    """All that nobody has answered, oldest first."""
    unanswered = select(Question).where(col(Question.answered_at).is_(None))
    return list(session.exec(unanswered.order_by(col(Question.id))))


def alike(session: Session, about: str) -> list[Question]:
    """Those of them about the same name, but for case and marks."""
    return [one for one in open_ones(session) if fold(one.about) == fold(about)]


def not_there(session: OurSession, noun: str, thing_id: int) -> None:
    """What they were answered with is off the map: that is what the answers say now."""
    answered = select(Question).where(Question.noun == noun, Question.thing_id == thing_id)
    for one in session.exec(answered.order_by(col(Question.id))).all():
        for key in (f"answer/{one.id}", one.key):
            outbox.changed(session, key, session.now)


def on_card(session: Session, card: int) -> list[Question]:
    """Those that were passed on together, oldest first."""
    together = select(Question).where(Question.card == card)
    return list(session.exec(together.order_by(col(Question.id))))


def settle(
    session: OurSession,
    found: Iterable[Question],
    answer: str,
    noun: str | None = None,
    thing_id: int | None = None,
    why: str | None = None,
    told_by_id: int | None = None,
    unsaid: int | None = None,
) -> None:
    """They are answered: each is told where it was asked, once, but for the one who told it."""
    for one in found:
        one.answer, one.noun, one.thing_id, one.why = answer, noun, thing_id, why
        one.answered_at, one.told_by_id = session.now, told_by_id
        session.flush()
        if one.id != unsaid:
            told = (one.channel_id, f"answer/{one.id}", one.under or "")
            outbox.in_channel(session, *told, one.asked_by_id, session.now)
        if one.card:
            outbox.changed(session, one.key, session.now)
