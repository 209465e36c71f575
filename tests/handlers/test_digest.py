"""A room gets a digest: when somebody types it, when its time comes, and what it says."""

import time

from sqlmodel import col, select

from bot import plain
from digests.planning import Planning
from storage.occurrences import Occurrence
from storage.outbox import Message
from tests.chat import Chat


def plans(chat: Chat) -> int:
    """One tick of `plan`."""
    return Planning(chat.store, time.monotonic).plan()


def keys(chat: Chat) -> list[str]:
    with chat.looking() as session:
        wanted = select(Message.key).where(col(Message.key).startswith("digest/"))
        return list(session.exec(wanted.order_by(col(Message.created_at), col(Message.key))))


def became(chat: Chat) -> list[tuple[str, str]]:
    """Each date that was seen to, and why it was skipped, if it was."""
    with chat.looking() as session:
        rows = session.exec(select(Occurrence).order_by(col(Occurrence.day)))
        return [(one.day.isoformat(), one.why) for one in rows]


def reads(chat: Chat, key: str, at: str = "general") -> str:
    """What stands there."""
    return plain.card(chat.standing(key, at), chat.zone)


def test_a_digest_is_typed_planned_and_said_once(chat: Chat) -> None:
    chat.types("lee", "digest every Mon 9:00")
    chat.sees("lee", "general gets a digest every Mon 9:00", "Europe/Berlin")
    chat.sees("lee", "Mon 30 Nov 09:00 CET, in 7 days", "Lee Novak hears of it")
    assert plans(chat) == 0
    chat.clock.wind(days=7, hours=-1)
    assert plans(chat) == 1
    assert plans(chat) == 0
    assert keys(chat) == ["digest/1/2026-11-30"]
    said = reads(chat, "digest/1/2026-11-30")
    assert said.startswith("general · week to Mon 30 Nov · nothing waits for the business\n")
    assert "Days to onboard 12 → 11 days (goal 8); New customers: nobody has told me yet" in said
    assert "[More] [Useful] [Not for me]" in said
