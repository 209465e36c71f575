"""Backs everything up to one file, and brings it back from there."""

from datetime import datetime
from pathlib import Path

from bot.messages import Card, Refusal
from handlers.saying import card
from storage import backups
from storage.backups import Contents, Unusable
from storage.database import Database


def backup(database: Database, path: Path) -> tuple[Card, bool]:
    """Write a backup, and say what is in it and whether its record is whole."""
    try:
        contents = backups.take(database, path)
    except Unusable as told:
        raise Refusal(told.text) from told
    taken = card(
        "backups/taken", path=str(path), counts=_counts(contents), records=_records(contents)
    )
    return taken, contents.is_whole


def restore(database: Database, path: Path, is_instead: bool, at: datetime) -> tuple[Card, bool]:
    """Bring a backup back, and say what stands now and whether its record is whole."""
    try:
        restored = backups.restore(database, path, is_instead, at)
    except Unusable as told:
        raise Refusal(told.text) from told
    stands = card(
        "backups/restored",
        path=str(path),
        before=str(restored.before) if restored.before else "",
        counts=_counts(restored.contents),
        records=_records(restored.contents),
    )
    return stands, restored.contents.is_whole


def _counts(contents: Contents) -> list[str]:
    return [f"{noun} {count:,}" for noun, count in contents.counts]


def _records(contents: Contents) -> list[dict[str, object]]:
    return [
        {
            "company": record.company,
            "head": record.head.short if record.head else "",
            "faults": len(record.faults),
        }
        for record in contents.records
    ]
