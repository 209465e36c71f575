"""Deciding, as people do it: one line in a meeting, an owner who answers, nothing ever edited."""

import pytest
from sqlmodel import func, select

from bot import plain
from bot.messages import Form
from storage.decisions import Decision, DecisionEvent
from storage.initiatives import Initiative
from storage.organisations import touch_map
from storage.people import Person
from tests.chat import Chat


def room(chat: Chat, number: int) -> str:
    """What stands in the room, as one text."""
    return plain.card(chat.standing(f"decision/{number}"), chat.zone)


def test_one_line_logs_a_decision_and_asks_its_owner(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @lee fri")
    assert chat.title("dana") == "D-1 buy the CRM"
    chat.sees("dana", "Owner: Lee Novak, asked", "only its owner is open", "Due Fri 27 Nov")
    chat.clicks("lee", "Lee: I own it")
    assert "Owner: Lee Novak, accepted" in room(chat, 1)


def test_without_an_owner_it_is_a_wish_that_anybody_may_own(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM").sees("dana", "A wish: nobody owns it yet.")
    chat.clicks("ana", "I own it")
    assert "Owner: Ana Sousa, accepted" in room(chat, 1)


def test_naming_yourself_is_accepting(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @dana").sees("dana", "Owner: Dana Brandt, accepted")
    chat.types("lee", "decide sell the CRM @me").sees("lee", "Owner: Lee Novak, accepted")


def test_an_address_that_nobody_has_makes_the_person(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM new.colleague@acme.example")
    chat.sees("dana", "Owner: New Colleague, asked")
    with chat.looking() as session:
        wanted = select(Person).where(Person.email == "new.colleague@acme.example")
        assert session.exec(wanted).one().name == "New Colleague"


def test_everything_can_be_said_in_one_line(chat: Chat) -> None:
    chat.types("dana", "decide build the CRM @dana")
    chat.types(
        "dana",
        'decide "Buy, not build, the CRM" owner @dana for "Grow revenue" because "it is cheaper" '
        "due 15 Dec review in 90d replaces D-1 asked @lee, @ana told @sam.petrov accepts risk",
    )
    assert chat.title("dana") == "D-2 Buy, not build, the CRM"
    chat.sees(
        "dana",
        "For Grow revenue.",
        "Due Tue 15 Dec.",
        "Why: it is cheaper",
        "It accepts a risk; looked at again Sun 21 Feb 2027",
        "Asked: Lee Novak, Ana Sousa.",
        "Replaces D-1.",
    )
    assert "Replaced by D-2." in room(chat, 1)


def test_who_accepts_a_risk_says_when_to_look_again_and_loses_nothing_typed(chat: Chat) -> None:
    chat.types("dana", "decide skip the backup @dana accepts risk")
    chat.refused("dana", "Who accepts a risk says when to look at it again.")
    with chat.looking() as session:
        assert session.exec(select(func.count(Decision.id))).one() == 0  # type: ignore[arg-type]
    chat.types("dana", "decide skip the backup @dana accepts risk review in 30d")
    chat.sees("dana", "It accepts a risk")


def test_not_me_says_why_and_may_name_another(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @lee")
    chat.types("lee", 'not me D-1 "I leave in May"')
    assert "Lee Novak said: not me, “I leave in May”. Nobody owns it now." in room(chat, 1)
    chat.types("dana", "decide sell the CRM @lee").types("lee", "not me D-2 @ana")
    assert "Owner: Ana Sousa, asked" in room(chat, 2)


def test_only_who_was_asked_may_answer(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @lee").types("sam", "accept D-1")
    chat.refused("sam", "Only Lee")
    chat.types("sam", "not me D-1").refused("sam", "Only Lee")
    assert "no answer yet" in room(chat, 1)


def test_yes_and_last_mean_the_last_decision_logged_here(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @lee").types("lee", "yes")
    assert "accepted" in room(chat, 1)
    chat.types("ana", "accept", at="elsewhere").refused("ana", "Say which decision")
    chat.types("lee", "done last")
    assert "Done, by Lee Novak." in room(chat, 1)


def test_what_it_lacks_is_a_quiet_line_with_one_tap(chat: Chat) -> None:
    chat.types("omar", "decide buy the CRM @omar")
    chat.sees("omar", "It supports no priority", "Nobody from IT was asked.")
    chat.clicks("omar", "Say which priority").clicks("omar", "Faster onboarding")
    assert "Dana Brandt, who owns the priority, neither owns this nor was asked." in room(chat, 1)
    chat.clicks("omar", "Ask Dana").clicks("omar", "Ask someone in IT").clicks("omar", "Lee Novak")
    text = room(chat, 1)
    assert "For Faster onboarding." in text
    assert "Asked: Dana Brandt, Lee Novak." in text
    assert "Nobody from" not in text
    assert "neither owns" not in text


def test_a_reason_is_asked_for_by_a_form_or_typed(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @dana")
    form = chat.answer(chat.command("dana", "add why", "D-1")).form
    assert isinstance(form, Form)
    chat.answer(chat.command("dana", form.sends, form.text, {"reason": "we lose leads"}))
    assert "Why: we lose leads" in room(chat, 1)
    chat.types("dana", 'because D-1 "it is cheaper"')
    assert "Why: it is cheaper" in room(chat, 1)


def test_what_is_needed_from_somebody_is_decided_by_a_decision_of_its_own(chat: Chat) -> None:
    chat.types("dana", 'needs "Choose payroll vendor" from @omar by Fri')
    chat.sees("dana", "Still to be decided, by Omar Haddad, until Fri 27 Nov.")
    chat.types("dana", 'D-1 blocks "CRM training"')
    assert "Waiting for it: CRM training." in room(chat, 1)
    chat.answer(chat.command("omar", "decided so", "D-1", {"title": "We take Payco"}))
    assert "Done, by Omar Haddad: D-2." in room(chat, 1)
    assert "D-2 We take Payco" in room(chat, 2)


def test_reversing_needs_a_reason_and_the_right(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @dana")
    chat.types("sam", 'reverse D-1 "no"').refused("sam", "Only Dana")
    chat.types("dana", "reverse D-1").refused("dana", "Say why")
    chat.types("lee", 'reverse D-1 "the price doubled"')  # a facilitator
    assert "Reversed: “the price doubled”." in room(chat, 1)
    chat.types("dana", "done D-1").refused("dana", "D-1 is reversed already.")


def test_who_said_that_they_own_it_is_told_how_to_pass_it_on(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @dana").types("dana", "not me D-1")
    chat.refused("dana", "You said that you own D-1.", "@lee owns D-1", "reverse D-1")
    chat.clicks("dana", "Name someone").clicks("dana", "Lee Novak")
    assert "Owner: Lee Novak, asked" in room(chat, 1)


def test_what_was_taken_back_is_called_so(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @dana").types("dana", "undo")
    chat.types("dana", "done D-1").refused("dana", "D-1 was taken back already.")


def test_undo_takes_back_the_last_thing_and_deletes_nothing(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @dana")
    chat.clock.wind(minutes=1)
    chat.types("dana", 'because D-1 "a slip"').types("dana", "undo")
    assert "a slip" not in room(chat, 1)
    chat.types("dana", "undo").types("dana", "undo")
    assert "Taken back by Dana Brandt." in room(chat, 1)
    with chat.looking() as session:
        said = session.exec(select(DecisionEvent.what)).all()
    assert "because" in said
    chat.clock.wind(minutes=11)
    chat.types("dana", "decide x @dana")
    chat.clock.wind(minutes=11)
    chat.types("dana", "undo").refused("dana", "nothing of yours from the last ten minutes")


def test_the_list_answers_who_owns_what(chat: Chat) -> None:
    chat.types("dana", 'decide buy the CRM @lee for "Grow revenue" due 1 Dec')
    chat.types("lee", "decide move the servers @lee").types("dana", "decide paint the hall")
    for asked, names in (
        ("decisions", ["D-3", "D-2", "D-1"]),
        ("decisions mine", []),
        ("decisions owner @lee", ["D-2", "D-1"]),
        ("decisions wishes", ["D-3"]),
        ("decisions waiting", ["D-1"]),
        ('decisions for "Grow revenue"', ["D-1"]),
        ("decisions CRM", ["D-1"]),
    ):
        chat.types("dana", asked)
        assert chat.labels("dana") == names, asked
    chat.clock.wind(days=30)
    chat.types("dana", "decisions overdue")
    assert chat.labels("dana") == ["D-1"]
    chat.clicks("dana", "D-1")
    assert chat.title("dana") == "D-1 buy the CRM"


def test_what_was_decided_can_be_asked(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @lee")
    for asked in ("what did we decide about the CRM", "what did we decide"):
        chat.types("sam", asked)
        assert chat.title("sam") == "D-1 buy the CRM"


def test_the_same_delivery_four_times_is_one_decision(chat: Chat) -> None:
    for _ in range(4):
        chat.answer(chat.command("dana", "decide", "buy the CRM @lee", key="e1"))
    with chat.looking() as session:
        assert session.exec(select(Decision.number)).all() == [1]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("decide", "I need the words of it."),
        ("decide @lee fri", "I need the words of it."),
        ("accept D-99", "There is no decision D-99."),
        ("decide x owner @nobodyatall", "I don't know anybody called"),
        ('decide x for "World peace"', "I don't know a priority called “World peace”."),
        ('decide "x" replaces D-99', "There is no decision D-99 to replace."),
        ("because D-1", "There is no decision D-1."),
    ],
)
def test_what_cannot_be_understood_is_refused_with_what_to_do(
    chat: Chat, typed: str, told: str
) -> None:
    chat.types("dana", typed).refused("dana", told)


def test_a_guest_logs_nothing(chat: Chat) -> None:
    with chat.changing() as session:
        session.exec(select(Person).where(Person.name == "Sam Ode")).one().role = "guest"
    chat.types("sam", "decide buy the CRM").refused("sam", "Guests can ask me")


def test_a_name_that_begins_like_a_command_is_still_a_name(chat: Chat) -> None:
    with chat.changing() as session:
        for name in ("Help to Grow", "Decide Well", "Done Deal Tracker", "Needs Analysis"):
            session.add(Initiative(name=name, created_at=session.now))
        touch_map(session, session.organisation)
    for typed in ("Help to Grow", "decide well", "Done deal tracker?", "needs analysis"):
        chat.types("dana", typed)
        assert chat.title("dana").lower() == typed.lower().rstrip("?")
    with chat.looking() as session:
        assert session.exec(select(Decision.number)).all() == []


def test_what_is_no_number_does_not_mean_the_last_decision(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @dana")
    chat.types("dana", "done with this meeting").refused("dana", "Say which decision")
    assert "accepted" in room(chat, 1)


def test_a_very_long_title_is_cut_on_cards_and_whole_where_one_asks_why(chat: Chat) -> None:
    long = "buy the very best CRM of all " * 30
    chat.types("dana", f"decide {long} last words @dana")
    standing = plain.card(chat.standing("decision/1"), chat.zone)
    assert "last words" not in standing
    assert "All of what was decided: `why D-1`" in standing
    assert len(standing.splitlines()[0]) < 160
    chat.types("dana", "decisions").sees("dana", "…").sees_no("dana", "last words")
    chat.types("dana", "why D-1").sees("dana", "last words").sees_no("dana", "All of what was")
    chat.types("lee", "gone @dana").clicks("lee", "All to Lee").sees_no("lee", "last words")
