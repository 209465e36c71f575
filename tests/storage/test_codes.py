"""One-time codes are good once, for ten minutes, for one purpose, and cannot be tried out."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from storage import codes
from storage.codes import ALPHABET, Code, Try
from storage.database import Database, Session
from storage.organisations import Organisation
from storage.people import Person
from tests.clock import MONDAY

MINUTE = timedelta(minutes=1)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as founding:
        acme = Organisation(name="Acme", zone="UTC", created_at=MONDAY)
        founding.add(acme)
    with database.writing(acme.id) as session:
        session.add(Person(name="Dana", created_at=MONDAY))
        session.add(Person(name="Mallory", created_at=MONDAY))
        session.flush()
        yield session


@pytest.fixture
def two(session: Session) -> tuple[int, int]:
    dana, mallory = session.exec(select(Person.id).order_by(Person.name)).all()
    return dana, mallory


def test_a_code_is_found_however_it_is_typed(session: Session, two: tuple[int, int]) -> None:
    code = codes.make(session, "room", two[0], MONDAY, thing_id=7)
    assert len(code) == 6
    assert set(code) <= set(ALPHABET)
    for typed in (code, code.lower(), f" {code[:3]}-{code[3:]} ", " ".join(code)):
        found = codes.find(session, "room", typed, two[1], MONDAY)
        assert isinstance(found, Code)
        assert (found.by_id, found.thing_id) == (two[0], 7)


def test_the_code_itself_is_kept_nowhere(session: Session, two: tuple[int, int]) -> None:
    code = codes.make(session, "room", two[0], MONDAY)
    kept = session.exec(select(Code)).one()
    assert code not in kept.model_dump_json()
    assert len(kept.digest) == 64


def test_it_is_good_once(session: Session, two: tuple[int, int]) -> None:
    code = codes.make(session, "room", two[0], MONDAY)
    found = codes.find(session, "room", code, two[1], MONDAY)
    assert isinstance(found, Code)
    codes.spend(found, MONDAY)
    assert codes.find(session, "room", code, two[1], MONDAY) == "over"


@pytest.mark.parametrize(("minutes", "is_good"), [(9.99, True), (10, False), (60, False)])
def test_it_is_good_for_ten_minutes(
    session: Session, two: tuple[int, int], minutes: float, is_good: bool
) -> None:
    code = codes.make(session, "room", two[0], MONDAY)
    found = codes.find(session, "room", code, two[1], MONDAY + minutes * MINUTE)
    assert isinstance(found, Code) is is_good


def test_it_is_good_for_its_purpose_only(session: Session, two: tuple[int, int]) -> None:
    code = codes.make(session, "room", two[0], MONDAY)
    assert codes.find(session, "claim", code, two[1], MONDAY) == "unknown"


def test_a_new_one_ends_the_one_before(session: Session, two: tuple[int, int]) -> None:
    first = codes.make(session, "room", two[0], MONDAY)
    others = codes.make(session, "room", two[1], MONDAY)
    second = codes.make(session, "room", two[0], MONDAY)
    assert codes.find(session, "room", first, two[1], MONDAY) == "over"
    assert isinstance(codes.find(session, "room", second, two[1], MONDAY), Code)
    assert isinstance(codes.find(session, "room", others, two[0], MONDAY), Code)


def test_five_wrong_ones_stop_one_person_for_ten_minutes(
    session: Session, two: tuple[int, int]
) -> None:
    dana, mallory = two
    code = codes.make(session, "room", dana, MONDAY)
    for _ in range(5):
        assert codes.find(session, "room", "AAAAAA", mallory, MONDAY) == "unknown"
    assert codes.find(session, "room", code, mallory, MONDAY) == "too many"
    assert isinstance(codes.find(session, "room", code, dana, MONDAY), Code)
    late = MONDAY + 10 * MINUTE
    again = codes.make(session, "room", dana, late)
    assert isinstance(codes.find(session, "room", again, mallory, late), Code)


def test_what_is_over_since_yesterday_is_forgotten(session: Session, two: tuple[int, int]) -> None:
    codes.make(session, "room", two[0], MONDAY)
    codes.find(session, "room", "AAAAAA", two[1], MONDAY)
    codes.make(session, "claim", two[1], MONDAY + timedelta(days=2))
    assert [one.purpose for one in session.exec(select(Code))] == ["claim"]
    assert session.exec(select(Try)).all() == []
