"""Whether anything can still be kept, what is late, and the figures that operators measure."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, text, update
from sqlmodel import Field, col, func, select

from storage import chain, occurrences, organisations, outbox
from storage.channels import Channel
from storage.outbox import Message
from storage.store import Store
from storage.tables import Ours, insert_new

ROOM = "." * 16_384  # characters, more than any page holds: a full disk must not find room for it
BESIDE = timedelta(minutes=1)  # another process may have written a little earlier time since


class Heartbeat(Ours, table=True):
    """When somebody last saw that something can be kept. It takes room, and gives it back."""

    __tablename__ = "heartbeats"

    organisation_id: int = Field(default=None, foreign_key="organisations.id", primary_key=True)
    at: datetime
    room: str = ""


@dataclass(frozen=True, slots=True)
class Late:
    """Messages that should have been said a while ago: for no reason, or with their answer lost.

    What waits for a chat that is not connected here is late for a reason.
    """

    unsent: int
    unknown: int
    elsewhere: int
    unplanned: int = 0  # digests that were due, and that nobody has seen to


@dataclass(frozen=True, slots=True)
class Figures:
    """What can be counted; ages and delays in seconds, chains by organisation."""

    outbox: Mapping[str, int]
    late: float
    look_up: float
    heads: Mapping[int, float]
    skipped: Mapping[str, int] = field(default_factory=dict)  # digests, by reason


class Health:
    """Asks the database. Each call is a transaction of its own, or several."""

    def __init__(self, store: Store, platforms: Collection[str]) -> None:
        self._store, self._database = store, store.database
        self._platforms = tuple(platforms)

    def beat(self) -> None:
        """Write something as a command would, durably, and read it back."""
        now, ours = self._store.now(), self._organisations()[0]
        with self._database.beside(ours) as session:
            insert_new(session, Heartbeat, organisation_id=ours, at=now, room="")
            for room in (ROOM, ""):
                session.execute(update(Heartbeat).values(at=now, room=room))
        with self._database.reading(ours) as session:
            kept = session.exec(select(Heartbeat.at)).one()
        if kept < now - BESIDE:
            raise RuntimeError("what was written is not there")

    def late(self) -> Late:
        """What is late in any organisation, and how much of it for no reason."""
        now = self._store.now()
        found: Counter[str] = Counter()
        for organisation_id in self._organisations():
            with self._database.reading(organisation_id) as session:
                every = outbox.overdue(session, now)
                here = outbox.overdue(session, now, self._platforms) if self._platforms else []
                found["unplanned"] += len(occurrences.unseen(session, now))
            found["elsewhere"] += len(every) - len(here)
            found.update("unknown" if one.state == "unknown" else "unsent" for one in here)
        return Late(*(found[name] for name in ("unsent", "unknown", "elsewhere", "unplanned")))

    def revision(self) -> str:
        """Of the schema as it is now, whoever moved it."""
        with self._database.reader.connect() as connection:
            return str(connection.scalar(text("SELECT version_num FROM alembic_version")))

    def figures(self) -> Figures:
        """All of them, as they are now."""
        now = self._store.now()
        states: Counter[str] = Counter(dict.fromkeys(outbox.STATES, 0))
        late, look_up, heads = 0.0, 0.0, {}
        skipped: Counter[str] = Counter()
        for organisation_id in self._organisations():
            with self._database.reading(organisation_id) as session:
                counted = select(Message.state, func.count()).group_by(Message.state)
                states.update(dict(session.exec(counted).all()))
                waits = col(Message.state).in_(("pending", "sending", "unknown"))
                due = select(func.min(Message.due_at)).where(waits, self._is_said_here())
                looked = select(func.min(Message.again_at)).where(Message.state == "unknown")
                late = max(late, _since(session.exec(due).one(), now))
                look_up = max(look_up, _since(session.exec(looked).one(), now))
                skipped.update(occurrences.skipped(session))
                if head := chain.head(session):
                    heads[organisation_id] = _since(head.at, now)
        return Figures(states, late, look_up, heads, skipped)

    def _is_said_here(self) -> ColumnElement[bool]:
        """What waits for a chat that is not connected is late for a reason, and nobody's delay."""
        here = select(Channel.id).where(col(Channel.platform).in_(self._platforms))
        return or_(col(Message.channel_id).is_(None), col(Message.channel_id).in_(here))

    def _organisations(self) -> list[int]:
        with self._database.reading() as session:
            return organisations.ids(session)


def _since(at: datetime | None, now: datetime) -> float:
    return max((now - at).total_seconds(), 0.0) if at else 0.0
