"""Logs decisions while the server is killed: `python -m tests.soak.decisions`.

A client of its own posts one decision after the other to a real server, which is killed outright
(`kill -9`) at random moments, most of them while a decision is under way, and started again. What
was answered must be there, once; what was not answered is sent again under the same key, and must
be there once as well. The card of each must stand once in each pane.
"""

import http.client
import json
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from sqlmodel import func, select

from storage.database import Database
from storage.decisions import Decision
from storage.history import Said
from tests.browser import Served
from tests.soak import options

KILLS = 30
BETWEEN = (0.05, 1.2)  # seconds from a start until the next kill
AIMED = 0.8  # of the kills: these wait until a decision is under way
FEW = 10  # kills of which chance may let most fall between two decisions
PANES = 2
SETTLED = 200.0  # seconds for the last cards: a lost claim ends, settles, and is looked for twice


class Client:
    """Posts decisions, each until it is answered."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.ready = threading.Event()
        self.stopping = threading.Event()
        self.answered: list[str] = []
        self.sent_again = 0
        self.is_under_way = False

    def run(self) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            title = f"thing {number:05}"
            while not self._says(title):
                self.sent_again += 1
                if self.stopping.wait(0.05):
                    return
            self.answered.append(title)

    def wait_for_one(self) -> None:
        """Until a decision is on its way to the server; two seconds at most."""
        until = time.monotonic() + 2
        while not self.is_under_way and time.monotonic() < until:
            time.sleep(0.0005)

    def _says(self, title: str) -> bool:
        self.ready.wait()
        where = urlsplit(self._served.address)
        assert where.hostname
        body = {"pane": "it", "as": "lee@harnisfeld.example", "key": title}
        body["text"] = f"decide {title} @dana"
        try:
            connection = http.client.HTTPConnection(where.hostname, where.port, timeout=10)
            connection.request("GET", "/")
            page = connection.getresponse().read().decode()
            token = page.split('name="throughline-token" content="')[1].split('"')[0]
            headers = {"Origin": self._served.address, "X-Throughline-Token": token}
            headers["Content-Type"] = "application/json"
            self.is_under_way = True
            connection.request("POST", "/sandbox/say", json.dumps(body), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status == 200
        except (OSError, http.client.HTTPException, IndexError):
            return False
        finally:
            self.is_under_way = False


def main() -> int:
    given = options.parser(__doc__).parse_args()
    random = Random(given.seed)
    kills = max(3, round(KILLS * given.share))
    with tempfile.TemporaryDirectory() as folder:
        served = Served(Path(folder))
        client = Client(served)
        thread = threading.Thread(target=client.run)
        thread.start()
        client.ready.set()
        amid = 0
        for _ in range(kills):
            time.sleep(random.uniform(*BETWEEN))
            if random.random() < AIMED:
                client.wait_for_one()
                time.sleep(random.uniform(0, 0.02))
            amid += client.is_under_way
            client.ready.clear()
            served.stop(signal.SIGKILL)
            served.start()
            client.ready.set()
        time.sleep(1)
        client.stopping.set()
        thread.join()
        lost, twice, missing, double = _look(Path(folder), client.answered)
        served.stop()
    is_well = not (lost or twice or missing or double) and (amid * 2 >= kills or kills < FEW)
    print(
        f"decisions: seed {given.seed}, {len(client.answered)} answered, {kills} kills, {amid} of "
        f"them mid-stream, {client.sent_again} sent again; lost {lost}, twice {twice}; cards "
        f"missing {missing}, twice {double}: {'passed' if is_well else 'failed'}"
    )
    return 0 if is_well else 1


def _look(folder: Path, answered: list[str]) -> tuple[int, int, int, int]:
    database = Database(f"sqlite:///{folder / 'served.db'}")
    until = time.monotonic() + SETTLED
    while True:
        with database.reading(1) as session:
            titles = Counter(session.exec(select(Decision.title)).all())
            cards = session.exec(select(func.count(Said.id)).where(Said.uid != None)).one()  # type: ignore[arg-type]  # noqa: E711
        wanted = PANES * titles.total()
        if cards >= wanted or time.monotonic() > until:
            break
        time.sleep(0.5)
    database.close()
    lost = sum(title not in titles for title in answered)
    twice = sum(count > 1 for count in titles.values())
    return lost, twice, max(0, wanted - cards), max(0, cards - wanted)


if __name__ == "__main__":
    sys.exit(main())
