"""Says what is wrong with an installation, and what to do about each thing."""

import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

from bot.settings import Settings

LOW_DISK = 500 * 1024 * 1024  # bytes
FULL_DISK = 32 * 1024 * 1024  # where a large import may not fit any more
FAR_APART = timedelta(seconds=30)  # the database's clock and ours
OLD_BACKUP = timedelta(days=7)
BACKUP = "Take one: throughline backup FILE. Keep it on another machine."
MENDED = (3, 51, 3)  # SQLite: from 3.7.0 until then, several writers can corrupt a WAL database


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, and the remedy where it is not well."""

    state: Literal["ok", "careful", "wrong"]
    text: str
    remedy: str = ""
    about: str = ""


class Looked(Protocol):
    """What the doctor looks at in a database."""

    @property
    def file(self) -> Path | None: ...

    def version(self) -> tuple[str, tuple[int, ...]]: ...

    def now(self) -> datetime: ...


def look(
    settings: Settings,
    database: Looked,
    machine_time: datetime,
    revision: str,
    known: int,
    head: str,
    beat: Callable[[], None],
    backed_up_at: datetime | None,
) -> Iterator[Finding]:
    """Look at everything. `known` counts the projects and tools on the map, `head` is the
    record's, and `beat` writes something or raises."""
    chosen = ", ".join(sorted(name.upper() for name in settings.model_fields_set))
    yield Finding("ok", f"Settings: {chosen or 'none is set, and none needs to be'}.")
    server, numbers = database.version()
    yield Finding("ok", f"The database answers: {server}, schema {revision}.")
    yield from version(server, numbers)
    yield _writes(beat)
    yield from _clocks(abs(database.now() - machine_time))
    yield from disk(database.file)
    yield from _secrets(database.file)
    yield _backup(backed_up_at, machine_time)
    if head:
        yield Finding("ok", f"The newest on record is {head}. Keep that outside the database.")
    else:
        yield Finding("ok", "Nothing is on record yet.")
    if known:
        noun = "project or tool" if known == 1 else "projects and tools"
        yield Finding("ok", f"The map holds {known:,} {noun}.")
    else:
        yield Finding(
            "careful", "The map is empty.", "Bring a list: throughline import projects.csv"
        )


def listens(settings: Settings, has_sandbox: bool) -> Finding:
    """Where it will be, and what is to be found there."""
    where = f"It will listen on {settings.host} port {settings.port}"
    if has_sandbox:
        return Finding("ok", f"{where}, with the sandbox, for this machine only.")
    return Finding(
        "careful",
        f"{where}. No chat is connected there.",
        "The sandbox exists only where HOST is 127.0.0.1.",
    )


def version(server: str, numbers: tuple[int, ...]) -> Iterator[Finding]:
    """Whether this server is known to be sound."""
    if server.startswith("SQLite") and numbers < MENDED:
        yield Finding(
            "careful",
            f"{server} has a fault that can damage a database with several writers.",
            "Run one Throughline only, or install the package pysqlite3, or use PostgreSQL.",
            "version",
        )


def disk(file: Path | None) -> Iterator[Finding]:
    """Whether there is room beside the database; nothing where it is on another machine."""
    if file is None:
        return
    free = shutil.disk_usage(file.parent).free
    if free >= LOW_DISK:
        yield Finding("ok", f"{free / 1024**3:,.1f} GB are free for the database.", "", "disk")
        return
    yield Finding(
        "wrong" if free < FULL_DISK else "careful",
        f"Only {free // 1024**2:,} MB are free for the database.",
        "Make room: when the disk is full nothing more can be saved.",
        "disk",
    )


def _backup(at: datetime | None, now: datetime) -> Finding:
    """How old the newest one is that this program took; of others it knows nothing."""
    if at is None:
        return Finding("careful", "I have taken no backup yet.", BACKUP)
    days = (now - at).days
    age = {0: "today", 1: "yesterday"}.get(days, f"{days:,} days ago")
    if now - at <= OLD_BACKUP:
        return Finding("ok", f"The newest backup that I took was taken {age}.")
    return Finding("careful", f"The newest backup that I took was taken {age}.", BACKUP)


def _writes(beat: Callable[[], None]) -> Finding:
    try:
        beat()
    except Exception as fault:  # noqa: BLE001  whatever it is, nothing can be kept
        return Finding(
            "wrong",
            f"Nothing can be saved ({type(fault).__name__}).",
            "Is there room, and may I write the file and its folder?",
        )
    return Finding("ok", "A row was written and read back.")


def _clocks(apart: timedelta) -> Iterator[Finding]:
    if apart > FAR_APART:
        yield Finding(
            "wrong",
            f"The database's clock and this machine's are {apart.total_seconds():.0f} s apart.",
            "Set both by NTP.",
        )
    else:
        yield Finding("ok", "The clocks agree.")


def _secrets(file: Path | None) -> Iterator[Finding]:
    beside = [file.with_name(f"{file.name}{end}") for end in ("", "-wal", "-shm")] if file else []
    open_to_all = [
        secret
        for secret in (*beside, Path(".env"))
        if secret.exists() and secret.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)
    ]
    for secret in open_to_all:
        yield Finding(
            "careful",
            f"Everybody on this machine can read {secret.name}.",
            f"chmod 600 {secret}",
        )
    if not open_to_all:
        yield Finding("ok", "No file with secrets is open to everybody on this machine.")


def report(findings: Iterable[Finding]) -> tuple[str, bool]:
    """All findings as lines, and whether nothing is wrong."""
    lines, is_well = [], True
    for finding in findings:
        is_well = is_well and finding.state != "wrong"
        lines.append(f"{finding.state:8} {finding.text}")
        if finding.remedy:
            lines.append(f"         → {finding.remedy}")
    return "\n".join(lines), is_well
