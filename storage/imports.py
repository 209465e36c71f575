"""Which header meant what when a list was last imported."""

from collections.abc import Mapping

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, select

from storage.tables import Ours


class Heading(Ours, table=True):
    """In the last list that had this header, it stood over this field."""

    __tablename__ = "headings"
    __table_args__ = (UniqueConstraint("organisation_id", "field"),)

    id: int = Field(default=None, primary_key=True)
    field: str
    header: str


def remembered(session: Session) -> dict[str, str]:
    """The header of each field, as last said."""
    return {heading.field: heading.header for heading in session.exec(select(Heading))}


def remember(session: Session, headers: Mapping[str, str]) -> None:
    """Keep these headers for the next list."""
    known = {heading.field: heading for heading in session.exec(select(Heading))}
    for field, header in headers.items():
        heading = known.get(field) or Heading(field=field, header=header)
        heading.header = header
        session.add(heading)
