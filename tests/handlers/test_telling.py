"""What I do not know is told me, and whoever asked is answered where they asked, once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.messages import Button, Form
from storage import asking
from storage.initiatives import Initiative
from storage.people import Person
from storage.questions import Question
from tests.chat import Chat
from tests.private import brings, follows, keys_of, meet, presses, reads, said_in, written_to

ASKED = "which priority does Zephyr support?"
ASK_LEE, I_KNOW = "Ask Lee, who keeps the map", "I know: it is…"


def still_open(chat: Chat) -> list[str]:
    with chat.looking() as session:
        found = session.exec(select(Question).where(col(Question.answered_at).is_(None)))
        return [one.text for one in found]


def tells(chat: Chat, who: str, about: str = "Zephyr", at: str = "general", **filled: str) -> None:
    """Somebody asks, presses [I know: it is…], and fills in the form."""
    chat.types(who, f"who owns {about}?", at=at)
    answer = follows(chat, who, chat.button(who, I_KNOW), at=at, **filled)
    assert answer.refusal is None, answer.refusal
    chat._last[who] = answer


def test_two_people_in_two_places_are_each_answered_once_where_they_asked(chat: Chat) -> None:
    chat.types("omar", ASKED, at="steering").types("omar", ASKED, at="steering")
    chat.types("sam", "who owns zephyr?", at="warehouse")
    chat.types("lee", 'project "Zephyr" owner @ana for "Grow revenue"')
    assert said_in(chat, "answer") == [("steering", ""), ("warehouse", "")]
    first, second = keys_of(chat, "answer")
    text = reads(chat, first)
    assert text.startswith("Omar Haddad, you asked about “Zephyr”")
    assert f"“{ASKED}”" in text
    assert "I know Zephyr now, Lee Novak told me." in text
    assert "Supports Grow revenue." in text
    assert "Sam Ode, you asked" in reads(chat, second)
    assert "Ana Sousa, Networks, owns it." in reads(chat, second)
    assert still_open(chat) == []
    chat.types("lee", 'rename "Zephyr" to "Zephyr 2"')
    assert len(keys_of(chat, "answer")) == 2


def test_the_thread_of_a_question_is_where_it_is_answered(chat: Chat) -> None:
    asked = chat.command("omar", "ask", ASKED, at="steering")
    chat.answer(replace(asked, under="thread-7"))
    chat.types("lee", 'project "Zephyr" owner @ana')
    assert said_in(chat, "answer") == [("steering", "thread-7")]


@pytest.mark.parametrize(
    "told",
    ['rename "Data lake" to "Zephyr"', 'tool "Zephyr"', 'priority "Zephyr"',
     'capability "Zephyr" missing', 'number "Zephyr" 7 for "Grow revenue"'],
)  # fmt: skip
def test_whatever_brings_the_name_onto_the_map_answers(chat: Chat, told: str) -> None:
    chat.types("omar", ASKED, at="steering")
    chat.types("lee", told)
    assert said_in(chat, "answer") == [("steering", "")]


def test_an_import_answers_and_so_does_the_name_as_people_type_it(
    chat: Chat, tmp_path: Path
) -> None:
    chat.types("omar", "why are we doing the zepyhr programme?", at="steering")
    chat.types("sam", "who owns Other thing?")
    brings(chat, tmp_path, ("Zephyr programme", "Grow revenue"))
    assert said_in(chat, "answer") == [("steering", "")]
    assert "That is Zephyr programme" in reads(chat, keys_of(chat, "answer")[0])
    assert still_open(chat) == ["who owns Other thing?"]


def test_a_change_of_something_else_answers_nothing(chat: Chat) -> None:
    chat.types("omar", ASKED)
    chat.types("lee", 'project "Data lake" cost 5k EUR').types("lee", 'project "Zebra" owner @ana')
    assert keys_of(chat, "answer") == []
    assert still_open(chat) == [ASKED]


def test_another_name_of_a_project_is_kept_as_one(chat: Chat) -> None:
    chat.types("omar", ASKED, at="steering")
    tells(chat, "ana", **{"is": "other", "name": "One login", "why": "Its first name."})
    chat.sees("ana", "Also called: Zephyr.", "Supports Faster onboarding")
    (key,) = keys_of(chat, "answer")
    assert "That is One login, Ana Sousa told me. “Its first name.”" in reads(chat, key)
    assert said_in(chat, "answer") == [("steering", "")]  # Ana has it before her
    chat.types("sam", "who owns Zephyr?").sees("sam", "Lee Novak")


def test_the_nearest_projects_are_offered_as_what_it_may_be(chat: Chat) -> None:
    chat.types("ana", "who owns One lagoon?")
    form = chat.answer(chat.command("ana", "i know", "One lagoon")).form
    assert isinstance(form, Form)
    labels = [label for _, label in form.inputs[0].options]
    assert labels[-3:] == ["Another name of the project below", "A project you do not know yet",
                           "Nothing, or it was stopped"]  # fmt: skip


def test_a_new_project_is_added_for_one_priority_whose_owner_is_asked(chat: Chat) -> None:
    meet(chat, "omar")
    chat.types("sam", "who owns zephyr?", at="warehouse")
    form = chat.answer(chat.command("ana", "i know", "zephyr")).form
    assert isinstance(form, Form)
    goal = next(v for v, name in form.inputs[3].options if name == "Grow revenue")
    tells(chat, "ana", "zephyr", **{"is": "new", "called": "Zephyr air", "priority": goal})
    chat.sees("ana", "New on the map. Linked to Grow revenue.", "not confirmed by Omar Haddad yet")
    assert len(written_to(chat, "omar")) == 1
    assert "That is Zephyr air" in reads(chat, keys_of(chat, "answer")[0])
    chat.types("omar", "zephyr")
    assert chat.title("omar") == "Zephyr air"


def test_that_there_is_no_such_thing_is_an_answer_too(chat: Chat) -> None:
    chat.types("omar", ASKED, at="steering")
    tells(chat, "ana", **{"is": "none", "why": "It was stopped in May."})
    chat.sees("ana", "I told whoever asked about “Zephyr”")
    (key,) = keys_of(chat, "answer")
    assert (
        "Ana Sousa says that there is nothing of that name, or not any more: "
        "“It was stopped in May.”"
    ) in reads(chat, key)
    chat.types("omar", ASKED).sees("omar", "I don't know")


def test_what_is_known_by_now_is_not_told_twice(chat: Chat) -> None:
    chat.types("omar", ASKED)
    button = chat.button("omar", I_KNOW)
    chat.types("lee", 'project "Zephyr" owner @ana')
    assert chat.answer(chat.command("omar", "told", "Zephyr", {"is": "new"})).cards
    answer = follows(chat, "omar", button)
    assert "Zephyr" in str(answer.cards[0].title.source)  # type: ignore[union-attr]  # Words
    with chat.looking() as session:
        assert len(session.exec(select(Initiative).where(Initiative.name == "Zephyr")).all()) == 1


# asking who keeps the map


def test_who_keeps_the_map_is_asked_once_for_a_name_and_sees_who_wants_to_know(chat: Chat) -> None:
    meet(chat, "lee")
    chat.types("omar", ASKED, at="steering")
    chat.sees("omar", "If you ask Lee Novak, they see your name and your question")
    chat.clicks("omar", ASK_LEE, at="steering").sees("omar", "I asked: Lee Novak")
    for said in ("I asked: Lee Novak", "I asked already"):
        chat.types("sam", "who owns zephyr", at="warehouse")
        chat.clicks("sam", ASK_LEE, at="warehouse").sees("sam", said)
    (key,) = written_to(chat, "lee")
    text = reads(chat, key)
    assert "Omar Haddad and Sam Ode asked about “Zephyr”" in text
    assert f"“{ASKED}”" in text
    presses(chat, "lee", key, I_KNOW, **{"is": "other", "name": "Data lake"})
    assert said_in(chat, "answer") == [("steering", ""), ("warehouse", "")]
    assert "Settled: it is Data lake, Lee Novak told me." in reads(chat, key)
    assert [one.label for one in chat.standing(key).buttons] == []
    with chat.looking() as session:
        lee = session.exec(select(Person).where(Person.name == "Lee Novak")).one()
        why, owns = asking.reason(session, lee.id, key)
    assert (why.why, why.about, owns) == ("keeper", "“Zephyr”", False)


def test_nobody_sees_a_question_that_was_not_passed_on(chat: Chat) -> None:
    meet(chat, "lee")
    chat.types("omar", "which priority does Zephyr layoffs support?", at="direct/omar")
    chat.types("sam", "who owns Zephyr layoffs?", at="warehouse")
    chat.clicks("sam", ASK_LEE, at="warehouse")
    (key,) = written_to(chat, "lee")
    assert "Omar" not in reads(chat, key)
    chat.types("lee", 'project "Zephyr layoffs" owner @ana')
    assert said_in(chat, "answer") == [("direct/omar", ""), ("warehouse", "")]
    omars, sams = keys_of(chat, "answer")
    assert "Omar" in reads(chat, omars)
    assert "Omar" not in reads(chat, sams)


def test_where_nobody_keeps_the_map_it_says_so(chat: Chat) -> None:
    with chat.changing() as session:
        session.exec(select(Person).where(Person.name == "Lee Novak")).one().role = "member"
    chat.types("omar", ASKED).sees("omar", "Nobody keeps the map yet")
    assert chat.labels("omar") == [I_KNOW]
    refusal = chat.answer(chat.command("omar", "pass on", "Zephyr", {"question": ASKED})).refusal
    assert refusal is not None
    assert [one.label for one in refusal.buttons] == [I_KNOW]


def test_who_cannot_be_written_to_is_named_and_the_question_stays(chat: Chat) -> None:
    chat.types("lee", "stop")
    chat.types("omar", ASKED).clicks("omar", ASK_LEE)
    chat.sees("omar", "I cannot write to Lee Novak just now")
    assert written_to(chat, "lee") == []
    assert still_open(chat) == [ASKED]


def test_who_keeps_the_map_is_not_told_to_ask_themselves(chat: Chat) -> None:
    chat.types("lee", ASKED)
    assert chat.labels("lee") == [I_KNOW]
    chat.sees_no("lee", "Nobody keeps the map yet")


def test_a_guest_asks_but_does_not_tell(chat: Chat) -> None:
    chat.types("omar", "role @sam@acme.example guest")
    chat.types("sam", ASKED)
    answer = follows(chat, "sam", chat.button("sam", I_KNOW), **{"is": "new"})
    assert answer.refusal is not None
    assert "Guests can ask me, but not say what a name means" in answer.refusal.text


def test_four_at_once_have_one_effect(chat: Chat) -> None:
    meet(chat, "lee")
    chat.types("omar", ASKED, at="steering")
    button: Button = chat.button("omar", ASK_LEE)
    asks = [chat.command("omar", button.sends, button.text, dict(button.values), at="steering")
            for _ in range(4)]  # fmt: skip
    told = [chat.command("ana", "told", "Zephyr", {"is": "new"}) for _ in range(4)]
    for several in (asks, told):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(chat.answering.answer, several))
    assert len(written_to(chat, "lee")) == 1
    assert len(keys_of(chat, "answer")) == 1
    with chat.looking() as session:
        assert len(session.exec(select(Initiative).where(Initiative.name == "Zephyr")).all()) == 1
