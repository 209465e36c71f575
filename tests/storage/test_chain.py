"""What was recorded cannot be changed, dropped, swapped, cut or written anew unseen."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from storage import append_only, chain, demo, erasing, joining, people, recorded
from storage.chain import Head, Record, digest
from storage.database import Database
from storage.people import Person
from tests.chat import Chat

Attack = Callable[[Connection], None]


@pytest.fixture
def talked(chat: Chat) -> Chat:
    """A company with a few decisions and changes of the map on record."""
    for one in (
        "decide buy the CRM @lee fri",
        'decide "Move to one cloud" @dana',
        'project "Data lake" owner @lee',
        "side @lee business",
    ):
        chat.types("lee", one)
    chat.types("lee", "accept D-1")
    chat.is_attacked = True
    return chat


@contextmanager
def _beside(database: Database) -> Iterator[Connection]:
    """As whoever has the file or the password comes in: not through us."""
    engine = create_engine(database.url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _unguarded(database: Database) -> Iterator[Connection]:
    """As whoever owns the database may: its triggers out of the way."""
    with _beside(database) as connection:
        if database.is_sqlite:
            made = connection.execute(
                text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            ).all()
            for name, _ in made:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            made = []
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection
        for _, again in made:
            connection.execute(text(again))


def verify(database: Database, *printed: tuple[int, str]) -> list[str]:
    (found,) = recorded.verify(database, printed)
    return [fault.what for fault in found.faults]


def head_of(database: Database) -> Head:
    (found,) = recorded.verify(database)
    assert found.head
    return found.head


def test_what_was_recorded_is_whole(talked: Chat, database: Database) -> None:
    assert verify(database) == []
    head = head_of(database)
    assert head.number >= 8
    assert head.short == f"record {head.number} · {head.hash[:8]}"
    assert verify(database, (head.number, head.hash[:8]), (1, "")) == []


@pytest.mark.parametrize("table", append_only.TABLES)
@pytest.mark.parametrize("what", ["UPDATE {} SET organisation_id = 1", "DELETE FROM {}"])
def test_the_database_itself_refuses(
    talked: Chat, database: Database, table: str, what: str
) -> None:
    with pytest.raises(DatabaseError, match="only added to"), _beside(database) as connection:
        connection.execute(text(what.format(table)))


def _edit(connection: Connection) -> None:
    connection.execute(text("UPDATE decisions SET title = 'Buy nothing' WHERE number = 1"))


def _delete(connection: Connection) -> None:
    connection.execute(
        text("DELETE FROM decision_events WHERE id = (SELECT min(id) FROM decision_events)")
    )


def _swap(connection: Connection) -> None:
    one, other = connection.execute(text("SELECT id, title FROM decisions ORDER BY id")).all()[:2]
    for id, title in ((one.id, other.title), (other.id, one.title)):
        changed = text("UPDATE decisions SET title = :title WHERE id = :id")
        connection.execute(changed, {"title": title, "id": id})


def _swap_records(connection: Connection) -> None:
    for was, now in ((2, -1), (3, 2), (-1, 3)):
        moved = text("UPDATE records SET number = :now WHERE number = :was")
        connection.execute(moved, {"was": was, "now": now})


def _cut(connection: Connection) -> None:
    """The last entry goes, with the row it covers."""
    last = connection.execute(text("SELECT * FROM records ORDER BY number DESC LIMIT 1")).one()
    connection.execute(text("DELETE FROM records WHERE number = :n"), {"n": last.number})
    connection.execute(text(f"DELETE FROM {last.noun} WHERE id = :i"), {"i": last.row_id})


def _put_in(connection: Connection) -> None:
    connection.execute(
        text(
            "INSERT INTO decision_events (organisation_id, decision_id, at, by_id, what, data) "
            "SELECT organisation_id, decision_id, at, by_id, 'done', '{}' FROM decision_events "
            "ORDER BY id LIMIT 1"
        )
    )


@pytest.mark.parametrize(
    ("attack", "seen"),
    [
        (_edit, "changed"),
        (_delete, "gone"),
        (_swap, "changed"),
        (_swap_records, "changed"),
        (_cut, "head"),
        (_put_in, "unrecorded"),
    ],
)
def test_an_attack_is_seen(talked: Chat, database: Database, attack: Attack, seen: str) -> None:
    with _unguarded(database) as connection:
        attack(connection)
    assert seen in verify(database)


def _move_head(connection: Connection) -> None:
    last = connection.execute(text("SELECT * FROM records ORDER BY number DESC LIMIT 1")).one()
    connection.execute(
        text("UPDATE record_heads SET number = :n, hash = :h"), {"n": last.number, "h": last.hash}
    )


def test_a_cut_with_its_head_moved_is_seen_by_a_head_printed_before(
    talked: Chat, database: Database
) -> None:
    head = head_of(database)
    with _unguarded(database) as connection:
        _cut(connection)
        _move_head(connection)
    assert verify(database) == []  # the database alone cannot know
    assert verify(database, (head.number, head.hash[:8])) == ["printed and missing"]


def test_a_record_written_anew_is_seen_by_a_head_printed_before(
    talked: Chat, database: Database
) -> None:
    head = head_of(database)
    with _unguarded(database) as connection:
        _edit(connection)
    _write_anew(database)
    assert verify(database) == []
    assert verify(database, (head.number, head.hash[:8])) == ["printed otherwise"]
    assert verify(database, (1, "00000000")) == ["printed otherwise"]


def _write_anew(database: Database) -> None:
    """As somebody would who reads our source."""
    tables = {chain.table_of(one).name: chain.table_of(one) for one in recorded.TABLES}
    with _unguarded(database) as connection:
        last = ""
        for record in connection.execute(text("SELECT * FROM records ORDER BY number")).all():
            table = tables[record.noun]
            row = connection.execute(table.select().where(table.c.id == record.row_id)).mappings()
            last = digest(last, record.noun, dict(row.one()))
            connection.execute(
                text("UPDATE records SET hash = :h WHERE number = :n"),
                {"h": last, "n": record.number},
            )
        _move_head(connection)


def test_writers_at_once_make_one_chain(chat: Chat, database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: chat.types("lee", f"decide thing {one} @lee"), range(24)))
    assert verify(database) == []
    assert head_of(database).number >= 48


def test_what_was_refused_leaves_no_record(talked: Chat, database: Database) -> None:
    before = head_of(database).number
    chat = talked
    chat.types("lee", 'reverse D-99 "no"').refused("lee", "D-99")
    assert head_of(database).number == before


def test_joining_and_erasing_leave_the_record_whole(talked: Chat, database: Database) -> None:
    head = head_of(database)
    with talked.changing() as session:
        dana = people.called(session, "Dana")[0]
        double = Person(name="D. B.", created_at=session.now)
        session.add(double)
        session.flush()
        joining.join(session, dana, double)
        named = erasing.erase(session, dana)
    assert named == []
    assert verify(database, (head.number, head.hash)) == []
    with _beside(database) as connection:
        for table in ("people", "accounts", "events", "decisions", "decision_events", "outbox"):
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            assert "Dana Brandt" not in str(rows), table
            assert "dana@" not in str(rows), table


def test_who_typed_a_name_into_a_decision_is_told_where_it_stays(talked: Chat) -> None:
    talked.types("omar", "decide give Zoë's budget back @lee")
    with talked.changing() as session:
        session.add(zoe := Person(name="Zoë", created_at=session.now))
        session.flush()
        assert erasing.erase(session, zoe) == ["D-3"]


def test_the_invented_companys_history_stays_on_record_and_off_the_news(
    demo_chat: Chat, database: Database
) -> None:
    number = head_of(database).number
    assert number > 20
    with demo_chat.changing() as session:
        demo.clear(session)
    assert verify(database) == []
    assert head_of(database).number == number
    assert "One login" not in str(demo_chat.types("lee", "what changed this year"))


def test_a_column_added_later_changes_no_record() -> None:
    row = {"id": 1, "title": "Buy the CRM", "at": datetime(2026, 11, 23, 9, tzinfo=UTC)}
    assert digest("", "decisions", row) == digest("", "decisions", row | {"mood": None, "n": ""})
    assert digest("", "decisions", row) != digest("", "decisions", row | {"mood": "good"})
    assert digest("", "decisions", row) == (
        "1461e2bc605422a2c20f39d7910dc52751feb5c5461c3cec9da6fb6098317731"
    )


def test_no_record_is_of_two_rows(talked: Chat) -> None:
    with talked.looking() as session:
        rows = [(one.noun, one.row_id) for one in session.exec(select(Record))]
    assert len(rows) == len(set(rows))
