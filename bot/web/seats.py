"""Who sits in which pane of the sandbox, and whom one can be there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.messages import Account, Channel
from bot.web.history import Player

PANES = {"business": "Business", "it": "IT"}
EXTRAS = (  # whoever plays where the company has nobody of that side
    Account("sandbox", "", "dana@sandbox.example", "Dana", "dana@sandbox.example", "business"),
    Account("sandbox", "", "lee@sandbox.example", "Lee", "lee@sandbox.example", "it"),
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in a pane."""

    pane: str
    who: Account

    @property
    def channel(self) -> Channel:
        return Channel("sandbox", "", self.pane, f"{PANES[self.pane]} pane", "open")


def channels() -> list[Channel]:
    """Where things can be said."""
    return [Seat(pane, EXTRAS[0]).channel for pane in PANES]


def players(cast: Sequence[Player]) -> list[Account]:
    """Everybody one can be: the company's people, and somebody of each side."""
    known = [
        Account("sandbox", "", one.email, one.name, one.email, one.side or "")
        for one in cast
        if one.email
    ]
    sides = {one.side for one in known}
    return [*known, *(extra for extra in EXTRAS if extra.side not in sides)]


def seated(players: Sequence[Account], told: Any) -> Seat:
    """The seat that a page tells of: a pane, and an address; else the first of that side."""
    pane, email = str(told.get("pane")), str(told.get("as", ""))
    if pane not in PANES:
        raise web.HTTPBadRequest(text="There is no such pane.")
    fitting = [one for one in players if one.email == email.lower()]
    fitting += [one for one in players if one.side == pane]
    return Seat(pane, fitting[0])
