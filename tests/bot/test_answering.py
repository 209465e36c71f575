"""One command is one transaction, and whoever speaks becomes a person once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, func, select

from bot.answering import Answer, Answering
from bot.messages import Account, Card, Channel, Command, Note, Refusal, Reply
from bot.router import Route, Router
from storage.capabilities import Capability
from storage.database import Database, Session
from storage.people import Account as StoredAccount
from storage.people import Person
from storage.store import Store
from tests.chat import guarded
from tests.clock import Clock

DANA = Account("chat", "acme", "dana", "Dana Brandt", "Dana@Acme.example", "business")
GENERAL = Channel("chat", "acme", "general")

Handler = Callable[[Command, Session], Reply]


class Small:
    """Answering with two commands of the test's own, over the real store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self._clock = clock

    def run(self, kind: str, handler: Handler, by: Account = DANA, key: str = "") -> Answer:
        route: Route[Session] = Route("do", "changes" if kind == "changes" else "reads", handler)
        answering = Answering(Router([route], [("ability", _keep)]), self.store)
        key = key or str(uuid4())
        return answering.answer(Command("do", by, GENERAL, self._clock.now(), key=key))

    def abilities(self) -> list[str]:
        with self.store.reading(DANA) as session:
            return list(session.exec(select(Capability.name).order_by(Capability.name)))

    def people(self) -> list[str]:
        with self.store.reading(DANA) as session:
            return list(session.exec(select(Person.name).order_by(Person.name)))

    def accounts(self) -> int:
        with self.store.reading(DANA) as session:
            return session.exec(select(func.count(col(StoredAccount.id)))).one()


@pytest.fixture
def small(database: Database, clock: Clock) -> Iterator[Small]:
    store = Store(database, clock.now)
    store.found("Acme Lifts", "Europe/Berlin")
    with guarded(database):
        yield Small(store, clock)


def _add(session: Session, name: str) -> None:
    session.add(Capability(name=name, created_at=session.now))
    session.flush()


def _keep(note: Note, _command: Command, session: Session) -> None:
    _add(session, note.values["name"])


def test_a_handler_that_changes_something_is_kept(small: Small) -> None:
    def change(_command: Command, session: Session) -> Reply:
        _add(session, "Plan work")
        return Card("Saved")

    assert small.run("changes", change) == Answer((Card("Saved"),))
    assert small.abilities() == ["Plan work"]


def test_a_reader_cannot_write(small: Small) -> None:
    def write(_command: Command, session: Session) -> Reply:
        _add(session, "Plan work")
        return Card("Saved")

    def commit(_command: Command, session: Session) -> Reply:
        session.add(Capability(name="Plan work", created_at=session.now))
        session.commit()
        return Card("Saved")

    def forget(_command: Command, session: Session) -> Reply:
        session.add(Capability(name="Plan work", created_at=session.now))
        return Card("Saved")

    for handler in (write, commit):
        with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
            small.run("reads", handler)
    small.run("reads", forget)
    assert small.abilities() == []


def test_a_writer_can_still_write_where_a_reader_was_before(small: Small) -> None:
    small.run("reads", lambda _command, _session: Card("Read"))
    for number in range(12):
        small.run("reads", lambda _command, _session: Card("Read"))
        small.run("changes", _adding(f"Ability {number:02}"))
    assert len(small.abilities()) == 12


def _adding(name: str) -> Handler:
    def add(_command: Command, session: Session) -> Reply:
        _add(session, name)
        return Card("Saved")

    return add


def test_a_refusal_leaves_nothing_behind_and_is_the_answer(small: Small) -> None:
    def refuse(_command: Command, session: Session) -> Reply:
        _add(session, "Plan work")
        raise Refusal("Name an owner, like @dana.", field="owner")

    answer = small.run("changes", refuse)
    assert answer.cards == ()
    assert answer.refusal is not None
    assert (answer.refusal.text, answer.refusal.field) == ("Name an owner, like @dana.", "owner")
    assert small.abilities() == []
    assert small.people() == []


def test_a_fault_leaves_nothing_behind_and_is_not_swallowed(small: Small) -> None:
    def fail(_command: Command, session: Session) -> Reply:
        _add(session, "Plan work")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        small.run("changes", fail)
    assert small.abilities() == []


def test_a_note_of_a_reader_is_kept_in_a_write_of_its_own(small: Small) -> None:
    def note(_command: Command, _session: Session) -> Reply:
        return Card("Unknown"), Note("ability", {"name": "Plan work"})

    assert small.run("reads", note) == Answer((Card("Unknown"),))
    assert small.abilities() == ["Plan work"]


def test_a_refused_reader_notes_nothing(small: Small) -> None:
    def refuse(_command: Command, _session: Session) -> Reply:
        raise Refusal("Ask about one name.")

    assert small.run("reads", refuse).refusal is not None
    assert small.people() == []


def test_a_person_first_met_in_a_read_is_kept_once(small: Small) -> None:
    seen: list[tuple[bool, int | None, str, str | None]] = []

    def look(_command: Command, session: Session) -> Reply:
        me = session.me
        seen.append((session.is_first_meeting, me.id, me.name, me.side))
        return Card("Read")

    for _ in range(3):
        small.run("reads", look)
    first, second, third = seen
    assert first == (True, None, "Dana Brandt", "business")
    assert second == third
    assert second[0] is False
    assert second[1] is not None
    assert small.people() == ["Dana Brandt"]
    assert small.accounts() == 1


def test_a_person_is_one_whichever_chat_vouches_for_the_address(small: Small) -> None:
    other = Account("other", "acme", "U1", "D. Brandt", "dana@acme.example")
    small.run("changes", _adding("One"))
    small.run("changes", _adding("Two"), by=other)
    assert small.people() == ["Dana Brandt"]
    assert small.accounts() == 2


def _all_at_once(small: Small, by: Account) -> None:
    together = Barrier(4, timeout=20)

    def look(_command: Command, session: Session) -> Reply:
        assert session.is_first_meeting
        together.wait()
        return Card("Read")

    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(small.run, "reads", look, by) for _ in range(4)]
        for run in runs:
            assert run.result(timeout=60) == Answer((Card("Read"),))


def test_four_reads_at_once_by_somebody_new_make_one_person(small: Small) -> None:
    _all_at_once(small, DANA)
    assert small.people() == ["Dana Brandt"]
    assert small.accounts() == 1


def test_four_reads_at_once_by_somebody_without_an_address_make_one_person(small: Small) -> None:
    _all_at_once(small, Account("chat", "acme", "guest", "Guest"))
    assert small.people() == ["Guest"]
    assert small.accounts() == 1


def test_four_changes_at_once_by_somebody_new_are_all_kept(small: Small) -> None:
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(small.run, "changes", _adding(f"Ability {n}")) for n in range(4)]
        for run in runs:
            assert run.result(timeout=60).cards == (Card("Saved"),)
    assert small.abilities() == [f"Ability {n}" for n in range(4)]
    assert small.people() == ["Dana Brandt"]
