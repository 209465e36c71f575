"""Fewer messages, or none, at once; and why one came."""

import pytest
from sqlmodel import select

from storage import nudges
from storage.nudges import Reason
from storage.people import Person
from tests.chat import Chat

D14 = Reason("decision/14", "owner", "D-14")


def wants(chat: Chat, name: str = "Dana Brandt") -> str:
    with chat.looking() as session:
        return session.exec(select(Person).where(Person.name == name)).one().wants


def written(chat: Chat, message: str, *reasons: Reason) -> None:
    with chat.changing() as session:
        dana = session.exec(select(Person).where(Person.name == "Dana Brandt")).one()
        nudges.record(session, dana.id, message, reasons, session.now)


@pytest.mark.parametrize("typed", ["stop", "Stop!", "/align stop"])
def test_stop_works_at_once(chat: Chat, typed: str) -> None:
    chat.types("dana", typed).sees("dana", "I write you nothing in private any more")
    assert wants(chat) == "never"


def test_less_is_one_tap_away_and_so_is_as_before(chat: Chat) -> None:
    chat.types("dana", "stop")
    assert chat.labels("dana") == ["Only Mondays", "Only what I own", "As before"]
    for label, chosen in (
        ("Only Mondays", "mondays"),
        ("Only what I own", "owned"),
        ("As before", "usual"),
        ("Nothing; ask me in the room", "never"),
    ):
        chat.clicks("dana", label)
        assert wants(chat) == chosen
        assert label not in chat.labels("dana")


def test_stop_and_more_is_no_command(chat: Chat) -> None:
    chat.types("dana", "stop the data lake")
    assert wants(chat) == "usual"


def test_why_me_says_why_and_how_often(chat: Chat) -> None:
    written(chat, "digest/1", Reason("number/3", "owner", "Days to onboard"))
    chat.types("dana", "decide buy the CRM @dana")
    chat.clock.wind(days=1)
    d1 = Reason("decision/1", "owner", "D-1")
    written(chat, "digest/2", d1, Reason("poll/3", "voter", "P-3"))
    chat.types("dana", "why me?")
    assert chat.title("dana") == (
        "You got this because you own D-1, and because your vote is wanted in P-3"
    )
    chat.sees("dana", "I wrote to you twice in the last seven days; three is my limit.")
    chat.clicks("dana", "Only Mondays")
    chat.types("dana", "why me").sees("dana", "You get it on Mondays only, as you told me.")


def test_why_me_without_a_message_says_so(chat: Chat) -> None:
    chat.types("dana", "why me?").sees("dana", "I wrote you nothing in private")
    written(chat, "digest/1", D14)
    chat.types("lee", "why me?").sees("lee", "I wrote you nothing in private")
    chat.clock.wind(days=7)
    chat.types("dana", "why me?").sees("dana", "I wrote you nothing in private")
    chat.types("max", "why me?").sees("max", "I wrote you nothing in private")


def test_a_guest_may_stop_it_too(chat: Chat) -> None:
    with chat.changing() as session:
        session.exec(select(Person).where(Person.name == "Ana Sousa")).one().role = "guest"
    chat.types("ana", "stop").sees("ana", "nothing in private")
    assert wants(chat, "Ana Sousa") == "never"
