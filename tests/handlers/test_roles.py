"""Who may do what, and who says so."""

from sqlmodel import select

from storage.initiatives import Initiative
from storage.people import Person
from tests.chat import Chat


def role_of(chat: Chat, name: str) -> str:
    with chat.looking() as session:
        return session.exec(select(Person).where(Person.name == name)).one().role


def test_an_admin_changes_a_role_and_can_change_it_back(chat: Chat) -> None:
    chat.types("omar", "role @dana facilitator")
    chat.sees("omar", "Dana Brandt is a facilitator now", "Was member before.")
    assert role_of(chat, "Dana Brandt") == "facilitator"
    chat.clicks("omar", "Back to member")
    assert role_of(chat, "Dana Brandt") == "member"


def test_who_is_no_admin_is_told_who_is(chat: Chat) -> None:
    chat.types("dana", "role @dana admin")
    chat.refused("dana", "Only Omar, who looks after me here, can change roles. Ask them.")
    chat.types("lee", "role @dana facilitator").refused("lee", "Only Omar")
    assert role_of(chat, "Dana Brandt") == "member"


def test_two_admins_are_both_named(chat: Chat) -> None:
    chat.types("omar", "role Ana admin")
    chat.types("dana", "role @sam.petrov facilitator")
    chat.refused("dana", "Only Ana or Omar, who look after me here, can change roles.")
    chat.refused("dana", "Ask one of them.")


def test_without_an_admin_the_refusal_says_how_to_name_one(chat: Chat) -> None:
    with chat.changing() as session:
        session.exec(select(Person).where(Person.name == "Omar Haddad")).one().role = "member"
    chat.types("dana", "role @dana admin")
    chat.refused("dana", "there is none yet", 'throughline do "role @name admin"')


def test_the_only_admin_cannot_be_lost(chat: Chat) -> None:
    chat.types("omar", "role @omar member").refused("omar", "the only admin")
    assert role_of(chat, "Omar Haddad") == "admin"


def test_a_role_we_do_not_know_is_refused_with_those_we_do(chat: Chat) -> None:
    chat.types("omar", "role @dana king").refused("omar", "admin, facilitator, auditor, member")


def test_a_project_that_begins_like_the_command_is_still_found(chat: Chat) -> None:
    with chat.changing() as session:
        session.add(Initiative(name="Role based access", created_at=session.now))
    chat.types("dana", "role based access")
    assert chat.title("dana") == "Role based access"
