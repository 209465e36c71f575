"""Organisations stay apart, readers only read, and nothing written together is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import col, delete, exists, func, select, update

from storage import organisations
from storage.database import PRAGMAS, Database, Session
from storage.initiatives import Initiative
from storage.organisations import Organisation
from storage.people import Person
from tests.chat import guarded, unguarded
from tests.clock import MONDAY


@dataclass
class Two:
    """Two organisations that know nothing of each other, with one person and project each."""

    database: Database
    ours: int
    theirs: int
    our_person: int
    their_person: int
    our_project: int
    their_project: int

    def names(self, organisation: int) -> list[str]:
        with self.database.reading(organisation) as session:
            return list(session.exec(select(Initiative.name)))


@pytest.fixture
def two(database: Database) -> Two:
    made: list[tuple[int, int, int]] = []
    for name in ("Ours", "Theirs"):
        with database.writing() as session:
            organisation = Organisation(name=name, zone="UTC", created_at=MONDAY)
            session.add(organisation)
        with database.writing(organisation.id) as session:
            person = Person(name=f"{name} Person", email="a@b.example", created_at=MONDAY)
            session.add(person)
            session.flush()
            project = Initiative(name=name, owner_id=person.id, created_at=MONDAY)
            session.add(project)
        made.append((organisation.id, person.id, project.id))
    (ours, our_person, our_project), (theirs, their_person, their_project) = made
    return Two(database, ours, theirs, our_person, their_person, our_project, their_project)


Ask = Callable[[Session], Any]
other = aliased(Initiative)
ASKS: dict[str, Ask] = {
    "select": lambda s: s.exec(select(Initiative.name)).all(),
    "entity": lambda s: [one.name for one in s.exec(select(Initiative))],
    "alias": lambda s: s.exec(select(other.name)).all(),
    "join": lambda s: s.exec(
        select(Initiative.name).join(Person, col(Person.email) == "a@b.example")
    ).all(),
    "outer join": lambda s: s.exec(
        select(Initiative.name).join(Person, col(Person.id) > 0, isouter=True)
    ).all(),
    "two tables": lambda s: s.exec(
        select(Initiative.name, Person.id).where(Initiative.owner_id == Person.id)
    ).all(),
    "subquery": lambda s: s.exec(
        select(Initiative.name).where(col(Initiative.owner_id).in_(select(Person.id)))
    ).all(),
    "exists": lambda s: s.exec(
        select(Initiative.name).where(exists().where(col(Person.id) == Initiative.owner_id))
    ).all(),
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_a_session_reads_no_other_organisations_rows(two: Two, ask: Ask) -> None:
    with guarded(two.database), two.database.reading(two.ours) as session:
        found = ask(session)
    assert len(found) == 1
    assert "Ours" in str(found[0])
    with two.database.reading(two.theirs) as session:
        assert "Theirs" in str(ask(session)[0])


def test_a_count_counts_only_our_rows(two: Two) -> None:
    with two.database.reading(two.ours) as session:
        assert session.exec(select(func.count()).select_from(Initiative)).one() == 1
        assert session.exec(select(func.count(col(Initiative.id)))).one() == 1
        assert session.exec(select(func.max(Initiative.id))).one() == two.our_project


def test_a_row_of_others_cannot_be_got_by_its_id(two: Two) -> None:
    with guarded(two.database), two.database.reading(two.ours) as session:
        assert session.get(Initiative, two.our_project) is not None
        assert session.get(Initiative, two.their_project) is None
        assert session.get(Person, two.their_person) is None


def test_an_update_changes_only_our_rows(two: Two) -> None:
    with guarded(two.database), two.database.writing(two.ours) as session:
        session.exec(update(Initiative).values(name="Renamed"))
    assert two.names(two.ours) == ["Renamed"]
    assert two.names(two.theirs) == ["Theirs"]


def test_a_delete_removes_only_our_rows(two: Two) -> None:
    with guarded(two.database), two.database.writing(two.ours) as session:
        session.exec(delete(Initiative))
    assert two.names(two.ours) == []
    assert two.names(two.theirs) == ["Theirs"]


def test_a_row_is_given_to_the_organisation_of_its_session(two: Two) -> None:
    with two.database.writing(two.ours) as session:
        session.add(Initiative(name="Data lake", created_at=MONDAY))
    assert sorted(two.names(two.ours)) == ["Data lake", "Ours"]
    with (
        pytest.raises(ValueError, match="another organisation"),
        two.database.writing(two.ours) as session,
    ):
        session.add(Initiative(organisation_id=two.theirs, name="Sent", created_at=MONDAY))
    assert two.names(two.theirs) == ["Theirs"]


def test_a_foreign_key_cannot_cross_organisations(two: Two) -> None:
    with pytest.raises(IntegrityError), two.database.writing(two.ours) as session:
        session.add(Initiative(name="Crossed", owner_id=two.their_person, created_at=MONDAY))
    with pytest.raises(IntegrityError), two.database.writing(two.ours) as session:
        session.exec(update(Initiative).values(owner_id=two.their_person))
    assert two.names(two.ours) == ["Ours"]


def test_a_row_of_others_cannot_be_changed_by_bringing_it_along(two: Two) -> None:
    with two.database.reading(two.theirs) as session:
        brought = session.get_one(Initiative, two.their_project)
        session.expunge(brought)
    brought.area = "Taken"
    with pytest.raises(ValueError, match="another"), two.database.writing(two.ours) as session:
        session.add(brought)
    with two.database.reading(two.theirs) as session:
        assert session.get_one(Initiative, two.their_project).area == ""


def test_a_row_of_ours_cannot_be_given_away(two: Two) -> None:
    lake = Initiative(name="Data lake", created_at=MONDAY)
    with two.database.writing(two.ours) as session:
        session.add(lake)
    lake.organisation_id = two.theirs
    with pytest.raises(ValueError, match="another"), two.database.writing(two.ours) as session:
        session.add(lake)
    assert two.names(two.theirs) == ["Theirs"]


# writing together


def _four_times_ten(database: Database, increment: Callable[[Session], None], id: int) -> None:
    def run(_worker: int) -> None:
        for _ in range(10):
            with database.writing(id) as session:
                increment(session)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))


def _revision(database: Database, id: int) -> int:
    with database.reading(id) as session:
        return session.get_one(Organisation, id).map_revision


def test_counting_in_the_database_together_loses_nothing(two: Two) -> None:
    def touch(session: Session) -> None:
        organisations.touch_map(session, session.get_one(Organisation, two.ours))

    _four_times_ten(two.database, touch, two.ours)
    assert _revision(two.database, two.ours) == 40
    assert _revision(two.database, two.theirs) == 0


def test_reading_adding_and_writing_together_loses_nothing(two: Two) -> None:
    def read_and_write(session: Session) -> None:
        one = session.get_one(Organisation, two.ours)
        one.map_revision = one.map_revision + 1

    _four_times_ten(two.database, read_and_write, two.ours)
    assert _revision(two.database, two.ours) == 40


def test_a_writer_that_failed_leaves_nothing_and_frees_the_lock(two: Two) -> None:
    with suppress(ZeroDivisionError), two.database.writing(two.ours) as session:
        session.exec(update(Initiative).values(name="Half"))
        raise ZeroDivisionError
    assert two.names(two.ours) == ["Ours"]
    with two.database.writing(two.ours) as session:
        session.exec(update(Initiative).values(name="Whole"))
    assert two.names(two.ours) == ["Whole"]


def test_a_reading_session_sees_one_state_however_long_it_takes(two: Two) -> None:
    with two.database.reading(two.ours) as session:
        before = session.exec(select(Initiative.name)).all()
        with two.database.writing(two.ours) as writing:
            writing.exec(update(Initiative).values(name="Renamed"))
        session.expire_all()
        assert session.exec(select(Initiative.name)).all() == before
    assert two.names(two.ours) == ["Renamed"]


def test_a_reading_session_cannot_write(two: Two) -> None:
    for statement in (
        "UPDATE organisations SET name = 'Taken'",
        "INSERT INTO organisations (name, zone, currency, map_revision, is_demo, created_at) "
        "VALUES ('a', 'UTC', 'EUR', 0, false, '2026-01-01')",
        "DELETE FROM organisations",
        "CREATE TABLE taken (id INTEGER)",
    ):
        with (
            pytest.raises(DBAPIError, match=r"(?i)read.?only"),
            two.database.reading(two.ours) as session,
        ):
            session.execute(text(statement))


def test_the_database_says_the_time_and_its_version(database: Database) -> None:
    assert database.now().tzinfo is UTC
    name, numbers = database.version()
    assert name.split()[0] == ("SQLite" if database.is_sqlite else "PostgreSQL")
    assert numbers > (3,)


# SQLite


def test_sqlite_is_set_as_promised(sqlite: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000, "foreign_keys": 1,
              "trusted_schema": 0}  # fmt: skip
    assert {pragma.partition("=")[0] for pragma in PRAGMAS} == set(wanted)
    for engine, only_reads in ((sqlite.writer, 0), (sqlite.reader, 1)):
        with engine.connect() as connection:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in (*wanted, "query_only")
            }
        assert found == wanted | {"query_only": only_reads}


def test_sqlite_has_no_known_defect_in_its_log(sqlite: Database) -> None:
    assert sqlite.version()[1] >= (3, 51, 3)


def test_whoever_writes_takes_the_lock_before_reading(sqlite: Database) -> None:
    second = Database(str(sqlite.url))
    impatient = second.writer.raw_connection()
    impatient.cursor().execute("PRAGMA busy_timeout=0")
    with sqlite.writing() as session:
        organisations.first(session)
        with pytest.raises(Exception, match="locked"):
            impatient.cursor().execute("BEGIN IMMEDIATE")
    impatient.cursor().execute("BEGIN IMMEDIATE")
    impatient.close()
    second.close()


# addresses


@pytest.mark.parametrize(
    ("address", "driver"),
    [
        ("sqlite:///here.db", "sqlite"),
        ("postgresql://u:p@h/n", "postgresql+psycopg"),
        ("postgres://u:p@h/n", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@h/n", "postgresql+psycopg"),
    ],
)
def test_an_address_finds_its_driver(address: str, driver: str) -> None:
    database = Database(address)
    assert database.url.drivername == driver
    database.close()


@pytest.mark.parametrize(
    "address", ["mysql://h/n", "sqlite://", "sqlite:///:memory:", "postgresql+asyncpg://h/n"]
)
def test_an_address_that_cannot_be_used_is_refused_in_words(address: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL must"):
        Database(address)


# the listener that finds queries without the organisation


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("SELECT people.id, people.organisation_id FROM people WHERE people.id = ?", ["people"]),
        ("SELECT people.id FROM people WHERE people.organisation_id = ?", []),
        ("SELECT p.id FROM people AS p WHERE p.organisation_id = %(o)s::INTEGER", []),
        ("SELECT people_1.id FROM people AS people_1 WHERE people.organisation_id = ?",
         ["people_1"]),
        ("SELECT links.id FROM links JOIN people ON people.id = links.said_by_id "
         "WHERE links.organisation_id = ?", ["people"]),
        ("SELECT links.id FROM links, people WHERE links.organisation_id = ?", ["people"]),
        ("SELECT links.id FROM links JOIN people ON people.organisation_id = "
         "links.organisation_id AND links.organisation_id = ?", []),
        ("UPDATE people SET name=? WHERE people.id = ?", []),
        ("UPDATE people SET name=%(n)s::VARCHAR, side=%(s)s WHERE people.id = %(i)s::INTEGER", []),
        ("DELETE FROM people WHERE people.id = ?", []),
        ("UPDATE people SET name=? WHERE people.id = ? OR people.id = ?", ["people"]),
        ("UPDATE people SET name=? WHERE people.id = ? AND people.side = ?", ["people"]),
        ("UPDATE people SET name=? WHERE people.id > ?", ["people"]),
        ("UPDATE people SET name=? WHERE people.id = people.id", ["people"]),
        ("UPDATE people SET name=? WHERE people.side_id = ?", ["people"]),
        ("UPDATE people SET name=? WHERE people.side = ?", ["people"]),
        ("UPDATE people SET id=? WHERE links.id = ?", ["people"]),
        ("DELETE FROM people WHERE people.id IN (?)", ["people"]),
        ("UPDATE people SET organisation_id=?", ["people"]),
        ("UPDATE people SET name=? WHERE people.organisation_id = ?", []),
        ("DELETE FROM readings", ["readings"]),
        ("SELECT organisations.id FROM organisations", []),
        ("INSERT INTO people (name) VALUES (?)", []),
        ("PRAGMA query_only=ON", []),
    ],
)  # fmt: skip
def test_a_statement_that_forgets_whose_rows_it_is_about_is_found(
    statement: str, found: list[str]
) -> None:
    assert unguarded(statement) == found


def test_a_row_that_was_loaded_may_be_changed_and_removed_by_its_key(two: Two) -> None:
    with guarded(two.database), two.database.writing(two.ours) as session:
        person = session.get_one(Person, two.our_person)
        person.title, person.email = "Head of Tests", None
        project = session.get_one(Initiative, two.our_project)
        session.delete(project)
    assert two.names(two.ours) == []
    with two.database.reading(two.ours) as session:
        assert session.get_one(Person, two.our_person).title == "Head of Tests"


def test_such_a_statement_is_stopped(database: Database) -> None:
    with (
        guarded(database),
        database.reading() as session,
        pytest.raises(AssertionError, match="without organisation_id for people"),
    ):
        session.exec(select(Person)).all()
    with database.reading() as session:
        assert session.exec(select(Person)).all() == []
