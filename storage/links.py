"""The one table that joins the line: who said that this serves that, and who confirmed it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, Session, col, select

from storage.tables import Ours, points_at

ENDS = ("initiative", "metric", "capability", "priority")
PAIRS = (
    ("initiative", "capability"),
    ("initiative", "priority"),  # directly, until a capability is named
    ("capability", "priority"),
    ("metric", "priority"),
)


def _is_pair(lower: str, upper: str) -> str:
    return " AND ".join(
        f"{end}_id IS {'NOT NULL' if end in (lower, upper) else 'NULL'}" for end in ENDS
    )


def _once(lower: str, upper: str) -> Index:
    held = text(f"{lower}_id IS NOT NULL AND {upper}_id IS NOT NULL")
    return Index(
        f"uq_links_{lower}_{upper}",
        "organisation_id",
        f"{lower}_id",
        f"{upper}_id",
        unique=True,
        sqlite_where=held,
        postgresql_where=held,
    )


class Link(Ours, table=True):
    """One end serves the other. Exactly two ends are set, and they are one of `PAIRS`.

    `strength` is 1 (a little), 2 (clearly) or 3 (it is made for it). `source` names the list a
    link came from; such a link is nobody's word yet, and nobody is asked to confirm it.
    """

    __tablename__ = "links"
    __table_args__ = (
        *(points_at(table, f"{end}_id") for end, table in zip(
            ENDS, ("initiatives", "metrics", "capabilities", "priorities"), strict=True
        )),
        points_at("people", "said_by_id"),
        points_at("people", "confirmed_by_id"),
        CheckConstraint(" OR ".join(f"({_is_pair(*pair)})" for pair in PAIRS), name="pair"),
        CheckConstraint("strength BETWEEN 1 AND 3", name="strength"),
        *(_once(*pair) for pair in PAIRS),
        *(Index(None, "organisation_id", f"{end}_id") for end in ENDS),
    )  # fmt: skip

    id: int = Field(default=None, primary_key=True)
    initiative_id: int | None = None
    metric_id: int | None = None
    capability_id: int | None = None
    priority_id: int | None = None
    strength: int = 2
    said_by_id: int | None = None
    said_at: datetime
    source: str = ""
    confirmed_by_id: int | None = None
    confirmed_at: datetime | None = None


def touching(session: Session, end: str, ids: set[int], other: str = "") -> list[Link]:
    """Every link that has one of these at this end, or only those with an `other` at theirs."""
    if not ids:
        return []
    wanted = select(Link).where(col(getattr(Link, f"{end}_id")).in_(ids))
    if other:
        wanted = wanted.where(col(getattr(Link, f"{other}_id")).is_not(None))
    return list(session.exec(wanted.order_by(col(Link.id))))


def pairs(session: Session, lower: str, upper: str) -> list[tuple[int, int]]:
    """All links of one kind as bare ids: for whole maps, where a row each would be slow."""
    low, up = col(getattr(Link, f"{lower}_id")), col(getattr(Link, f"{upper}_id"))
    found = session.exec(select(low, up).where(low.is_not(None), up.is_not(None)))
    return [(one, other) for one, other in found]


def all_of_them(session: Session) -> list[Link]:
    """Every link."""
    return list(session.exec(select(Link).order_by(col(Link.id))))


def key(lower: str, lower_id: int, upper: str, upper_id: int) -> str:
    """How a link is named where it may be gone: "initiative/4>priority/2"."""
    return f"{lower}/{lower_id}>{upper}/{upper_id}"


def key_of(link: Link) -> str:
    """The key of this link."""
    lower, upper = (end for end in ENDS if getattr(link, f"{end}_id") is not None)
    return key(lower, getattr(link, f"{lower}_id"), upper, getattr(link, f"{upper}_id"))


def ends(key: str) -> list[tuple[str, int]]:
    """The noun and the id of each end of a key, the lower first; none where it is no key."""
    named = (end.partition("/") for end in key.split(">"))
    return [(noun, int(id)) for noun, _, id in named if noun in ENDS and id.isdecimal()]


def of_key(session: Session, key: str) -> Link | None:
    """The link, if it is still there."""
    if len(both := ends(key)) != 2:
        return None
    (lower, lower_id), (upper, upper_id) = both
    found = touching(session, lower, {lower_id}, other=upper)
    return next((one for one in found if getattr(one, f"{upper}_id") == upper_id), None)
