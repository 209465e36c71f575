"""Who is who."""

from sqlmodel import select

from bot.messages import Table
from storage.people import Person
from tests.chat import Chat


def rows(chat: Chat, who: str) -> list[tuple[object, ...]]:
    (card,) = chat.shown(who)
    (table,) = [part for part in card.parts if isinstance(part, Table)]
    return list(table.rows)


def test_everybody_is_listed_with_side_role_and_what_they_own(chat: Chat) -> None:
    chat.types("lee", "people").sees("lee", "6 people", "I don't know the side of 1.")
    assert rows(chat, "lee") == [
        ("Ana Sousa", "IT", "member", "1", "–"),
        ("Dana Brandt", "Business", "member", "4", "–"),
        ("Lee Novak", "IT", "facilitator", "3", "–"),
        ("Omar Haddad", "Business", "admin", "2", "–"),
        ("Sam Ode", "Business", "member", "nothing", "–"),
        ("Sam Petrov", "not said", "member", "nothing", "–"),
    ]


def test_one_of_them_is_shown_with_what_can_be_done(chat: Chat) -> None:
    chat.types("lee", "people").clicks("lee", "Dana Brandt")
    chat.sees("lee", "Dana Brandt", "Head of Sales", "Role: member",
              "Owns: 1 priority, 1 ability, 1 project, 1 number")  # fmt: skip
    assert chat.labels("lee") == ["What they own", "Has left"]
    chat.clicks("lee", "What they own")
    assert chat.title("lee") == "What Dana Brandt owns"


def test_only_who_may_is_offered_it(chat: Chat) -> None:
    chat.types("dana", "people @sam.petrov")
    assert chat.labels("dana") == ["What they own"]
    chat.types("lee", "people @sam.petrov")
    assert chat.labels("lee") == ["What they own", "Business", "IT", "Both", "Has left"]
    chat.clicks("lee", "IT").sees("lee", "Sam Petrov speaks for IT")
    chat.types("lee", "people @lee")
    assert chat.labels("lee") == ["What they own"]


def test_many_people_come_in_pages(chat: Chat) -> None:
    with chat.changing() as session:
        for number in range(20):
            session.add(Person(name=f"Zed {number:02}", created_at=session.now))
    chat.types("lee", "people").sees("lee", "26 people")
    assert len(rows(chat, "lee")) == 12
    chat.clicks("lee", "14 more").clicks("lee", "2 more")
    assert [row[0] for row in rows(chat, "lee")] == ["Zed 18", "Zed 19"]


def test_a_guest_does_not_read_who_is_who(chat: Chat) -> None:
    with chat.changing() as session:
        session.exec(select(Person).where(Person.name == "Ana Sousa")).one().role = "guest"
    chat.types("ana", "people").refused("ana", "Guests can ask me", "Ask Lee, who keeps the map.")
    chat.types("ana", "people @dana").refused("ana", "Guests can ask me")
