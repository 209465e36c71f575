"""Questions to the map, as people ask them, and the answers they get."""

import pytest
from sqlmodel import col, delete, select, update

from bot.messages import Bars, Card, Path, Table
from storage import demo
from storage.channels import Channel
from storage.initiatives import Initiative
from storage.links import Link
from storage.people import Person
from storage.priorities import Priority
from storage.questions import Question
from tests.chat import Chat

LOGIN = ("One login", "Give access on day one", "Faster onboarding", "Days to onboard")


def path(chat: Chat, who: str) -> tuple[str, ...]:
    """The names of the one path that somebody sees, in order."""
    (drawn,) = [part for part in card(chat, who).parts if isinstance(part, Path)]
    return tuple(step.name for step in drawn.steps)


def card(chat: Chat, who: str) -> Card:
    (shown,) = chat.shown(who)
    return shown


def rows(chat: Chat, who: str) -> list[tuple[object, ...]]:
    (table,) = [part for part in card(chat, who).parts if isinstance(part, Table)]
    return list(table.rows)


def kept(chat: Chat) -> list[tuple[str, str, str, str]]:
    """The questions in the database: what, about what, by whom, where."""
    with chat.looking() as session:
        return [
            (one.text, one.about, session.get_one(Person, one.asked_by_id).name,
             session.get_one(Channel, one.channel_id).name)
            for one in session.exec(select(Question).order_by(col(Question.id)))
        ]  # fmt: skip


# what a project is for


@pytest.mark.parametrize(
    "asked",
    [
        "which priority does One login support?",
        "/align which priority does One login support?",
        "ask which priority does One login support?",
        "why are we doing One login",
        "what is One login for",
        "One login",
        "ONE LOGIN",
        'which priority does "One login" support?',
        "which priority does One logn support?",
    ],
)
def test_a_project_is_shown_on_its_line(chat: Chat, asked: str) -> None:
    chat.types("dana", asked)
    assert chat.title("dana") == "One login"
    assert path(chat, "dana") == LOGIN
    chat.sees("dana", "Supports Faster onboarding, through Give access on day one.")
    assert kept(chat) == []


def test_the_line_says_by_whose_word_and_when(chat: Chat) -> None:
    chat.types("lee", "which priority does One login support?").sees(
        "lee",
        "Dana Brandt said so on 3 Nov 2026, confirmed by Lee Novak on 10 Nov 2026.",
        "Owner: Lee Novak",
        "Owner of the priority: Dana Brandt",
        "Everybody signs in once, with one name.",
        "Late · was due 30 Oct",
    )


def test_a_word_that_nobody_confirmed_says_so(chat: Chat) -> None:
    chat.types("dana", "which priority does CRM replacement support?").sees(
        "dana", "Supports Grow revenue.", "Omar Haddad said so on 3 Nov 2026, not confirmed yet."
    )


def test_a_link_from_a_list_is_nobodys_word(chat: Chat) -> None:
    chat.types("dana", "which priority does Asana support?").sees(
        "dana",
        "Supports Faster onboarding.",
        "From the list “projects.xlsx”, 3 Nov 2026. Nobody has confirmed it yet.",
        "Vendor: Asana Inc · renews 15 Jan 2027",
    )
    assert path(chat, "dana") == ("Asana", "Faster onboarding", "Days to onboard")


def test_the_steps_say_what_they_are_and_how_they_stand(chat: Chat) -> None:
    chat.types("dana", "One login")
    (drawn,) = [part for part in card(chat, "dana").parts if isinstance(part, Path)]
    assert [(step.what, step.note) for step in drawn.steps] == [
        ("project", ""),
        ("ability", "missing today"),
        ("priority", "our 1st priority"),
        ("number", "12 → 11 days, goal 8"),
    ]


def test_a_project_is_found_by_its_other_name_and_shown_by_its_own(chat: Chat) -> None:
    chat.types("dana", "which priority does Sales school support?")
    assert chat.title("dana") == "CRM training"


def test_known_but_linked_to_nothing_is_said_plainly(chat: Chat) -> None:
    chat.types("dana", "which priority does Data lake support?")
    assert chat.title("dana") == "Data lake"
    chat.sees("dana", "Nobody has told me which priority it supports.", "Owner: Lee Novak")
    assert not [part for part in card(chat, "dana").parts if isinstance(part, Path)]
    assert kept(chat) == []


def test_an_ability_that_serves_no_priority_is_where_the_line_ends(chat: Chat) -> None:
    chat.types("dana", "which priority does Audit trail support?").sees(
        "dana", "Serves Prove who did what. Nobody has told me which priority that is for."
    )
    assert path(chat, "dana") == ("Audit trail", "Prove who did what")


# what nobody has told


def test_an_unknown_name_is_an_honest_answer_and_the_question_is_kept(chat: Chat) -> None:
    asked = "which priority does Zephyr support?"
    chat.types("omar", asked, at="steering")
    assert chat.title("omar") == "I don't know a project called “Zephyr”"
    chat.sees("omar", "It may exist; nobody has told me.", "I kept your question")
    assert chat.labels("omar") == ["Ask Lee, who keeps the map", "I know: it is…"]
    assert kept(chat) == [(asked, "Zephyr", "Omar Haddad", "steering")]


def test_the_nearest_names_are_buttons_and_pressing_one_answers(chat: Chat) -> None:
    chat.types("dana", "which priority does Data warehouse support?")
    chat.sees("dana", "I don't know a project called “Data warehouse”", "Nearest: Data lake.")
    chat.clicks("dana", "Data lake")
    assert chat.title("dana") == "Data lake"
    chat.sees("dana", "Nobody has told me which priority it supports.")
    assert [about for _, about, _, _ in kept(chat)] == ["Data warehouse"]


def test_pressing_a_nearest_name_answers_what_was_asked_about_it(chat: Chat) -> None:
    chat.types("dana", "who owns the Data warehouse?").clicks("dana", "Data lake")
    chat.sees("dana", "Lee Novak, Head of IT Projects, owns it.")


def test_a_kept_question_has_its_time_and_its_asker_even_when_new(chat: Chat) -> None:
    chat.clock.wind(days=1)
    chat.types("max", "which priority does Zephyr support?")
    assert kept(chat) == [("which priority does Zephyr support?", "Zephyr", "Max", "general")]
    with chat.looking() as session:
        one = session.exec(select(Question)).one()
        assert one.asked_at == chat.clock.now()
        assert one.answered_at is None


def test_two_that_fit_are_offered_and_neither_is_guessed(chat: Chat) -> None:
    chat.types("dana", "which priority does CRM support?")
    assert chat.title("dana") == "Which one do you mean?"
    chat.sees("dana", "Two fit “CRM”.")
    assert sorted(chat.labels("dana")) == ["CRM replacement", "CRM training"]
    chat.clicks("dana", "CRM training")
    assert chat.title("dana") == "CRM training"
    assert kept(chat) == []


def test_a_typed_name_is_shown_as_typed_and_as_nothing_else(chat: Chat) -> None:
    chat.types("dana", 'which priority does "Ze*ph*yr **[x](y)** <!here>" support?')
    assert chat.title("dana") == "I don't know a project called “Ze*ph*yr **[x](y)** <!here>”"


def test_a_wall_of_text_is_not_a_question(chat: Chat) -> None:
    chat.types("dana", "why " * 80)
    chat.sees("dana", "more than I can read as one question", "300 characters")
    assert kept(chat) == []


def test_something_that_has_left_the_map_is_said_to_have(chat: Chat) -> None:
    chat.types("dana", "which priority does CRM support?")
    with chat.changing() as session:
        session.exec(delete(Link))
        session.exec(delete(Initiative).where(col(Initiative.name) == "CRM training"))
    chat.clicks("dana", "CRM training")
    chat.sees("dana", "That is no longer on the map")


# what serves a priority


def test_what_supports_a_priority_names_all_of_it(chat: Chat) -> None:
    chat.types("dana", 'what supports "Faster onboarding"')
    assert chat.title("dana") == "Faster onboarding"
    chat.sees(
        "dana",
        "2 support it, €424k in all: Asana, One login.",
        "Our 1st priority. Owner: Dana Brandt.",
        "Days to onboard: 12 → 11 days, goal 8",
    )
    chat.clicks("dana", "One login")
    assert path(chat, "dana") == LOGIN


def test_the_line_can_be_followed_both_ways(chat: Chat) -> None:
    chat.types("dana", "One login").clicks("dana", "What else supports Faster onboarding")
    assert chat.title("dana") == "Faster onboarding"
    chat.clicks("dana", "One login").clicks("dana", "What breaks without One login")
    chat.sees("dana", "Without it nothing else I know of serves Give access on day one.")


def test_a_priority_that_nothing_supports_says_so(chat: Chat) -> None:
    chat.types("dana", "what supports Pass the audit").sees(
        "dana", "Nothing I know of supports it.", "Owner: nobody yet."
    )


def test_an_ability_says_what_it_is_for_and_what_serves_it(chat: Chat) -> None:
    chat.types("dana", "Give access on day one").sees(
        "dana", "We cannot do it today.", "For Faster onboarding.", "Served by One login."
    )


def test_a_number_says_where_it_stands_and_for_what(chat: Chat) -> None:
    chat.types("dana", "Days to onboard").sees(
        "dana", "12 → 11 days, goal 8.", "Shows whether Faster onboarding gets anywhere.",
        "Owner: Dana Brandt. Last said on 13 Nov 2026.",
    )  # fmt: skip
    chat.types("dana", "New customers").sees("dana", "Nobody has told me yet, goal 40.")


def test_a_number_that_nobody_renewed_says_since_when(chat: Chat) -> None:
    chat.types("dana", "Days to onboard").sees_no("dana", "nobody has told me since")
    chat.clock.wind(days=21)
    chat.types("dana", "Days to onboard").sees("dana", "nobody has told me since 13 Nov")


# who owns what


def test_the_owner_is_named_with_their_work(chat: Chat) -> None:
    chat.types("dana", "who owns One login")
    assert chat.title("dana") == "One login"
    chat.sees("dana", "Lee Novak, Head of IT Projects, owns it.")


def test_what_nobody_owns_is_said_to_be_nobodys(chat: Chat) -> None:
    chat.types("dana", "who owns CRM training").sees("dana", "Nobody owns it, as far as I know.")


@pytest.mark.parametrize(
    ("who", "asked", "title"),
    [
        ("lee", "what does @dana own", "What Dana Brandt owns"),
        ("lee", "what does dana@acme.example own?", "What Dana Brandt owns"),
        ("dana", "what does @dana own", "What you own"),
        ("dana", "what do I own?", "What you own"),
    ],
)
def test_what_somebody_owns_is_all_of_it(chat: Chat, who: str, asked: str, title: str) -> None:
    chat.types(who, asked)
    assert chat.title(who) == title
    chat.sees(
        who,
        "- 1 priority: Faster onboarding",
        "- 1 ability: Give access on day one",
        "- 1 project: CRM replacement",
        "- 1 number: Days to onboard",
    )


def test_somebody_new_owns_nothing(chat: Chat) -> None:
    chat.types("max", "what do I own?").sees("max", "What you own", "Nothing that I know of.")


def test_two_people_of_one_name_are_asked_about(chat: Chat) -> None:
    chat.types("dana", "what does @sam own")
    assert chat.title("dana") == "Whom do you mean by “@sam”?"
    assert chat.labels("dana") == ["Sam Ode", "Sam Petrov"]
    chat.clicks("dana", "Sam Petrov")
    assert chat.title("dana") == "What Sam Petrov owns"


def test_two_people_of_the_very_same_name_can_be_told_apart(chat: Chat) -> None:
    with chat.changing() as session:
        session.add(Person(name="Sam Ode", email="so2@acme.example", created_at=session.now))
    chat.types("dana", "what does @sam own")
    assert len(set(chat.labels("dana"))) == 3


def test_two_things_of_the_very_same_name_can_be_told_apart(chat: Chat) -> None:
    with chat.changing() as session:
        session.add(Priority(name="Cloud first", created_at=session.now))
        session.add(Initiative(name="Cloud first", created_at=session.now))
    chat.types("dana", "what did we decide about Cloud first?")
    assert len(set(chat.labels("dana"))) == 2


def test_nobody_is_called_that(chat: Chat) -> None:
    chat.types("dana", "what does @zoe own")
    chat.sees(
        "dana",
        "I don't know anybody called “@zoe”",
        "Try their whole name or their e-mail address.",
    )


# what breaks, what was decided, what waits


def test_what_breaks_is_what_nothing_else_serves(chat: Chat) -> None:
    chat.types("dana", "what breaks if we drop One login").sees(
        "dana",
        "Without it nothing else I know of serves Give access on day one.",
        "Faster onboarding would still have Asana.",
        "Its cost is €340k.",
        "Dana Brandt said so on 3 Nov 2026",
    )


def test_nothing_breaks_that_anybody_told_of(chat: Chat) -> None:
    chat.types("dana", "what breaks if we drop Data lake").sees(
        "dana", "I don't know: nobody has told me what it serves."
    )


def test_what_was_decided_about_one_of_two_asks_which(chat: Chat) -> None:
    chat.types("dana", "what did we decide about the CRM")
    assert sorted(chat.labels("dana")) == ["CRM replacement", "CRM training"]
    chat.clicks("dana", "CRM replacement")
    assert chat.title("dana") == "CRM replacement"
    chat.sees("dana", "Nobody has logged a decision about it with me.")


@pytest.mark.parametrize("asked", ["what did we decide about Asana", "why did we buy Asana"])
def test_what_nobody_logged_was_not_decided_with_us(chat: Chat, asked: str) -> None:
    chat.types("dana", asked).sees("dana", "Asana", "Nobody has logged a decision about it")


def test_what_waits_for_me_is_mine(chat: Chat) -> None:
    chat.types("omar", "what waits for me").sees("omar", "Waits for you: New customers")
    chat.types("dana", "what waits for me").sees("dana", "Nothing waits for you")


# the whole map


def test_the_priorities_are_listed_in_order_with_owners_and_support(chat: Chat) -> None:
    chat.types("dana", "what are our priorities")
    assert rows(chat, "dana") == [
        ("1", "Faster onboarding", "Dana Brandt", "2"),
        ("2", "Grow revenue", "Omar Haddad", "2"),
        ("–", "Pass the audit", "nobody yet", "nothing"),
    ]
    chat.clicks("dana", "Grow revenue")
    assert chat.title("dana") == "Grow revenue"


def test_a_retired_priority_is_no_longer_one_of_ours(chat: Chat) -> None:
    with chat.changing() as session:
        session.exec(
            update(Priority)
            .where(col(Priority.name) == "Grow revenue")
            .values(retired_at=session.now)
        )
    chat.types("dana", "what are our priorities")
    assert [name for _, name, _, _ in rows(chat, "dana")] == ["Faster onboarding", "Pass the audit"]
    chat.types("dana", "in what order").sees_no("dana", "Grow revenue")


def test_the_abilities_say_how_they_stand(chat: Chat) -> None:
    chat.types("dana", "what capabilities do we need")
    chat.sees("dana", "Missing today: Give access on day one.")
    assert rows(chat, "dana") == [
        ("Give access on day one", "missing", "1"),
        ("Know every customer", "workaround", "1"),
        ("Prove who did what", "not rated", "1"),
    ]


def test_the_order_is_what_was_ranked(chat: Chat) -> None:
    chat.types("dana", "in what order").sees(
        "dana", "- 1 Faster onboarding\n- 2 Grow revenue", "Not ranked: Pass the audit."
    )


def test_what_changed_this_week_is_only_that(chat: Chat) -> None:
    chat.types("dana", "what changed this week")
    chat.sees("dana", "What changed since 16 Nov", "Data lake added by Lee Novak, 20 Nov 2026")
    chat.sees_no("dana", "One login")
    chat.types("dana", "what changed in the last 90 days").sees("dana", "One login")
    chat.clock.wind(days=8)
    chat.types("dana", "what changed this week").sees("dana", "Nothing on the map has changed")


def test_a_time_that_cannot_be_read_is_asked_about(chat: Chat) -> None:
    chat.types("dana", "what changed since the flood").sees("dana", "“the flood”", "since Monday")


def test_late_is_what_said_so_or_is_past_its_end_and_not_over(chat: Chat) -> None:
    chat.types("dana", "what's late")
    assert chat.title("dana") == "One project is late"
    chat.sees("dana", "One login: Late · was due 30 Oct").sees_no("dana", "Old portal")
    chat.clock.wind(days=120)
    chat.types("dana", "what's late")
    assert chat.title("dana") == "2 projects are late"
    chat.sees("dana", "CRM replacement: Running · was due 1 Mar")


def test_what_we_spend_on_a_category_or_a_priority_says_what_is_unknown(chat: Chat) -> None:
    chat.types("dana", "what do we spend on growth").sees(
        "dana",
        "€500k, for 2 projects and tools, finished and planned ones included.",
        "I counted the priority Grow revenue as growth.",
        "The cost of 1 of them is unknown, so it is more.",
    )
    chat.types("dana", "what do we spend on Faster onboarding").sees("dana", "€424k, for 2")
    (bars,) = [part for part in card(chat, "dana").parts if isinstance(part, Bars)]
    assert [(bar.label, bar.value) for bar in bars.bars] == [
        ("One login", "€340k"),
        ("Asana", "€84k"),
    ]


def test_what_we_spend_in_all_counts_each_project_once(chat: Chat) -> None:
    chat.types("dana", "what do we spend").sees(
        "dana",
        "7 projects and tools cost €924k",
        "The cost of 4 is unknown, so it is more.",
        "3 of them serve no priority.",
    )


def test_what_one_project_costs_can_be_read(chat: Chat) -> None:
    chat.types("dana", "how much does One login cost?").sees("dana", "€340k")


# a company with nothing, and one with much


def test_an_empty_map_says_that_it_is_empty(chat: Chat) -> None:
    with chat.changing() as session:
        demo.clear(session)
    for asked, said in (
        ("what are our priorities", "Nobody has told me a priority yet"),
        ("what capabilities do we need", "Nobody has told me what we must be able to do"),
        ("in what order", "Nobody has said in which order"),
        ("what's late", "I can't tell what is late"),
        ("what do we spend", "Nobody has told me what anything costs"),
        ("what changed this week", "Nothing on the map has changed since 16 Nov"),
        ("One login", "I don't know a project called “One login”"),
        ("", "The map is empty."),
        ("help", "Ask me as you would ask a colleague"),
    ):
        chat.types("dana", asked).sees("dana", said)


@pytest.mark.parametrize(
    "asked",
    [
        "what are our priorities", "in what order", "what capabilities do we need", "what's late",
        "what changed this month", "what do we spend", "what do we spend on growth",
        "what waits for me", "what do I own", "help", "",
    ],
)  # fmt: skip
def test_the_demo_company_answers_everything_about_the_whole(demo_chat: Chat, asked: str) -> None:
    demo_chat.types("dana", asked)
    assert demo_chat.title("dana")
    for label in demo_chat.labels("dana"):
        before = demo_chat.shown("dana")
        demo_chat.clicks("dana", label)
        demo_chat.sees_no("dana", "I don't know", "no longer on the map")
        demo_chat.types("dana", asked)
        assert demo_chat.shown("dana") == before


def test_every_thing_of_the_demo_company_is_found_by_its_name(demo_chat: Chat) -> None:
    with demo_chat.looking() as session:
        names = [*session.exec(select(Initiative.name)), *session.exec(select(Priority.name))]
    assert len(names) > 20
    for name in names:
        demo_chat.types("dana", f'which priority does "{name}" support?')
        assert demo_chat.title("dana") == name


# as people really type


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("waht is late", "One project is late"),
        ("what ar our prioritys", "Our 3 priorities"),
        ("in wat order", "In this order"),
        ("wo owns one login", "One login"),
        ("what breakes if we dorp One login", "One login"),
        ("I was wondering who is responsible for One login", "One login"),
        ("could you please tell me what One login costs", "One login"),
        ("One login owner", "One login"),
        ("owner one login", "One login"),
        ("is One login late?", "One login"),
        ("when will One login be done?", "One login"),
        ("what's the status of One login", "One login"),
        ("does One login support Grow revenue?", "One login"),
        ("@Throughline which priority does One login support?", "One login"),
        ("hey throughline, one login", "One login"),
        ("which projects serve no priority", "3 of them serve no priority that I know of"),
        ("what is our top priority", "In this order"),
        ("what supports faster", "Faster onboarding"),
        ("who owns", "Which project, priority or person?"),
        ("which priority does … support?", "Which project, priority or person?"),
        ("what did we decide", "Nobody has logged a decision with me"),
        ("hello", "Dana, this is Throughline"),
        ("?!", "Dana, this is Throughline"),
        ("poll SSO or CRM first?", "I cannot do “poll” yet"),
    ],
)
def test_people_type_as_they_like(chat: Chat, asked: str, title: str) -> None:
    chat.types("dana", asked)
    assert chat.title("dana") == title


def test_a_person_with_a_slip_is_offered(chat: Chat) -> None:
    chat.types("dana", "what does omarr own")
    assert chat.title("dana") == "I don't know anybody called “omarr”"
    assert chat.labels("dana")[0].startswith("Omar")
