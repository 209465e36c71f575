"""Keeping the map in chat: what is said is kept, shown, and remembered as it was before."""

import pytest
from sqlmodel import col, func, select

from storage.events import Event
from storage.initiatives import Initiative
from storage.links import Link
from storage.metrics import Reading
from storage.organisations import Organisation
from storage.people import Person
from storage.priorities import Priority, live
from tests.chat import Chat


def last_event(chat: Chat) -> Event:
    with chat.looking() as session:
        return session.exec(select(Event).order_by(col(Event.id).desc()).limit(1)).one()


def revision(chat: Chat) -> int:
    with chat.looking() as session:
        return session.get_one(Organisation, chat.organisation.id).map_revision


def count_events(chat: Chat) -> int:
    with chat.looking() as session:
        return session.exec(select(func.count(col(Event.id)))).one()


def order(chat: Chat) -> list[tuple[str, int | None]]:
    with chat.looking() as session:
        return [(one.name, one.rank) for one in live(session)]


def test_a_priority_is_added_with_its_owner_and_category(chat: Chat) -> None:
    chat.types("lee", 'priority "Open in Spain" owner @dana category growth')
    assert chat.title("lee") == "Open in Spain"
    chat.sees("lee", "New on the map.", "Owner: Dana Brandt.", "Nothing I know of supports it.")
    event = last_event(chat)
    assert (event.noun, event.what, event.name, event.source) == (
        "priority", "added", "Open in Spain", "",
    )  # fmt: skip
    chat.types("sam", "what supports Open in Spain?").sees("sam", "Nothing I know of supports it.")


def test_a_name_that_is_there_changes_what_was_given_and_says_what_it_was(chat: Chat) -> None:
    before = revision(chat)
    chat.types("lee", 'priority "grow REVENUE" owner @dana')
    assert chat.title("lee") == "Grow revenue"
    chat.sees("lee", "Owner: Omar Haddad → Dana Brandt.")
    assert revision(chat) == before + 1
    event = last_event(chat)
    with chat.looking() as session:
        dana = session.exec(select(Person).where(Person.name == "Dana Brandt")).one()
        assert event.after == {"owner_id": dana.id}
        assert event.before["owner_id"] not in (None, dana.id)


def test_what_is_known_already_changes_nothing(chat: Chat) -> None:
    before = (revision(chat), count_events(chat))
    chat.types("lee", 'priority "Grow revenue" category growth')
    chat.sees("lee", "That is how I have it already.")
    assert (revision(chat), count_events(chat)) == before


def test_a_project_is_added_for_a_priority(chat: Chat) -> None:
    chat.types("ana", 'project "Web shop" owner @lee for "Grow revenue" cost 1.2M EUR')
    assert chat.title("ana") == "Web shop"
    chat.sees("ana", "New on the map. Linked to Grow revenue.", "Owner: Lee Novak", "€1.2M")
    chat.sees("ana", "Ana Sousa said so on 23 Nov 2026, not confirmed by Omar Haddad yet.")


def test_who_is_mentioned_owns_it(chat: Chat) -> None:
    chat.types("ana", 'project "Web shop" @lee').sees("ana", "Owner: Lee Novak")
    chat.types("ana", "project Web kiosk owner @dana").sees("ana", "Owner: Dana Brandt")


def test_a_tool_says_its_vendor_its_renewal_and_its_cost(chat: Chat) -> None:
    chat.types("ana", 'tool "Miro" vendor "Miro Inc" renews 15 Jan cost 84k EUR')
    chat.sees("ana", "Miro Inc · renews 15 Jan 2027", "€84k")
    with chat.looking() as session:
        one = session.exec(select(Initiative).where(Initiative.name == "Miro")).one()
        assert (one.kind, one.cost, one.currency) == ("tool", 84_000_00, "EUR")


def test_a_capability_is_added_with_its_state(chat: Chat) -> None:
    chat.types("ana", 'capability "Plan work" for "Grow revenue" workaround')
    chat.sees("ana", "We get by with a workaround.", "For Grow revenue.")


def test_an_unknown_aim_is_refused_and_the_nearest_repeats_the_command(chat: Chat) -> None:
    chat.types("ana", 'project "Web shop" for "Grow revenues and more"')
    refusal = chat.answer(
        chat.command("ana", "project", '"Web shop" for "Faster boarding of people"')
    ).refusal
    assert refusal is not None
    assert "I don't know a priority or capability called" in refusal.text
    button = next(one for one in refusal.buttons if one.label == "Faster onboarding")
    chat.answer(chat.command("ana", button.sends, button.text, dict(button.values)))
    chat.types("ana", "which priority does Web shop support?")
    chat.sees("ana", "Supports Faster onboarding.")


def test_a_refusal_leaves_nothing(chat: Chat) -> None:
    before = (revision(chat), count_events(chat))
    chat.types("ana", 'project "Web shop" for "World peace"').refused("ana", "World peace")
    assert (revision(chat), count_events(chat)) == before
    with chat.looking() as session:
        assert not session.exec(select(Initiative).where(Initiative.name == "Web shop")).all()


def test_a_link_is_confirmed_at_once_by_who_owns_the_other_end(chat: Chat) -> None:
    chat.types("omar", 'link "Data lake" to "Grow revenue"')
    chat.sees("omar", "Linked to Grow revenue.", "confirmed by Omar Haddad")
    chat.types("ana", 'link "Audit trail" to "Grow revenue"')
    chat.sees("ana", "Ana Sousa said so on", "not confirmed by Omar Haddad yet")
    event = last_event(chat)
    assert (event.noun, event.what, event.name) == ("link", "added", "Audit trail")


def test_what_is_unlinked_can_be_linked_again(chat: Chat) -> None:
    chat.types("ana", "unlink CRM replacement from Grow revenue")
    chat.sees("ana", "No longer linked to Grow revenue.", "Nobody has told me which priority")
    assert last_event(chat).what == "removed"
    chat.types("ana", 'unlink "CRM replacement" from "Grow revenue"')
    chat.refused("ana", "CRM replacement is not linked to Grow revenue")
    chat.types("ana", "link CRM replacement to Grow revenue").sees("ana", "Supports Grow revenue.")


def test_a_link_that_makes_no_sense_is_refused_and_turned_round(chat: Chat) -> None:
    chat.types("ana", 'link "Grow revenue" to "Data lake"')
    chat.refused("ana", "A priority does not serve a project or tool.")
    chat.types("ana", 'link "Days to onboard" to "Know every customer"')
    chat.refused("ana", "A number does not serve a capability.")


def test_the_owner_of_the_other_end_confirms_what_a_list_said(chat: Chat) -> None:
    chat.types("dana", 'link "Asana" to "Faster onboarding"')
    chat.sees("dana", "By your word now: it serves Faster onboarding.", "confirmed by Dana Brandt")
    with chat.looking() as session:
        assert not session.exec(select(Link).where(Link.source != "")).all()


def test_the_others_move_down_when_one_is_ranked_first(chat: Chat) -> None:
    chat.types("lee", 'rank "Pass the audit" 1').sees("lee", "Our 1st priority.")
    assert order(chat) == [("Pass the audit", 1), ("Faster onboarding", 2), ("Grow revenue", 3)]
    chat.types("lee", "rank Faster onboarding 9").sees("lee", "Rank: 2 → 3.")
    assert order(chat) == [("Pass the audit", 1), ("Grow revenue", 2), ("Faster onboarding", 3)]


def test_a_retired_priority_leaves_the_order_and_may_come_back(chat: Chat) -> None:
    chat.types("lee", 'retire "Faster onboarding"').sees("lee", "Retired: it is off the list")
    assert order(chat) == [("Grow revenue", 1), ("Pass the audit", None)]
    chat.types("lee", 'priority "faster onboarding" category growth')
    chat.sees("lee", "On the list again.")
    assert len(order(chat)) == 3


def test_a_retired_project_is_stopped(chat: Chat) -> None:
    chat.types("lee", "retire Data lake").sees("lee", "Status: stopped.")
    chat.types("lee", "retire Know every customer").refused("lee", "I retire priorities")


def test_a_renamed_project_is_found_by_the_name_it_had(chat: Chat) -> None:
    chat.types("ana", 'rename "One login" to "Sign in once"')
    assert chat.title("ana") == "Sign in once"
    chat.sees("ana", "Name: One login → Sign in once.")
    chat.types("sam", "who owns One login?").sees("sam", "Lee Novak")
    chat.types("ana", "rename Data lake to Asana").refused("ana", "There is already a project")


def test_a_number_is_said_again_today(chat: Chat) -> None:
    chat.types("dana", 'number "Days to onboard" 6.5')
    chat.sees("dana", "Today: 11 days → 6.5 days.", "12 → 6.5 days, goal 8")
    with chat.looking() as session:
        said = session.exec(select(Reading).order_by(col(Reading.id).desc()).limit(1)).one()
        assert (said.value, said.day.isoformat()) == (6.5, "2026-11-23")
    assert last_event(chat).after == {"reading": 6.5, "day": "2026-11-23"}


def test_a_new_number_says_what_it_is_for(chat: Chat) -> None:
    chat.types("dana", 'number "Lost leads" 30').refused("dana", "I don't know a number called")
    chat.types("dana", 'number "Lost leads" 30 for "Grow revenue" goal 10')
    chat.sees("dana", "New on the map.", "30, goal 10", "Shows whether Grow revenue gets anywhere.")


@pytest.mark.parametrize("status", ["late", "done", "running", "at risk", "planned"])
def test_where_a_project_stands_is_said_in_a_sentence(chat: Chat, status: str) -> None:
    chat.types("ana", f"CRM training is {status}")
    assert chat.title("ana") == "CRM training"
    chat.sees("ana", f"Status: {status}.")
    with chat.looking() as session:
        one = session.exec(select(Initiative).where(Initiative.name == "CRM training")).one()
        assert one.status == status


@pytest.mark.parametrize(
    "asked",
    ["what is late", "is One login late?", "is Data lake done", "Data lake is done?",
     "which project is late", "tell me what is late", "priority order?", "project Data lake",
     "number of projects", "Phoenix is late",
     "project costs for Grow revenue", "priority owner", "number of projects in 2026"],
)  # fmt: skip
def test_a_question_changes_nothing(chat: Chat, asked: str) -> None:
    before = (revision(chat), count_events(chat))
    chat.types("sam", asked)
    assert chat.shown("sam")
    assert (revision(chat), count_events(chat)) == before


def test_what_is_said_of_an_unknown_project_is_an_honest_unknown(chat: Chat) -> None:
    chat.types("sam", "Zeppelin is late").sees("sam", "I don't know", "Zeppelin")
    chat.sees_no("sam", "ask Zeppelin")


def test_a_name_that_ends_in_a_number_is_ranked_by_its_quotes(chat: Chat) -> None:
    chat.types("lee", 'priority "Horizon 2" owner @dana').types("lee", 'rank "Horizon 2" 1')
    assert order(chat)[0] == ("Horizon 2", 1)
    chat.types("lee", 'rank "Horizon 2"').refused("lee", "Say the place as a number")


def test_a_new_name_may_not_be_that_of_what_is_retired(chat: Chat) -> None:
    chat.types("lee", 'retire "Pass the audit"')
    chat.types("lee", 'rename "Grow revenue" to "pass the audit"').refused("lee", "already a")


def test_two_of_one_name_are_told_apart_and_the_press_repeats_the_command(chat: Chat) -> None:
    chat.types("ana", 'capability "Grow revenue" missing')
    command = chat.command("ana", "project", '"Web shop" for "Grow revenue"')
    refusal = chat.answer(command).refusal
    assert refusal is not None
    assert {one.label for one in refusal.buttons} == {
        "Grow revenue (priority)", "Grow revenue (capability)",
    }  # fmt: skip
    button = next(one for one in refusal.buttons if "capability" in one.label)
    chat.answer(chat.command("ana", button.sends, button.text, dict(button.values)))
    chat.types("ana", "Web shop").sees("ana", "Serves Grow revenue.")


def test_a_project_moves_with_a_reason(chat: Chat) -> None:
    chat.types("lee", 'move One login to 14 Dec "supplier late"')
    chat.sees("lee", "Until: 30 Oct → 14 Dec, “supplier late”.", "now due 14 Dec")
    event = last_event(chat)
    assert event.before == {"ends_on": "2026-10-30"}
    assert event.after == {"ends_on": "2026-12-14", "reason": "supplier late"}


def test_a_sixth_priority_is_kept_and_quietly_remarked_on(chat: Chat) -> None:
    for name in ("Fourth", "Fifth"):
        chat.types("lee", f'priority "{name}" owner @dana').sees_no("lee", "keep in mind")
    chat.types("lee", 'priority "Sixth" owner @dana')
    chat.sees("lee", "Three to five is what people can keep in mind.")
    assert len(order(chat)) == 6


@pytest.mark.parametrize(
    ("who", "typed"),
    [
        ("sam", 'priority "X" owner @dana'), ("sam", "rank Grow revenue 1"),
        ("sam", "retire Data lake"), ("sam", "Data lake is stopped"),
        ("sam", 'rename "Grow revenue" to "Grow"'),
    ],
)  # fmt: skip
def test_priorities_and_endings_are_for_who_keeps_the_map(chat: Chat, who: str, typed: str) -> None:
    before = count_events(chat)
    chat.types(who, typed).refused(who, "Only")
    assert count_events(chat) == before


def test_a_guest_changes_nothing(chat: Chat) -> None:
    with chat.changing() as session:
        session.exec(select(Person).where(Person.name == "Sam Ode")).one().role = "guest"
    for typed in ('project "X" owner @lee', "Data lake is late", "link Data lake to Grow revenue",
                  "move Data lake to 14 Dec", 'number "Days to onboard" 5'):  # fmt: skip
        chat.types("sam", typed).refused("sam", "Guests can ask me")


def test_the_map_shows_how_much_there_is_or_one_thing(chat: Chat) -> None:
    chat.types("sam", "map")
    chat.sees("sam", "3 priorities, 3 abilities, 6 projects, 1 tool, 2 numbers.")
    chat.types("sam", "map one login")
    assert chat.title("sam") == "One login"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ('priority "..." owner @dana', "I need a name in quotes"),
        ('number "Days to onboard" 6.5 on Monday', "I cannot read “on Monday”"),
        ('number "Days to onboard" 6.5 hours', "Days to onboard is counted in days"),
        ('project "X" cost lots', "I cannot read “cost lots”"),
        ('tool "X" renews 4/5', "may be"),
        ('project "X" owner Dana', "I cannot read “owner Dana”"),
        ('priority "X" category wild', "“wild” is no category"),
        ('link "One login"', "Say both ends"),
        ('rank "Grow revenue" 0', "The first place is 1."),
        ('rank "Grow revenue"', "Say the place as a number"),
        ("move One login to sometime", "I cannot read “sometime” as a day"),
        ('number "Days to onboard"', "Say what it is today"),
        (f'project "{"x" * 200}"', "A name has 120 characters at most"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_type(
    chat: Chat, typed: str, told: str
) -> None:
    chat.types("lee", typed).refused("lee", told)


def test_the_same_delivery_twice_changes_once(chat: Chat) -> None:
    for _ in range(2):
        chat.answer(chat.command("dana", "number", '"Days to onboard" 6.5', key="e1"))
    with chat.looking() as session:
        assert len(session.exec(select(Reading)).all()) == 3


def test_what_was_changed_is_news(chat: Chat) -> None:
    chat.types("ana", 'project "Web shop" for "Grow revenue"')
    chat.types("sam", "what changed today").sees("sam", "Web shop", "Ana Sousa")
    with chat.looking() as session:
        assert session.exec(select(Priority)).all()
