"""What a chat must be able to do for us, and the ways in which it may fail."""

from collections.abc import Callable, Collection
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol

from bot.doctor import Finding
from bot.messages import Account, Card, Channel


class NotSent(Exception):  # noqa: N818  it is an outcome, told apart by what follows from it
    """Surely not said: try again, but not before `again_after` seconds have passed."""

    def __init__(self, again_after: float = 0.0, why: str = "") -> None:
        super().__init__(why)
        self.again_after = again_after


class Unknown(Exception):  # noqa: N818
    """Perhaps said, perhaps not: the answer was lost."""


class Unreachable(Exception):  # noqa: N818
    """It will never be said there, and a person must know why.

    `why` is one or two whole sentences for that person, and says what to do.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Gone(Exception):  # noqa: N818
    """The message to be edited is not there any more."""


is_on_time: ContextVar[Callable[[], bool]] = ContextVar("is_on_time", default=lambda: True)


def last_word() -> None:
    """For an adapter to call as late as it can before the bytes leave; raises `NotSent`.

    A process may be frozen anywhere, and what it sends when it thaws may have been said by another.
    """
    if not is_on_time.get()():
        raise NotSent(why="it took too long")


class Platform(Protocol):
    """One chat, as the sender sees it.

    `post` and `edit` never try twice on their own: who says a thing again is decided by its row.
    Each may raise `NotSent`, `Unknown` or `Unreachable`, and `edit` also `Gone`.
    """

    name: str
    can_find: bool

    async def post(self, channel: Channel, under: str, card: Card, uid: str) -> str:
        """Say it, with our own id in it, and give the message's id."""
        ...

    async def edit(self, channel: Channel, message_id: str, card: Card) -> None: ...

    async def find(self, channel: Channel, uid: str, under: str, since: datetime) -> str | None:
        """The id of the message that carries ours; only where `can_find`.

        It stands under that thread, if it is there, and nobody wanted it said before `since`.
        """
        ...

    async def private(self, account: Account) -> Channel:
        """The direct conversation with somebody, opened if need be; harmless to ask again."""
        ...

    def lane(self, channel: Channel, is_edit: bool) -> tuple[str, float]:
        """What this shares its limit with, and the seconds to leave between two of a lane."""
        ...

    async def members(self, channel: Channel) -> Collection[Account]:
        """Who is in there now, as far as the platform says; raises as `post` does."""
        ...

    async def check(self) -> Collection[Finding]:
        """How the platform answers us: for whoever runs us, in words that say what to do."""
        ...
