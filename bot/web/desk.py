"""One file that somebody brought: what was read from it, what is done with it, and how far."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Generic, Literal, TypeVar
from uuid import uuid4

from bot.messages import Refusal
from bot.web.html import Html
from bot.web.pages import Intake, Page, SignedOut, Visit, Visitor

K = TypeVar("K")
S = TypeVar("S")
Step = Literal["reading", "looking", "saving", "ready", "done", "over"]
BUSY: tuple[Step, ...] = ("reading", "looking", "saving")

log = logging.getLogger(__name__)


class Stopped(Exception):  # noqa: N818  somebody wanted it so
    """Nothing more is to be done."""


@dataclass(slots=True)
class Desk(Generic[K, S]):
    """Where one file lies, and whose it is.

    Its work is done in a thread; whoever asks reads how far it is. Each step is one assignment at
    its end, so that nobody ever sees half of it.
    """

    name: str
    visitor: Visitor[S]
    id: str = field(default_factory=lambda: uuid4().hex)
    step: Step = "reading"
    done: int = 0
    total: int = 0
    html: str = ""
    files: dict[str, str] = field(default_factory=dict)
    brought: K | None = None
    is_stopped: Event = field(default_factory=Event)

    @property
    def is_busy(self) -> bool:
        return self.step in BUSY

    def tell(self, done: int, total: int = 0) -> None:
        """Say how far it is; raises `Stopped` where nobody wants it any more."""
        if self.is_stopped.is_set():
            raise Stopped
        self.done, self.total = done, total

    def begin(self, step: Step) -> None:
        """The next piece of work is to be done."""
        self.step, self.done, self.total = step, 0, 0

    def state(self) -> dict[str, object]:
        """How far it is, and what to show where it has come to something."""
        step = self.step
        html = "" if step in BUSY else self.html
        return {"id": self.id, "name": self.name, "step": step, "done": self.done,
                "total": self.total, "html": html}  # fmt: skip


class Work(Generic[K, S]):
    """The steps of one kind of file, each to be run in a thread; what goes wrong is a sentence."""

    def __init__(self, intake: Intake[K, S], html: Html) -> None:
        self._intake, self._html = intake, html

    def first(self, visitor: Visitor[S]) -> str:
        """What is shown before there is any file."""
        with visitor.reading() as session:
            return self._fill(self._intake.first(session), visitor)

    def read(self, desk: Desk[K, S], content: bytes) -> None:
        """Read the file, and show what it says."""
        with self._caring(desk):
            desk.brought = self._intake.read(content, desk.name, desk.tell)
            desk.begin("looking")
            self._look(desk, {})

    def look(self, desk: Desk[K, S], values: dict[str, str]) -> None:
        """Show what it says with other columns."""
        with self._caring(desk):
            self._look(desk, values)

    def bring(self, desk: Desk[K, S], values: dict[str, str]) -> None:
        """Keep it. It is done when it is committed, and not before."""
        with self._caring(desk):
            with desk.visitor.writing() as session:
                page = self._intake.bring(self._visit(desk, values), session)
                html = self._fill(page, desk.visitor, desk.id)  # what fails here is not committed
            desk.brought, desk.files, desk.html = None, dict(page.files), html
            desk.step = "done"

    def _look(self, desk: Desk[K, S], values: dict[str, str]) -> None:
        with desk.visitor.reading() as session:
            page = self._intake.look(self._visit(desk, values), session)
        desk.tell(0)
        desk.files, desk.html = dict(page.files), self._fill(page, desk.visitor, desk.id)
        desk.step = "ready"

    @contextmanager
    def _caring(self, desk: Desk[K, S]) -> Iterator[None]:
        try:
            yield
        except Exception as why:  # noqa: BLE001  the edge: whoever waits gets a sentence
            self._end(desk, why)

    @staticmethod
    def _visit(desk: Desk[K, S], values: dict[str, str]) -> Visit[K]:
        assert desk.brought is not None
        return Visit(desk.brought, values, desk.tell)

    def _end(self, desk: Desk[K, S], why: Exception) -> None:
        kind = "stopped" if isinstance(why, Stopped) else "broken"
        if isinstance(why, Refusal):
            kind = "refused"
        if isinstance(why, SignedOut):
            kind = "signed out"
        if kind == "broken":
            log.error("failed", exc_info=why, extra={"step": desk.step})
        said = why.text if isinstance(why, Refusal) else ""
        desk.html = self._html.fill(
            "over", kind=kind, said=said, name=desk.name, is_signed_in=bool(desk.visitor.name)
        )
        desk.brought, desk.files = None, {}
        desk.step = "over"

    def _fill(self, page: Page, visitor: Visitor[S], id: str = "") -> str:
        known = {"desk": id, "is_signed_in": bool(visitor.name)}
        return self._html.fill(page.template, **known, **page.facts)
