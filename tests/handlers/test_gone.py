"""Somebody leaves, and nothing is left lying."""

import pytest
from sqlmodel import select

from bot import plain
from storage import holding
from storage.channels import Channel
from storage.events import Event
from storage.outbox import Message
from storage.people import Person
from tests.chat import Chat


def holds(chat: Chat, name: str) -> list[str]:
    with chat.looking() as session:
        person = session.exec(select(Person).where(Person.name == name)).one()
        return [one.name for _, things in holding.held_by(session, person.id) for one in things]


DANAS = ["Faster onboarding", "Give access on day one", "CRM replacement", "Days to onboard"]


def test_what_is_open_is_counted_and_three_ways_are_offered(chat: Chat) -> None:
    chat.types("lee", "gone @dana").sees(
        "lee", "Dana Brandt has left",
        "Open with them: 1 priority, 1 ability, 1 project and 1 number. Who takes it?",
    )  # fmt: skip
    assert chat.labels("lee") == [
        "All to Lee", "One by one", "Leave unowned and say so", "Dana is still here",
    ]  # fmt: skip
    chat.types("lee", "people").sees("lee", "5 people", "left on 23 Nov")


def test_all_goes_to_one_and_each_change_is_remembered(chat: Chat) -> None:
    mine = holds(chat, "Lee Novak")
    chat.types("lee", "gone @dana").clicks("lee", "All to Lee")
    chat.sees("lee", "Lee Novak owns what Dana Brandt did", *DANAS)
    assert holds(chat, "Dana Brandt") == []
    assert sorted(holds(chat, "Lee Novak")) == sorted(mine + DANAS)
    with chat.looking() as session:
        changed = [one.name for one in session.exec(select(Event).where(Event.what == "changed"))]
    assert sorted(changed) == sorted([*DANAS, ""])  # a person's name is not put on record
    chat.types("ana", "who owns CRM replacement").sees("ana", "Lee Novak")


def test_all_can_go_to_somebody_by_name(chat: Chat) -> None:
    chat.types("lee", "gone Dana to @ana").sees("lee", "Ana Sousa owns what Dana Brandt did")
    assert set(DANAS) < set(holds(chat, "Ana Sousa"))
    chat.types("lee", "gone @lee").refused("lee", "You are here")


def test_a_taker_who_fits_twice_is_asked_about(chat: Chat) -> None:
    chat.types("lee", "gone @dana to sam")
    assert chat.labels("lee") == ["Sam Ode", "Sam Petrov"]
    chat.clicks("lee", "Sam Petrov").sees("lee", "Sam Petrov owns what Dana Brandt did")


def test_who_has_left_takes_nothing(chat: Chat) -> None:
    chat.types("lee", "gone @ana").types("lee", "gone @dana to @ana")
    chat.sees("lee", "Ana Sousa has left, and can take nothing")
    assert holds(chat, "Dana Brandt") == DANAS


def test_left_unowned_is_said_and_shown(chat: Chat) -> None:
    chat.types("lee", "gone @dana").clicks("lee", "Leave unowned and say so")
    chat.sees("lee", "Nobody owns what Dana Brandt did", *DANAS)
    assert holds(chat, "Dana Brandt") == []
    chat.types("ana", "CRM replacement").sees("ana", "Owner: nobody yet")


def test_one_by_one_each_finds_its_owner(chat: Chat) -> None:
    chat.types("lee", "gone @dana").clicks("lee", "One by one")
    chat.sees("lee", "Who takes Faster onboarding?", "A priority; 4 are open.")
    chat.clicks("lee", "Omar Haddad")
    chat.sees("lee", "Faster onboarding is given.", "Who takes Give access on day one?")
    chat.clicks("lee", "Skip").sees("lee", "Who takes CRM replacement?")
    chat.clicks("lee", "Nobody yet").sees("lee", "Who takes Days to onboard?", "the last one")
    chat.clicks("lee", "Lee Novak").sees("lee", "1 still open with Dana Brandt")
    assert holds(chat, "Dana Brandt") == ["Give access on day one"]
    assert "Faster onboarding" in holds(chat, "Omar Haddad")
    assert "Days to onboard" in holds(chat, "Lee Novak")
    chat.clicks("lee", "All to Lee")
    assert holds(chat, "Dana Brandt") == []


def test_an_old_button_gives_nothing_that_went_elsewhere(chat: Chat) -> None:
    chat.types("lee", "gone @dana").clicks("lee", "One by one")
    old = chat.button("lee", "Omar Haddad")
    chat.types("lee", "gone @dana to @ana")
    chat.answer(chat.command("lee", old.sends, old.text, dict(old.values)))
    assert "Faster onboarding" in holds(chat, "Ana Sousa")


def test_who_is_still_here_is_back_with_one_tap(chat: Chat) -> None:
    chat.types("lee", "gone @dana").clicks("lee", "Dana is still here")
    chat.sees("lee", "Dana Brandt is back")
    chat.types("lee", "people").sees("lee", "6 people").sees_no("lee", "left on")
    assert holds(chat, "Dana Brandt") == DANAS


def test_a_return_speaks_of_what_others_took_only_where_they_did(chat: Chat) -> None:
    said = "What others took over meanwhile stays with them."
    chat.types("dana", "decide buy the CRM @dana")
    chat.types("lee", "Days to onboard").types("lee", "Ana owns it")  # before, and no handover
    for left in ("gone @dana", "gone sam.petrov"):
        chat.clock.wind(minutes=1)
        chat.types("lee", left).clicks("lee", chat.labels("lee")[-1])
        chat.sees("lee", "is back").sees_no("lee", said)
    chat.clock.wind(minutes=1)
    chat.types("lee", "gone @dana").clicks("lee", "All to Lee").types("lee", "back @dana")
    chat.sees("lee", said)


def test_a_return_speaks_of_a_decision_that_another_was_asked_to_take(chat: Chat) -> None:
    chat.types("sam.petrov", "decide buy the CRM @sam.petrov")
    chat.clock.wind(minutes=1)
    chat.types("lee", "gone sam.petrov").clicks("lee", "All to Lee")
    chat.types("lee", "back sam.petrov").sees("lee", "What others took over meanwhile")


def test_saying_it_twice_changes_nothing_more(chat: Chat) -> None:
    chat.types("lee", "gone @dana")
    chat.clock.wind(days=2)
    chat.types("lee", "gone @dana").sees("lee", "Dana Brandt has left")
    chat.types("lee", "people").sees("lee", "left on 23 Nov")


@pytest.mark.parametrize("typed", ["gone @ana", "gone @ana to @dana", "back @ana"])
def test_only_who_keeps_the_map_says_so(chat: Chat, typed: str) -> None:
    chat.types("lee", "gone @ana")
    chat.types("dana", typed)
    chat.refused("dana", "Only Lee, who keeps the map, can say that somebody has left or is back.")
    assert holds(chat, "Ana Sousa") != []


def test_nobody_but_an_admin_shuts_an_admin_out(chat: Chat) -> None:
    chat.types("lee", "gone @omar")
    chat.refused("lee", "Only Omar, who looks after me here, can say that an admin has left")
    chat.types("lee", "people @omar")
    assert "Has left" not in chat.labels("lee")
    chat.types("omar", "role @dana admin").types("dana", "gone @omar").sees("dana", "has left")
    chat.types("lee", "back @omar").refused("lee", "Only Dana, who looks after me here")


def test_who_has_left_changes_nothing(chat: Chat) -> None:
    chat.types("lee", "gone @dana")
    chat.types("dana", "side it").refused("dana", "I was told that you have left. Ask Lee")
    chat.types("dana", "back").refused("dana", "I was told that you have left. Ask Lee")


def test_somebody_with_nothing_open_leaves_nothing(chat: Chat) -> None:
    chat.types("lee", "gone sam.petrov").sees("lee", "Nothing is open with them.")
    assert chat.labels("lee") == ["Sam is still here"]


def test_nobody_of_that_name(chat: Chat) -> None:
    chat.types("lee", "gone @zoe").sees("lee", "I don't know anybody called “@zoe”")
    chat.types("lee", "gone").sees("lee", "Whom do you mean?")


def test_what_nobody_owns_is_really_said_and_shrinks_as_it_is_taken(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @dana")
    chat.types("lee", "gone @dana").clicks("lee", "Leave unowned and say so")
    key = unowned(chat, "general")
    text = plain.card(chat.standing(key), chat.zone)
    assert all(name in text for name in [*DANAS, "D-1 buy the CRM"])
    chat.types("ana", "CRM replacement").types("ana", "I own it").types("ana", "accept D-1")
    text = plain.card(chat.standing(key), chat.zone)
    assert "CRM" not in text
    assert "Faster onboarding" in text


def test_a_private_decision_is_told_only_where_it_was_made(chat: Chat) -> None:
    chat.types("dana", "decide close the plant @dana", at="board")
    chat.types("lee", "gone @dana").clicks("lee", "Leave unowned and say so")
    assert "plant" not in plain.card(chat.standing(unowned(chat, "general")), chat.zone)
    told = plain.card(chat.standing(unowned(chat, "board")), chat.zone)
    assert "D-1 close the plant" in told
    assert "CRM" not in told


def unowned(chat: Chat, place: str) -> str:
    """The key of what is said there."""
    with chat.looking() as session:
        here = select(Channel.id).where(Channel.external_id == place)
        said = select(Message.key).where(Message.channel_id == session.exec(here).one())
        return next(key for key in session.exec(said) if key.startswith("unowned/"))
