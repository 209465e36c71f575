"""Finds who answers what people type."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from rapidfuzz.distance import OSA

from bot.messages import Command, Note, Reply

S = TypeVar("S")
ENDINGS = "?!.,:"
_CALLED = re.compile(
    r"^\s*(?:(?:hi|hey|hello|ok)[\s,]+)?[/@]?(?:align|throughline)\b[\s,:]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Route(Generic[S]):
    """One command: its name, and how it is answered.

    `reads` runs in a transaction that cannot write. `changes` runs in one that took the write
    lock, and what it did stands only if it returns. One that stands alone is heard only where
    nothing follows it: `stop` is a command, "stop smoking" may be a project.
    """

    name: str
    kind: Literal["reads", "changes"]
    handler: Callable[[Command, S], Reply]
    stands_alone: bool = False
    is_typed: bool = True  # else only buttons and forms send it
    also: str = ""  # a pattern: what begins so is this command too, with its text as it stands


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
        self._longest = max((len(name.split()) for name in self.routes), default=1)

    def hear(self, typed: str) -> Heard:
        """Take what somebody typed apart. Nothing at all asks for the home card."""
        text = _CALLED.sub("", typed).strip()
        if not any(char.isalnum() for char in text):
            return Heard("home", "")
        for count in range(self._longest, 0, -1):
            words = text.split(None, count)
            name = " ".join(words[:count]).lower().rstrip(ENDINGS)
            rest = "".join(words[count:])
            if self._is_heard(name, rest):
                return Heard(name, rest)
        for name, route in self.routes.items():
            if route.also and re.match(route.also, text, re.IGNORECASE):
                return Heard(name, text)
        verb, _, rest = text.partition(" ")
        return Heard("ask", text, self._near(verb.lower().rstrip(ENDINGS), rest))

    def _is_heard(self, name: str, rest: str) -> bool:
        if name not in self.routes or name == "home" or (name == "ask" and not rest):
            return False
        if not self.routes[name].is_typed:
            return False
        return not (rest.strip(ENDINGS) and self.routes[name].stands_alone)

    def _near(self, verb: str, rest: str) -> str:
        return next((one.name for one in self.routes.values() if _is_near(one, verb, rest)), "")


def _is_near(route: Route[S], verb: str, rest: str) -> bool:
    """Short verbs that change something are one edit from many names: "One login", `gone`."""
    if len(route.name) < 4 or not route.is_typed or (rest and route.stands_alone):
        return False
    is_one_edit = OSA.distance(route.name, verb) == 1
    is_sure = len(route.name) > 4 or route.kind == "reads" or sorted(route.name) == sorted(verb)
    return is_one_edit and is_sure
