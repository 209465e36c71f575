"""Finds who answers what people type."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from rapidfuzz.distance import OSA

from bot.messages import Command, Note, Reply

S = TypeVar("S")
_CALLED = re.compile(
    r"^\s*(?:(?:hi|hey|hello|ok)[\s,]+)?[/@]?(?:align|throughline)\b[\s,:]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Route(Generic[S]):
    """One command: its name, how it is answered, and what `help` says of it.

    `reads` runs in a transaction that cannot write. `changes` runs in one that took the write
    lock, and what it did stands only if it returns.
    """

    name: str
    kind: Literal["reads", "changes"]
    handler: Callable[[Command, S], Reply]
    about: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What was typed, as a command's name and the rest; `near` is the verb it almost began with."""

    name: str
    text: str
    near: str = ""


class Router(Generic[S]):
    """The routes by name. What begins with no verb of ours is a question, and goes to `ask`."""

    def __init__(
        self,
        routes: Iterable[Route[S]],
        keepers: Iterable[tuple[str, Callable[[Note, Command, S], None]]] = (),
    ) -> None:
        self.routes = {route.name: route for route in routes}
        self.keepers = dict(keepers)

    def hear(self, typed: str) -> Heard:
        """Take what somebody typed apart. Nothing at all asks for the home card."""
        text = _CALLED.sub("", typed).strip()
        verb, _, rest = text.partition(" ")
        verb = verb.lower().rstrip("?!.,:")
        if not any(char.isalnum() for char in text):
            return Heard("home", "")
        if verb in self.routes and verb not in ("ask", "home"):
            return Heard(verb, rest.strip())
        if verb == "ask" and rest.strip():
            return Heard("ask", rest.strip())
        return Heard("ask", text, self._near(verb))

    def _near(self, verb: str) -> str:
        near = (name for name in self.routes if len(name) > 3 and OSA.distance(name, verb) == 1)
        return next(near, "")
