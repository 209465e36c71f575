"""What somebody did in Slack, before anybody knows who they are, and how they can be answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.messages import Channel, Source

PLATFORM = "slack"
Way = Literal["slash", "mention", "direct", "button", "modal", "home", "filled", "shortcut"]


@dataclass(frozen=True, slots=True)
class Here:
    """The installation that heard it: its tenant, and who we are there."""

    tenant: str
    bot_user: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody, as one request names them; `team` is their own, where it says so."""

    id: str
    team: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where an answer can go. A `trigger` lives three seconds and serves once."""

    way: Way
    response_url: str = ""
    trigger: str = ""
    view: str = ""  # the modal that stands open


@dataclass(frozen=True, slots=True)
class Doing:
    """One delivery: what was typed, or which command it names.

    `key` is the same on every replay. Without a place it was done in a page of our own, like the
    home, and belongs into their direct conversation with us.
    """

    key: str
    who: Who
    at: Channel | None
    reach: Reach
    under: str = ""
    typed: str | None = None
    name: str = ""
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = None
