"""Says what is wrong with an installation, and what to do about each thing."""

import shutil
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

from bot.settings import Settings

LOW_DISK = 500 * 1024 * 1024  # bytes
FAR_APART = timedelta(seconds=30)  # the database's clock and ours
MENDED = (3, 51, 3)  # SQLite: from 3.7.0 until then, several writers can corrupt a WAL database


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, and the remedy where it is not well."""

    state: Literal["ok", "careful", "wrong"]
    text: str
    remedy: str = ""


class Looked(Protocol):
    """What the doctor looks at in a database."""

    @property
    def file(self) -> Path | None: ...

    def version(self) -> tuple[str, tuple[int, ...]]: ...

    def now(self) -> datetime: ...


def look(
    settings: Settings, database: Looked, machine_time: datetime, revision: str, known: int
) -> Iterator[Finding]:
    """Look at everything. `known` counts the projects and tools on the map."""
    server, version = database.version()
    yield Finding("ok", f"The database answers: {server}, schema {revision}.")
    if server.startswith("SQLite") and version < MENDED:
        yield Finding(
            "careful",
            f"{server} has a fault that can damage a database with several writers.",
            "Run one Throughline only, or install the package pysqlite3, or use PostgreSQL.",
        )
    yield from _clocks(abs(database.now() - machine_time))
    if file := database.file:
        yield from _file(file)
    if known:
        yield Finding("ok", f"The map holds {known:,} projects and tools.")
    else:
        yield Finding(
            "careful", "The map is empty.", "Bring a list: throughline import projects.csv"
        )
    yield Finding(
        "ok", f"It will listen on {settings.host} port {settings.port}. No chat is connected."
    )


def _clocks(apart: timedelta) -> Iterator[Finding]:
    if apart > FAR_APART:
        yield Finding(
            "wrong",
            f"The database's clock and this machine's are {apart.total_seconds():.0f} s apart.",
            "Set both by NTP.",
        )
    else:
        yield Finding("ok", "The clocks agree.")


def _file(file: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(file.parent).free
    if free < LOW_DISK:
        yield Finding(
            "wrong",
            f"Only {free // 1024**2:,} MB are free beside {file.name}.",
            "Make room: when the disk is full nothing more can be saved.",
        )
    else:
        yield Finding("ok", f"{free // 1024**3:,} GB are free beside {file.name}.")
    for secret in (file, Path(".env")):
        if secret.exists() and secret.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            yield Finding(
                "careful",
                f"Everybody on this machine can read {secret.name}.",
                f"chmod 600 {secret}",
            )


def report(findings: Iterable[Finding]) -> tuple[str, bool]:
    """All findings as lines, and whether nothing is wrong."""
    lines, is_well = [], True
    for finding in findings:
        is_well = is_well and finding.state != "wrong"
        lines.append(f"{finding.state:8} {finding.text}")
        if finding.remedy:
            lines.append(f"         → {finding.remedy}")
    return "\n".join(lines), is_well
