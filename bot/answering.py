"""Runs one command: one transaction, then whatever it wanted noted, then the sender is woken."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot import trouble
from bot.messages import (
    Account,
    Card,
    Changed,
    Channel,
    Command,
    Form,
    Note,
    Person,
    Post,
    Refusal,
    Reply,
    Room,
)
from bot.router import Route, Router


class Meeting(Protocol):
    """What answering must know of a session."""

    is_first_meeting: bool


log = logging.getLogger(__name__)
M = TypeVar("M", bound=Meeting)
T = TypeVar("T")
In = TypeVar("In", contravariant=True)


class Inbox(Protocol[In]):
    """Knows what was heard already."""

    def hear(self, session: In, key: str) -> bool:
        """Keep this delivery's key. False for one that was heard before."""
        ...


class Outbox(Protocol[In]):
    """Keeps what is to be said, in the transaction that it tells of."""

    def say_in_room(self, session: In, room_id: int, key: str) -> None: ...

    def say_in_channel(self, session: In, at: Channel, key: str, under: str) -> None: ...

    def say_to_person(self, session: In, person_id: int, key: str) -> None: ...

    def refresh(self, session: In, key: str) -> None: ...

    def show(self, session: In, at: Channel, under: str, key: str) -> None:
        """Remember that this thing is what this person was shown last in this place."""
        ...

    def show_soon(self, session: In, at: Channel, under: str, key: str) -> bool:
        """The same from a session that only reads, a moment later. False where it cannot be."""
        ...


class Memory(Inbox[M], Outbox[M], Protocol[M]):
    """Opens a transaction for whoever asks and where, in which their account is a person.

    In a reading one a new person is only imagined; a writing one keeps them.
    """

    def reading(self, by: Account, at: Channel) -> AbstractContextManager[M]: ...

    def writing(self, by: Account, at: Channel) -> AbstractContextManager[M]: ...

    def write(self, by: Account, work: Callable[[M], T], at: Channel) -> T:
        """The same, for work that may share its commit with others'; committed when it returns."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person sees: cards, or why not; nothing new where it was heard before."""

    cards: tuple[Card, ...] = ()
    form: Form | None = None
    refusal: Refusal | None = None
    is_repeat: bool = False
    is_trouble: bool = False  # nobody was refused anything: it could not be kept or looked up
    said: tuple[str, ...] = ()  # keys of what will be said, or is refreshed, for everybody
    where: tuple[str, ...] = ()  # the names of the places where it will be said


class Answering(Generic[M]):
    """Gives every command to its handler, whichever chat it came from.

    `wake` is called after a commit that left something to be said, `count` with each command's
    name, outcome and seconds. `why` says of an error what is the matter with the memory: "full",
    "away", "unsure" or "busy"; nothing of a bug.
    """

    def __init__(
        self,
        router: Router[M],
        memory: Memory[M],
        wake: Callable[[], None] = lambda: None,
        why: Callable[[BaseException], str] = lambda _: "",
        count: Callable[[str, str, float], None] = lambda *_: None,
    ) -> None:
        self.router = router
        self._memory = memory
        self._wake, self._why, self._count = wake, why, count

    def answer(self, command: Command) -> Answer:
        """Run it here and now. A `Refusal` leaves nothing behind."""
        began, outcome = time.monotonic(), "broken"
        try:
            answer = self._run(command)
            outcome = _outcome(answer)
        finally:
            seconds = time.monotonic() - began
            self._count(command.name, outcome, seconds)
            log.info(
                "answered",
                extra={
                    "command": command.name,
                    "platform": command.by.platform,
                    "outcome": outcome,
                    "milliseconds": round(1000 * seconds),
                },
            )
        return answer

    def _run(self, command: Command) -> Answer:
        route = self.router.routes[command.name]
        try:
            if route.kind == "changes":
                return self._change(route, command)
            return self._read(route, command)
        except Refusal as refusal:
            return Answer(refusal=refusal)
        except Exception as fault:
            why = self._in_trouble(fault, command)
            if not why:
                raise
            told = trouble.unsaved if route.kind == "changes" else trouble.unread
            return Answer(refusal=told(why), is_trouble=True)

    def _in_trouble(self, fault: Exception, command: Command) -> str:
        why = self._why(fault)
        if why:
            log.error("not kept", exc_info=fault, extra={"command": command.name, "why": why})
        return why

    def _change(self, route: Route[M], command: Command) -> Answer:
        if not command.key:
            raise ValueError(f"{command.name} changes something, but its delivery has no key")

        def change(session: M) -> _Sorted | None:
            if not self._memory.hear(session, _delivery(command)):
                return None
            reply = _sort(route.handler(command, session))
            self._keep(reply.notes, command, session)
            self._say(reply, session)
            if given := _given(reply):
                self._memory.show(session, command.at, command.under, given)
            return reply

        reply = self._memory.write(command.by, change, command.at)
        if reply is None:
            return Answer(is_repeat=True)
        if reply.posts or reply.changes:
            self._wake()
        keys = (*(post.key for post in reply.posts), *(one.key for one in reply.changes))
        where = tuple(dict.fromkeys(_name_of(post) for post in reply.posts))
        return Answer(reply.cards, reply.form, said=tuple(dict.fromkeys(keys)), where=where)

    def _read(self, route: Route[M], command: Command) -> Answer:
        with self._memory.reading(command.by, command.at) as session:
            reply = _sort(route.handler(command, session))
            is_new = session.is_first_meeting
            given = _given(reply)
            if given and not reply.notes and not is_new:
                is_shown = self._memory.show_soon(session, command.at, command.under, given)
                given = "" if is_shown else given
        if reply.posts or reply.changes:
            raise TypeError(f"{command.name} only reads, but wants something said for good")

        def note(session: M) -> None:
            self._keep(reply.notes, command, session)
            if given:
                self._memory.show(session, command.at, command.under, given)

        if reply.notes or given or is_new:
            try:
                self._memory.write(command.by, note, command.at)
            except Exception as fault:
                if reply.notes or not self._in_trouble(fault, command):
                    raise  # the answer says what was kept
        return Answer(reply.cards, reply.form)

    def _say(self, reply: "_Sorted", session: M) -> None:
        for post in reply.posts:
            match post.to:
                case Room(id=room_id):
                    self._memory.say_in_room(session, room_id, post.key)
                case Channel():
                    self._memory.say_in_channel(session, post.to, post.key, post.under)
                case Person(id=person_id):
                    self._memory.say_to_person(session, person_id, post.key)
        for changed in reply.changes:
            self._memory.refresh(session, changed.key)

    def _keep(self, notes: Sequence[Note], command: Command, session: M) -> None:
        for note in notes:
            self.router.keepers[note.keeps](note, command, session)


def _outcome(answer: Answer) -> str:
    if answer.is_repeat:
        return "repeated"
    if answer.is_trouble:
        return "trouble"
    return "refused" if answer.refusal else "answered"


@dataclass(frozen=True, slots=True)
class _Sorted:
    cards: tuple[Card, ...]
    form: Form | None
    notes: tuple[Note, ...]
    posts: tuple[Post, ...]
    changes: tuple[Changed, ...]


def _sort(reply: Reply) -> _Sorted:
    all_of_it = reply if isinstance(reply, tuple) else (reply,)
    return _Sorted(
        tuple(one for one in all_of_it if isinstance(one, Card)),
        next((one for one in all_of_it if isinstance(one, Form)), None),
        tuple(one for one in all_of_it if isinstance(one, Note)),
        tuple(one for one in all_of_it if isinstance(one, Post)),
        tuple(one for one in all_of_it if isinstance(one, Changed)),
    )


def _given(reply: _Sorted) -> str:
    """The thing that the asker is shown now, if it is one: a post shows it to everybody."""
    keys = [card.key for card in reply.cards if card.key]
    if not keys and not reply.posts:
        keys = [changed.key for changed in reply.changes]
    return keys[-1] if keys else ""


def _name_of(post: Post) -> str:
    return post.to.name or (post.to.id if isinstance(post.to, Channel) else "the room")


def _delivery(command: Command) -> str:
    """Two platforms may number their deliveries alike."""
    return f"{command.at.platform}/{command.at.tenant}/{command.key}"
