"""Two persons become one, and can become two again, with nothing lost."""

from typing import Any

from sqlmodel import select

from storage import joining, people
from storage.initiatives import Initiative
from storage.joining import CARRIED, KEPT
from storage.people import Person
from storage.tables import Row
from tests.chat import Chat


def test_whatever_points_at_a_person_is_carried_or_kept_by_decision() -> None:
    pointing = {
        (table.name, column.name)
        for table in Row.metadata.tables.values()
        for key in table.foreign_key_constraints
        if key.referred_table.name == "people"
        for column in key.columns
        if column.name != "organisation_id"
    }
    decided: list[tuple[Any, str]] = [*CARRIED, *KEPT]
    assert {(table.__tablename__, column) for table, column in decided} == pointing
    assert len(decided) == len(pointing)


def two(session: Any, **more: Any) -> tuple[Person, Person]:
    dana = session.exec(select(Person).where(Person.name == "Dana Brandt")).one()
    other = Person(name="D. B.", created_at=session.now, **more)
    session.add(other)
    session.flush()
    return dana, other


def had(person: Person) -> list[str | None]:
    return [person.side, person.wants, person.role, person.zone]


def test_who_has_an_address_stays_and_lacks_nothing_the_other_knew(chat: Chat) -> None:
    with chat.changing() as session:
        dana, other = two(session, side="it", wants="mondays", role="facilitator", zone="UTC")
        dana.side = None
        alias = joining.join(session, other, dana)
        assert (alias.person_id, alias.was_id) == (dana.id, other.id)
        assert had(dana) == ["it", "mondays", "facilitator", "UTC"]
        joining.take_apart(session, alias)
        assert had(dana) == [None, "usual", "member", None]


def test_an_address_of_who_was_joined_still_finds_the_person(chat: Chat) -> None:
    with chat.changing() as session:
        dana, other = two(session, email="db@acme.example")
        joining.join(session, dana, other)
        found = people.by_email(session, "db@acme.example")
        assert found is not None
        assert found.id == dana.id
        assert people.called(session, "@db@acme.example") == [dana]
        assert other.id not in [one.id for one in people.everybody(session)]


def test_joining_on_and_on_ends_at_one_person(chat: Chat) -> None:
    with chat.changing() as session:
        dana, other = two(session)
        third = Person(name="Third", created_at=session.now)
        session.add(third)
        session.flush()
        joining.join(session, other, third)
        joining.join(session, dana, other)
        found = people.who(session, third.id)
        assert found is not None
        assert found.id == dana.id


def test_what_went_to_somebody_else_since_stays_there(chat: Chat) -> None:
    with chat.changing() as session:
        dana, other = two(session)
        omar = session.exec(select(Person).where(Person.name == "Omar Haddad")).one()
        for name in ("Kept", "Given"):
            session.add(Initiative(name=name, owner_id=other.id, created_at=session.now))
        session.flush()
        alias = joining.join(session, dana, other)
        session.exec(select(Initiative).where(Initiative.name == "Given")).one().owner_id = omar.id
        session.flush()
        joining.take_apart(session, alias)
        owners = {
            one.name: one.owner_id
            for one in session.exec(select(Initiative)).all()
            if one.name in ("Kept", "Given", "CRM replacement")
        }
        assert owners == {"Kept": other.id, "Given": omar.id, "CRM replacement": dana.id}
