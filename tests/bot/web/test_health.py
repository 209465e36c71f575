"""What machines ask of the server, and how it ends: nobody who was heard is left without answer."""

import http.client
import json
import resource
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.looking import FRESH
from storage.database import Database
from tests.browser import Served, knock, ours

TOKEN = "a-token-of-the-test-alone"
SMALL = 4096  # bytes that any file of the process may have
TALKING = 1.5  # real seconds of load before it is told to end


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("health"))
    yield served
    served.stop()


def test_ready_says_a_line_for_each_thing(served: Served) -> None:
    status, said = knock(served, "GET", "/readyz", {})
    lines = [json.loads(line) for line in said.splitlines()]
    assert status == 200, said
    assert {line["check"] for line in lines} >= {"ticks", "write", "schema", "disk", "late"}
    assert all(set(line) == {"check", "state", "text", "remedy"} for line in lines)


def test_the_figures_are_for_this_machine_alone(served: Served) -> None:
    status, said = knock(served, "GET", "/metrics", {})
    assert status == 200
    assert "throughline_database_up 1.0" in said
    assert 'throughline_outbox_messages{state="pending"}' in said
    assert 'throughline_tick_age_seconds{tick="send"}' in said
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-For": "10.0.0.1"}):
        assert knock(served, "GET", "/metrics", headers)[0] == 403


def test_elsewhere_a_token_is_needed_and_no_sandbox_is_there(tmp_path: Path) -> None:
    served = Served(tmp_path, HOST="0.0.0.0", METRICS_TOKEN=TOKEN)
    try:
        assert knock(served, "GET", "/readyz", {})[0] == 200
        assert knock(served, "GET", "/metrics", {})[0] == 401
        assert knock(served, "GET", "/metrics", {"Authorization": "Bearer wrong"})[0] == 401
        right = {"Authorization": f"Bearer {TOKEN}"}
        assert knock(served, "GET", "/metrics", right)[0] == 200
    finally:
        assert served.stop() == 0
    assert TOKEN not in served.log()


def test_a_full_disk_is_told_to_people_and_machines_and_forgotten_when_there_is_room(
    tmp_path: Path,
) -> None:
    served = Served(tmp_path)
    headers = ours(served)

    def decides() -> tuple[int, str]:
        said = {"pane": "business", "as": "", "key": "the-same", "text": "decide buy it @me"}
        return knock(served, "POST", "/sandbox/say", headers, json.dumps(said))

    def ready() -> int:
        deadline = time.monotonic() + 20
        status, last = knock(served, "GET", "/readyz", {})[0], 0
        while status != last and time.monotonic() < deadline:  # an answer serves for two seconds
            time.sleep(FRESH)
            last, status = status, knock(served, "GET", "/readyz", {})[0]
        return status

    try:
        assert ready() == 200
        resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (SMALL, resource.RLIM_INFINITY))
        status, said = decides()
        assert (status, said[:55]) == (
            503,
            "I could not save that: the disk is full. Nothing was ch",
        )
        assert ready() == 503
        assert "Make room" in knock(served, "GET", "/readyz", {})[1]
        assert knock(served, "GET", "/", {})[0] == 200
        resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        assert decides() == (200, "{}")
        assert ready() == 200
    finally:
        assert served.stop() == 0


class Talker(threading.Thread):
    """Somebody who logs one decision after the other, over one connection kept open."""

    def __init__(self, served: Served, headers: dict[str, str]) -> None:
        super().__init__()
        self._address, self._headers = urlsplit(served.address), headers
        self.acknowledged: list[str] = []
        self.refused = False

    def run(self) -> None:
        assert self._address.hostname
        connection = http.client.HTTPConnection(
            self._address.hostname, self._address.port, timeout=15
        )
        try:
            while True:
                key = uuid4().hex
                said = {"pane": "business", "as": "", "key": key, "text": f"decide buy {key} @me"}
                connection.request("POST", "/sandbox/say", json.dumps(said), self._headers)
                answer = connection.getresponse()
                body = answer.read()
                assert answer.status == 200, body
                self.acknowledged.append(key)
        except (OSError, http.client.HTTPException):
            self.refused = True
        finally:
            connection.close()


def test_whoever_was_heard_is_answered_and_what_was_answered_is_kept(tmp_path: Path) -> None:
    served = Served(tmp_path)
    headers = ours(served)
    talkers = [Talker(served, headers) for _ in range(12)]
    for talker in talkers:
        talker.start()
    time.sleep(TALKING)  # it is the load that matters, and a process has no clock to wind
    began = time.monotonic()
    code = served.stop()
    took = time.monotonic() - began
    for talker in talkers:
        talker.join()
    acknowledged = {key for talker in talkers for key in talker.acknowledged}
    database = Database(f"sqlite:///{tmp_path / 'served.db'}")
    with database.reader.connect() as connection:
        heard = {
            str(key).rpartition("/")[2]
            for (key,) in connection.execute(text("SELECT key FROM inbox"))
        }
        decided = {
            str(title).split()[-1]
            for (title,) in connection.execute(text("SELECT title FROM decisions"))
        }
    database.close()
    assert code == 0
    assert took < 10
    assert all(talker.refused for talker in talkers)
    assert len(acknowledged) > 20
    assert acknowledged <= heard
    assert acknowledged <= decided
    assert heard <= acknowledged  # nothing was done of which nobody was told
