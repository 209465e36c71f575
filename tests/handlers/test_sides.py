"""Which side somebody speaks for, and the one time that they are asked."""

from sqlmodel import select

from bot.messages import Quiet
from storage.events import Event
from storage.initiatives import Initiative
from storage.people import Person
from tests.chat import Chat


def side_of(chat: Chat, name: str) -> str | None:
    with chat.looking() as session:
        return session.exec(select(Person).where(Person.name == name)).one().side


def asks_for_the_side(chat: Chat, who: str) -> bool:
    return {"Business", "IT", "Both"} <= set(chat.labels(who))


def test_one_says_ones_own_side(chat: Chat) -> None:
    chat.types("sam.petrov", "side it").sees("sam.petrov", "You speak for IT")
    assert side_of(chat, "Sam Petrov") == "it"
    chat.clicks("sam.petrov", "Both").sees("sam.petrov", "for both sides", "Until now it was IT.")
    assert side_of(chat, "Sam Petrov") == "both"


def test_a_facilitator_says_it_for_others_by_any_name(chat: Chat) -> None:
    for typed, side in (
        ("side @dana it", "it"),
        ("side dana@acme.example both", "both"),
        ("/align side Dana Brandt business", "business"),
    ):
        chat.types("lee", typed).sees("lee", "Dana Brandt speaks for")
        assert side_of(chat, "Dana Brandt") == side


def test_others_may_not_and_are_told_whom_to_ask(chat: Chat) -> None:
    chat.types("dana", "side @omar it")
    chat.refused("dana", "Only Omar, or Lee, who keeps the map, can say which side somebody is on.")
    assert side_of(chat, "Omar Haddad") == "business"


def test_two_who_fit_are_offered(chat: Chat) -> None:
    chat.types("lee", "side @sam both")
    assert chat.labels("lee") == ["Sam Ode", "Sam Petrov"]
    chat.clicks("lee", "Sam Petrov").sees("lee", "Sam Petrov speaks for both sides")
    assert (side_of(chat, "Sam Ode"), side_of(chat, "Sam Petrov")) == ("business", "both")


def test_a_side_we_do_not_know_is_refused_with_those_we_do(chat: Chat) -> None:
    chat.types("dana", "side marketing").refused("dana", "business, it, or both")
    chat.types("dana", "side").refused("dana", "business, it, or both")


def test_somebody_unknown_is_said_to_be(chat: Chat) -> None:
    chat.types("lee", "side @zoe it").sees("lee", "I don't know anybody called “@zoe”")


def test_a_slip_in_a_name_offers_who_may_be_meant(chat: Chat) -> None:
    chat.types("lee", "side @dnaa it").sees("lee", "I don't know anybody called “@dnaa”")
    chat.clicks("lee", "Dana Brandt").sees("lee", "Dana Brandt speaks for IT")


def test_the_first_answer_asks_once(chat: Chat) -> None:
    chat.types("sam.petrov", "what are our priorities")
    assert asks_for_the_side(chat, "sam.petrov")
    quiet = [part for card in chat.shown("sam.petrov") for part in card.parts
             if isinstance(part, Quiet)]  # fmt: skip
    assert len(quiet) == 1
    chat.types("sam.petrov", "what are our priorities")
    assert not asks_for_the_side(chat, "sam.petrov")


def test_one_tap_answers_it(chat: Chat) -> None:
    chat.types("sam.petrov", "what's late").clicks("sam.petrov", "Business")
    chat.sees("sam.petrov", "You speak for the business")
    assert side_of(chat, "Sam Petrov") == "business"


def test_somebody_new_is_asked_too_and_then_no_more(chat: Chat) -> None:
    chat.types("max", "help")
    assert asks_for_the_side(chat, "max")
    chat.types("max", "help")
    assert not asks_for_the_side(chat, "max")


def test_whose_side_is_known_is_not_asked(chat: Chat) -> None:
    chat.types("dana", "help")
    assert not asks_for_the_side(chat, "dana")


def test_the_question_waits_where_its_buttons_would_be_mistaken(chat: Chat) -> None:
    with chat.changing() as session:
        dana = session.exec(select(Person).where(Person.name == "Dana Brandt")).one()
        dana.side = None
    chat.types("dana", "people @dana")
    assert chat.labels("dana").count("Business") == 1
    chat.types("dana", "help")
    assert asks_for_the_side(chat, "dana")


def test_a_change_of_side_is_remembered_with_who_made_it(chat: Chat) -> None:
    chat.types("lee", "side @dana it")
    chat.types("lee", "side @dana it")
    with chat.looking() as session:
        (event,) = session.exec(select(Event).where(Event.noun == "person")).all()
        by = session.get_one(Person, event.by_id).name
    assert (event.name, event.before, event.after) == ("", {"side": "business"}, {"side": "it"})
    assert by == "Lee Novak"
    chat.types("dana", "what changed this week").sees("dana", "Dana Brandt changed by Lee Novak")


def test_a_project_that_begins_like_the_command_is_still_found(chat: Chat) -> None:
    with chat.changing() as session:
        session.add(Initiative(name="Side letters", created_at=session.now))
    chat.types("dana", "side letters")
    assert chat.title("dana") == "Side letters"
