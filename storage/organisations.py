"""The company whose data this is."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Field, Session, select, update

from storage.tables import WHOSE, Row, run

UNNAMED = "Our company"  # until somebody says what it is called


class Organisation(Row, table=True):
    """One company; every other row carries its id. `map_revision` counts changes of the map."""

    __tablename__ = "organisations"

    id: int = Field(default=None, primary_key=True)
    name: str
    zone: str
    currency: str = "EUR"
    country: str = Field(
        default="", sa_column_kwargs={"server_default": text("''")}
    )  # of its holidays
    map_revision: int = 0
    is_demo: bool = False
    map_began_at: datetime | None = None  # what changed before was on another map
    created_at: datetime
    backed_up_at: datetime | None = None  # of the newest backup that this program took


def first(session: Session) -> Organisation | None:
    """The organisation this database began with."""
    return session.exec(select(Organisation).order_by(Organisation.id).limit(1)).first()  # type: ignore[arg-type]


_OURS = select(Organisation).where(Organisation.id == WHOSE)


def ours(session: Session) -> Organisation:
    """The one whose session this is."""
    found: Organisation = run(session, _OURS).scalars().one()
    return found


def ids(session: Session) -> list[int]:
    """Every organisation in this database."""
    return list(session.exec(select(Organisation.id).order_by(Organisation.id)))  # type: ignore[arg-type]


def touch_map(session: Session, organisation: Organisation) -> None:
    """Say that the map has changed, so that every process reads it anew."""
    session.exec(
        update(Organisation)
        .where(Organisation.id == organisation.id)  # type: ignore[arg-type]
        .values(map_revision=Organisation.map_revision + 1)
    )
    session.refresh(organisation)
