"""A company whose people log decisions, as many at once as one likes, through all that is real."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import perf_counter, sleep

from sqlalchemy import Connection, event

from bot.answering import Answering
from bot.clock import SharedClock
from bot.messages import Account, Channel, Command
from handlers import router
from storage.database import Database, Session
from storage.migrations import migrate
from storage.store import Store

PLACES = (Channel("slack", "acme", "C1", "#steering"), Channel("teams", "acme", "19:1", "Steering"))
SPEAKERS = ("dana", "omar", "pia", "tomasz", "lieve", "friederike", "hana", "lee")
DOMAIN = "harnisfeld.example"


class Deciding:
    """The demo company in a database of its own, with a room, and people who were met before."""

    def __init__(self, address: str) -> None:
        self.database = Database(address)
        migrate(self.database)
        self._clock = SharedClock(self.database.now)
        store = Store(self.database, self._clock.now)
        store.found("", "")
        store.seed_demo(rename=True, rezone=True)
        store.open_room("Steering", PLACES)
        self._answering: Answering[Session] = Answering(router(), store)
        self._made = 0
        self.wait = 0.0  # seconds more for each commit, as a slower disk takes
        event.listen(self.database.writer, "commit", self._waits)
        self.run(1, 3 * len(SPEAKERS))  # everybody is met, statements are compiled

    def run(self, clients: int, count: int) -> float:
        """Durable decisions a second, by so many clients at once."""
        first, each = self._made, count // clients
        self._made += each * clients
        together = Barrier(clients + 1)

        def client(number: int) -> None:
            together.wait()
            for one in range(each):
                self.decide(first + number * each + one)

        with ThreadPoolExecutor(clients) as pool:
            runs = [pool.submit(client, number) for number in range(clients)]
            together.wait()
            began = perf_counter()
            for run in runs:
                run.result()
            return each * clients / (perf_counter() - began)

    def decide(self, number: int) -> str:
        """Somebody types a decision and is told that it is saved: its key."""
        local = SPEAKERS[number % len(SPEAKERS)]
        owner = SPEAKERS[(number + 1) % len(SPEAKERS)]
        at = PLACES[number % len(PLACES)]
        by = Account(at.platform, at.tenant, local, local.title(), f"{local}@{DOMAIN}")
        heard = self._answering.router.hear(f"decide buy tent {number} @{owner} fri")
        now, key = self._clock.now(), f"delivery-{number}"
        answer = self._answering.answer(Command(heard.name, by, at, now, heard.text, key=key))
        assert len(answer.said) == 1, answer
        return answer.said[0]

    def _waits(self, _connection: Connection) -> None:
        if self.wait:
            sleep(self.wait)

    def another(self) -> tuple[str, str]:
        """One more decision: the end of its delivery's key, and the key of what is said."""
        self._made += 1
        return f"/delivery-{self._made - 1}", self.decide(self._made - 1)

    def close(self) -> None:
        """Give every connection back."""
        self.database.close()
