"""Who is who, however they are named and wherever they are met."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from storage import people
from storage.database import Database, Session
from storage.organisations import Organisation
from storage.people import Account, Person
from tests.clock import MONDAY


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as founding:
        acme = Organisation(name="Acme", zone="UTC", created_at=MONDAY)
        founding.add(acme)
    with database.writing(acme.id) as session:
        for name, email in (
            ("Dana Brandt", "dana@acme.example"),
            ("Sam Ode", "sam@acme.example"),
            ("Sam Petrov", "sam.petrov@acme.example"),
            ("ana Sousa", "ana@acme.example"),
            ("Lee", None),
        ):
            session.add(Person(name=name, email=email, created_at=MONDAY))
        session.flush()
        yield session


def _meet(session: Session, id: str = "U1", email: str = "", *, platform: str = "chat",
          name: str = "Somebody", side: str = "") -> Person:  # fmt: skip
    return people.meet(session, platform, "T1", id, name=name, email=email, side=side, at=MONDAY)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("@dana", ["Dana Brandt"]),
        ("Dana", ["Dana Brandt"]),
        ("dana brandt", ["Dana Brandt"]),
        (" @DANA ", ["Dana Brandt"]),
        ("brandt", ["Dana Brandt"]),
        ("dana@acme.example", ["Dana Brandt"]),
        ("DANA@acme.example", ["Dana Brandt"]),
        ("sam", ["Sam Ode", "Sam Petrov"]),
        ("sam ode", ["Sam Ode"]),
        ("petrov", ["Sam Petrov"]),
        ("sam.petrov", ["Sam Petrov"]),
        ("lee", ["Lee"]),
        ("dan", []),
        ("", []),
        ("@", []),
        ("acme", []),
    ],
)
def test_people_are_called_as_people_call_them(
    session: Session, typed: str, names: list[str]
) -> None:
    assert [person.name for person in people.called(session, typed)] == names


def test_everybody_is_listed_by_name_whatever_the_case(session: Session) -> None:
    assert [person.name for person in people.everybody(session)] == [
        "ana Sousa", "Dana Brandt", "Lee", "Sam Ode", "Sam Petrov",
    ]  # fmt: skip


def test_an_address_finds_its_person_in_any_case(session: Session) -> None:
    found = people.by_email(session, " Dana@ACME.example ")
    assert found is not None
    assert found.name == "Dana Brandt"
    assert people.by_email(session, "nobody@acme.example") is None


def test_somebody_new_becomes_a_person_with_an_account(session: Session) -> None:
    met = _meet(session, email="Max@Acme.example", name="Max", side="it")
    assert (met.name, met.email, met.side, met.role) == ("Max", "max@acme.example", "it", "member")
    account = session.exec(select(Account)).one()
    assert (account.person_id, account.external_id) == (met.id, "U1")


def test_somebody_met_again_is_the_same_person(session: Session) -> None:
    first = _meet(session, name="Max")
    again = _meet(session, name="Max")
    assert first.id == again.id
    assert len(session.exec(select(Account)).all()) == 1


def test_a_vouched_address_joins_accounts_and_keeps_what_the_person_said(session: Session) -> None:
    dana = people.by_email(session, "dana@acme.example")
    assert dana is not None
    dana.side = "business"
    one = _meet(session, "U1", "dana@acme.example", side="it")
    two = _meet(session, "29:x", "DANA@acme.example", platform="other", name="D. B.")
    assert one.id == two.id == dana.id
    assert (dana.side, dana.name) == ("business", "Dana Brandt")
    assert len(session.exec(select(Account).where(col(Account.person_id) == dana.id)).all()) == 2


def test_without_an_address_nobody_is_joined(session: Session) -> None:
    one = _meet(session, "U1", name="Dana Brandt")
    two = _meet(session, "U2", name="Dana Brandt")
    dana = people.by_email(session, "dana@acme.example")
    assert dana is not None
    assert len({one.id, two.id, dana.id}) == 3
    assert one.email is None


def test_an_account_stays_with_its_person_when_its_address_changes(session: Session) -> None:
    max_ = _meet(session, "U1", "max@acme.example", name="Max")
    again = _meet(session, "U1", "dana@acme.example", name="Max")
    assert again.id == max_.id


def test_the_same_id_in_another_tenant_is_somebody_else(session: Session) -> None:
    one = _meet(session, "U1", name="Max")
    known = people.known(session, "chat", "T1", "U1", "")
    assert known is not None
    assert known.id == one.id
    assert people.known(session, "chat", "T2", "U1", "") is None
    assert people.known(session, "other", "T1", "U1", "") is None


@pytest.mark.parametrize("wrong", [{"side": "marketing"}, {"role": "king"}])
def test_sides_and_roles_are_the_ones_we_know(session: Session, wrong: dict[str, Any]) -> None:
    session.add(Person(name="Max", created_at=MONDAY, **wrong))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
