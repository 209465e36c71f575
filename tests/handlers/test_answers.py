"""A word or two is an answer on what was just shown, in that conversation, to that person."""

from dataclasses import replace

import pytest
from sqlmodel import col, select

from bot import plain
from storage import channels, rooms, shown
from storage.initiatives import Initiative
from storage.metrics import Metric, Reading
from storage.organisations import touch_map
from storage.outbox import Message
from storage.people import Person
from storage.shown import Shown
from tests.chat import Chat


def room(chat: Chat, number: int, at: str = "general") -> str:
    """What stands in the room, as one text."""
    return plain.card(chat.standing(f"decision/{number}", at), chat.zone)


def project(chat: Chat, name: str) -> Initiative:
    with chat.looking() as session:
        return session.exec(select(Initiative).where(Initiative.name == name)).one()


def readings(chat: Chat, name: str) -> list[float]:
    with chat.looking() as session:
        of_it = select(Metric.id).where(Metric.name == name)
        wanted = select(Reading.value).where(Reading.metric_id == session.exec(of_it).one())
        return list(session.exec(wanted.order_by(col(Reading.id))))


def test_yes_and_no_answer_the_decision_that_was_just_posted(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @lee").types("lee", "yes")
    assert "Owner: Lee Novak, accepted" in room(chat, 1)
    chat.types("dana", "decide sell the CRM @lee").types("lee", "No.")
    assert "Lee Novak said: not me" in room(chat, 2)


def test_only_who_has_part_in_it_or_keeps_the_map_names_another_owner(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @omar").types("omar", "yes")
    before = room(chat, 1)
    chat.types("pia", "@lee owns D-1").refused("pia", "Omar", "name another owner of a decision")
    assert room(chat, 1) == before
    chat.types("omar", "@lee owns D-1")
    assert "Lee Novak" in room(chat, 1)


def test_what_somebody_was_shown_alone_comes_before_what_everybody_was(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @lee").types("dana", "decide sell the CRM @lee")
    chat.types("lee", "why D-1").types("lee", "yes")
    assert "accepted" in room(chat, 1)
    assert "no answer yet" in room(chat, 2)
    chat.types("dana", "decide rent the CRM @lee").types("lee", "yes")  # posted after it
    assert "accepted" in room(chat, 3)


def test_who_changed_a_decision_means_it_by_what_comes_next(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @dana").types("dana", "decide sell the CRM @dana")
    chat.types("dana", 'because D-1 "we lose leads"').types("dana", "done")
    assert "Done, by Dana Brandt." in room(chat, 1)
    assert "accepted" in room(chat, 2)


def test_each_conversation_has_its_own_last_thing(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @lee")
    chat.types("dana", "decide sell the CRM @lee", at="sales")
    chat.types("lee", "yes")
    assert "accepted" in room(chat, 1)
    assert "no answer yet" in room(chat, 2, at="sales")


def test_a_post_in_a_room_is_shown_in_every_place_of_it(chat: Chat) -> None:
    with chat.changing() as session:
        inside = [channels.place(session, "chat", "acme", one, one) for one in ("one", "two")]
        rooms.found(session, "Steering", *inside)
    chat.types("dana", "decide buy the CRM @lee", at="one").types("lee", "yes", at="two")
    assert "accepted" in room(chat, 1, at="two")


def test_a_thread_is_a_conversation_and_one_under_our_message_is_about_that(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @lee").types("dana", "decide sell the CRM @lee")
    with chat.changing() as session:
        first = session.exec(select(Message).where(Message.key == "decision/1")).one()
        first.message_id = "m1"
    chat.clock.wind(days=3)
    yes = chat.command("lee", "yes", "yes")
    assert chat.answer(replace(yes, under="m9")).refusal
    chat.answer(replace(chat.command("lee", "yes", "yes"), under="m1"))
    assert "accepted" in room(chat, 1)


def test_not_me_may_name_who_it_is_or_say_why_in_plain_words(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @lee").types("lee", "not me, Ana")
    assert "Owner: Ana Sousa, asked" in room(chat, 1)
    chat.types("dana", "decide sell the CRM @lee").types("lee", "not me, I leave in May")
    assert "not me, “I leave in May”" in room(chat, 2)


def test_dana_owns_it_names_the_owner_of_what_was_just_shown(chat: Chat) -> None:
    chat.types("ana", "decide buy the CRM").types("ana", "Dana owns it")
    assert "Owner: Dana Brandt, asked" in room(chat, 1)
    chat.types("lee", "Data lake").types("lee", "dana owns it.")
    chat.sees("lee", "Owner: Lee Novak → Dana Brandt.")
    chat.types("lee", "Data lake").types("lee", "I own it").sees("lee", "Lee Novak")
    chat.types("sam", "decide paint the hall").types("sam", "I own it")
    assert "Owner: Sam Ode, accepted" in room(chat, 2)
    chat.types("sam", "who owns it").sees("sam", "Sam Ode")


def test_who_is_told_apart_is_asked_about_and_the_press_says_the_same(chat: Chat) -> None:
    chat.types("lee", "Data lake").types("lee", "sam owns it")
    chat.refused("lee", "More than one person fits “sam”.")
    chat.clicks("lee", "Sam Petrov")
    chat.sees("lee", "Owner: Lee Novak → Sam Petrov.")


def test_a_bare_number_is_a_reading_of_the_number_just_shown(chat: Chat) -> None:
    chat.types("dana", "Days to onboard").types("dana", "6.5")
    chat.sees("dana", "Today: 11 days → 6.5 days.")
    chat.types("dana", "7 days")
    assert readings(chat, "Days to onboard") == [12.0, 11.0, 6.5, 7.0]


def test_a_bare_number_that_fits_nothing_offers_the_numbers_it_may_be(chat: Chat) -> None:
    chat.types("dana", "One login").types("dana", "6.5")
    chat.refused("dana", "What I showed you last here is One login", "Say which number is 6.5")
    assert chat.offered("dana") == ["Days to onboard: 6.5", "What waits for me"]
    chat.clicks("dana", "Days to onboard: 6.5")
    assert readings(chat, "Days to onboard")[-1] == 6.5


def test_done_and_it_is_late_are_said_of_the_project_just_shown(chat: Chat) -> None:
    chat.types("lee", "Audit trail").types("lee", "it is late")
    assert project(chat, "Audit trail").status == "late"
    chat.types("lee", "done").sees("lee", "Status: late → done.")
    assert project(chat, "Audit trail").status == "done"


def test_why_and_last_show_it_again(chat: Chat) -> None:
    chat.types("dana", 'decide buy the CRM @dana because "we lose leads"')
    for typed in ("why", "why?", "why this", "last"):
        chat.types("lee", typed).sees("lee", "D-1 buy the CRM", "we lose leads")
    chat.types("lee", "One login").types("lee", "why").sees("lee", "Faster onboarding")
    chat.types("lee", "last")
    assert chat.title("lee") == "One login"


def test_it_stands_for_what_was_just_shown_in_questions_and_commands(chat: Chat) -> None:
    chat.types("lee", "One login").types("lee", "who owns it?").sees("lee", "Lee Novak")
    chat.types("lee", "what is it for").sees("lee", "Faster onboarding")
    chat.types("lee", 'rename it to "Single login"').sees("lee", "Name: One login → Single login.")
    chat.types("lee", 'link last to "Grow revenue"').sees("lee", "Linked to Grow revenue.")


def test_a_thing_that_is_really_called_so_is_meant_by_its_name(chat: Chat) -> None:
    with chat.changing() as session:
        for name in ("Last", "365"):
            session.add(Initiative(name=name, created_at=session.now))
        touch_map(session, session.organisation)
    chat.types("lee", "One login")
    for name in ("Last", "365"):
        chat.types("lee", name)
        assert chat.title("lee") == name


@pytest.mark.parametrize("typed", ["yes", "no", "last", "accept", "not me", "6.5", "done"])
def test_with_nothing_shown_it_says_so_and_what_to_do(chat: Chat, typed: str) -> None:
    chat.types("dana", typed).refused("dana", "I have shown you nothing here in the last day")
    assert "What waits for me" in chat.offered("dana")


def test_it_is_forgotten_after_a_day(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @lee")
    chat.clock.wind(hours=23)
    chat.types("lee", "last").sees("lee", "D-1 buy the CRM")
    chat.clock.wind(hours=24)
    chat.types("lee", "yes").refused("lee", "I have shown you nothing here")
    assert chat.offered("lee") == ["D-1: I own it", "What waits for me"]


def test_what_cannot_take_the_answer_is_named(chat: Chat) -> None:
    chat.types("dana", "One login").types("dana", "yes")
    chat.refused("dana", "What I showed you last here is One login", "accept D-7")
    chat.types("dana", 'needs "Choose payroll vendor" from @omar').types("omar", "yes")
    chat.refused("omar", "D-1 is a question that waits to be decided.")


def test_only_the_last_thing_is_kept_of_each_person_and_place(chat: Chat) -> None:
    for name in ("One login", "Data lake", "Asana"):
        chat.types("dana", name).types("lee", name)
    with chat.looking() as session:
        assert len(session.exec(select(Shown)).all()) == 2


def test_a_stranger_to_the_place_was_shown_nothing_there(chat: Chat) -> None:
    chat.types("dana", "One login")
    with chat.looking() as session:
        here = channels.known(session, "chat", "acme", "general")
        dana = session.exec(select(Person).where(Person.name == "Dana Brandt")).one()
        lee = session.exec(select(Person).where(Person.name == "Lee Novak")).one()
        assert here
        at = here.id, ""
        assert shown.last(session, *at, dana.id, session.now).startswith("initiative/")
        assert shown.last(session, *at, lee.id, session.now) == ""


def test_why_did_we_buy_it_is_answered_by_the_reason_that_was_given(chat: Chat) -> None:
    chat.types("dana", 'decide buy the CRM @dana for "Grow revenue" because "we lose leads"')
    chat.types("dana", "decide paint the hall @dana")
    for asked in ("why did we buy the CRM?", "why did we decide on Grow revenue"):
        chat.types("lee", asked).sees("lee", "we lose leads", "D-1 buy the CRM", "Dana Brandt")
    chat.types("lee", "why D-1").types("lee", "why did we buy it?").sees("lee", "we lose leads")
    chat.types("lee", "why D-2").types("lee", "why did we choose it").sees("lee", "Nobody has said")
    assert chat.labels("lee") == ["Add why D-2"]
    chat.types("dana", 'decide rent the CRM @dana because "it is cheaper"')
    chat.types("lee", "why did we buy the CRM?").sees("lee", "we lose leads", "it is cheaper")


def test_a_reason_of_another_place_stays_there(chat: Chat) -> None:
    chat.types("dana", 'decide buy the plant @dana because "secret"', at="board")
    chat.types("lee", "why did we buy the plant?").sees_no("lee", "secret")
