"""A delivery that comes again changes nothing, and says nothing new."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from bot.answering import Answer, Answering
from bot.messages import (
    Account,
    Card,
    Changed,
    Channel,
    Command,
    Person,
    Post,
    Refusal,
    Reply,
    Room,
)
from bot.router import Route, Router
from storage import channels, naming, organisations, rooms
from storage.capabilities import Capability
from storage.database import Database, Session
from storage.inbox import Heard
from storage.names import Name
from storage.outbox import Message
from storage.store import Store
from tests.chat import guarded
from tests.clock import Clock

DANA = Account("chat", "acme", "dana", "Dana Brandt", "dana@acme.example", "business")
GENERAL = Channel("chat", "acme", "general", "General")


class Ear:
    """Answering with one command, whose handler a test may change."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.replies: Reply = Card("Saved")
        self.refuses = False
        self.woken = 0
        routes = [Route("do", "changes", self._do), Route("look", "reads", self._look)]
        self._answering: Answering[Session] = Answering(Router(routes), store, self._wake)

    def _wake(self) -> None:
        self.woken += 1

    def _do(self, command: Command, session: Session) -> Reply:
        session.add(Capability(name=command.text, created_at=session.now))
        session.flush()
        if self.refuses:
            raise Refusal("Name an owner, like @dana.")
        return self.replies

    def _look(self, _command: Command, _session: Session) -> Reply:
        return self.replies

    def hears(self, key: str, text: str = "Plan work", at: Channel = GENERAL) -> Answer:
        return self._answering.answer(Command("do", DANA, at, self.clock.now(), text, key=key))

    def is_asked(self) -> Answer:
        return self._answering.answer(Command("look", DANA, GENERAL, self.clock.now()))

    def abilities(self) -> list[str]:
        with self.store.at_home() as session:
            return list(session.exec(select(Capability.name).order_by(Capability.name)))

    def heard(self) -> list[str]:
        with self.store.at_home() as session:
            return list(session.exec(select(Heard.key).order_by(Heard.key)))

    def outbox(self) -> list[Message]:
        with self.store.at_home() as session:
            return list(session.exec(select(Message)))


@pytest.fixture
def ear(database: Database, clock: Clock) -> Iterator[Ear]:
    store = Store(database, clock.now)
    store.found("Acme Lifts", "Europe/Berlin")
    with guarded(database):
        yield Ear(store, clock)


def test_the_second_arrival_changes_nothing_and_says_nothing_new(ear: Ear) -> None:
    ear.replies = (Card("Saved"), Post(GENERAL, "decision/7"))
    saved = Answer((Card("Saved"),), said=("decision/7",), where=("General",))
    assert ear.hears("e1") == saved
    assert ear.hears("e1") == Answer(is_repeat=True)
    assert ear.abilities() == ["Plan work"]
    assert len(ear.outbox()) == 1
    assert ear.woken == 1


def test_two_deliveries_are_two_commands(ear: Ear) -> None:
    ear.hears("e1", "Plan work")
    ear.hears("e2", "Sell more")
    assert ear.abilities() == ["Plan work", "Sell more"]


def test_two_chats_may_number_their_deliveries_alike(ear: Ear) -> None:
    ear.hears("e1", "Plan work")
    ear.hears("e1", "Sell more", Channel("other", "acme", "general"))
    ear.hears("e1", "Hire well", Channel("chat", "globex", "general"))
    assert ear.abilities() == ["Hire well", "Plan work", "Sell more"]


def test_a_refused_delivery_was_not_heard_and_may_come_again(ear: Ear) -> None:
    ear.refuses = True
    assert ear.hears("e1").refusal is not None
    assert ear.heard() == []
    ear.refuses = False
    assert ear.hears("e1").cards == (Card("Saved"),)
    assert ear.abilities() == ["Plan work"]


def test_eight_arrivals_at_once_have_one_effect(ear: Ear) -> None:
    ear.hears("e0", "Sell more")
    with ThreadPoolExecutor(8) as pool:
        answers = [run.result(timeout=60) for run in [pool.submit(ear.hears, "e1")] * 1
                   + [pool.submit(ear.hears, "e1") for _ in range(7)]]  # fmt: skip
    assert sorted(answer.is_repeat for answer in answers) == [False] + [True] * 7
    assert ear.abilities() == ["Plan work", "Sell more"]


def test_a_change_without_a_key_is_a_bug(ear: Ear) -> None:
    with pytest.raises(ValueError, match="has no key"):
        ear.hears("")
    assert ear.abilities() == []


def test_what_is_to_be_said_is_kept_with_the_change(ear: Ear) -> None:
    ear.replies = Post(GENERAL, "decision/7", under="t1")
    ear.hears("e1")
    (row,) = ear.outbox()
    assert (row.key, row.under, row.state, row.wanted, row.said) == (
        "decision/7", "t1", "pending", 1, 0,
    )  # fmt: skip
    assert row.caused_by_id is not None
    assert row.due_at == row.again_at == ear.clock.now()


def test_what_a_refused_change_wanted_to_say_is_not_said(ear: Ear) -> None:
    ear.replies, ear.refuses = Post(GENERAL, "decision/7"), True
    ear.hears("e1")
    assert ear.outbox() == []
    assert ear.woken == 0


def test_a_post_to_a_room_is_one_message_in_each_of_its_channels(ear: Ear) -> None:
    with ear.store.writing(DANA) as session:
        places = [
            channels.place(session, chat, "acme", "c", "Steering") for chat in ("chat", "other")
        ]
        channels.place(session, "chat", "acme", "elsewhere", "Elsewhere")
        room = rooms.found(session, "Steering", *places)
    ear.replies = Post(Room(room.id, room.name), "decision/7")
    ear.hears("e1")
    assert sorted(row.channel_id or 0 for row in ear.outbox()) == [one.id for one in places]
    assert len({row.id for row in ear.outbox()}) == 2


def test_a_post_to_a_person_waits_for_their_direct_conversation(ear: Ear) -> None:
    ear.hears("e0", "Sell more")
    with ear.store.reading(DANA) as session:
        me = session.me
    ear.replies = Post(Person(me.id, me.name), "decision/7")
    ear.hears("e1")
    (row,) = ear.outbox()
    assert (row.person_id, row.channel_id) == (me.id, None)


def test_a_change_raises_what_is_wanted_wherever_it_stands(ear: Ear) -> None:
    ear.replies = tuple(
        Post(Channel("chat", "acme", name), key)
        for name, key in (("a", "decision/7"), ("b", "decision/7"), ("c", "decision/8"))
    )
    ear.hears("e1")
    ear.replies = Changed("decision/7")
    ear.hears("e2", "Sell more")
    assert sorted((row.key, row.wanted) for row in ear.outbox()) == [
        ("decision/7", 2), ("decision/7", 2), ("decision/8", 1),
    ]  # fmt: skip
    assert ear.woken == 2


def test_who_only_reads_cannot_say_anything_for_good(ear: Ear) -> None:
    ear.replies = Post(GENERAL, "decision/7")
    with pytest.raises(TypeError, match="only reads"):
        ear.is_asked()
    assert ear.outbox() == []


def test_the_names_that_a_refused_change_read_are_forgotten(ear: Ear) -> None:
    def add(name: str, is_refused: bool) -> Callable[[Session], Name | None]:
        def work(session: Session) -> Name | None:
            session.add(Capability(name=name, created_at=session.now))
            session.flush()
            organisations.touch_map(session, session.organisation)
            found = naming.index(session).exactly(name)
            if is_refused:
                raise Refusal("Name an owner, like @dana.")
            return found

        return work

    with pytest.raises(Refusal):
        ear.store.write(DANA, add("Plan work", is_refused=True))
    assert ear.store.write(DANA, add("Sell more", is_refused=False)) is not None
