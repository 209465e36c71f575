"""The pages of the record and of a decision: what an auditor reads there, and what nobody does."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from bot.messages import Refusal
from bot.web.pages import Page, Visit
from handlers.board import deciding, recording
from storage import chain, people
from storage.database import Session
from storage.readers import Reader
from tests.chat import Chat

Show = Callable[[Visit[None], Session], Page]


def page(chat: Chat, who: str, show: Show, **values: str) -> Page:
    told: list[tuple[int, int]] = []
    with chat.looking() as session:
        person = people.by_email(session, f"{who}@acme.example")
        assert person
        session.me, session.reader = person, Reader(person=person)
        found = show(Visit(None, values, lambda *far: told.append(far)), session)
    assert all(done <= total for done, total in told)
    return found


def lines(shown: Page) -> list[tuple[str, str, list[str], str]]:
    said: Any = shown.facts["said"]
    return [(one.by, one.what, one.names, one.text) for one in said]


def head(chat: Chat) -> chain.Head:
    with chat.looking() as session:
        found = chain.head(session)
    assert found
    return found


@pytest.fixture
def decided(chat: Chat) -> Chat:
    """A decision with a history."""
    chat.types("dana", 'decide "Buy the CRM" owner @lee for "Faster onboarding" asked @ana due Fri')
    chat.types("lee", "accept D-1")
    chat.clock.wind(minutes=1)  # what is said in one instant is one thing to undo
    chat.types("dana", 'because D-1 "we lose leads"')
    return chat.types("dana", "undo").types("lee", "done D-1")


def test_the_record_says_how_it_stands_and_that_it_is_whole(decided: Chat) -> None:
    facts = page(decided, "dana", recording.show).facts
    assert facts["head"] == head(decided)
    assert (facts["is_whole"], facts["faults"], facts["unlike"]) == (True, [], [])
    assert facts["checked"] == "10:01 CET"
    assert (facts["checked_on"], facts["since"]) == ("23 Nov 2026", "25 Aug 2026")


def test_a_change_behind_our_back_is_told_on_both_pages(decided: Chat) -> None:
    decided.is_attacked = True
    database = decided.store.database
    aside = (
        "DROP TRIGGER decisions_no_update"
        if database.is_sqlite
        else "SET LOCAL session_replication_role = replica"
    )
    with database.writer.begin() as connection:
        connection.execute(text(aside))
        told = "UPDATE decisions SET title = 'Buy nothing' WHERE decisions.organisation_id = 1"
        connection.execute(text(told))
    for shown in (
        page(decided, "dana", recording.show),
        page(decided, "dana", deciding.show, number="1"),
    ):
        assert shown.facts["is_whole"] is False
        assert "was changed after it was recorded" in str(shown.facts["faults"])


def test_a_head_that_was_kept_is_compared(decided: Chat) -> None:
    kept = head(decided)
    decided.types("dana", "decide paint the hall @dana")
    facts = page(decided, "dana", recording.show, head=kept.short).facts
    assert (facts["compared"], facts["unlike"], facts["is_whole"]) == (1, [], True)
    facts = page(decided, "dana", recording.show, head=f"record {kept.number} · {kept.hash}").facts
    assert facts["unlike"] == []
    facts = page(decided, "dana", recording.show, head="record 1 · deadbeef").facts
    assert "Record 1 is not the one that was printed" in str(facts["unlike"])
    assert facts["is_whole"] is True, "it may have been typed wrongly"
    facts = page(decided, "dana", recording.show, head="the last one").facts
    assert "I cannot read that" in str(facts["trouble"])


def test_a_decision_says_who_said_what_when_and_under_which_number(decided: Chat) -> None:
    facts = page(decided, "ana", deciding.show, number="1").facts
    assert facts["title"] == "Buy the CRM"
    assert (facts["by"], facts["owner"]) == ("Dana Brandt", "Lee Novak")
    assert facts["asked"] == ["Ana Sousa"]
    assert facts["priority"] == "Faster onboarding"
    assert facts["at"] == "23 Nov 2026, 10:00"
    assert facts["due"] == "27 Nov 2026"
    assert facts["because"] == "", "it was taken back"
    said = lines(page(decided, "ana", deciding.show, number="1"))
    assert ("Dana Brandt", "owner", ["Lee Novak"], "") in said
    assert ("Lee Novak", "accepted", [], "") in said
    assert ("Dana Brandt", "because", [], "we lose leads") in said
    assert said[-1] == ("Lee Novak", "done", [], "")
    told: Any = facts["said"]
    assert [one.is_undone for one in told if one.what == "because"] == [True]
    records = [facts["record"], *(one.record for one in told)]
    assert records == sorted(set(records))
    assert records[-1] == head(decided).number


def test_it_says_what_the_numbers_were_then_and_are_now(decided: Chat) -> None:
    decided.clock.wind(hours=24)
    decided.types("dana", 'number "Days to onboard" 6.5')
    numbers: Any = page(decided, "ana", deciding.show, number="1").facts["numbers"]
    assert [one["name"] for one in numbers] == ["Days to onboard"]
    assert "6.5" not in numbers[0]["then"]
    assert numbers[0]["now"] == "6.5 days, on 24 Nov 2026, said Dana Brandt"


def test_what_was_said_in_private_has_no_page_for_others_and_no_name_on_any(chat: Chat) -> None:
    chat.types("dana", "decide close the canteen @dana", at="direct")
    chat.types("dana", 'decide "Buy the CRM" owner @dana replaces D-1').types("dana", "share D-2")
    assert page(chat, "dana", deciding.show, number="1").status == 200
    assert page(chat, "lee", deciding.show, number="1").status == 404
    assert ("Dana Brandt", "replaces", ["D-1"], "") in lines(
        page(chat, "dana", deciding.show, number="2")
    )
    assert "D-1" not in str(lines(page(chat, "lee", deciding.show, number="2")))
    rows: Any = page(chat, "lee", deciding.list_them).facts["rows"]
    assert [one["name"] for one in rows] == ["D-2"]


@pytest.mark.parametrize("number", ["", "x", "99", "0", "-1", "1e3", "9" * 400, "²", "１"])
def test_a_number_that_is_none_has_no_page(decided: Chat, number: str) -> None:
    assert page(decided, "dana", deciding.show, number=number).status == 404


def test_the_list_is_read_in_parts(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "AT_ONCE", 2)
    for number in range(5):
        chat.types("dana", f"decide thing {number} @dana")
    seen, before = [], ""
    while True:
        facts = page(chat, "dana", deciding.list_them, before=before).facts
        rows: Any = facts["rows"]
        seen += [one["name"] for one in rows]
        if not facts["older"]:
            break
        before = str(facts["older"])
    assert seen == ["D-5", "D-4", "D-3", "D-2", "D-1"]


def test_guests_read_none_of_it(decided: Chat) -> None:
    decided.types("omar", "role @ana guest")
    for show in (recording.show, deciding.list_them, deciding.show):
        with pytest.raises(Refusal, match="Guests can ask me"):
            page(decided, "ana", show, number="1")


# In a chat


def test_record_answers_with_the_short_head_and_a_link_for_who_asked(decided: Chat) -> None:
    decided.types("dana", "record").sees("dana", head(decided).short, "/in/", "once")
    decided.types("dana", "record D-1").sees("dana", "Buy the CRM", "/in/")
    decided.types("dana", "record D-9").refused("dana", "no decision D-9 that you may read")


def test_where_pages_are_open_the_link_is_a_plain_one(decided: Chat) -> None:
    decided.store.pages, decided.store.pages_are_open = "http://127.0.0.1:8700", True
    decided.types("dana", "record").sees("dana", "http://127.0.0.1:8700/record")
    decided.sees_no("dana", "/in/", "once")
    decided.types("dana", "import").sees("dana", "http://127.0.0.1:8700/import")


def test_a_question_about_records_is_a_question(chat: Chat) -> None:
    assert chat.answering.router.hear("record keeping").name == "ask"
    assert chat.answering.router.hear("record d-7?").name == "record"
