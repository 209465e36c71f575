"""Two accounts that are one person, joined by a code and by nothing less."""

import re

import pytest
from sqlmodel import select

from bot.messages import Account
from storage import people
from storage.events import Event
from storage.initiatives import Initiative
from storage.people import Person
from tests.chat import Chat


def meet(chat: Chat, who: str, name: str = "Dana Brandt", standing: str = "") -> None:
    """Somebody in the other chat, whose address that chat does not vouch for."""
    chat.accounts[who] = Account("other", "acme", f"29:{who}", name, standing=standing)  # type: ignore[arg-type]


def code_for(chat: Chat, who: str) -> str:
    chat.types(who, "this is me")
    (code,) = re.findall(r"`this is me (\w+)`", chat.text(who))
    return str(code)


def count(chat: Chat) -> int:
    with chat.looking() as session:
        return len(people.everybody(session))


def owned_by_dana(chat: Chat, who: str) -> bool:
    chat.types(who, "what do I own?")
    return "Faster onboarding" in chat.text(who)


def test_the_code_of_one_chat_typed_in_the_other_makes_one_person(chat: Chat) -> None:
    meet(chat, "db")
    chat.types("db", "help")
    before = count(chat)
    assert not owned_by_dana(chat, "db")
    code = code_for(chat, "dana")
    chat.types("db", f"this is me {code}")
    chat.sees("db", "You are one person now: Dana Brandt", "under dana@acme.example",
              "`this is me undo` takes it apart")  # fmt: skip
    assert count(chat) == before - 1
    assert owned_by_dana(chat, "db")
    assert owned_by_dana(chat, "dana")


def test_the_code_may_come_from_either_chat_and_in_any_spelling(chat: Chat) -> None:
    meet(chat, "db")
    code = code_for(chat, "db")
    chat.types("dana", f"this is me {code[:3].lower()}-{code[3:]}").sees("dana", "one person now")
    assert owned_by_dana(chat, "db")


def test_what_was_owned_in_the_other_chat_comes_along(chat: Chat) -> None:
    meet(chat, "db")
    chat.types("db", "help")
    with chat.changing() as session:
        other = session.exec(select(Person).where(Person.name == "Dana Brandt",
                                                  Person.email == None)).one()  # noqa: E711  # fmt: skip
        session.add(Initiative(name="Teams only", owner_id=other.id, created_at=session.now))
    chat.types("db", f"this is me {code_for(chat, 'dana')}")
    chat.types("dana", "what do I own?").sees("dana", "Teams only", "CRM replacement")


def test_it_can_be_taken_apart_again(chat: Chat) -> None:
    meet(chat, "db")
    chat.types("db", f"this is me {code_for(chat, 'dana')}")
    chat.clicks("db", "Take it apart again").sees("db", "are two people again")
    assert not owned_by_dana(chat, "db")
    assert owned_by_dana(chat, "dana")
    chat.types("dana", "this is me undo").sees("dana", "There is nothing to take apart")


def test_what_was_asked_of_one_account_is_answered_from_any(chat: Chat) -> None:
    meet(chat, "bo", "Bo Lind")
    chat.types("bo", 'decide sell the CRM @me for "Faster onboarding"')
    chat.types("lee", "decide buy the CRM @bo")
    chat.types("bo", f"this is me {code_for(chat, 'dana')}").clicks("bo", "Yes, I am Dana Brandt")
    chat.types("dana", "decisions mine").sees("dana", "| Dana Brandt | asked").sees_no("dana", "Bo")
    chat.types("dana", "accept D-2").sees("dana", "Owner: Dana Brandt, accepted")
    chat.types("dana", "why D-1").sees_no("dana", "neither owns this nor was asked")
    chat.types("bo", "done D-1").sees("bo", "Done, by Dana Brandt.")
    chat.types("dana", "this is me undo").types("dana", "decisions mine")
    chat.sees_no("dana", "sell the CRM")


def test_taking_apart_by_word_works_in_either_chat(chat: Chat) -> None:
    meet(chat, "db")
    chat.types("db", f"this is me {code_for(chat, 'dana')}")
    chat.types("dana", "this is me undo").sees("dana", "are two people again")
    assert not owned_by_dana(chat, "db")


def test_nobody_takes_others_apart(chat: Chat) -> None:
    meet(chat, "db")
    chat.types("db", f"this is me {code_for(chat, 'dana')}")
    undo = chat.button("db", "Take it apart again")
    command = chat.command("lee", undo.sends, undo.text, dict(undo.values))
    (card,) = chat.answer(command).cards
    assert "nothing to take apart" in str(card.title.source)  # type: ignore[union-attr]
    assert owned_by_dana(chat, "db")


def test_a_code_works_once(chat: Chat) -> None:
    meet(chat, "db")
    meet(chat, "db2")
    code = code_for(chat, "dana")
    chat.types("db", f"this is me {code}").sees("db", "one person now")
    chat.types("db2", f"this is me {code}").sees("db2", "That code is over")
    assert not owned_by_dana(chat, "db2")


def test_a_code_is_over_after_ten_minutes(chat: Chat) -> None:
    meet(chat, "db")
    code = code_for(chat, "dana")
    chat.clock.wind(minutes=10)
    chat.types("db", f"this is me {code}").sees("db", "That code is over")


def test_who_guesses_is_stopped_though_the_code_be_right(chat: Chat) -> None:
    meet(chat, "db")
    code = code_for(chat, "dana")
    for _ in range(5):
        chat.types("db", "this is me 222222").sees("db", "I did not give that code")
    chat.types("db", f"this is me {code}").sees("db", "five wrong codes")
    assert not owned_by_dana(chat, "db")


def test_ones_own_code_joins_nobody(chat: Chat) -> None:
    code = code_for(chat, "dana")
    chat.types("dana", f"this is me {code}").sees("dana", "You are one person here already")


def test_another_name_is_asked_about_before_anything_is_joined(chat: Chat) -> None:
    meet(chat, "mallory", "Mallory")
    code = code_for(chat, "mallory")
    before = count(chat)
    chat.types("dana", f"this is me {code}").sees("dana", "Are you also Mallory?", "press No")
    assert count(chat) == before
    chat.clicks("dana", "Yes, I am Mallory").sees("dana", "one person now: Dana Brandt, also met")


@pytest.mark.parametrize("standing", ["guest", "stranger"])
def test_guests_and_strangers_are_never_joined(chat: Chat, standing: str) -> None:
    meet(chat, "db", standing=standing)
    chat.types("db", "this is me").refused("db", "Guests can ask me")
    chat.types("db", f"this is me {code_for(chat, 'dana')}").refused("db", "Guests can ask me")


def test_a_guest_is_not_joined_by_an_address_either(chat: Chat) -> None:
    chat.accounts["db"] = Account("other", "acme", "29:db", "Dana Brandt", "dana@acme.example",
                                  standing="guest")  # fmt: skip
    assert not owned_by_dana(chat, "db")
    chat.types("db", "help")
    assert not owned_by_dana(chat, "db")


def test_an_address_that_nobody_vouches_for_joins_nobody(chat: Chat) -> None:
    meet(chat, "db")
    assert not owned_by_dana(chat, "db")


def test_whoever_runs_us_is_nobodys_other_account(chat: Chat) -> None:
    meet(chat, "operator", "Operator", "operator")
    chat.types("operator", "this is me").refused("operator")


def test_rights_come_along_only_after_a_look(chat: Chat) -> None:
    meet(chat, "ln", "Lee Novak")
    code = code_for(chat, "lee")
    chat.types("ln", f"this is me {code}").sees("ln", "one of you is facilitator")
    chat.types("ln", "side @dana it").refused("ln")
    chat.types("ln", f"this is me {code}").clicks("ln", "Yes, I am Lee Novak")
    chat.types("ln", "side @dana it").sees("ln", "Dana Brandt speaks for IT")


def test_history_keeps_the_name_under_which_it_happened_and_knows_who_it_is(chat: Chat) -> None:
    meet(chat, "db", "D. Brandt")
    chat.types("db", "side it")
    with chat.looking() as session:
        (said,) = session.exec(select(Event).where(Event.noun == "person")).all()
    chat.types("db", f"this is me {code_for(chat, 'dana')}")
    with chat.looking() as session:
        kept = session.get_one(Event, said.id)
        assert kept.by_id == said.by_id
        now = people.who(session, kept.by_id or 0)
        assert now is not None
        assert now.name == "Dana Brandt"
    chat.types("lee", "what changed this week").sees("lee", "changed by Dana Brandt")
