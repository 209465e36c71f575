"""Sorting: one project after another, a tap each; what was answered stays answered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, delete, select

from bot import plain
from bot.messages import Card
from handlers import sorting
from storage import demo, joining
from storage.database import Session
from storage.events import Event
from storage.initiatives import Initiative
from storage.links import Link
from storage.nudges import Nudge
from storage.outbox import Message
from storage.people import Person
from storage.sorting import FIELD, Sorting
from tests.chat import Chat
from tests.scene import Scene, presses, says

COSTS = {"Data lake": 600_000_00, "CRM training": None, "Audit trail": 20_000_00}


@pytest.fixture(autouse=True)
def _three_serve_nothing(chat: Chat) -> None:
    """Data lake and Audit trail are Lee's; CRM training, too, once it is unlinked."""
    with chat.changing() as session:
        for name, cost in COSTS.items():
            one = project(session, name)
            one.cost, one.currency = cost, "EUR" if cost else None
        training = project(session, "CRM training")
        session.exec(delete(Link).where(col(Link.initiative_id) == training.id))


def project(session: Session, name: str) -> Initiative:
    return session.exec(select(Initiative).where(Initiative.name == name)).one()


def person(session: Session, name: str) -> Person:
    return session.exec(select(Person).where(Person.name == name)).one()


def links_of(chat: Chat, name: str) -> list[Link]:
    with chat.looking() as session:
        one = project(session, name)
        return list(session.exec(select(Link).where(Link.initiative_id == one.id)))


def events(chat: Chat) -> list[tuple[str, str, str]]:
    with chat.looking() as session:
        found = session.exec(select(Event).order_by(col(Event.id))).all()
    nones = [(one, FIELD in one.after) for one in found if FIELD in {**one.before, **one.after}]
    told = {one.id: "none" if is_said else "none no more" for one, is_said in nones}
    return [
        (told.get(one.id, "link"), one.what, one.name)
        for one in found
        if one.noun == "link" or one.id in told
    ]


def own(chat: Chat, name: str, owner: str | None) -> None:
    with chat.changing() as session:
        project(session, name).owner_id = person(session, owner).id if owner else None


def add(chat: Chat, count: int, owner: str | None = None) -> None:
    with chat.changing() as session:
        owner_id = person(session, owner).id if owner else None
        session.add_all(
            Initiative(name=f"Small {n}", owner_id=owner_id, cost=n, currency="EUR",
                       created_at=session.now)
            for n in range(count)
        )  # fmt: skip


def test_the_dearest_comes_first_with_what_is_known_and_a_button_per_priority(chat: Chat) -> None:
    chat.types("ana", "sort")
    assert chat.title("ana") == "Data lake"
    chat.sees("ana", "Owner: Lee Novak", "Cost: €600k", "1 of 3")
    assert chat.labels("ana") == [
        "Faster onboarding", "Grow revenue", "Pass the audit", "None", "Don't know",
        "Leave it here",
    ]  # fmt: skip


def test_a_tap_is_a_link_by_the_word_of_who_tapped_and_the_next_comes_at_once(chat: Chat) -> None:
    chat.types("ana", "sort").clicks("ana", "Grow revenue")
    assert chat.title("ana") == "Audit trail"
    chat.sees("ana", "Data lake serves Grow revenue, by your word.", "2 of 3")
    (link,) = links_of(chat, "Data lake")
    with chat.looking() as session:
        assert (link.said_by_id, link.source) == (person(session, "Ana Sousa").id, "")
    assert events(chat) == [("link", "added", "Data lake")]
    chat.types("sam", "which priority does Data lake support?").sees("sam", "Supports Grow revenue")


def test_at_the_end_it_says_what_was_sorted_and_what_that_comes_to(chat: Chat) -> None:
    chat.types("lee", "sort").clicks("lee", "Pass the audit").clicks("lee", "None")
    chat.clicks("lee", "Don't know")
    assert chat.title("lee") == "2 sorted, 1 you did not know"
    chat.sees(
        "lee", "By your word 1 serves a priority now, and 1 serves none.",
        "€1.5M of €1.5M serves a priority",
    )  # fmt: skip
    chat.clicks("lee", "Look again at what I did not know (1)").clicks("lee", "Grow revenue")
    assert chat.title("lee") == "All is sorted"


def test_who_leaves_goes_on_later_where_they_stopped(chat: Chat) -> None:
    chat.types("ana", "sort").clicks("ana", "Don't know").clicks("ana", "Leave it here")
    assert chat.title("ana") == "0 sorted, 2 left"
    chat.clock.wind(days=2)
    chat.types("ana", "sort").sees("ana", "Audit trail", "2 of 3")
    chat.types("ana", "sort").clicks("ana", "Grow revenue").clicks("ana", "Leave it here")
    assert chat.title("ana") == "1 sorted, 1 left"
    chat.clicks("ana", "Go on").sees("ana", "CRM training", "3 of 3")


def test_none_by_who_keeps_the_map_settles_it_and_answers_say_so(chat: Chat) -> None:
    chat.types("lee", "sort").clicks("lee", "None")
    chat.sees("lee", "Data lake serves no priority, by your word.")
    chat.types("ana", "Data lake")
    chat.sees("ana", "Lee Novak said on 23 Nov 2026 that it serves no priority.")
    chat.types("ana", "sort").sees("ana", "Audit trail", "1 of 2")
    chat.types("lee", "").sees("lee", "Yours, and serving no priority I know of: Audit trail")
    chat.types("ana", "what changed today")
    chat.sees("ana", "Data lake said to serve no priority by Lee Novak")
    assert events(chat) == [("none", "changed", "Data lake")]


def test_none_by_its_owner_settles_it_too(chat: Chat) -> None:
    own(chat, "Data lake", "Sam Ode")
    chat.types("sam", "sort").clicks("sam", "None").sees("sam", "by your word")
    chat.types("ana", "Data lake").sees("ana", "Sam Ode said on 23 Nov 2026")


def test_none_by_anybody_else_is_kept_and_the_owner_is_still_asked(chat: Chat) -> None:
    chat.types("ana", "sort").clicks("ana", "None")
    chat.sees("ana", "Its owner, or who keeps the map, has the last word.")
    chat.types("ana", "Data lake").sees("ana", "Nobody has told me which priority it supports.")
    chat.types("ana", "sort").sees("ana", "Audit trail")
    chat.types("lee", "sort").sees("lee", "Data lake", "1 of 3")
    assert events(chat) == []


def test_what_somebody_does_not_know_comes_last_for_the_others(chat: Chat) -> None:
    chat.types("ana", "sort").clicks("ana", "Don't know")
    chat.sees("ana", "Data lake: I leave it to others.")
    chat.types("lee", "sort")
    assert chat.title("lee") == "Audit trail"
    chat.clicks("lee", "None").clicks("lee", "None")
    assert chat.title("lee") == "Data lake"


def test_what_is_linked_by_typing_is_not_asked_again(chat: Chat) -> None:
    chat.types("ana", "sort").types("ana", 'link "Data lake" to "Grow revenue"')
    chat.types("ana", "sort").sees("ana", "Audit trail", "1 of 2")


def test_back_takes_the_last_answer_back_and_the_one_before_it(chat: Chat) -> None:
    chat.types("lee", "sort").clicks("lee", "Grow revenue").clicks("lee", "None")
    assert chat.title("lee") == "CRM training"
    chat.clicks("lee", "Back").sees("lee", "Taken back: what you said of Audit trail.", "2 of 3")
    assert chat.title("lee") == "Audit trail"
    chat.types("ana", "Audit trail").sees_no("ana", "said on 23 Nov 2026 that it serves no")
    chat.clicks("lee", "Back").sees("lee", "1 of 3")
    assert chat.title("lee") == "Data lake"
    assert links_of(chat, "Data lake") == []
    assert "Back" not in chat.labels("lee")
    assert events(chat)[2:] == [
        ("none no more", "changed", "Audit trail"), ("link", "removed", "Data lake"),
    ]  # fmt: skip


def test_another_tap_on_the_same_card_corrects_it(chat: Chat) -> None:
    chat.types("ana", "sort")
    first, second = chat.button("ana", "Grow revenue"), chat.button("ana", "Pass the audit")
    for button in (first, second, second):
        chat.answer(chat.command("ana", button.sends, button.text, dict(button.values)))
    (link,) = links_of(chat, "Data lake")
    with chat.looking() as session:
        assert len(session.exec(select(Sorting)).all()) == 1
    chat.types("sam", "Data lake").sees("sam", "Supports Pass the audit.")
    assert link.said_at == chat.clock.now()
    assert [what for _, what, _ in events(chat)] == ["added", "removed", "added"]


def test_the_same_delivery_four_times_is_one_answer(chat: Chat) -> None:
    button = chat.types("lee", "sort").button("lee", "None")
    for _ in range(4):
        values = dict(button.values)
        chat.answer(chat.command("lee", button.sends, button.text, values, key="e1"))
    assert events(chat) == [("none", "changed", "Data lake")]


def test_what_another_confirmed_meanwhile_is_not_taken_back(chat: Chat) -> None:
    chat.types("ana", "sort").clicks("ana", "Grow revenue")
    chat.types("omar", 'link "Data lake" to "Grow revenue"').sees("omar", "confirmed by Omar")
    chat.clicks("ana", "Back")
    assert len(links_of(chat, "Data lake")) == 1


def test_sort_mine_shows_only_mine(chat: Chat) -> None:
    chat.types("sam", "sort mine")
    assert chat.title("sam") == "All of yours are sorted"
    own(chat, "CRM training", "Sam Ode")
    chat.types("sam", "sort mine").sees("sam", "CRM training", "1 of 1")
    chat.clicks("sam", "Grow revenue")
    assert chat.title("sam") == "All of yours are sorted"


def test_what_is_over_or_serves_through_an_ability_is_not_asked(chat: Chat) -> None:
    chat.types("lee", "retire Data lake").types("lee", "sort").sees("lee", "Audit trail", "1 of 2")
    chat.types("lee", 'link "Prove who did what" to "Pass the audit"')
    chat.types("lee", "sort").sees("lee", "CRM training", "1 of 1")


def test_what_served_a_retired_priority_is_asked_again(chat: Chat) -> None:
    chat.types("ana", "sort").clicks("ana", "Pass the audit")
    chat.types("lee", 'retire "Pass the audit"')
    chat.types("ana", "sort").sees("ana", "Data lake", "1 of 3")
    assert "Pass the audit" not in chat.labels("ana")


def test_a_priority_that_was_retired_meanwhile_is_refused_with_a_way_on(chat: Chat) -> None:
    chat.types("ana", "sort")
    chat.types("lee", 'retire "Pass the audit"')
    chat.clicks("ana", "Pass the audit").refused("ana", "no longer on the list")


def test_without_priorities_it_says_what_to_do_first(chat: Chat) -> None:
    for name in ("Pass the audit", "Grow revenue", "Faster onboarding"):
        chat.types("lee", f'retire "{name}"')
    chat.types("ana", "sort").sees("ana", "There is no priority yet to sort under")


def test_sort_of_something_is_a_question(chat: Chat) -> None:
    chat.types("ana", "sort out the archive").sees("ana", "I don't know")


def test_a_guest_sorts_nothing(chat: Chat) -> None:
    chat.types("sam", "sort")
    with chat.changing() as session:
        person(session, "Sam Ode").role = "guest"
    chat.clicks("sam", "Grow revenue").refused("sam", "Guests can ask me")
    chat.types("sam", "sort").refused("sam", "Guests can ask me")


def test_who_became_one_person_is_not_asked_again(chat: Chat) -> None:
    chat.types("ana", "sort").clicks("ana", "Don't know")
    with chat.changing() as session:
        ana, sam = person(session, "Ana Sousa"), person(session, "Sam Ode")
        joining.join(session, ana, sam)
    chat.types("ana", "sort").sees("ana", "Audit trail")


# each owner theirs


def known(chat: Chat, *names: str) -> None:
    """They were in the chat before."""
    for name in names:
        chat.types(name, "side both")


def sent_to(chat: Chat, name: str) -> Card:
    """What stands in somebody's private conversation."""
    with chat.looking() as session:
        owner = person(session, name)
        wanted = select(Message.key).where(Message.person_id == owner.id)
        key = session.exec(wanted.order_by(col(Message.key).desc())).first()
    assert key is not None, f"{name} was sent nothing"
    return chat.standing(key)


def test_each_owner_is_sent_only_theirs(chat: Chat) -> None:
    known(chat, "lee", "dana")
    own(chat, "CRM training", "Dana Brandt")
    chat.types("lee", "sort").clicks("lee", "Leave it here")
    chat.clicks("lee", "Send each owner only theirs")
    chat.sees("lee", "Sent to 2 owners", "3 projects are with who owns them: Dana Brandt, Lee")
    card = sent_to(chat, "Dana Brandt")
    told = plain.card(card, chat.zone)
    assert "1 of your projects names no priority" in told
    assert "Lee Novak asks you, who owns it" in told
    (button,) = card.buttons
    assert button.label == "Sort mine, about 1 minute"
    answer = chat.answer(chat.command("dana", button.sends, button.text, dict(button.values)))
    assert plain.plain(answer.cards[0].title, chat.zone) == "CRM training"


def test_nobody_is_asked_twice_in_a_week(chat: Chat) -> None:
    known(chat, "lee")
    chat.types("lee", "sort").clicks("lee", "Leave it here")
    press = chat.button("lee", "Send each owner only theirs")
    for days, told in ((0, "Sent to 1 owner"), (1, "Asked this week already: Lee Novak"),
                       (7, "Sent to 1 owner")):  # fmt: skip
        chat.clock.wind(days=days)
        card = chat.answer(chat.command("lee", press.sends)).cards[0]
        assert told in plain.card(card, chat.zone)
    with chat.looking() as session:
        assert len(session.exec(select(Message)).all()) == 2


def test_what_an_owner_is_sent_counts_once_and_says_why(begin: Callable[[], Scene]) -> None:
    scene = begin()
    own(scene.chat, "Data lake", "Omar Haddad")
    scene.goes(says("omar", "help"), says("lee", "sort"), presses("lee", "Leave it here"))
    scene.goes(presses("lee", "Send each owner only theirs"))
    with scene.chat.looking() as session:
        omar = person(session, "Omar Haddad")
        (nudge,) = session.exec(select(Nudge).where(Nudge.person_id == omar.id))
        assert (nudge.why, nudge.about) == ("owner", "1 project without a priority")
        assert nudge.key == nudge.message
    scene.chat.types("omar", "why me?").sees("omar", "1 project without a priority", "once")


def test_whom_i_cannot_or_shall_not_write_to_is_named_and_what_has_no_owner_counted(
    chat: Chat,
) -> None:
    known(chat, "lee", "ana")
    chat.types("ana", "stop")
    own(chat, "CRM training", "Dana Brandt")
    own(chat, "Audit trail", "Ana Sousa")
    own(chat, "Data lake", None)
    chat.types("lee", "sort").clicks("lee", "Leave it here")
    chat.clicks("lee", "Send each owner only theirs")
    chat.sees(
        "lee", "I wrote to nobody", "I cannot write to 1 owner: Dana Brandt.",
        "Not asked, as they want nothing in private: Ana Sousa.",
        "1 has no owner.",
    )  # fmt: skip
    chat.clicks("lee", "Sort them myself")
    assert chat.title("lee") == "Data lake"


def test_what_the_owner_sorted_meanwhile_is_not_sent(chat: Chat) -> None:
    known(chat, "lee")
    chat.types("lee", "sort").clicks("lee", "Leave it here")
    chat.clicks("lee", "Send each owner only theirs").types("lee", "sort mine")
    with chat.looking() as session:
        key = session.exec(select(Message.key)).one()
        assert sorting.compose(key, session) is not None
    chat.clicks("lee", "None").clicks("lee", "Don't know")
    with chat.looking() as session:
        assert sorting.compose(key, session) is None


def test_only_who_keeps_the_map_writes_to_the_owners(chat: Chat) -> None:
    chat.types("ana", "sort").clicks("ana", "Leave it here")
    assert "Send each owner only theirs" not in chat.labels("ana")
    answer = chat.answer(chat.command("ana", "sort each"))
    assert answer.refusal is not None
    assert "Only Lee" in answer.refusal.text


def test_a_list_that_names_no_priority_ends_in_an_offer(chat: Chat) -> None:
    add(chat, 28)
    with chat.looking() as session:
        card = sorting.offer(session)
    assert card is not None
    told = plain.card(card, chat.zone)
    assert "31 projects name no priority: normal on day one" in told
    assert [one.label for one in card.buttons] == [
        "Sort them now, about 4 minutes", "Send each owner only theirs",
    ]  # fmt: skip


# many


@contextmanager
def counted(chat: Chat) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    statements: list[str] = []

    def look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engines = {id(one): one for one in (chat.store.database.writer, chat.store.database.reader)}
    for engine in engines.values():
        event.listen(engine, "before_cursor_execute", look)
    try:
        yield statements
    finally:
        for engine in engines.values():
            event.remove(engine, "before_cursor_execute", look)


def test_a_card_takes_as_many_queries_among_300_as_among_three(chat: Chat) -> None:
    chat.types("ana", "sort").clicks("ana", "Don't know")
    with counted(chat) as few:
        chat.clicks("ana", "Grow revenue")
    add(chat, 300)
    chat.types("ana", "sort")
    with counted(chat) as many:
        chat.clicks("ana", "Grow revenue")
    assert len(many) == len(few)


def test_whoever_deletes_the_invented_company_deletes_its_answers(chat: Chat) -> None:
    chat.types("lee", "sort").clicks("lee", "None")
    with chat.changing() as session:
        demo.clear(session)
        assert session.exec(select(Sorting)).all() == []
