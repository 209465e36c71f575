"""Private stays private: who reads a decision, where, and what everybody else is told."""

import re

import pytest
from sqlmodel import col, select, update

from bot import plain
from bot.messages import Account
from handlers.decide import may_see
from storage import channels, memberships, nudges
from storage.decisions import Decision
from storage.nudges import Reason
from storage.outbox import Message
from storage.people import Person as Somebody
from tests.chat import Chat


def tell(chat: Chat, **places: bool) -> None:
    """What the chat says of these channels: private, or not."""
    with chat.changing() as session:
        for name, is_private in places.items():
            channel = channels.place(session, "chat", "acme", name, name)
            channels.told_private(session, channel, is_private)


def members(chat: Chat, place: str, *who: str) -> None:
    """The chat says who is in a channel now."""
    with chat.changing() as session:
        channel = channels.place(session, "chat", "acme", place, place)
        accounts = [(chat.account(one).tenant, chat.account(one).id) for one in who]
        memberships.replace(session, channel.id, accounts, session.now)


def one_room(chat: Chat, *places: str) -> None:
    """These are one room, Steering, paired by who keeps the map."""
    first, *rest = places
    for place in rest:
        chat.types("lee", "room Steering", at=first)
        (code,) = re.findall(r"`room join (\w+)`", chat.text("lee"))
        chat.types("lee", f"room join {code}", at=place)


def reads(chat: Chat, who: str, at: str) -> bool:
    """Whether somebody is shown D-1 there; by its number, by the list and by its words, alike."""
    found = set()
    for asked in ("why D-1", "decisions", "decisions mole", "what did we decide about the mole?"):
        answer = chat.answer(chat.command(who, *said(chat, asked), at=at))
        text = " ".join(plain.card(card, chat.zone) for card in answer.cards)
        found.add("buy the mole" in text)
        assert "buy the mole" not in (answer.refusal.text if answer.refusal else "")
    (is_read,) = found
    return is_read


def said(chat: Chat, typed: str) -> tuple[str, str]:
    heard = chat.answering.router.hear(typed)
    return heard.name, heard.text


@pytest.fixture
def private(chat: Chat) -> Chat:
    """Dana has logged D-1 in the private channel "board"; "general" is open."""
    tell(chat, board=True, general=False)
    chat.types("dana", "decide buy the mole", at="board")
    return chat


def test_what_is_logged_in_an_open_channel_is_everybodys(chat: Chat) -> None:
    tell(chat, general=False)
    chat.types("dana", "decide buy the mole")
    assert reads(chat, "sam", "elsewhere")
    assert reads(chat, "sam", "direct")


def test_what_is_logged_in_a_private_channel_is_read_there_and_by_who_logged_it(
    private: Chat,
) -> None:
    assert reads(private, "sam", "board")  # the chat let them type there
    assert reads(private, "dana", "general")
    assert not reads(private, "sam", "general")
    assert not reads(private, "sam", "direct")


def test_a_place_of_which_nobody_told_counts_as_private(chat: Chat) -> None:
    chat.types("dana", "decide buy the mole", at="board")
    assert reads(chat, "sam", "board")
    assert not reads(chat, "sam", "general")


@pytest.mark.parametrize("who", ["omar", "lee", "pia"])
def test_an_admin_a_facilitator_and_an_auditor_read_nothing_private(
    private: Chat, who: str
) -> None:
    private.types("omar", "role pia.auditor@acme.example auditor")
    private.accounts["pia"] = Account(
        "chat", "acme", "pia", "Pia", "pia.auditor@acme.example", "it"
    )
    assert not reads(private, who, "general")


def test_nor_does_the_operator_but_what_is_logged_at_the_terminal_is_open(private: Chat) -> None:
    private.accounts["root"] = Account("terminal", "", "operator", "Operator", standing="operator")
    assert not reads(private, "root", "general")


def test_a_member_reads_it_anywhere_while_the_chat_says_so(private: Chat) -> None:
    members(private, "board", "sam")
    assert reads(private, "sam", "general")
    assert reads(private, "sam", "direct")
    private.clock.wind(minutes=60)
    assert reads(private, "sam", "general")
    private.clock.wind(seconds=1)
    assert not reads(private, "sam", "general")
    members(private, "board", "sam")
    assert reads(private, "sam", "general")
    members(private, "board", "dana")
    assert not reads(private, "sam", "general")


def test_a_membership_survives_that_two_persons_turn_out_to_be_one(private: Chat) -> None:
    private.accounts["sp"] = Account("other", "acme", "29:sp", "Sam Ode")
    members(private, "board", "sam")
    assert not reads(private, "sp", "general")
    private.types("sam", "this is me")
    (code,) = re.findall(r"`this is me (\w+)`", private.text("sam"))
    private.types("sp", f"this is me {code}")
    assert reads(private, "sp", "general")
    private.types("sp", "this is me undo")
    assert not reads(private, "sp", "general")


def test_who_logged_it_under_another_account_still_reads_it(chat: Chat) -> None:
    chat.accounts["sp"] = Account("other", "acme", "29:sp", "Sam Ode")
    chat.types("sp", "decide buy the mole", at="board")
    chat.types("sam", "this is me")
    (code,) = re.findall(r"`this is me (\w+)`", chat.text("sam"))
    assert not reads(chat, "sam", "general")
    chat.types("sp", f"this is me {code}")
    assert reads(chat, "sam", "general")


def test_who_owns_it_or_is_asked_reads_it_where_they_are_asked(private: Chat) -> None:
    private.types("dana", "decide buy the mole @ana asked @lee", at="board")
    for who in ("ana", "lee"):
        private.types(who, "decisions", at="general").sees(who, "One decision", "D-2")
    private.types("ana", 'not me D-2 "no time"', at="direct").sees("ana", "said: not me")
    private.types("ana", "why D-2", at="direct").sees("ana", "D-2")
    private.types("dana", 'needs "dig the mole" from @omar', at="board")
    private.types("omar", "why D-3", at="direct").sees("omar", "D-3 dig the mole")


def test_what_was_said_in_error_lets_nobody_in(private: Chat) -> None:
    private.clock.wind(minutes=1)
    private.answer(private.command("dana", "ask of", "D-1 @omar", at="board"))
    assert reads(private, "omar", "general")
    private.types("dana", "undo", at="board")
    assert not reads(private, "omar", "general")


def test_a_guest_reads_what_is_theirs_and_what_is_said_where_they_are(chat: Chat) -> None:
    chat.accounts["guest"] = Account("chat", "acme", "guest", "Guest", standing="guest")
    tell(chat, general=False)
    chat.types("dana", "decide buy the mole")
    assert reads(chat, "guest", "general")
    assert not reads(chat, "guest", "elsewhere")
    chat.types("dana", "share D-1")
    assert not reads(chat, "guest", "elsewhere")


def test_who_has_left_keeps_nothing(private: Chat) -> None:
    members(private, "board", "dana")
    private.types("lee", "gone @dana")
    assert not reads(private, "dana", "general")


# Rooms


def test_a_room_is_as_private_as_its_stricter_part(chat: Chat) -> None:
    tell(chat, general=False, board=True, lobby=False)
    chat.types("dana", "decide buy the mole")
    assert reads(chat, "sam", "lobby")
    one_room(chat, "board", "general")
    assert not reads(chat, "sam", "lobby")
    assert reads(chat, "sam", "general")
    assert reads(chat, "sam", "board")
    members(chat, "board", "sam")  # in one channel of it, though it was logged in the other
    assert reads(chat, "sam", "lobby")


def test_a_private_room_is_not_entered_by_its_name(private: Chat) -> None:
    private.types("dana", "decide buy the mole", at="board")
    one_room(private, "board", "lounge")
    private.types("lee", "room Steering", at="direct").refused("lee", "a private room Steering")
    assert not reads(private, "lee", "direct")
    members(private, "board", "lee")
    private.types("lee", "room steering", at="den").sees("lee", "den belongs to Steering now")


# What cannot be seen does not exist


@pytest.mark.parametrize(
    "typed",
    [
        "why D-{}", "accept D-{}", 'not me D-{} "no"', "done D-{}", 'reverse D-{} "no"',
        'because D-{} "so"', 'D-{} blocks "CRM training"', 'D-{} for "Grow revenue"', "share D-{}",
        'decide "sell it" replaces D-{}', "undo",
    ],
)  # fmt: skip
def test_it_is_answered_as_a_number_that_nobody_gave(private: Chat, typed: str) -> None:
    answers = []
    for number in (1, 7):
        heard = said(private, typed.format(number))
        refusal = private.answer(private.command("lee", *heard)).refusal
        assert refusal is not None
        answers.append((refusal.text.replace(f"D-{number}", "D-?"), refusal.buttons))
    assert answers[0] == answers[1]
    with private.looking() as session:
        assert session.exec(select(Decision.number)).all() == [1]


@pytest.mark.parametrize("sends", ["ask of", "whose", "decided so", "aim", "because"])
def test_nor_does_a_button_find_it(private: Chat, sends: str) -> None:
    refusal = private.answer(private.command("lee", sends, "D-1 @ana")).refusal
    assert refusal is not None
    assert refusal.text.startswith("There is no decision D-1.")


@pytest.mark.parametrize("sends", ["add why", "which priority", "whom to ask", "decide it"])
def test_nor_does_a_form(private: Chat, sends: str) -> None:
    refusal = private.answer(private.command("lee", sends, "D-1")).refusal
    assert refusal is not None
    assert refusal.text.startswith("There is no decision D-1.")


def test_a_count_counts_only_what_may_be_read(private: Chat) -> None:
    private.types("sam", "decisions").sees("sam", "No decisions")
    private.types("ana", "decide paint the hall")
    private.types("sam", "decisions").sees("sam", "One decision")
    private.types("dana", "decisions").sees("dana", "2 decisions")
    private.types("sam", "what did we decide?")
    assert private.title("sam") == "D-2 paint the hall"


def test_a_card_names_another_decision_only_to_who_may_read_that(private: Chat) -> None:
    private.types("dana", "accept D-1", at="board")
    private.types("dana", "decide buy a badger @omar replaces D-1", at="board")
    private.types("omar", "why D-2").sees("omar", "D-2 buy a badger").sees_no("omar", "D-1")
    private.types("dana", "why D-2").sees("dana", "Replaces D-1.")
    private.types("dana", "share D-2")
    assert "D-2 buy a badger" in plain.card(private.standing("decision/2"), private.zone)
    assert "D-1" not in plain.card(private.standing("decision/2"), private.zone)
    assert "Replaces D-1." in plain.card(private.standing("decision/2", "board"), private.zone)
    private.types("omar", "decide sell all @omar replaces D-2", at="direct")
    private.types("sam", "why D-2").sees("sam", "Replaced.").sees_no("sam", "D-3")


def test_what_a_leaver_held_is_given_on_without_its_words(private: Chat) -> None:
    private.types("dana", "accept D-1", at="board")
    private.types("lee", "gone @dana").sees("lee", "1 decision")
    answer = private.answer(
        private.command("lee", "gone", "@dana", {"do": "one", "person": str(dana(private))})
    )
    shown = " ".join(plain.card(card, private.zone) for card in answer.cards)
    assert "buy the mole" not in shown
    private.clicks("lee", "Leave unowned and say so").sees_no("lee", "mole").sees(
        "lee", "(private)"
    )


def dana(chat: Chat) -> int:
    with chat.looking() as session:
        return session.exec(select(Somebody.id).where(Somebody.name == "Dana Brandt")).one()


def test_a_notice_about_a_message_names_it_only_to_who_may_read_it(private: Chat) -> None:
    with private.changing() as session:
        id = session.exec(select(Message.id)).one()
        session.exec(update(Message).where(col(Message.id) == id).values(state="held"))
    there = plain.card(private.standing(f"held/{id}", "board"), private.zone)
    assert "Is “D-1 buy the mole” in board?" in there
    elsewhere = plain.card(private.standing(f"held/{id}"), private.zone)
    assert "Is “a private decision” in a private place?" in elsewhere


def test_why_me_does_not_say_what_one_no_longer_reads(private: Chat) -> None:
    members(private, "board", "sam")
    private.types("sam", "side it")
    with private.changing() as session:
        sam = session.exec(select(Somebody).where(Somebody.name == "Sam Ode")).one()
        about = Reason("decision/1", "asked", "D-1 buy the mole")
        nudges.record(session, sam.id, "nudge/1", [about], session.now)
    private.types("sam", "why me?").sees("sam", "you were asked about D-1 buy the mole")
    members(private, "board")
    private.types("sam", "why me?").sees("sam", "what you no longer read").sees_no("sam", "mole")


# Direct conversations, and sharing


def test_what_is_decided_in_a_direct_conversation_is_private_with_share_beside_it(
    chat: Chat,
) -> None:
    chat.types("dana", "decide buy the mole @dana", at="direct")
    assert "Share" in chat.labels("dana")
    chat.sees("dana", "Private: only those who are named here read it")
    assert not reads(chat, "sam", "direct")
    assert not reads(chat, "lee", "general")
    assert reads(chat, "dana", "general")


def test_share_makes_it_everybodys_and_asks_in_which_room_it_shall_stand(chat: Chat) -> None:
    tell(chat, general=False, lobby=False, board=True)
    chat.types("lee", "room Steering", at="general").types("lee", "room Closed", at="board")
    chat.types("dana", "decide buy the mole @dana", at="direct").clicks(
        "dana", "Share", at="direct"
    )
    chat.sees("dana", "D-1 is for everybody in the company now", "share D-1")
    assert chat.labels("dana") == ["Steering"]  # and not the room that she is not in
    assert reads(chat, "sam", "direct")
    chat.clicks("dana", "Steering", at="direct")
    with chat.looking() as session:
        said_in = select(channels.Channel.name).join(
            Message, col(Message.channel_id) == col(channels.Channel.id)
        )
        assert sorted(session.exec(said_in).all()) == ["dana", "general"]
    assert "Share" not in [button.label for button in chat.standing("decision/1").buttons]


def test_share_typed_in_a_room_puts_the_card_there(chat: Chat) -> None:
    chat.types("dana", "decide buy the mole @dana", at="direct").types("dana", "share D-1")
    assert "buy the mole" in plain.card(chat.standing("decision/1"), chat.zone)
    assert reads(chat, "sam", "elsewhere")


def test_only_its_owner_its_author_or_a_facilitator_shares_what_is_private(private: Chat) -> None:
    private.types("sam", "share D-1", at="board").refused("sam", "Only Dana")
    private.types("lee", "share D-1").refused("lee", "There is no decision D-1.")
    assert not reads(private, "sam", "general")
    private.types("lee", "share D-1", at="board")
    assert reads(private, "sam", "general")
    private.types("sam", "share D-1").sees("sam", "buy the mole")  # it is no secret any more


def test_a_card_is_said_in_the_direct_conversation_of_who_has_part_in_it(chat: Chat) -> None:
    chat.types("dana", "decide buy the mole @omar", at="direct")
    for who in ("omar", "ana"):
        chat.types(who, f"decide paint for {who}", at="direct")  # each has a conversation with us
    with chat.looking() as session:
        seen = [
            who
            for who in ("dana", "omar", "ana")
            if may_see("decision/1", chat.place(who, "direct"), session)
        ]
    assert seen == ["dana", "omar"]
