"""A full disk, or a database that is away, is told in a sentence, and nothing is lost by it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import func, select

from bot.answering import Answering
from handlers import router
from storage import trouble
from storage.database import Database
from storage.decisions import Decision
from storage.health import Health
from storage.inbox import Heard
from storage.migrations import migrate
from storage.store import Store
from tests import postgres
from tests.chat import Chat
from tests.clock import Clock
from tests.saying import World
from tests.scene import of_the_company

ROOT = Path(__file__).parents[2]
FULL = "I could not save that: the disk is full. Nothing was changed."
LONG = f'decide "Buy the CRM" because "{"it is dear " * 9_000}"'
CHILD = """
import resource, sys
from bot.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), -1))
sys.exit(main(("do", *sys.argv[2:])))
"""


def telling(database: Database, clock: Clock) -> Chat:
    """The small company, whose answers say what is the matter."""
    chat = of_the_company(database, clock)
    chat.answering = Answering(router(), chat.store, why=trouble.kind, count=COUNTED.append_to)
    return chat


class Counted(list[str]):
    """What became of each command."""

    def append_to(self, _name: str, outcome: str, _seconds: float) -> None:
        self.append(outcome)


COUNTED = Counted()


def kept(chat: Chat) -> tuple[int, int]:
    """How many decisions there are, and how many deliveries were heard."""
    with chat.looking() as session:
        decisions = session.exec(select(func.count()).select_from(Decision)).one()
        return decisions, session.exec(select(func.count()).select_from(Heard)).one()


def fill(database: Database) -> None:
    """Let the file grow no more: to SQLite the disk is full."""
    with database.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # as large as it is, no larger


def make_room(database: Database) -> None:
    with database.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")


def test_a_full_disk_refuses_with_a_sentence_and_goes_on_when_there_is_room(
    sqlite: Database, clock: Clock
) -> None:
    chat = telling(sqlite, clock)
    health = Health(chat.store, ())
    health.beat()
    before = kept(chat)
    fill(sqlite)
    typed = chat.typed("dana", LONG)
    chat.does("dana", typed).refused("dana", FULL, "make room")
    assert chat.last("dana").is_trouble
    assert kept(chat) == before
    count = 0
    while not chat.last("omar").refusal if count else True:  # until small ones have no room either
        count += 1
        chat.types("omar", f"decide buy number {count} @omar")
    chat.refused("omar", FULL)
    before = kept(chat)
    with pytest.raises(SQLAlchemyError) as full:
        health.beat()
    assert trouble.kind(full.value) == "full"
    make_room(sqlite)
    health.beat()
    assert not chat.does("dana", typed).last("dana").refusal  # the same delivery: it was not heard
    assert kept(chat) == (before[0] + 1, before[1] + 1)


def test_a_question_is_answered_also_on_a_full_disk(sqlite: Database, clock: Clock) -> None:
    chat = telling(sqlite, clock)
    fill(sqlite)
    for _ in range(40):  # until there is no room for what was shown either
        chat.types("dana", "who owns One login?").sees("dana", "Lee Novak")


def test_an_unknown_name_is_not_said_to_be_kept_where_it_is_not(
    sqlite: Database, clock: Clock
) -> None:
    chat = telling(sqlite, clock)
    fill(sqlite)
    for count in range(400):
        chat.types("dana", f"who owns Zephyr{count}{'y' * 200}?")
        if chat.last("dana").refusal:
            chat.refused("dana", "the disk is full")
            return
    raise AssertionError("it never was full")


def test_a_disk_that_takes_no_byte_more_refuses_a_real_process(tmp_path: Path) -> None:
    def run(most: int, typed: str) -> tuple[int, str]:
        ran = subprocess.run(
            [sys.executable, "-c", CHILD, str(most), typed],
            capture_output=True, text=True, timeout=60, check=False, cwd=ROOT,
            env={"DATABASE_URL": f"sqlite:///{tmp_path / 'full.db'}", "PATH": "/usr/bin"},
        )  # fmt: skip
        return ran.returncode, ran.stdout + ran.stderr

    database = Database(f"sqlite:///{tmp_path / 'full.db'}")
    migrate(database)
    of_the_company(database, Clock())
    database.close()  # what was written is in the file now, and nothing beside it
    code, said = run(96 * 1024, LONG)  # bytes of one file, and the log before it is a file too
    assert code == 1, said
    assert FULL in said
    code, said = run(-1, LONG)
    assert code == 0, said
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM decisions")) == 1
    database.close()


@pytest.fixture
def cluster() -> Iterator[postgres.Cluster]:
    """A server of the test's own, which it may stop."""
    cluster = postgres.start()
    if cluster is None:
        postgres.missing("no PostgreSQL server is installed (initdb and postgres)")
    yield cluster
    cluster.stop()


def test_a_restart_of_the_database_is_survived(cluster: postgres.Cluster, clock: Clock) -> None:
    database = Database(postgres.address(str(cluster.folder), postgres.TEMPLATE))
    chat = telling(database, clock)
    chat.types("dana", "decide buy the CRM @dana")
    before = kept(chat)
    cluster.halt()
    typed = chat.typed("dana", "decide sell the CRM @dana")
    chat.does("dana", typed).refused("dana", "my database does not answer", "Nothing was changed")
    chat.types("dana", "decisions").refused("dana", "I cannot look that up")
    cluster.goes_on()
    chat.does("dana", typed).sees("dana", "sell the CRM")
    assert kept(chat) == (before[0] + 1, before[1] + 1)
    database.close()


def test_whoever_is_cut_off_in_the_middle_is_told_and_the_next_one_is_answered(
    cluster: postgres.Cluster, clock: Clock
) -> None:
    database = Database(postgres.address(str(cluster.folder), postgres.TEMPLATE))
    chat = telling(database, clock)
    cut: list[Callable[[], None]] = [lambda: cut_off(cluster)]
    hear = chat.store.hear

    def cutting(session: object, key: str) -> bool:
        heard = hear(session, key)  # type: ignore[arg-type]  # the store's own session
        if cut:
            cut.pop()()
        return heard

    chat.store.hear = cutting  # type: ignore[method-assign]  # in the middle of its transaction
    typed = chat.typed("dana", "decide buy the CRM @dana")
    chat.does("dana", typed).refused("dana", "my database does not answer", "Nothing was changed")
    assert kept(chat)[0] == 0
    chat.does("dana", typed).sees("dana", "buy the CRM")
    assert kept(chat)[0] == 1
    database.close()


def cut_off(cluster: postgres.Cluster) -> None:
    """Every connection but this one is ended by the server."""
    with postgres._operator(str(cluster.folder)) as operator:
        operator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND usename = current_user"
        )


def test_the_sender_goes_on_after_a_restart(cluster: postgres.Cluster, clock: Clock) -> None:
    database = Database(postgres.address(str(cluster.folder), postgres.TEMPLATE))
    world = World(database, clock, Store(database, clock.now))
    world.post("decision/1")
    health = Health(world.store, ("chat",))
    health.beat()
    cluster.halt()
    with pytest.raises(BaseExceptionGroup):
        world.sends()
    with pytest.raises(SQLAlchemyError) as away:
        health.beat()
    assert trouble.kind(away.value) == "away"
    cluster.goes_on()
    assert world.sends() == 1
    assert world.reads() == ["decision/1"]
    health.beat()
    world.close()
    database.close()


def test_a_bug_is_no_trouble_of_the_database() -> None:
    assert trouble.kind(ValueError("database or disk is full")) == ""
