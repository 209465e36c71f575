"""The record: what was decided and changed, chained so that no entry can be altered unseen.

Every row of an append-only table gets a record, numbered per organisation from 1. A record's hash
covers the row and the hash before it, so whoever changes, drops or swaps something breaks the
chain from there on; whoever writes all of it anew cannot change the head that was printed before.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby
from typing import Any, Protocol

import sqlalchemy
from sqlalchemy import Table, insert, update
from sqlmodel import Field, Session, col, func, select

from storage.tables import WHOSE, Ours, run

AT_ONCE = 1000  # records verified together
SHORT = 8  # digits of a hash that people compare


class Record(Ours, table=True):
    """One entry: the row it covers, by table and id, and the hash of both it and all before it."""

    __tablename__ = "records"

    organisation_id: int = Field(default=None, foreign_key="organisations.id", primary_key=True)
    number: int = Field(primary_key=True)
    noun: str  # the table's name
    row_id: int
    hash: str


class Head(Ours, table=True):
    """The newest record of an organisation, kept apart so that a cut shows."""

    __tablename__ = "record_heads"

    organisation_id: int = Field(default=None, foreign_key="organisations.id", primary_key=True)
    number: int
    hash: str
    at: datetime

    @property
    def short(self) -> str:
        """As it is printed: "record 214 · 7f3a91c2"."""
        return f"record {self.number} · {self.hash[:SHORT]}"


class Recorded(Protocol):
    """A row of a table that is only added to."""

    organisation_id: int
    id: int
    at: datetime

    def model_dump(self) -> dict[str, Any]: ...


_HEAD = select(Head.number, Head.hash).where(Head.organisation_id == WHOSE)
_RECORDS = insert(Record)
_HEADS: Table = Head.__table__  # type: ignore[attr-defined]
_MOVED = update(_HEADS).where(_HEADS.c.organisation_id == WHOSE)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at this record; 0 where it is no single one's."""

    number: int
    what: str
    noun: str = ""
    row_id: int = 0


def digest(previous: str, noun: str, row: Mapping[str, Any]) -> str:
    """The hash of a row that follows `previous`, in hexadecimal digits.

    What is empty is left out, so that a column added later changes no record made before it.
    Never change what this gives: every record ever made stands on it.
    """
    said = {name: _plain(value) for name, value in row.items() if value}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(f"{previous}\n{noun}\n{text}".encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def append(session: Session, rows: Iterable[Recorded]) -> None:
    """Let these new rows be recorded when the session commits, in this order."""
    session.info.setdefault("unsealed", []).extend(rows)


def seal(session: Session) -> None:
    """Record what was appended. Writers of an organisation go one by one, so none comes between."""
    rows: list[Recorded] = session.info.pop("unsealed", [])
    if not rows:
        return
    session.flush()
    organisation_id = rows[0].organisation_id
    head = run(session, _HEAD).first()
    number, last = (head.number, head.hash) if head else (0, "")
    records = []
    for row in rows:
        noun = table_of(type(row)).name
        last = digest(last, noun, row.model_dump())
        number += 1
        records.append(
            {
                "organisation_id": organisation_id,
                "number": number,
                "noun": noun,
                "row_id": row.id,
                "hash": last,
            }
        )
    session.connection().execute(_RECORDS, records)
    at = max(row.at for row in rows)
    if head is None:
        session.add(Head(organisation_id=organisation_id, number=number, hash=last, at=at))
        session.flush()
    else:
        run(session, _MOVED, number=number, hash=last, at=at)


def table_of(row: type[Any]) -> Table:
    """The table behind a class."""
    table: Table = row.__table__
    return table


def head(session: Session) -> Head | None:
    """The newest record; nothing where nothing was recorded."""
    return session.exec(select(Head)).first()


def began_at(session: Session, tables: Sequence[type[Ours]]) -> datetime | None:
    """When the first record was made; nothing where there is none, or what it covers is gone."""
    first = session.exec(select(Record).where(Record.number == 1)).first()
    covers = {table_of(one).name: table_of(one) for one in tables}.get(first.noun if first else "")
    if first is None or covers is None:
        return None
    wanted = sqlalchemy.select(covers.c.at).where(
        covers.c.organisation_id == first.organisation_id, covers.c.id == first.row_id
    )
    found: datetime | None = session.execute(wanted).scalar()
    return found


def numbers(session: Session, noun: str, row_ids: Iterable[int]) -> dict[int, int]:
    """Under which number each of these rows of a table is on record."""
    found = select(Record.row_id, Record.number).where(
        Record.noun == noun, col(Record.row_id).in_(list(row_ids))
    )
    return dict(session.exec(found).all())


def _tells_nobody(_done: int, _total: int) -> None: ...


def faults(
    session: Session,
    tables: Sequence[type[Ours]],
    printed: Iterable[tuple[int, str]] = (),
    tell: Callable[[int, int], None] = _tells_nobody,
) -> Iterator[Fault]:
    """Everything that is wrong with this organisation's record; nothing where it is whole.

    `printed` are heads seen earlier outside the database, as a number and the first digits of a
    hash: only they can tell that the end was cut off together with the head, or all written anew.
    `tell` hears how many records were read, of how many.
    """
    organisation_id = session.info["organisation_id"]
    by_name = {table_of(one).name: table_of(one) for one in tables}
    wanted = dict(printed)
    seen: dict[str, int] = dict.fromkeys(by_name, 0)
    last, number = "", 0
    stands = head(session)
    total = stands.number if stands else 0
    for records in _in_parts(session):
        rows = _rows(session, by_name, records, organisation_id)
        for record in records:
            if record.number != number + 1:
                yield Fault(number + 1, "missing")
            row = rows.get((record.noun, record.row_id))
            if row is None:
                yield Fault(record.number, "gone", record.noun, record.row_id)
            elif digest(last, record.noun, row) != record.hash:
                yield Fault(record.number, "changed", record.noun, record.row_id)
            if not record.hash.startswith(wanted.pop(record.number, "")):
                yield Fault(record.number, "printed otherwise")
            seen[record.noun] = seen.get(record.noun, 0) + 1
            last, number = record.hash, record.number
        tell(number, max(number, total))
    newest = head(session)
    if (newest.number, newest.hash) != (number, last) if newest else number:
        yield Fault(newest.number if newest else 0, "head")
    yield from (Fault(one, "printed and missing") for one in sorted(wanted))
    for name, table in by_name.items():
        ours = select(func.count()).where(table.c.organisation_id == organisation_id)
        if session.execute(ours).scalar_one() > seen[name]:
            yield Fault(0, "unrecorded", name)


def _in_parts(session: Session) -> Iterator[list[Record]]:
    after = 0
    while True:
        part = list(
            session.exec(
                select(Record)
                .where(Record.number > after)
                .order_by(col(Record.number))
                .limit(AT_ONCE)
                .execution_options(populate_existing=True)
            )
        )
        if not part:
            return
        yield part
        after = part[-1].number
        session.expunge_all()


def _rows(
    session: Session, tables: Mapping[str, Table], records: Sequence[Record], organisation_id: int
) -> dict[tuple[str, int], Mapping[str, Any]]:
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    by_noun = sorted(records, key=lambda one: one.noun)
    for noun, some in groupby(by_noun, key=lambda one: one.noun):
        if noun not in tables:
            continue
        table = tables[noun]
        theirs = sqlalchemy.select(table).where(
            table.c.organisation_id == organisation_id,
            table.c.id.in_([one.row_id for one in some]),
        )
        for row in session.execute(theirs).mappings():
            found[noun, row["id"]] = dict(row)
    return found
