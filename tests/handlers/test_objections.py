"""The map is somebody's word: others confirm it, object to it, and settle what is objected to."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from bot.messages import Button
from storage.confirmations import Confirmation
from storage.events import Event
from storage.nudges import Nudge
from storage.objections import Objection
from storage.outbox import Message
from tests.chat import Chat
from tests.private import brings, follows, keys_of, meet, presses, reads, said_in, written_to
from tests.scene import Scene, says
from tests.scene import presses as presses_shown

TRAINING = "CRM training serves Know every customer"
DISPUTED = f"{TRAINING}: disputed by Sam Ode since 23 Nov 2026"


def count(chat: Chat, table: type[Confirmation] | type[Objection] | type[Event]) -> int:
    with chat.looking() as session:
        return session.exec(select(func.count(col(table.id)))).one()


# the owner of the other end is asked, once


def test_the_owner_of_the_other_end_is_asked_and_says_yes(chat: Chat) -> None:
    meet(chat, "omar")
    chat.types("ana", 'link "Data lake" to "Grow revenue"')
    chat.sees("ana", "Ana Sousa said so on 23 Nov 2026, not confirmed by Omar Haddad yet.")
    (key,) = written_to(chat, "omar")
    assert "Does Data lake serve Grow revenue?" in reads(chat, key)
    assert "Data lake serves Grow revenue, Ana Sousa said on 23 Nov 2026." in reads(chat, key)
    before = count(chat, Event)
    presses(chat, "omar", key, "Yes")
    chat.types("ana", "which priority does Data lake support?")
    chat.sees("ana", "Ana Sousa said so on 23 Nov 2026, confirmed by Omar Haddad on 23 Nov 2026.")
    assert "Nothing waits for your word any more" in reads(chat, key)
    assert count(chat, Event) == before + 1


def test_all_that_waits_for_one_owner_stands_on_one_card(chat: Chat) -> None:
    meet(chat, "omar", "dana")
    chat.types("ana", 'link "Data lake" to "Grow revenue"')
    chat.types("ana", 'project "Web shop" for "Grow revenue"')
    chat.types("lee", 'capability "Take orders at night" for "Grow revenue"')
    chat.types("lee", 'link "Audit trail" to "Grow revenue"')
    chat.types("ana", 'link "Old portal" to "Faster onboarding"')
    (key,) = written_to(chat, "omar")
    assert len(written_to(chat, "dana")) == 1
    card = reads(chat, key)
    assert "4 links wait for your word" in card
    assert "1 Data lake serves Grow revenue" in card
    assert "And 1 more." in card
    labels = [one.label for one in chat.standing(key).buttons]
    assert labels == ["1 Yes", "1 No", "2 Yes", "2 No", "3 Yes", "3 No", "All of it", "More"]
    more = presses(chat, "omar", key, "More").cards[0]
    assert [one.label for one in more.buttons] == ["Yes", "No"]
    follows(chat, "omar", more.buttons[0])
    chat.types("ana", "Audit trail").sees("ana", "Lee Novak said so", "Owner")
    assert "3 links wait" in reads(chat, key)
    presses(chat, "omar", key, "All of it")
    assert "Nothing waits for your word any more" in reads(chat, key)
    chat.types("ana", "Web shop").sees("ana", "confirmed by Omar Haddad")
    chat.types("ana", 'link "One login" to "Grow revenue"')
    assert len(written_to(chat, "omar")) == 2


def test_all_of_it_is_what_stood_there_when_it_was_pressed(chat: Chat) -> None:
    meet(chat, "omar")
    chat.types("ana", 'link "Data lake" to "Grow revenue"')
    chat.types("ana", 'link "Old portal" to "Grow revenue"')
    (key,) = written_to(chat, "omar")
    all_of_it = next(one for one in chat.standing(key).buttons if one.label == "All of it")
    chat.types("ana", 'link "One login" to "Grow revenue"')
    follows(chat, "omar", all_of_it)
    assert "Does One login serve Grow revenue?" in reads(chat, key)


def test_a_link_is_asked_about_once_and_only_where_somebody_else_owns_the_other_end(
    chat: Chat,
) -> None:
    meet(chat, "omar", "dana", "lee")
    chat.types("omar", 'link "Data lake" to "Grow revenue"')  # owns the other end
    chat.types("lee", 'link "Data lake" to "Pass the audit"')  # nobody owns the other end
    assert count(chat, Confirmation) == 0
    chat.types("lee", 'link "Data lake" to "Faster onboarding"')
    chat.types("sam", 'link "Data lake" to "Faster onboarding"')
    assert count(chat, Confirmation) == 1
    chat.types("dana", 'link "Data lake" to "Faster onboarding"')
    assert "Nothing waits for your word any more" in reads(chat, written_to(chat, "dana")[0])


def test_an_import_never_asks(chat: Chat, tmp_path: Path) -> None:
    meet(chat, "omar", "dana")
    rows = (("Data lake", "Grow revenue"), ("Old portal", "Faster onboarding"))
    brings(chat, tmp_path, *rows)
    chat.types("ana", "Data lake").sees("ana", "From the list “list.csv”")
    assert count(chat, Confirmation) == 0
    assert written_to(chat, "omar") == written_to(chat, "dana") == []
    chat.types("ana", 'link "Data lake" to "Grow revenue"')  # now it is somebody's word
    assert len(written_to(chat, "omar")) == 1


def test_a_link_that_went_before_it_was_answered_waits_no_more(chat: Chat) -> None:
    meet(chat, "omar")
    chat.types("ana", 'link "Data lake" to "Grow revenue"')
    chat.types("omar", "what waits for me?").sees("omar", "A link waits for your word")
    (key,) = written_to(chat, "omar")
    yes = chat.standing(key).buttons[0]
    chat.types("ana", 'unlink "Data lake" from "Grow revenue"')
    refusal = follows(chat, "omar", yes).refusal
    assert refusal is not None
    assert "answered already" in refusal.text
    chat.types("omar", "confirm").sees("omar", "Nothing waits for your word")


def test_only_the_owner_confirms(chat: Chat) -> None:
    meet(chat, "omar")
    chat.types("ana", 'link "Data lake" to "Grow revenue"')
    (key,) = written_to(chat, "omar")
    for who in ("ana", "lee"):
        refusal = presses(chat, who, key, "Yes").refusal
        assert refusal is not None
        assert "Only Omar can confirm a link" in refusal.text
    chat.types("sam", "Data lake").sees("sam", "not confirmed by Omar Haddad yet")


def test_no_disputes_it_and_the_owner_may_take_it_away(chat: Chat) -> None:
    meet(chat, "omar", "lee")
    chat.types("ana", 'link "Data lake" to "Grow revenue"')
    answer = presses(chat, "omar", written_to(chat, "omar")[0], "No")
    chat.types("ana", "Data lake").sees(
        "ana", "Data lake serves Grow revenue: disputed by Omar Haddad since 23 Nov 2026."
    )
    buttons = {one.label: one for one in answer.cards[0].buttons}
    follows(chat, "omar", buttons["Say why"], reason="it is a wish")
    assert "“it is a wish”" in reads(chat, written_to(chat, "lee")[-1])
    follows(chat, "omar", buttons["Take the link away"])
    chat.types("ana", "Data lake").sees("ana", "Nobody has told me which priority it supports.")
    chat.sees_no("ana", "disputed")


def test_who_said_stop_is_not_written_to_and_finds_it_at_home(chat: Chat) -> None:
    chat.types("omar", "stop")
    chat.types("ana", 'link "Data lake" to "Grow revenue"')
    assert written_to(chat, "omar") == []
    chat.types("omar", "").clicks("omar", "Confirm links").clicks("omar", "Yes")
    chat.types("ana", "Data lake").sees("ana", "confirmed by Omar Haddad")


def test_the_fourth_message_of_a_week_waits(begin: Callable[[], Scene]) -> None:
    scene = begin()
    scene.goes(says("omar", "help"))
    for project in ("Data lake", "Old portal", "One login", "Audit trail"):
        scene.goes(says("ana", f'link "{project}" to "Grow revenue"'))
        scene.goes(says("omar", "confirm"), presses_shown("omar", "Yes"))
    with scene.chat.looking() as session:
        rows = session.exec(select(Message).where(col(Message.person_id).is_not(None))).all()
        waits = [one.again_at for one in rows if one.state == "pending"]
        counted = [one.about for one in session.exec(select(Nudge).order_by(col(Nudge.id)))]
    assert waits == [scene.clock.now() + timedelta(days=7)]
    assert counted == [
        f"{one} and Grow revenue" for one in ("Data lake", "Old portal", "One login")
    ]
    scene.chat.types("omar", "why me?").sees("omar", "you own", "three times")


# objecting


def objects(chat: Chat) -> None:
    chat.types("sam", "which priority does CRM training support?", at="warehouse")
    chat.clicks("sam", "That's not right", at="warehouse").clicks("sam", TRAINING, at="warehouse")


def test_an_objection_is_in_every_answer_that_stands_on_the_link(chat: Chat) -> None:
    meet(chat, "dana", "omar", "lee")
    objects(chat)
    chat.sees("sam", "I wrote it down: disputed by Sam Ode", "I asked Lee Novak")
    for asked in (
        "which priority does CRM training support?",
        "why are we doing CRM training?",
        "CRM training",
        "map CRM training",
        "what breaks if we drop CRM training?",
        "what supports Grow revenue?",
        "map Grow revenue",
        "what do we spend on Grow revenue?",
        "Know every customer",
    ):
        chat.types("ana", asked).sees("ana", f"{DISPUTED}.")
    for asked in ("what supports Faster onboarding?", "One login", "who owns CRM training?"):
        chat.types("ana", asked).sees_no("ana", "disputed")


def test_the_link_above_a_project_is_disputed_for_all_that_stand_on_it(chat: Chat) -> None:
    chat.types("sam", "CRM training").clicks("sam", "That's not right")
    chat.clicks("sam", "Know every customer serves Grow revenue")
    for asked in (
        "CRM training",
        "what supports Grow revenue?",
        "what is Know every customer for?",
    ):
        chat.types("ana", asked)
        chat.sees("ana", "Know every customer serves Grow revenue: disputed by Sam Ode")


def test_one_link_needs_no_choice_and_a_reason_can_follow(chat: Chat) -> None:
    meet(chat, "dana", "omar")
    chat.types("sam", "CRM replacement").clicks("sam", "That's not right")
    chat.sees("sam", "I asked Dana Brandt and Omar Haddad")
    follows(chat, "sam", chat.button("sam", "Say why"), reason="we only rent it")
    chat.types("ana", "CRM replacement").sees("ana", "disputed by Sam Ode", "“we only rent it”")
    (key,) = written_to(chat, "dana")
    assert written_to(chat, "omar") == [key]
    assert "Sam Ode says this is not right: CRM replacement serves Grow revenue" in reads(chat, key)
    assert "“we only rent it”" in reads(chat, key)


def test_where_no_owner_can_be_written_to_who_keeps_the_map_is_asked(chat: Chat) -> None:
    meet(chat, "lee")
    chat.types("omar", "stop")
    chat.types("sam", "CRM replacement").clicks("sam", "That's not right")
    chat.sees("sam", "I asked Lee Novak, and tell you here")
    assert written_to(chat, "dana") == written_to(chat, "omar") == []
    assert len(written_to(chat, "lee")) == 1


@pytest.mark.parametrize(
    ("label", "filled", "outcome", "after"),
    [
        ("It is right", {}, "looked, and says that it is right.", "Supports Grow revenue"),
        ("Take the link away", {}, "took the link away.", "which priority it supports"),
        ("It serves something else", {"serves": "Faster onboarding"},
         "corrected it: Faster onboarding instead.", "Supports Faster onboarding."),
    ],
)  # fmt: skip
def test_an_owner_settles_it_and_who_objected_is_told_where_they_did(
    chat: Chat, label: str, filled: dict[str, str], outcome: str, after: str
) -> None:
    meet(chat, "dana", "omar")
    chat.types("sam", "CRM replacement", at="warehouse")
    chat.clicks("sam", "That's not right", at="warehouse")
    (key,) = written_to(chat, "dana")
    button = next(one for one in chat.standing(key).buttons if one.label == label)
    if filled:
        asked = chat.answer(chat.command("dana", button.sends, "", dict(button.values))).form
        assert asked is not None
        filled = {"serves": next(v for v, name in asked.inputs[0].options if name in
                                 filled.values())}  # fmt: skip
    follows(chat, "dana", button, **filled)
    assert said_in(chat, "settled") == [("warehouse", "")]
    (told,) = keys_of(chat, "settled")
    assert "Sam Ode, settled: CRM replacement serves Grow revenue" in reads(chat, told)
    assert f"Dana Brandt {outcome}" in reads(chat, told)
    assert outcome in reads(chat, key)
    chat.types("ana", "CRM replacement").sees("ana", after).sees_no("ana", "disputed")
    again = presses_again(chat, "omar", button, filled)
    assert again is not None
    assert "settled already" in again


def presses_again(chat: Chat, who: str, button: Button, filled: dict[str, str]) -> str | None:
    values = {**button.values, "how": button.values.get("how", "elsewhere"), **filled}
    refusal = chat.answer(chat.command(who, "settle", "", values)).refusal
    return refusal.text if refusal else None


def test_two_who_object_are_both_named_asked_once_and_both_told(chat: Chat) -> None:
    meet(chat, "dana", "omar")
    for who, where in (("sam", "warehouse"), ("ana", "networks"), ("sam", "warehouse")):
        chat.types(who, 'not right "CRM replacement" to "Grow revenue"', at=where)
    assert count(chat, Objection) == 2
    assert len(written_to(chat, "omar")) == 1
    chat.types("lee", "CRM replacement").sees("lee", "disputed by Sam Ode and Ana Sousa")
    presses(chat, "lee", written_to(chat, "omar")[0], "It is right")
    assert said_in(chat, "settled") == [("networks", ""), ("warehouse", "")]
    chat.types("ana", "CRM replacement").sees("ana", "not confirmed yet").sees_no("ana", "disputed")


def test_only_an_owner_or_who_keeps_the_map_settles(chat: Chat) -> None:
    meet(chat, "dana", "omar")
    chat.types("sam", 'not right "CRM replacement" to "Grow revenue"')
    (key,) = written_to(chat, "dana")
    for label in ("It is right", "Take the link away"):
        refusal = presses(chat, "ana", key, label).refusal
        assert refusal is not None
        assert "Only Omar, or Lee, who keeps the map, can settle" in refusal.text
    chat.types("ana", "CRM replacement").sees("ana", "disputed by Sam Ode")


def test_an_objection_can_be_taken_back_by_who_made_it_alone(chat: Chat) -> None:
    for who in ("sam", "ana"):
        chat.types(who, "that's not right: CRM replacement to Grow revenue")
    chat.clicks("ana", "I was wrong")
    chat.types("lee", "CRM replacement").sees("lee", "disputed by Sam Ode since")


def test_whatever_takes_the_link_away_settles_it(chat: Chat, tmp_path: Path) -> None:
    brings(chat, tmp_path, ("Data lake", "Grow revenue"))
    chat.types("sam", 'not right "Data lake" to "Grow revenue"', at="warehouse")
    chat.types("sam", 'not right "CRM replacement" to "Grow revenue"', at="warehouse")
    brings(chat, tmp_path, ("Data lake", ""))
    chat.types("ana", 'unlink "CRM replacement" from "Grow revenue"')
    told = sorted(reads(chat, key) for key in keys_of(chat, "settled"))
    assert "Ana Sousa took the link away" in told[0]
    assert "Whoever runs me took the link away" in told[1]


def test_where_nothing_serves_anything_one_may_link_it_or_tell_the_owner(chat: Chat) -> None:
    meet(chat, "lee")
    chat.types("sam", "Data lake", at="warehouse").clicks("sam", "That's not right")
    chat.sees("sam", "Nobody has told me which priority it serves. If you know, press it.")
    tell = chat.button("sam", "Tell the owner")
    follows(chat, "sam", tell, at="warehouse", reason="Omar pays for it")
    (key,) = written_to(chat, "lee")
    assert "Sam Ode says this is not right: Data lake" in reads(chat, key)
    assert "“Omar pays for it”" in reads(chat, key)
    presses(chat, "lee", key, "I put it right")
    assert said_in(chat, "settled") == [("warehouse", "")]
    chat.types("sam", "Data lake").clicks("sam", "That's not right")
    chat.clicks("sam", "It serves Grow revenue").sees("sam", "Linked to Grow revenue.")


def test_another_fact_of_an_answer_is_told_to_its_owner(chat: Chat) -> None:
    chat.types("sam", "who owns One login?").clicks("sam", "That's not right")
    chat.sees("sam", "What about One login is not right?", "Lee Novak, who owns it")
    chat.types("sam", "One login").clicks("sam", "That's not right")
    chat.clicks("sam", "Something else").sees("sam", "One login is late")


def test_what_is_named_but_not_linked_cannot_be_objected_to(chat: Chat) -> None:
    chat.types("sam", 'not right "Data lake" to "Grow revenue"')
    chat.refused("sam", "Data lake is not linked to Grow revenue any more.")
    chat.types("sam", "that's not right").refused("sam", "Say what is not right")


def test_a_guest_and_an_auditor_do_not_object(chat: Chat) -> None:
    chat.types("omar", "role @sam@acme.example auditor")
    chat.types("sam", 'not right "CRM replacement" to "Grow revenue"')
    chat.refused("sam", "As an auditor you read everything")


def test_four_at_once_have_one_effect(chat: Chat) -> None:
    meet(chat, "dana", "omar", "sam")
    said = chat.command("ana", "link", '"Data lake" to "Grow revenue"')
    objected = chat.command("sam", "not right", '"CRM replacement" to "Grow revenue"')
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(chat.answering.answer, [said] * 4))
        list(pool.map(chat.answering.answer, [objected] * 4))
    assert (count(chat, Confirmation), count(chat, Objection)) == (1, 1)
    confirm, objection = written_to(chat, "omar")
    yes = chat.standing(confirm).buttons[0]
    right = chat.standing(objection).buttons[0]
    before = count(chat, Event)
    for button in (yes, right):
        pressed = [  # four presses, each a delivery of its own
            chat.command("omar", button.sends, "", dict(button.values)) for _ in range(4)
        ]
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(chat.answering.answer, pressed))
        assert sum(one.refusal is None for one in answers) == 1
    assert count(chat, Event) == before + 2
    assert len(keys_of(chat, "settled")) == 1
