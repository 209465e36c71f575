"""Runs one command: one transaction, then whatever it wanted noted."""

import logging
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot.messages import Account, Card, Command, Note, Refusal, Reply
from bot.router import Router


class Meeting(Protocol):
    """What answering must know of a session."""

    is_first_meeting: bool


log = logging.getLogger(__name__)
M = TypeVar("M", bound=Meeting)
Opened = TypeVar("Opened", covariant=True)


class Memory(Protocol[Opened]):
    """Opens a transaction for whoever asks, in which their account is a person.

    In a reading one a new person is only imagined; a writing one keeps them.
    """

    def reading(self, by: Account) -> AbstractContextManager[Opened]: ...

    def writing(self, by: Account) -> AbstractContextManager[Opened]: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person sees: cards, or why not."""

    cards: tuple[Card, ...] = ()
    refusal: Refusal | None = None


class Answering(Generic[M]):
    """Gives every command to its handler, whichever chat it came from."""

    def __init__(self, router: Router[M], memory: Memory[M]) -> None:
        self.router = router
        self._memory = memory

    def answer(self, command: Command) -> Answer:
        """Run it here and now. A `Refusal` leaves nothing behind."""
        began = time.monotonic()
        answer = self._run(command)
        log.info(
            "answered",
            extra={
                "command": command.name,
                "platform": command.by.platform,
                "refused": answer.refusal is not None,
                "milliseconds": round(1000 * (time.monotonic() - began)),
            },
        )
        return answer

    def _run(self, command: Command) -> Answer:
        route = self.router.routes[command.name]
        try:
            if route.kind == "changes":
                with self._memory.writing(command.by) as session:
                    cards, notes = _sort(route.handler(command, session))
                    self._keep(notes, command, session)
            else:
                with self._memory.reading(command.by) as session:
                    cards, notes = _sort(route.handler(command, session))
                    is_new = session.is_first_meeting
                if notes or is_new:
                    with self._memory.writing(command.by) as session:
                        self._keep(notes, command, session)
        except Refusal as refusal:
            return Answer(refusal=refusal)
        return Answer(cards)

    def _keep(self, notes: Sequence[Note], command: Command, session: M) -> None:
        for note in notes:
            self.router.keepers[note.keeps](note, command, session)


def _sort(reply: Reply) -> tuple[tuple[Card, ...], tuple[Note, ...]]:
    all_of_it = reply if isinstance(reply, tuple) else (reply,)
    return (
        tuple(one for one in all_of_it if isinstance(one, Card)),
        tuple(one for one in all_of_it if isinstance(one, Note)),
    )
