"""A place in Slack as rendering knows it, which remembers in a dictionary."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def everybody(person_id: int) -> str | None:
    """Everybody has an account here."""
    return f"U{person_id:05}"


def nobody(_: int) -> str | None:
    return None


@dataclass(slots=True)
class Seen:
    """`bot.slack.seen.Seen`. What is kept here nobody lets go of, unless a test does."""

    zone: ZoneInfo = BERLIN
    mention: Callable[[int], str | None] = everybody
    texts: dict[str, str] = field(default_factory=dict)

    def keep(self, text: str) -> str:
        token = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:40]
        self.texts[token] = text
        return token

    def kept(self, token: str) -> str | None:
        return self.texts.get(token)
