"""`export` in a chat: a link for who asked, good once and for ten minutes."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from bot import plain
from handlers.exports import Fetching
from storage.channels import Channel, told_private
from storage.codes import Code
from storage.people import Person
from tests.chat import Chat

LINK = re.compile(r"https?://\S+/x/([\w-]{43})")


def token_for(chat: Chat, who: str, text: str = "export") -> str:
    chat.store.pages = "https://chat.acme.example"
    chat.types(who, text)
    (token,) = LINK.findall(chat.text(who))
    return str(token)


def page(chat: Chat, token: str) -> str:
    return plain.card(Fetching(chat.store).look(token).card, chat.zone)


def make_public(chat: Chat, name: str) -> None:
    with chat.changing() as session:
        place = session.exec(select(Channel).where(Channel.external_id == name)).one()
        told_private(session, place, False)


def test_export_gives_a_link_and_says_what_it_gives(chat: Chat) -> None:
    token = token_for(chat, "dana")
    assert chat.title("dana") == "The whole map, as Excel"
    chat.sees("dana", f"https://chat.acme.example/x/{token}", "works once, for ten minutes")
    assert chat.labels("dana") == ["As CSV", "As YAML"]
    chat.clicks("dana", "As YAML")
    assert chat.title("dana") == "The whole map, as YAML"


@pytest.mark.parametrize(
    ("text", "title", "name"),
    [
        ("export as yaml", "The whole map, as YAML", "acme-lifts.yaml"),
        ("export everything to csv", "The whole map, as CSV", "acme-lifts.zip"),
        ("export decisions", "The decisions, as Excel", "acme-lifts-decisions.xlsx"),
        ("export decisions since 1 Jan", "The decisions since 1 Jan, as Excel",
         "acme-lifts-decisions.xlsx"),
        ("export decisions since 1 Jan as csv", "The decisions since 1 Jan, as CSV",
         "acme-lifts-decisions.zip"),
    ],
)  # fmt: skip
def test_what_is_wanted_is_read_said_back_and_given(
    chat: Chat, text: str, title: str, name: str
) -> None:
    token = token_for(chat, "dana", text)
    assert chat.title("dana") == title
    file = Fetching(chat.store).take(token)
    assert file is not None
    assert file.name == name
    assert file.content


def test_what_cannot_be_read_is_asked_about(chat: Chat) -> None:
    chat.types("dana", "export P-12").refused("dana", "the whole map, or the decisions")
    chat.types("dana", "export decisions as yaml").refused("dana", "Excel or CSV")
    chat.types("dana", "export decisions since kumquat").refused("dana", "as a day")


def test_looking_uses_nothing_up_and_taking_does(chat: Chat) -> None:
    token = token_for(chat, "dana")
    fetching = Fetching(chat.store)
    for _ in range(5):
        assert "Your export is ready" in page(chat, token)
    assert fetching.take(token) is not None
    assert fetching.take(token) is None
    assert "This link is over" in page(chat, token)


def test_of_four_who_press_at_once_one_gets_the_file(chat: Chat) -> None:
    token = token_for(chat, "dana", "export as yaml")
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda _: Fetching(chat.store).take(token), range(4)))
    assert sum(file is not None for file in got) == 1


def test_after_ten_minutes_it_is_over(chat: Chat) -> None:
    token = token_for(chat, "dana")
    chat.clock.wind(minutes=9, seconds=59)
    assert "ready" in page(chat, token)
    chat.clock.wind(seconds=1)
    assert "over" in page(chat, token)
    assert Fetching(chat.store).take(token) is None


def test_the_token_itself_is_kept_nowhere(chat: Chat) -> None:
    token = token_for(chat, "dana")
    with chat.looking() as session:
        kept = [one.model_dump_json() for one in session.exec(select(Code))]
    assert kept
    assert not any(token in one for one in kept)
    assert "over" in page(chat, "x" * 43)


def test_a_code_for_something_else_is_no_link(chat: Chat) -> None:
    chat.types("dana", "this is me")
    (code,) = re.findall(r"`this is me (\w+)`", chat.text("dana"))
    assert "over" in page(chat, code)


def test_who_lost_the_right_gets_nothing(chat: Chat) -> None:
    token = token_for(chat, "ana")
    chat.types("omar", "gone @ana")
    assert "over" in page(chat, token)
    assert Fetching(chat.store).take(token) is None


def test_guests_may_not_and_auditors_may(chat: Chat) -> None:
    with chat.changing() as session:
        for name, role in (("Ana Sousa", "guest"), ("Sam Ode", "auditor")):
            session.exec(select(Person).where(Person.name == name)).one().role = role
    chat.types("ana", "export").refused("ana", "Guests can ask me, but not take out")
    assert token_for(chat, "sam")


def test_private_decisions_stay_and_are_counted(chat: Chat) -> None:
    chat.types("omar", "decide sell the house", at="board")
    chat.types("omar", "decide buy the CRM", at="general")
    make_public(chat, "general")
    theirs = token_for(chat, "dana", "export as yaml")
    assert "1 decision." in page(chat, theirs)
    assert "1 left out because it is private" in page(chat, theirs)
    file = Fetching(chat.store).take(theirs)
    assert file is not None
    assert b"buy the CRM" in file.content
    assert b"sell the house" not in file.content
    assert b"private decisions: 1" in file.content
    own = Fetching(chat.store).take(token_for(chat, "omar", "export as yaml"))
    assert own is not None
    assert b"sell the house" in own.content


def test_a_private_decision_is_not_named_by_one_that_replaces_it(chat: Chat) -> None:
    chat.types("omar", "decide sell the house", at="board")
    chat.types("omar", "decide keep the house replaces D-1", at="general")
    make_public(chat, "general")
    file = Fetching(chat.store).take(token_for(chat, "dana", "export as yaml"))
    assert file is not None
    assert b"D-1" not in file.content
    assert b"decision: (left out)" in file.content


def test_only_decisions_since_then_are_counted(chat: Chat) -> None:
    chat.types("omar", "decide buy the CRM", at="general")
    make_public(chat, "general")
    assert ": 1 decision." in page(chat, token_for(chat, "dana", "export decisions since today"))
    chat.clock.wind(days=3)
    since = page(chat, token_for(chat, "dana", "export decisions since yesterday"))
    assert ": 0 decisions." in since
