"""Everything wired, over one database."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

from bot.answering import Answering
from bot.clock import SharedClock
from bot.composing import Composing
from bot.counting import Counting, Figures
from bot.looking import Looking
from bot.messages import Account, Card, Command
from bot.platforms import Platform
from bot.readiness import Home, Readiness
from bot.settings import Settings
from bot.ticking import Ticking
from bot.web import front
from bot.web.health import Health as HealthPages
from handlers import composers, decide, router, suggesting
from storage import trouble
from storage.database import Database, Session
from storage.health import Health
from storage.migrations import migrate
from storage.store import Store

LINGERS = 0.1  # seconds until what readers were shown is written, for all of them at once


class House:
    """Everything wired, over one database."""

    def __init__(self, chosen: Settings) -> None:
        self.settings = chosen
        self.database = Database(chosen.database_url)
        self.revision = migrate(self.database)
        self.clock = SharedClock(self.database.now)
        self.store = Store(self.database, self.clock.now, LINGERS)
        self.store.found(chosen.organisation, chosen.tz)
        self.store.pages = chosen.public_url or f"http://{chosen.host}:{chosen.port}"
        self.store.pages_are_open = self.has_sandbox
        self.wake: Callable[[], None] = lambda: None
        self.counting = Counting()
        self.answering: Answering[Session] = Answering(
            router(), self.store, lambda: self.wake(), trouble.kind, self.counting.command
        )
        self.composing: Composing[Session] = Composing(composers(), decide.may_see)

    @property
    def has_sandbox(self) -> bool:
        """Whether whoever sits at this machine is who runs us, and everybody they want to be."""
        return front.is_loopback(self.settings.host)

    def standing(self, command: Command, keys: Sequence[str]) -> list[tuple[str, Card]]:
        """The cards of these keys as they stand, for whoever gave this command."""
        with self.store.reading(command.by, command.at) as session:
            found = [(key, self.composing.stand(key, session)) for key in keys]
        return [(key, card) for key, card in found if card]

    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        with self.store.at_home() as session:
            return ZoneInfo(session.organisation.zone)

    def company(self) -> str:
        """The company's name."""
        with self.store.at_home() as session:
            return session.organisation.name

    def suggest(self, by: Account, typed: str) -> tuple[str, ...]:
        """What this person might be about to type."""
        with self.store.reading(by) as session:
            return suggesting.suggest(typed, session)

    def stands_at(self, address: str) -> None:
        """Say where it is, and let links point there, unless the operator says where else."""
        self.store.pages = self.settings.public_url or address
        print(f"Throughline is at {address}  (stop it with Ctrl-C)", flush=True)

    def stands_with_sandbox_at(self, address: str) -> None:
        """The same, and where one brings one's own list."""
        self.stands_at(address)
        print(f"Your own projects instead of the invented ones: {address}/import", flush=True)

    def healthy(
        self, platforms: Sequence[Platform], ticking: Ticking, pool: ThreadPoolExecutor
    ) -> HealthPages:
        """The pages for machines, with a `pool` of their own: what hangs there holds up nobody."""
        health = Health(self.store, [one.name for one in platforms])
        home = Home(*self.database.version(), self.database.file, self.revision)
        clock, elapsed = self.clock, time.monotonic
        readiness = Readiness(health, home, ticking.vital, trouble.kind, clock, elapsed, pool)
        figures: Looking[Figures] = Looking(health.figures, pool, elapsed)

        def ages() -> dict[str, float]:
            now = self.clock.now()
            return {name: (now - at).total_seconds() for name, at in ticking.last().items()}

        token = self.settings.metrics_token.get_secret_value()
        is_local = front.is_loopback(self.settings.host)
        return HealthPages(readiness, self.counting, figures, ages, token, is_local)

    def close(self) -> None:
        """Write what waits, and give every connection back."""
        self.store.settle()
        self.database.close()
