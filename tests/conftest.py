"""What every test may ask for: a database of each kind, a clock, and a chat over both."""

import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.answering import Answering
from bot.settings import Settings
from handlers import router
from storage import recorded
from storage.database import Database, Session
from storage.migrations import migrate
from storage.store import Store
from tests import postgres
from tests.chat import Chat, guarded
from tests.clock import Clock
from tests.remembering import wrongly_remembered
from tests.rewinding import rewinding
from tests.saying import World
from tests.scene import Scene, Stage, of_the_company

CLUSTER = pytest.StashKey[postgres.Cluster | None]()
KINDS = ("sqlite", "postgresql")


def _cluster_of(config: pytest.Config) -> postgres.Cluster | None:
    """The one cluster of this run, started when it is first wanted."""
    if CLUSTER not in config.stash:
        config.stash[CLUSTER] = postgres.start()
    return config.stash[CLUSTER]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:  # type: ignore[no-untyped-def]  # of xdist, untyped
    """Tell each worker where the cluster is."""
    cluster = _cluster_of(node.config)
    node.workerinput["postgres"] = str(cluster.folder) if cluster else ""


def pytest_unconfigure(config: pytest.Config) -> None:
    """Also after an interruption."""
    cluster = config.stash.get(CLUSTER, None)
    if cluster:
        cluster.stop()


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> postgres.Server:
    """PostgreSQL, or a reason why not."""
    told: dict[str, str] | None = getattr(pytestconfig, "workerinput", None)
    if told is not None:
        folder, worker = told["postgres"], told["workerid"]
    else:
        cluster = _cluster_of(pytestconfig)
        folder, worker = (str(cluster.folder) if cluster else ""), "alone"
    if not folder:
        postgres.missing("no PostgreSQL server is installed (initdb and postgres)")
    return postgres.Server(folder, worker)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database, migrated once, to be copied."""
    file = tmp_path_factory.mktemp("template") / "migrated.db"
    database = Database(f"sqlite:///{file}")
    migrate(database)
    database.close()
    assert [found.name for found in file.parent.iterdir()] == ["migrated.db"]
    return file


@pytest.fixture(params=KINDS)
def empty_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a database may be made; nothing is in it yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'throughline.db'}"
        return
    server: postgres.Server = request.getfixturevalue("server")
    with server.empty() as address:
        yield address


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a migrated database is. On PostgreSQL the next test gets it again, emptied."""
    if request.param == "sqlite":
        file = tmp_path / "throughline.db"
        shutil.copyfile(request.getfixturevalue("migrated_file"), file)
        return f"sqlite:///{file}"
    server: postgres.Server = request.getfixturevalue("server")
    return server.migrated()


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """A migrated database, once on SQLite and once on PostgreSQL."""
    database = Database(address)
    yield database
    database.close()


@pytest.fixture
def sqlite(tmp_path: Path, migrated_file: Path) -> Iterator[Database]:
    """A migrated database on SQLite alone, for what is the same on both."""
    file = tmp_path / "throughline.db"
    shutil.copyfile(migrated_file, file)
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture
def clock() -> Clock:
    """Monday, 23 November 2026, 9:00 UTC."""
    return Clock()


@pytest.fixture
def world(database: Database, clock: Clock) -> Iterator[World]:
    """A company that has things to say, and a chat that can fail."""
    world = World(database, clock, Store(database, clock.now))
    with guarded(database):
        yield world
    world.close()


@pytest.fixture
def chat(database: Database, clock: Clock) -> Iterator[Chat]:
    """The small company of `tests.company`, talking."""
    chat = of_the_company(database, clock)
    with guarded(database):
        yield chat
    if not chat.is_attacked:
        assert not [record.faults for record in recorded.verify(database) if record.faults]
        assert not wrongly_remembered(chat)


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """A chat on which what was said stands, and what scenes are played with."""
    stage = Stage()
    yield stage
    stage.close()


@pytest.fixture(scope="session", params=KINDS)
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, Callable[[], None]]]:
    """One database for many scenes, with the small company in it, and how it is brought back.

    To open another each time takes longer than to play in it: all statements are compiled anew.
    """
    if request.param == "postgresql":
        server: postgres.Server = request.getfixturevalue("server")
        database = Database(server.another())
    else:
        file = tmp_path_factory.mktemp("scenes") / "throughline.db"
        shutil.copyfile(request.getfixturevalue("migrated_file"), file)
        database = Database(f"sqlite:///{file}")
    of_the_company(database, Clock())
    yield database, rewinding(database)
    database.close()


@pytest.fixture
def begin(played: tuple[Database, Callable[[], None]], stage: Stage) -> Callable[[], Scene]:
    """Begins the small company's day anew, each time it is called; the one before is over."""
    database, rewind = played

    def begin() -> Scene:
        rewind()
        return Scene(database, stage)

    return begin


@pytest.fixture
def demo_chat(database: Database, clock: Clock) -> Iterator[Chat]:
    """The company that a newcomer meets, talking."""
    store = Store(database, clock.now)
    store.found("", "")
    assert store.seed_demo(rename=True, rezone=True)
    organisation = store.found("", "")
    answering: Answering[Session] = Answering(router(), store)
    with guarded(database):
        yield Chat(answering, store, clock, organisation, "harnisfeld.example", {})


@pytest.fixture
def run(
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Callable[..., tuple[int, str]]]:
    """The command line itself, in this process: its exit code, and what it printed."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", address)
    root = logging.getLogger()
    before = (root.level, root.handlers[:])

    def typed(*arguments: str) -> tuple[int, str]:
        code = main(arguments)
        told = capsys.readouterr()
        return code, told.out or told.err

    yield typed
    root.setLevel(before[0])
    root.handlers[:] = before[1]
