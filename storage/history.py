"""What stands in channels whose platform keeps no history of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, col, func, select, update
from sqlmodel.sql.expression import Select

from storage import channels
from storage.database import Session
from storage.people import Person
from storage.store import Place, Speaker, Store
from storage.tables import Ours, points_at


class Said(Ours, table=True):
    """One message. `by_id` is empty for our own; `seen_by_id` is its only reader, if any.

    `revision` grows over all messages with every one said or edited: who has seen everything up to
    one sees, with those after it, all that is new and all that has changed. `uid` is the sender's.
    """

    __tablename__ = "said"
    __table_args__ = (
        points_at("channels", "channel_id"),
        points_at("people", "by_id"),
        points_at("people", "seen_by_id"),
        Index(None, "organisation_id", "channel_id", "revision"),
        UniqueConstraint("organisation_id", "uid"),
    )

    id: int = Field(default=None, primary_key=True)
    channel_id: int
    by_id: int | None = None
    seen_by_id: int | None = None
    body: str
    at: datetime
    revision: int
    uid: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A message as its reader sees it; `by` is the writer's name, empty for our own."""

    id: int
    body: str
    by: str
    is_private: bool
    revision: int

    @property
    def is_ours(self) -> bool:
        return not self.by


class History:
    """The panes' messages, over the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def cast(self) -> Sequence[Person]:
        """Everybody with an address, in the order they came."""
        with self._store.at_home() as session:
            return session.exec(
                select(Person).where(col(Person.email).is_not(None)).order_by(col(Person.id))
            ).all()

    def say(self, by: Speaker, at: Place, typed: str, ours: Sequence[str]) -> None:
        """Keep what somebody typed and what they alone were answered."""
        with self._store.writing(by) as session:
            channel = channels.place(session, at.platform, at.tenant, at.id, at.name)
            me = session.me.id
            told = [(me, typed.strip())] if typed.strip() else []
            for by_id, body in (*told, *((None, body) for body in ours)):
                session.add(
                    Said(
                        channel_id=channel.id,
                        by_id=by_id,
                        seen_by_id=me,
                        body=body,
                        at=session.now,
                        revision=_next(session),
                    )
                )
                session.flush()

    def post(self, at: Place, body: str, uid: str) -> int:
        """Keep what we say to everybody there, once by our own id; gives the message's number."""
        with self._store.writing_home() as session:
            known = session.exec(select(Said.id).where(Said.uid == uid)).first()
            if known is not None:
                return known
            channel = channels.place(session, at.platform, at.tenant, at.id, at.name)
            said = Said(
                channel_id=channel.id,
                body=body,
                at=session.now,
                revision=_next(session),
                uid=uid,
            )
            session.add(said)
            session.flush()
            return said.id

    def edit(self, id: int, body: str) -> bool:
        """Let a message of ours say something else. False where it is not there."""
        with self._store.writing_home() as session:
            changed = update(Said).where(col(Said.id) == id, col(Said.by_id).is_(None))
            values = {"body": body, "revision": _next(session)}
            done = session.execute(changed.values(**values).returning(col(Said.id)))
            return done.first() is not None

    def find(self, uid: str) -> int | None:
        """The number of the message that carries our id."""
        with self._store.at_home() as session:
            return session.exec(select(Said.id).where(Said.uid == uid)).first()

    def after(self, by: Speaker, at: Place, last: int, most: int) -> list[Standing]:
        """What this person may read here and has not seen at `last`: the newest, in order."""
        with self._store.reading(by) as session:
            found = session.exec(
                self._readable(session, at)
                .where(Said.revision > last)
                .order_by(col(Said.id).desc())
                .limit(most)
            ).all()
            return [_standing(said, name) for said, name in reversed(found)]

    def standing(self, by: Speaker, at: Place, id: int) -> Standing | None:
        """One message, if this person may read it here."""
        with self._store.reading(by) as session:
            found = session.exec(self._readable(session, at).where(Said.id == id)).first()
            return _standing(*found) if found else None

    def newest(self) -> int:
        """The revision of the last word anywhere, 0 where there is none."""
        with self._store.at_home() as session:
            return session.exec(select(func.max(Said.revision))).one() or 0

    def _readable(self, session: Session, at: Place) -> Select[Said, str]:
        here = [channels.known(session, at.platform, at.tenant, at.id)]
        here += [channels.known(session, at.platform, at.tenant, f"direct/{session.me.email}")]
        mine = col(Said.seen_by_id).is_(None) | (col(Said.seen_by_id) == session.me.id)
        return (
            select(Said, Person.name)
            .join(Person, col(Person.id) == col(Said.by_id), isouter=True)
            .where(col(Said.channel_id).in_([one.id for one in here if one]), mine)
        )


def _standing(said: Said, by: str | None) -> Standing:
    return Standing(said.id, said.body, by or "", said.seen_by_id is not None, said.revision)


def _next(session: Session) -> int:
    return (session.exec(select(func.max(Said.revision))).one() or 0) + 1
