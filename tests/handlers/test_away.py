"""Away, and back."""

import pytest
from sqlmodel import select

from storage.people import Person
from tests.chat import Chat


def until(chat: Chat, name: str) -> str | None:
    with chat.looking() as session:
        day = session.exec(select(Person).where(Person.name == name)).one().away_until
    return day.isoformat() if day else None


@pytest.mark.parametrize(
    ("typed", "day", "said"),
    [
        ("away until Wed", "2026-11-25", "Wed 25 Nov"),
        ("away until wednesday", "2026-11-25", "Wed 25 Nov"),
        ("away till Monday", "2026-11-30", "Mon 30 Nov"),
        ("away 2026-12-02", "2026-12-02", "Wed 2 Dec"),
        ("/align away until 2027-01-04", "2027-01-04", "Mon 4 Jan 2027"),
        ("away until tomorrow", "2026-11-24", "Tue 24 Nov"),
    ],
)
def test_one_says_until_when_and_reads_what_was_understood(
    chat: Chat, typed: str, day: str, said: str
) -> None:
    chat.types("dana", typed)
    assert chat.title("dana") == f"You are away until {said}"
    assert until(chat, "Dana Brandt") == day


def test_coming_back_is_one_tap_or_one_word(chat: Chat) -> None:
    chat.types("dana", "away until Fri").clicks("dana", "I am back").sees("dana", "Welcome back")
    assert until(chat, "Dana Brandt") is None
    chat.types("dana", "away until Fri").types("dana", "back").sees("dana", "Welcome back")
    assert until(chat, "Dana Brandt") is None
    chat.types("dana", "back").sees("dana", "I did not know of any absence")


def test_everybody_sees_who_is_away_until_the_day(chat: Chat) -> None:
    chat.types("dana", "away until Wed")
    chat.types("lee", "people").sees("lee", "away until 25 Nov")
    chat.clock.wind(days=2)
    chat.types("lee", "people").sees_no("lee", "away until")


def test_a_facilitator_says_it_of_others_and_others_do_not(chat: Chat) -> None:
    chat.types("lee", "away @dana until Fri").sees("lee", "Dana Brandt is away until Fri 27 Nov")
    chat.types("ana", "back @dana")
    chat.refused("ana", "Only Dana, or Lee, who keeps the map, can say how long somebody is away")
    assert until(chat, "Dana Brandt") == "2026-11-27"
    chat.types("lee", "away @dana until Fri").clicks("lee", "Dana is back")
    assert until(chat, "Dana Brandt") is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("away", "Say until when"),
        ("away until the cows come home", "“the cows come home” as a day"),
        ("away until 2026-11-23", "is not after today"),
        ("away until 2020-01-01", "is not after today"),
        ("away until 2036-01-01", "more than two years"),
    ],
)
def test_what_is_no_day_to_come_is_refused_with_an_example(
    chat: Chat, typed: str, said: str
) -> None:
    chat.types("dana", typed).refused("dana", said)
    assert until(chat, "Dana Brandt") is None
