"""The terminal, as a platform: one line in, one answer out, as text or as JSON."""

import json
import re
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot import plain
from bot.answering import Answer
from bot.messages import Account, Channel, Command
from bot.router import Heard


def account(email: str) -> Account:
    """Whoever types: the operator, or the person with this address."""
    if not email:
        return Account("terminal", "", "operator", "Operator", standing="operator")
    if not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", email):
        raise ValueError(f"--as takes an e-mail address, and {email} is none.")
    name = email.partition("@")[0].replace(".", " ").title()
    return Account("terminal", "", email.lower(), name, email.lower())


def channel(name: str) -> Channel:
    """The place it is typed in."""
    return Channel("terminal", "", name, name)


def command(heard: Heard, by: Account, at: Channel, when: datetime) -> Command:
    """What was typed, as a command."""
    values = {"near": heard.near} if heard.near else {}
    return Command(heard.name, by, at, when, heard.text, values)


def as_text(answer: Answer, zone: ZoneInfo) -> str:
    """The whole answer, for a person."""
    if answer.refusal:
        return answer.refusal.text
    return "\n\n".join(plain.card(card, zone) for card in answer.cards)


def as_json(answer: Answer, zone: ZoneInfo) -> str:
    """The whole answer on one line, for a program."""
    said: dict[str, Any] = {
        "refused": answer.refusal.text if answer.refusal else None,
        "cards": [
            {
                "title": plain.plain(card.title, zone),
                "text": plain.body(card, zone),
                "buttons": [
                    {"label": button.label, "sends": button.sends, "text": button.text}
                    for button in card.buttons
                ],
            }
            for card in answer.cards
        ],
        "form": None,
        "posts": [],
        "text": as_text(answer, zone),
    }
    return json.dumps(said, ensure_ascii=False)


def typed_lines(typed: str | None, from_stdin: bool) -> Iterable[str]:
    """What to run: the text given, or every line that comes in."""
    if from_stdin:
        lines = (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
        return (line.rstrip("\r\n") for line in lines if line.strip())
    return (typed or "",)


class Progress:
    """One line that says how far a long work is; nothing where nobody looks."""

    def __init__(self, doing: str) -> None:
        self._doing, self._said = doing, -1

    def __call__(self, done: int, total: int) -> None:
        percent = 100 * done // max(total, 1)
        if sys.stderr.isatty() and percent != self._said:
            self._said = percent
            end = "\n" if done >= total else ""
            print(f"\r{self._doing} {done:,} of {total:,}", end=end, file=sys.stderr, flush=True)
