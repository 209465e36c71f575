"""How soon a platform may be spoken to again: a limit that all processes share."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Field, Session, col

from storage.tables import Ours, insert_new


class Lane(Ours, table=True):
    """Messages that share one limit. Nobody speaks in it before `free_at`."""

    __tablename__ = "lanes"

    organisation_id: int = Field(default=None, foreign_key="organisations.id", primary_key=True)
    name: str = Field(primary_key=True)
    free_at: datetime


def take(session: Session, name: str, now: datetime, every: float) -> bool:
    """Speak in it now, and leave `every` seconds free after it. False where it is held."""
    organisation_id = session.info["organisation_id"]
    next_at = now + timedelta(seconds=every)
    if insert_new(session, Lane, organisation_id=organisation_id, name=name, free_at=next_at):
        return True
    taken = (
        update(Lane)
        .where(col(Lane.name) == name, col(Lane.free_at) <= now)
        .values(free_at=next_at)
        .execution_options(synchronize_session=False)
    )
    return bool(session.execute(taken).rowcount)  # type: ignore[attr-defined]


def hold(session: Session, name: str, until: datetime) -> None:
    """The platform said: not before then. A later word never shortens an earlier one."""
    organisation_id = session.info["organisation_id"]
    if not insert_new(session, Lane, organisation_id=organisation_id, name=name, free_at=until):
        session.execute(
            update(Lane)
            .where(col(Lane.name) == name, col(Lane.free_at) < until)
            .values(free_at=until)
            .execution_options(synchronize_session=False)
        )
