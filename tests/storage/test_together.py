"""What waits together commits together, and nobody pays for a neighbour."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.messages import Refusal
from storage.capabilities import Capability
from storage.database import Database, Session
from storage.store import Store
from storage.together import MOST, Together
from tests.clock import MONDAY, Clock


class Queue:
    """A first writer that holds the turn until several others wait behind it."""

    def __init__(self, database: Database) -> None:
        store = Store(database, Clock().now)
        self.id = store.found("Acme Lifts", "UTC").id
        self.database, self.together = database, Together(database)
        self.commits = 0
        event.listen(database.writer, "commit", self._count)

    def _count(self, _connection: object) -> None:
        self.commits += 1

    def behind(self, *works: Callable[[Session], str]) -> "list[Future[str]]":
        """Run these all at once, behind one that came before them."""
        began, go = Event(), Event()

        def first(session: Session) -> str:
            began.set()
            go.wait(20)
            return add("First")(session)

        with ThreadPoolExecutor(len(works) + 1) as pool:
            leading = pool.submit(self.together.write, self.id, first)
            began.wait(20)
            runs = [pool.submit(self.together.write, self.id, work) for work in works]
            while len(self.together._waiting) < len(works):
                pass
            go.set()
            assert leading.result(20) == "First"
        return runs

    def abilities(self) -> list[str]:
        with self.database.reading(self.id) as session:
            return list(session.exec(select(Capability.name).order_by(Capability.name)))


def add(name: str) -> Callable[[Session], str]:
    def work(session: Session) -> str:
        session.add(Capability(name=name, created_at=MONDAY))
        session.flush()
        return name

    return work


@pytest.fixture
def queue(database: Database) -> Queue:
    return Queue(database)


def test_what_waits_is_one_commit(queue: Queue) -> None:
    runs = queue.behind(*(add(f"Ability {number}") for number in range(8)))
    assert [run.result(0) for run in runs] == [f"Ability {number}" for number in range(8)]
    assert queue.commits == 2
    assert len(queue.abilities()) == 9


def test_a_refusal_and_a_bug_undo_themselves_alone(queue: Queue) -> None:
    def refuse(session: Session) -> str:
        add("Refused")(session)
        raise Refusal("Name an owner, like @dana.")

    def fail(session: Session) -> str:
        add("Failed")(session)
        raise ZeroDivisionError

    before, refused, failed, after = queue.behind(add("Before"), refuse, fail, add("Later"))
    assert (before.result(0), after.result(0)) == ("Before", "Later")
    with pytest.raises(Refusal):
        refused.result(0)
    with pytest.raises(ZeroDivisionError):
        failed.result(0)
    assert queue.abilities() == ["Before", "First", "Later"]


def test_each_sees_what_those_before_it_did_and_not_what_was_undone(queue: Queue) -> None:
    seen: list[list[str]] = []

    def look(session: Session) -> str:
        seen.append(list(session.exec(select(Capability.name).order_by(Capability.name))))
        return ""

    def refuse(session: Session) -> str:
        add("Refused")(session)
        raise Refusal("No.")

    queue.behind(refuse, look)
    assert seen == [["First"]]


def test_what_was_done_once_more_was_done_once(queue: Queue) -> None:
    tries: list[str] = []

    def counted(session: Session) -> str:
        tries.append("")
        return add("Counted")(session)

    def refuse(_session: Session) -> str:
        raise Refusal("No.")

    runs = queue.behind(counted, refuse, add("Later"))
    assert runs[0].result(0) == "Counted"
    assert len(tries) == 2
    assert queue.abilities() == ["Counted", "First", "Later"]
    assert queue.commits == 2


def test_more_than_one_commit_takes_are_done_by_one_after_the_other(queue: Queue) -> None:
    runs = queue.behind(*(add(f"Ability {number:03}") for number in range(MOST + 6)))
    assert [run.result(20) for run in runs] == [f"Ability {n:03}" for n in range(MOST + 6)]
    assert queue.commits == 3
    assert queue.together.write(queue.id, add("Zoom")) == "Zoom"
    assert len(queue.abilities()) == MOST + 8


def test_nobody_is_told_that_it_is_saved_where_the_commit_fails(queue: Queue) -> None:
    def full(_connection: object) -> None:
        raise OSError("the disk is full")

    def fill(session: Session) -> str:
        event.listen(queue.database.writer, "commit", full)
        return "Filled"

    runs = queue.behind(add("Before"), fill, add("Later"))
    event.remove(queue.database.writer, "commit", full)
    for run in runs:
        with pytest.raises(OSError, match="disk is full"):
            run.result(0)
    assert queue.abilities() == ["First"]
    assert queue.together.write(queue.id, add("Again")) == "Again"


def test_nobody_is_told_that_it_is_saved_where_the_transaction_ended_unnoticed(
    queue: Queue,
) -> None:
    def undo(session: Session) -> str:
        session.connection().exec_driver_sql("ROLLBACK")
        return "Undone"

    for run in queue.behind(add("Before"), undo, add("Later")):
        with pytest.raises(Exception, match=r"by itself|savepoint|SAVEPOINT|cannot"):
            run.result(0)
    with pytest.raises(RuntimeError, match="by itself"):
        queue.together.write(queue.id, undo)
    assert queue.abilities() == ["First"]


def test_where_the_database_undid_everything_everybody_is_told(queue: Queue) -> None:
    def undo(session: Session) -> str:
        session.connection().exec_driver_sql("ROLLBACK")
        raise OSError("the disk is full")

    runs = queue.behind(add("Before"), undo, add("Later"))
    for run in runs:
        with pytest.raises(Exception, match=r"disk is full|savepoint|SAVEPOINT|cannot"):
            run.result(0)
    assert queue.abilities() == ["First"]
    assert queue.together.write(queue.id, add("Again")) == "Again"
