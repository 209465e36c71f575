"""The one fake chat: what people type and press, and what they see; all behind it is real."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import event

from bot import messages, plain
from bot.answering import Answer, Answering
from bot.composing import Composing
from bot.messages import Account, Button, Card, Channel, Command, Refusal
from handlers import composers
from handlers.decide import may_see
from storage import organisations
from storage.database import Database, Session
from storage.organisations import Organisation
from storage.people import Person
from storage.store import Store
from storage.tables import Ours
from tests.clock import Clock

_COMPARED = re.compile(
    r"\b(\w+)\.organisation_id\s*(?:=|IN\b)|=\s*(\w+)\.organisation_id\b", re.IGNORECASE
)
_FLUSHED = re.compile(  # one row by its key: it was loaded by the session, and checked before it
    r"\s*(?:UPDATE (?P<changed>\w+) SET .*|DELETE FROM (?P<removed>\w+)) "
    r"WHERE (?(changed)(?P=changed)|(?P=removed))\.id = (?:\?|%\(\w+\)s(?:::\w+)?)\s*",
    re.DOTALL,
)
_READS_OR_CHANGES = re.compile(r"\s*(SELECT|WITH|UPDATE|DELETE)\b")


def unguarded(statement: str) -> list[str]:
    """The tables whose rows a statement reads or changes for every organisation at once.

    To list the column among those wanted is not enough: it must be compared with something. Only
    what the ORM flushes is free of it: one row, by its primary key and nothing else.
    """
    if not _READS_OR_CHANGES.match(statement) or _FLUSHED.fullmatch(statement):
        return []
    sources = statement[max(statement.find("FROM"), 0) :]
    used = {alias or table for table, alias in _named(_tables()).findall(sources)}
    compared = {name for both in _COMPARED.findall(sources) for name in both}
    return sorted(used - compared)


def _tables() -> tuple[str, ...]:
    return tuple(sorted(str(table.__tablename__) for table in Ours.__subclasses__()))


@cache
def _named(tables: tuple[str, ...]) -> re.Pattern[str]:
    one = "|".join(tables)
    return re.compile(rf"(?:\b(?:FROM|JOIN|UPDATE)|,)\s+({one})\b(?!\.|\s*=)(?:\s+AS\s+(\w+))?")


@contextmanager
def guarded(database: Database) -> Iterator[None]:
    """Refuse, while it lasts, every statement that forgets whose rows it is about."""

    def look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        forgotten = unguarded(statement)
        assert not forgotten, f"without organisation_id for {', '.join(forgotten)}: {statement}"

    engines = {id(engine): engine for engine in (database.writer, database.reader)}.values()
    for engine in engines:
        event.listen(engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", look)


class Chat:
    """One company talking to us. People are known by the first part of their address."""

    def __init__(
        self,
        answering: Answering[Session],
        store: Store,
        clock: Clock,
        organisation: Organisation,
        domain: str,
        sides: dict[str, str],
    ) -> None:
        self.answering = answering
        self.store = store
        self.clock = clock
        self.organisation = organisation
        self.zone = ZoneInfo(organisation.zone)
        self._domain = domain
        self._sides = sides
        self.accounts: dict[str, Account] = {}  # of who is known otherwise than by an address
        self._last: dict[str, Answer] = {}
        self.is_attacked = False  # the record need not be whole afterwards
        self._said: tuple[Card, ...] = ()  # what was said last for everybody

    # what people do

    def types(self, who: str, text: str, *, at: str = "general") -> "Chat":
        """Somebody types this, with or without `/align` before it."""
        return self.does(who, self.typed(who, text, at=at))

    def typed(self, who: str, text: str, *, at: str = "general") -> Command:
        """What an adapter makes of what somebody typed."""
        heard = self.answering.router.hear(text)
        values = {"near": heard.near} if heard.near else {}
        return self.command(who, heard.name, heard.text, values, at=at)

    def clicks(self, who: str, label: str, *, at: str = "general") -> "Chat":
        """Somebody presses the button with this label on what they were shown last."""
        return self.does(who, self.pressed(who, self.button(who, label), at=at))

    def pressed(self, who: str, button: Button, *, at: str = "general") -> Command:
        """What an adapter makes of a press."""
        return self.command(who, button.sends, button.text, dict(button.values), at=at)

    def does(self, who: str, command: Command) -> "Chat":
        """Somebody sends this, and is shown the answer."""
        answer = self.answer(command)
        self._last[who] = answer
        return self

    def command(
        self,
        who: str,
        name: str,
        text: str = "",
        values: dict[str, str] | None = None,
        *,
        at: str = "general",
        key: str = "",
    ) -> Command:
        """What an adapter makes of what somebody did: a new delivery, unless its key is given."""
        now, key = self.clock.now(), key or str(uuid4())
        place = self.place(who, at)
        return Command(name, self.account(who), place, now, text, values or {}, key)

    def account(self, who: str) -> Account:
        """Somebody as the chat knows them."""
        if who in self.accounts:
            return self.accounts[who]
        email = f"{who}@{self._domain}"
        name = who.replace(".", " ").title()
        return Account("chat", "acme", who, name, email, self._sides.get(who, ""))

    def answer(self, command: Command) -> Answer:
        """Run a command as it is, and hold whatever is shown to the rules for all cards."""
        answer = self.answering.answer(command)
        said = tuple(self._for(command, key) for key in answer.said)
        for card in (*answer.cards, *said):
            self._is_sound(card)
        self._said = said or self._said
        return answer

    def standing(self, key: str, at: str = "general") -> Card:
        """The card that stands in a room under this key, like "decision/1"."""
        with self.store.at(self.organisation.id, self.place("nobody", at)) as session:
            card = Composing(composers(), may_see).card(key, self.place("nobody", at), session)
        assert isinstance(card, Card), f"{key}: {card}"
        return card

    def _for(self, command: Command, key: str) -> Card:
        """The same card, as it is shown to whoever has just changed it."""
        with self.store.reading(command.by, command.at) as session:
            card = Composing(composers()).stand(key, session)
        assert card is not None, f"nothing stands under {key}"
        return card

    def place(self, who: str, at: str) -> Channel:
        """A channel by its name; "direct" is this person's own conversation with us."""
        if at == "direct":
            return Channel("chat", "acme", f"direct/{who}", who, "direct")
        return Channel("chat", "acme", at, at)

    def _is_sound(self, card: Card) -> None:
        assert messages.from_json(messages.to_json(card)) == card
        assert plain.card(card, self.zone).strip()
        labels = [button.label for button in card.buttons]
        assert all(label.strip() for label in labels), f"a button without a label: {labels}"
        assert len(set(labels)) == len(labels), f"two buttons look the same: {labels}"
        for button in card.buttons:
            assert button.sends in self.answering.router.routes, f"nobody answers {button}"

    # what they see

    def last(self, who: str) -> Answer:
        """What somebody was answered last."""
        return self._last[who]

    def everybody_answered(self) -> list[str]:
        """Who was answered anything so far."""
        return list(self._last)

    def shown(self, who: str) -> tuple[Card, ...]:
        """The last cards that somebody was shown."""
        refusal = self._last[who].refusal
        assert refusal is None, f"{who} was refused: {refusal}"
        shown = self._last[who].cards or self._said
        assert shown, f"{who} was shown nothing"
        return shown

    def text(self, who: str) -> str:
        """What somebody reads on them, without the voices."""
        return "\n\n".join(plain.card(card, self.zone) for card in self.shown(who))

    def title(self, who: str) -> str:
        """The title of the one card that somebody was shown."""
        (card,) = self.shown(who)
        return plain.plain(card.title, self.zone)

    def labels(self, who: str) -> list[str]:
        """The buttons that somebody can press."""
        return [button.label for card in self.shown(who) for button in card.buttons]

    def button(self, who: str, label: str) -> Button:
        """The button with this label."""
        before = self._last[who].cards if who in self._last else ()
        refusal = self._last[who].refusal if who in self._last else None
        seen = (*before, *self._said) if before != self._said else before
        shown = [one for card in seen for one in card.buttons]
        fitting = [one for one in (*self._offered(refusal), *shown) if one.label == label]
        told = [one.label for one in (*self._offered(refusal), *shown)]
        assert fitting, f"[{label}] is not one of {told}"
        return fitting[0]

    def offered(self, who: str) -> list[str]:
        """The buttons that come with the sentence why not."""
        return [one.label for one in self._offered(self._last[who].refusal)]

    def _offered(self, refusal: Refusal | None) -> tuple[Button, ...]:
        return refusal.buttons if refusal else ()

    def sees(self, who: str, *fragments: str) -> "Chat":
        """Somebody reads all of these."""
        text = self.text(who)
        for fragment in fragments:
            assert fragment in text, f"{fragment!r} is not in\n{text}"
        return self

    def sees_no(self, who: str, *fragments: str) -> "Chat":
        """Somebody reads none of these."""
        text = self.text(who)
        for fragment in fragments:
            assert fragment not in text, f"{fragment!r} is in\n{text}"
        return self

    def refused(self, who: str, *fragments: str) -> "Chat":
        """Somebody was told why not, in a sentence."""
        refusal = self._last[who].refusal
        assert refusal is not None, f"{who} was not refused"
        for fragment in fragments:
            assert fragment in refusal.text, f"{fragment!r} is not in {refusal.text!r}"
        return self

    # what is remembered

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """A session that only looks."""
        with self.store.database.reading(self.organisation.id) as session:
            session.organisation, session.now = self.organisation, self.clock.now()
            session.indexes = {}
            session.me = Person(name="Somebody who looks", created_at=self.clock.now())
            yield session

    @contextmanager
    def changing(self) -> Iterator[Session]:
        """A session in which a test changes the map behind everybody's back."""
        with self.store.writing(self.account("lee")) as session:
            yield session
            session.flush()
            organisations.touch_map(session, session.organisation)
