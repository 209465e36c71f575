"""Says whether this process can do its work now: keep what people say, and say what is due.

What it says may be read by anybody who reaches the port: no names, no addresses, no secrets.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot import doctor
from bot.clock import Clock
from bot.doctor import Finding
from bot.looking import PATIENT, Looking

DEAD = 60.0  # seconds after which a tick is not late but gone
BUSY = 20.0  # seconds that a long write, like an import, may keep all others waiting


class Late(Protocol):
    """Messages that should have been said a while ago."""

    @property
    def unsent(self) -> int: ...
    @property
    def unknown(self) -> int: ...
    @property
    def elsewhere(self) -> int: ...
    @property
    def unplanned(self) -> int: ...


class Vitals(Protocol):
    """What can be asked of the database; every call may hang or raise."""

    def beat(self) -> None:
        """Write something durably, and read it back."""
        ...

    def late(self) -> Late: ...

    def revision(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Home:
    """Where it is all kept: the server and its version, the file if it is one, and the schema."""

    server: str
    version: tuple[int, ...]
    file: Path | None
    revision: str


class Readiness:
    """`last` says when each tick that matters last succeeded, `trouble` what an error means."""

    def __init__(
        self,
        vitals: Vitals,
        home: Home,
        last: Callable[[], Mapping[str, datetime]],
        trouble: Callable[[BaseException], str],
        clock: Clock,
        elapsed: Callable[[], float],
        pool: Executor,
        patient: float = PATIENT,
    ) -> None:
        self._vitals, self._home, self._last = vitals, home, last
        self._trouble, self._clock, self._elapsed = trouble, clock, elapsed
        self._beat = Looking(vitals.beat, pool, elapsed, patient)
        self._rest = Looking(self._look, pool, elapsed, patient)

    async def look(self) -> list[Finding]:
        """Look at everything; it is ready where nothing is wrong."""
        return [*self._ticks(), await self._writes(), *await self._reads()]

    def _ticks(self) -> list[Finding]:
        now, last = self._clock.now(), self._last()
        ages = {name: (now - at).total_seconds() for name, at in last.items()}
        dead = [
            Finding(
                "wrong",
                f"“{name}” last came to its end {age:.0f} s ago.",
                "Restart me. If it comes again, the log says what stopped it.",
                "ticks",
            )
            for name, age in ages.items()
            if age >= DEAD
        ]
        if not ages:
            return [Finding("careful", "No chat is connected: nothing is said.", "", "ticks")]
        return dead or [Finding("ok", f"Ticking: {', '.join(sorted(ages))}.", "", "ticks")]

    async def _writes(self) -> Finding:
        try:
            await self._beat.ask()
        except TimeoutError:
            well_at = self._beat.well_at
            if well_at is not None and self._elapsed() - well_at < BUSY:
                return Finding("careful", "Another write keeps mine waiting.", "", "write")
            return Finding("wrong", "A write got no answer.", REMEDIES["away"], "write")
        except Exception as fault:  # noqa: BLE001  whatever it is, nothing can be kept
            why = self._trouble(fault)
            return Finding(
                "wrong", "Nothing can be saved.", REMEDIES.get(why, REMEDIES[""]), "write"
            )
        return Finding("ok", "A row was written and read back.", "", "write")

    async def _reads(self) -> list[Finding]:
        try:
            return await self._rest.ask()
        except TimeoutError:
            return [Finding("wrong", "A question got no answer.", REMEDIES["away"], "database")]
        except Exception as fault:  # noqa: BLE001
            why = self._trouble(fault)
            told = REMEDIES.get(why, REMEDIES[""])
            return [Finding("wrong", "The database cannot be read.", told, "database")]

    def _look(self) -> list[Finding]:
        home = self._home
        return [
            *doctor.version(home.server, home.version),
            _schema(self._vitals.revision(), home.revision),
            *doctor.disk(home.file),
            *_late(self._vitals.late()),
        ]


REMEDIES = {
    "full": "Make room on the database's disk; I go on by myself.",
    "away": "See that the database runs and answers; I go on by myself.",
    "unsure": "See that the database runs and answers; I go on by myself.",
    "busy": "See what keeps the database busy: a backup, another program, a slow disk.",
    "": "The log says what failed.",
}


def _schema(found: str, ours: str) -> Finding:
    if found == ours:
        return Finding("ok", f"The schema is {ours}.", "", "schema")
    return Finding(
        "wrong",
        f"The schema is {found}; I know {ours}.",
        "Another program has moved it. Start the newer Throughline in place of this one.",
        "schema",
    )


def _late(late: Late) -> list[Finding]:
    found = []
    if late.unsent:
        found.append(
            Finding(
                "wrong",
                f"Messages that should have been said 15 minutes ago: {late.unsent}.",
                "The log says what became of each try. Is the chat down?",
                "late",
            )
        )
    if late.unknown:
        found.append(
            Finding(
                "wrong",
                f"Messages of which nobody knows for 15 minutes whether they were said: "
                f"{late.unknown}.",
                "I look for each in its channel. Is the chat down, or may I not read there?",
                "unknown",
            )
        )
    if late.unplanned:
        found.append(
            Finding(
                "wrong",
                f"Digests that were due 15 minutes ago, and that nobody has seen to: "
                f"{late.unplanned}.",
                "The log says what stopped the tick “plan”. I go on by myself once it runs.",
                "digests",
            )
        )
    if late.elsewhere:
        found.append(
            Finding(
                "careful",
                f"Messages that wait for a chat that I am not connected to: {late.elsewhere}.",
                "",
                "elsewhere",
            )
        )
    return found or [Finding("ok", "Nothing is late.", "", "late")]
