"""`undo` takes back the last thing, whatever it was; history keeps both."""

import pytest
from sqlmodel import col, select

from bot import plain
from storage import yielding
from storage.events import Event, happened, record
from storage.initiatives import Initiative
from storage.links import Link
from storage.metrics import Metric, Reading
from storage.organisations import touch_map
from storage.people import Person
from storage.priorities import Priority, live
from tests.chat import Chat
from tests.private import keys_of, meet, presses, reads, written_to


def project(chat: Chat, name: str) -> Initiative | None:
    with chat.looking() as session:
        return session.exec(select(Initiative).where(Initiative.name == name)).first()


def person(chat: Chat, name: str) -> Person:
    with chat.looking() as session:
        return session.exec(select(Person).where(Person.name == name)).one()


def order(chat: Chat) -> dict[str, int | None]:
    with chat.looking() as session:
        return {one.name: one.rank for one in live(session)}


def links(chat: Chat) -> list[dict[str, object]]:
    with chat.looking() as session:
        found = session.exec(select(Link).order_by(col(Link.id)))
        return sorted((one.model_dump(exclude={"id"}) for one in found), key=str)


def events(chat: Chat) -> list[tuple[str, str, str]]:
    with chat.looking() as session:
        kept = session.exec(select(Event).order_by(col(Event.id)))
        return [(one.noun, one.what, one.name) for one in kept]


def a_minute_later(chat: Chat, who: str, *typed: str) -> Chat:
    for one in typed:
        chat.clock.wind(minutes=1)
        chat.types(who, one)
    return chat


def test_a_change_is_taken_back_by_a_change_and_history_keeps_both(chat: Chat) -> None:
    before = events(chat)
    chat.types("lee", 'move One login to 14 Dec "supplier late"').types("lee", "undo")
    chat.sees("lee", "Taken back", "One login, Until: 2026-12-14 → 2026-10-30.")
    one = project(chat, "One login")
    assert one
    assert f"{one.ends_on}" == "2026-10-30"
    assert events(chat) == [*before, *[("initiative", "changed", "One login")] * 2]


def test_a_new_thing_comes_off_the_map_with_its_links(chat: Chat) -> None:
    before = links(chat)
    chat.types("lee", 'project "Data hub" owner @lee for "Grow revenue"')
    assert project(chat, "Data hub")
    chat.types("lee", "undo").sees("lee", "Data hub is off the map again.")
    assert project(chat, "Data hub") is None
    assert links(chat) == before
    chat.clicks("lee", "Do it again").sees("lee", "Data hub is on the map again.", "serves Grow")
    assert project(chat, "Data hub")
    assert len(links(chat)) == len(before) + 1
    chat.types("lee", "undo")
    assert project(chat, "Data hub") is None


@pytest.mark.parametrize(
    ("then", "why"),
    [
        ('link "Data hub" to "Grow revenue"', "it is linked to Grow revenue since"),
        ("Data hub is late", "Ana Sousa has changed it since"),
        ('D-1 blocks "Data hub"', "D-1 names it since"),
    ],
)
def test_what_something_hangs_on_stays_and_says_what(chat: Chat, then: str, why: str) -> None:
    chat.types("ana", 'needs "Choose a vendor" from @omar')
    chat.clock.wind(minutes=1)
    chat.types("lee", 'project "Data hub" owner @lee')
    a_minute_later(chat, "ana", then)
    chat.types("lee", "undo").refused("lee", f"Data hub stays on the map: {why}")
    assert project(chat, "Data hub")


def test_a_number_that_somebody_has_said_since_stays(chat: Chat) -> None:
    chat.types("lee", 'number "Tickets" 40 for "Grow revenue"')
    with chat.changing() as session:
        tickets = session.exec(select(Metric).where(Metric.name == "Tickets")).one()
        day = session.now.date()
        session.add(Reading(metric_id=tickets.id, day=day, value=3, said_at=session.now))
    chat.types("lee", "undo").refused("lee", "Tickets stays on the map: somebody has said what")


def test_only_what_still_is_as_it_was_left_goes_back(chat: Chat) -> None:
    chat.types("lee", 'project "One login" status running until 14 Dec')
    chat.clock.wind(minutes=1)
    chat.types("ana", "One login is done").types("lee", "undo")
    chat.sees("lee", "Until: 2026-12-14 → 2026-10-30.")
    chat.sees("lee", "Left as it is: One login, Status: Ana Sousa has changed it since.")
    one = project(chat, "One login")
    assert one
    assert one.status == "done"


def test_where_all_of_it_was_changed_since_nothing_is_taken_back(chat: Chat) -> None:
    chat.types("lee", "One login is at risk").types("ana", "One login is done")
    chat.types("lee", "undo").refused("lee", "I took nothing back.", "Ana Sousa has changed it")


def test_the_order_is_one_thing(chat: Chat) -> None:
    before = order(chat)
    chat.types("lee", 'rank "Pass the audit" 1')
    assert order(chat) == {"Pass the audit": 1, "Faster onboarding": 2, "Grow revenue": 3}
    chat.types("lee", "undo")
    assert order(chat) == before
    chat.clicks("lee", "Do it again")
    assert order(chat)["Pass the audit"] == 1


def test_an_order_that_somebody_changed_since_stays_whole(chat: Chat) -> None:
    chat.types("lee", 'rank "Pass the audit" 1').types("omar", 'rank "Grow revenue" 2')
    after = order(chat)
    chat.types("lee", "undo").refused("lee", "Omar Haddad has changed it since.")
    assert order(chat) == after


def test_what_was_retired_is_back_in_its_place(chat: Chat) -> None:
    before = order(chat)
    chat.types("lee", 'retire "Faster onboarding"')
    assert "Faster onboarding" not in order(chat)
    chat.types("lee", "undo")
    assert order(chat) == before


def test_a_link_is_back_with_the_word_it_stood_on(chat: Chat) -> None:
    before = links(chat)
    chat.types("lee", 'unlink "One login" from "Give access on day one"')
    assert len(links(chat)) == len(before) - 1
    chat.types("lee", "undo").sees("lee", "One login serves Give access on day one again.")
    assert links(chat) == before
    chat.types("omar", 'link "Asana" to "Grow revenue"').types("omar", "undo")
    assert links(chat) == before


def test_a_link_that_somebody_confirmed_since_stays(chat: Chat) -> None:
    chat.types("lee", 'link "Data lake" to "Grow revenue"')
    chat.types("omar", 'link "Data lake" to "Grow revenue"').types("lee", "undo")
    chat.refused("lee", "Omar Haddad has confirmed the link since")


def test_the_word_on_a_link_is_given_back_to_the_list_it_came_from(chat: Chat) -> None:
    before = links(chat)
    chat.types("dana", 'link "Asana" to "Faster onboarding"')
    assert links(chat) != before
    chat.types("dana", "undo").sees("dana", "The word on Asana and Faster onboarding is as before")
    assert links(chat) == before


def test_a_renamed_thing_has_its_names_back(chat: Chat) -> None:
    chat.types("lee", 'rename "One login" to "Single login"').types("lee", "undo")
    one = project(chat, "One login")
    assert one
    assert one.aliases == []
    chat.types("lee", 'rename "Data lake" to "Lake"')
    with chat.changing() as session:
        session.add(Initiative(name="Data lake", created_at=session.now))
        touch_map(session, session.organisation)
    chat.types("lee", "undo").sees("lee", "Left as it is: Lake, Name")


def test_a_reading_is_unsaid_and_said_again(chat: Chat) -> None:
    def readings() -> list[float]:
        with chat.looking() as session:
            return list(session.exec(select(Reading.value).order_by(col(Reading.id))))

    before = readings()
    chat.types("dana", 'number "Days to onboard" 6.5').types("dana", "undo")
    chat.sees("dana", "nobody has said 6.5")
    assert readings() == before
    chat.clicks("dana", "Do it again").sees("dana", "it is 6.5 again")
    assert readings() == [*before, 6.5]


def test_what_could_not_be_read_is_kept_again(chat: Chat) -> None:
    with chat.changing() as session:
        one = session.exec(select(Initiative).where(Initiative.name == "Data lake")).one()
        one.unclear = {"cost": "a lot"}
    chat.types("lee", 'project "Data lake" cost 5k EUR').types("lee", "undo")
    found = project(chat, "Data lake")
    assert found
    assert (found.cost, found.unclear) == (None, {"cost": "a lot"})


def test_side_and_role_go_back_too_for_who_still_may(chat: Chat) -> None:
    chat.types("lee", "side @ana business").types("lee", "undo")
    chat.sees("lee", "Ana Sousa, Side: business → it.")
    chat.types("omar", "role @ana facilitator").types("omar", "undo")
    assert (person(chat, "Ana Sousa").side, person(chat, "Ana Sousa").role) == ("it", "member")
    chat.types("omar", "role @ana admin")
    with chat.changing() as session:
        session.exec(select(Person).where(Person.name == "Omar Haddad")).one().role = "member"
    chat.types("omar", "undo").refused("omar", "can change roles")


def test_the_next_undo_takes_the_one_before_and_decisions_are_among_them(chat: Chat) -> None:
    chat.types("lee", "Data lake is late")
    a_minute_later(chat, "lee", "decide buy the CRM @lee", "Audit trail is done")
    chat.types("lee", "undo").sees("lee", "Audit trail")
    assert "accepted" in plain.card(chat.standing("decision/1"), chat.zone)
    chat.types("lee", "undo")
    assert "Taken back by Lee Novak." in plain.card(chat.standing("decision/1"), chat.zone)
    chat.types("lee", "undo").sees("lee", "Data lake, Status: late → nothing.")
    chat.types("lee", "undo").refused("lee", "nothing of yours from the last ten minutes")


def test_what_is_done_again_is_the_last_thing_again(chat: Chat) -> None:
    chat.types("lee", "Data lake is late")
    a_minute_later(chat, "lee", "Audit trail is done", "undo")
    chat.clicks("lee", "Do it again").sees("lee", "Done again\n", "Audit trail")
    chat.types("lee", "undo").sees("lee", "Audit trail, Status: done → nothing.")
    chat.types("lee", "undo").sees("lee", "Data lake")


def test_doing_it_again_twice_does_it_once(chat: Chat) -> None:
    chat.types("lee", "Data lake is late").types("lee", "undo")
    button = chat.button("lee", "Do it again")
    chat.clicks("lee", "Do it again")
    chat.answer(chat.command("lee", button.sends, button.text))
    assert [what for _, what, name in events(chat) if name == "Data lake"][-4:] == [
        "added",
        "changed",
        "changed",
        "changed",
    ]
    assert chat.answer(chat.command("ana", button.sends, button.text)).refusal


def test_all_that_was_handed_over_comes_back_together(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @dana")
    chat.clock.wind(minutes=1)
    chat.types("lee", "gone @dana")
    chat.clock.wind(minutes=1)
    chat.types("lee", "gone @dana to @ana")
    chat.types("ana", "what do I own?").sees("ana", "Faster onboarding")
    chat.types("lee", "undo")
    chat.types("ana", "what do I own?").sees_no("ana", "Faster onboarding", "CRM")
    assert "Owner: Dana Brandt" in plain.card(chat.standing("decision/1"), chat.zone)
    chat.types("lee", "undo")
    assert person(chat, "Dana Brandt").gone_at is None


def handed_over_and_taken_back(chat: Chat) -> None:
    chat.types("dana", "decide buy the CRM @dana")
    a_minute_later(chat, "lee", "gone @dana")
    a_minute_later(chat, "lee", "gone @dana to @ana")
    a_minute_later(chat, "lee", "undo")
    chat.sees("lee", "Taken back with it: what you said of D-1.")
    chat.clock.wind(minutes=1)


def test_what_is_handed_over_again_takes_its_decisions_along(chat: Chat) -> None:
    handed_over_and_taken_back(chat)
    chat.clicks("lee", "Do it again").sees("lee", "Said again with it: what you said of D-1.")
    assert "Owner: Ana Sousa, asked" in plain.card(chat.standing("decision/1"), chat.zone)
    chat.types("ana", "what do I own?").sees("ana", "Faster onboarding")
    a_minute_later(chat, "lee", "undo")
    chat.sees("lee", "Taken back with it: what you said of D-1.")
    assert "Owner: Dana Brandt" in plain.card(chat.standing("decision/1"), chat.zone)
    chat.types("ana", "what do I own?").sees_no("ana", "Faster onboarding")


def test_a_decision_of_which_more_was_said_is_not_handed_over_again(chat: Chat) -> None:
    handed_over_and_taken_back(chat)
    button = chat.button("lee", "Do it again")
    chat.types("dana", "back @dana").types("lee", 'because D-1 "we lose leads"')
    chat.does("lee", chat.pressed("lee", button))
    chat.sees("lee", "D-1: somebody has said more of it since.")
    assert "Owner: Dana Brandt" in plain.card(chat.standing("decision/1"), chat.zone)


def test_a_decision_that_replaced_another_lets_it_stand_again(chat: Chat) -> None:
    chat.types("dana", "decide build the CRM @dana")
    a_minute_later(chat, "dana", "decide buy the CRM @dana replaces D-1", "undo")
    assert "Taken back" in plain.card(chat.standing("decision/2"), chat.zone)
    assert "accepted" in plain.card(chat.standing("decision/1"), chat.zone)


def test_after_ten_minutes_and_of_others_nothing_is_taken_back(chat: Chat) -> None:
    chat.types("lee", "Data lake is late")
    chat.types("ana", "undo").refused("ana", "nothing of yours")
    chat.clock.wind(minutes=11)
    chat.types("lee", "undo").refused("lee", "nothing of yours")


def test_a_list_is_not_taken_back(chat: Chat) -> None:
    with chat.store.writing(chat.account("lee")) as session:
        lake = session.exec(select(Initiative).where(Initiative.name == "Data lake")).one()
        told = happened(session, "initiative", lake, "changed", {}, {}, "projects.xlsx")
        record(session, [told])
    chat.types("lee", "undo").refused("lee", "bring in projects.xlsx")


def test_a_new_priority_that_a_decision_is_for_stays(chat: Chat) -> None:
    chat.types("lee", 'priority "Fewer suppliers" owner @omar')
    chat.types("ana", 'decide pick one vendor @ana for "Fewer suppliers"')
    chat.types("lee", "undo").refused("lee", "Fewer suppliers stays on the map: D-1 names it since")
    with chat.looking() as session:
        assert session.exec(select(Priority).where(Priority.name == "Fewer suppliers")).first()


def test_an_undo_answers_whoever_asked_about_the_name_that_it_brings_back(chat: Chat) -> None:
    chat.types("lee", 'rename "Data lake" to "Lake"')
    with chat.changing() as session:
        session.exec(select(Initiative).where(Initiative.name == "Lake")).one().aliases = []
        touch_map(session, session.organisation)
    chat.types("sam", "who owns Data lake?", at="warehouse")
    assert keys_of(chat, "answer") == []
    chat.types("lee", "undo")
    assert "Lee Novak" in reads(chat, keys_of(chat, "answer")[0])


def test_what_waited_for_a_word_waits_no_more_and_again(chat: Chat) -> None:
    meet(chat, "omar")
    chat.types("ana", 'link "Data lake" to "Grow revenue"').types("ana", "undo")
    (key,) = written_to(chat, "omar")
    assert "Nothing waits for your word" in reads(chat, key)
    chat.types("ana", 'link "Data lake" to "Grow revenue"')
    second = written_to(chat, "omar")[-1]
    a_minute_later(chat, "ana", 'unlink "Data lake" from "Grow revenue"')
    assert "Nothing waits for your word" in reads(chat, second)
    chat.types("ana", "undo")
    assert "Does Data lake serve Grow revenue?" in reads(chat, second)
    chat.clock.wind(minutes=1)
    presses(chat, "omar", second, "Yes")
    chat.types("omar", "undo")
    assert "Does Data lake serve Grow revenue?" in reads(chat, second)
    chat.clicks("omar", "Do it again")
    assert "Nothing waits for your word" in reads(chat, second)


def test_an_objection_that_was_settled_is_open_again(chat: Chat) -> None:
    meet(chat, "omar")
    chat.types("sam", 'not right "CRM replacement" to "Grow revenue"', at="warehouse")
    chat.clock.wind(minutes=1)
    presses(chat, "omar", written_to(chat, "omar")[0], "Take the link away")
    (told,) = keys_of(chat, "settled")
    assert "took the link away" in reads(chat, told)
    chat.types("omar", "undo")
    assert "open again: CRM replacement serves Grow revenue" in reads(chat, told)
    chat.types("ana", "CRM replacement").sees("ana", "disputed by Sam Ode")


def test_what_was_said_in_sort_is_taken_back_and_asked_again(chat: Chat) -> None:
    chat.types("lee", "sort").sees("lee", "Audit trail").clicks("lee", "None")
    chat.types("ana", "Audit trail").sees("ana", "said on 23 Nov 2026 that it serves no priority")
    chat.types("lee", "undo").sees("lee", "Audit trail is no longer said to serve no priority.")
    chat.types("ana", "Audit trail").sees_no(
        "ana", "said on 23 Nov 2026 that it serves no priority"
    )
    chat.clicks("lee", "Do it again").sees("lee", "Audit trail serves no priority, by your word.")
    chat.types("ana", "Audit trail").sees("ana", "said on 23 Nov 2026 that it serves no priority")


def test_room_for_something_is_open_again(chat: Chat) -> None:
    chat.types("lee", 'project "Web shop" owner @ana').clicks("lee", "Nothing: we have room")
    chat.types("lee", "undo").sees("lee", "There is no longer said to be room for Web shop.")
    with chat.looking() as session:
        shop = session.exec(select(Initiative).where(Initiative.name == "Web shop")).one()
        assert yielding.said(session, "initiative", shop.id, shop.created_at) == []


def test_what_gave_way_goes_on_and_its_decision_is_taken_back_with_it(chat: Chat) -> None:
    chat.types("lee", 'project "Web shop" owner @ana for "Grow revenue"')
    chat.clock.wind(minutes=1)
    stopped = next(one for one in chat.labels("lee") if one.startswith("Stop "))
    name = stopped.removeprefix("Stop ")
    chat.clicks("lee", stopped).types("lee", "undo")
    chat.sees("lee", f"{name}, Status: stopped →", f"{name} no longer gives way to Web shop.")
    chat.sees("lee", "Taken back with it: what you said of D-1.")
    assert "Taken back by Lee Novak." in plain.card(chat.standing("decision/1"), chat.zone)
    one = project(chat, name)
    assert one
    assert one.status != "stopped"
    chat.types("lee", "undo").sees("lee", "Web shop is off the map again.")
