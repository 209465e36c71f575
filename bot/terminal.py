"""The terminal, as a platform: one line in, one answer out, as text or as JSON."""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from bot import plain
from bot.answering import Answer
from bot.messages import Account, Card, Channel, Command, Form
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
    """The place it is typed in. It is open: who runs us types there for the company, and may name
    any place and be anybody, so that nothing typed there was ever between a few."""
    return Channel("terminal", "", name, name, "open")


def command(heard: Heard, by: Account, at: Channel, when: datetime) -> Command:
    """What was typed, as a command; every line is a delivery of its own."""
    values = {"near": heard.near} if heard.near else {}
    return Command(heard.name, by, at, when, heard.text, values, key=str(uuid4()))


Said = Sequence[tuple[str, Card]]  # what is said for everybody: its key, and the card as it stands


def as_text(answer: Answer, said: Said, zone: ZoneInfo) -> str:
    """The whole answer, for a person. What goes to a room is said there by the next `serve`."""
    if answer.refusal:
        buttons = " ".join(f"[{button.label}]" for button in answer.refusal.buttons)
        return f"{answer.refusal.text}\n{buttons}".strip()
    blocks = [plain.card(card, zone) for card in (*answer.cards, *(card for _, card in said))]
    if answer.form:
        blocks.append(_form_text(answer.form, zone))
    if answer.where:
        blocks.append(f"Saved. It is posted in {', '.join(answer.where)} while the server runs.")
    return "\n\n".join(blocks)


def _form_text(form: Form, zone: ZoneInfo) -> str:
    asked = "\n".join(f"- {one.label}" for one in form.inputs)
    return f"{plain.plain(form.title, zone)}\n{asked}\nA chat shows this as a form."


def as_json(answer: Answer, said: Said, zone: ZoneInfo) -> str:
    """The whole answer on one line, for a program."""
    told: dict[str, Any] = {
        "refused": answer.refusal.text if answer.refusal else None,
        "cards": [_card(card, zone) for card in answer.cards],
        "form": _form(answer.form, zone) if answer.form else None,
        "posts": [
            {"key": key, "to": list(answer.where), **_card(card, zone)} for key, card in said
        ],
        "text": as_text(answer, said, zone),
    }
    return json.dumps(told, ensure_ascii=False)


def _card(card: Card, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "title": plain.plain(card.title, zone),
        "text": plain.body(card, zone),
        "buttons": [
            {"label": button.label, "sends": button.sends, "text": button.text}
            for button in card.buttons
        ],
    }


def _form(form: Form, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "title": plain.plain(form.title, zone),
        "sends": form.sends,
        "inputs": [{"name": one.name, "label": one.label} for one in form.inputs],
    }


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


def is_sure() -> bool:
    """Whether somebody at a terminal types yes. A program is not asked, and has not said so."""
    if not sys.stdin.isatty():
        return False
    print("Type yes to go on: ", end="", flush=True)
    return sys.stdin.readline().strip().lower() == "yes"
