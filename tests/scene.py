"""A day of the small company, on a chat where what was said stands: for what holds of everything.

A conversation is a few steps, each what somebody does; steps are data, so that one list of them
can be gone through in several worlds.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlmodel import col, select

from bot import plain
from bot.answering import Answering
from bot.composing import Composing
from bot.messages import Account, Button, Card, Channel, Command, from_json, to_json
from bot.sender import Patience, Sender
from bot.slack.workspaces import Installed
from handlers import composers, connecting, decide, router
from handlers.connecting import Founding
from storage import people, tickets
from storage.channels import Channel as Place
from storage.database import Database, Session
from storage.delivering import Delivering
from storage.organisations import Organisation
from storage.outbox import Message
from storage.sending import Claim
from storage.store import Store, is_empty
from storage.tables import Row
from tests import company
from tests import platform as fake
from tests.chat import Chat
from tests.clock import Clock

T = TypeVar("T")
Rows = dict[str, list[tuple[Any, ...]]]
CODE = re.compile(r"`(?:room join|this is me|claim|join link) (\w+)`")


def of_the_company(database: Database, clock: Clock) -> Chat:
    """The small company of `tests.company`, talking; put into the database if that is empty."""
    store = Store(database, clock.now)
    organisation = store.found(company.NAME, company.ZONE)
    with database.writing(organisation.id) as session:
        session.organisation, session.now = organisation, clock.now()
        session.add(organisation)
        if is_empty(session):
            company.Company(session).build()
    answering: Answering[Session] = Answering(router(), store)
    return Chat(answering, store, clock, organisation, company.DOMAIN, company.SIDES)


class Stage:
    """The fake chat's server, begun once: each scene gets it empty."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(4)
        self._runner = asyncio.Runner()
        self._server = fake.Server(fake.Chat())
        self.run(self._server.start())
        address = f"http://127.0.0.1:{self._server.port}"
        self.clients = [fake.Client(name, address) for name in ("chat", "other")]

    def empty(self, clock: Clock) -> fake.Chat:
        self._server.chat = fake.Chat(now=clock.elapsed)
        for client in self.clients:
            client.can_find = True
        return self._server.chat

    def run(self, work: Awaitable[T]) -> T:
        async def all_of_it() -> T:
            return await work

        return self._runner.run(all_of_it())

    def close(self) -> None:
        for client in self.clients:
            self.run(client.close())
        self.run(self._server.stop())
        self._runner.close()
        self.pool.shutdown()


class Scene:
    """The company, its database, and what stands in its chat."""

    def __init__(self, database: Database, stage: Stage) -> None:
        self.clock = Clock()
        self.database = database
        self.chat = of_the_company(database, self.clock)
        self.stage = stage
        self.said = stage.empty(self.clock)
        self.code = ""  # the last one that anybody was given
        self.composing: Composing[Session] = Composing(composers(), decide.may_see)
        self.sender: Sender[Claim, Session] = Sender(
            Delivering(self.chat.store, lambda _seconds: True),
            stage.clients,
            self.composing,
            self.clock,
            self.clock.elapsed,
            stage.pool,
            Patience(at_once=1),
        )

    # what happens

    def goes(self, *steps: "Step") -> None:
        """All of this happens, one after the other, and what is to be said of it is said."""
        for step in steps:
            command = step(self)
            if command is not None:
                self._does(command)
            self.sends()

    def _does(self, command: Command) -> None:
        who = command.by.id.removeprefix("29:")
        answer = self.chat.does(who, command).last(who)
        assert answer.refusal is None, f"{command.name} was refused: {answer.refusal}"
        for card in answer.cards:
            if found := CODE.search(plain.card(card, self.chat.zone)):
                self.code = found[1]

    def sends(self) -> None:
        """Everything that is due is said."""
        self.stage.run(self.sender.send())

    def loses_an_answer(self) -> None:
        """What is said next arrives, but the chat never answers, and nobody can look there."""
        for client in self.stage.clients:
            client.can_find = False
        self.said.script.append("reset after")

    def looks_again(self) -> None:
        """Half a minute passes, and what fell silent is looked after."""
        self.clock.wind(seconds=31)
        self.stage.run(self.sender.reconcile())

    # what there is

    def button(self, label: str) -> Button:
        """The newest button with this label on what stands in the chat."""
        seen = [b for one in self.said.standing.values() for b in _card(one.card).buttons]
        fitting = [button for button in seen if button.label == label]
        assert fitting, f"[{label}] is not one of {[button.label for button in seen]}"
        return fitting[-1]

    def rows(self, but: str = "") -> Rows:
        """Every row of every table but this one, by the table's name."""
        with self.database.reader.connect() as connection:
            return {
                table.name: [
                    tuple(row)
                    for row in connection.execute(table.select().order_by(*table.primary_key))
                ]
                for table in Row.metadata.sorted_tables
                if table.name != but
            }

    def standing_and_kept(self) -> list[tuple[str, str, str]]:
        """Every message's key, the card as it stands, and the card that is composed by now.

        What there is no more to say of stays as it was said.
        """
        with self.chat.store.at(self.chat.organisation.id) as session:
            rows = session.exec(
                select(Message, Place)
                .join(Place, col(Place.id) == col(Message.channel_id))
                .where(Message.message_id != "", Message.organisation_id == Place.organisation_id)
            ).all()
        composed = [(message, self._composed(message, place)) for message, place in rows]
        return [
            (message.key, self.said.standing[message.message_id].card, to_json(card))
            for message, card in composed
            if isinstance(card, Card)
        ]

    def _composed(self, message: Message, place: Place) -> Card | str:
        """As it would be said by now to whoever reads there."""
        at = _at(place)
        with self.chat.store.at(self.chat.organisation.id, at) as session:
            return self.composing.card(message.key, at, session)

    def map_revision(self) -> int:
        """How often the map has changed."""
        with self.chat.looking() as session:
            return session.get_one(Organisation, self.chat.organisation.id).map_revision

    def calls(self) -> Counter[tuple[str, str]]:
        """What the chat was asked to do with which message, and how often."""
        return Counter(
            (what, self.said.standing[id].uid if what == "edit" else id)
            for what, id in self.said.calls
        )

    def standing(self) -> list[tuple[str, str, str, str]]:
        """What stands where: channel, thread, the message's own id, and its card."""
        return sorted((m.channel, m.under, m.uid, m.card) for m in self.said.standing.values())


def _at(place: Place) -> Channel:
    return Channel(place.platform, place.tenant, place.external_id, place.name)


def _card(kept: str) -> Card:
    card = from_json(kept)
    assert isinstance(card, Card)
    return card


# What somebody does

Step = Callable[[Scene], Command | None]


def says(who: str, text: str, at: str = "general") -> Step:
    """Somebody types this; CODE in it is the last code that anybody was given."""

    def step(scene: Scene) -> Command:
        return scene.chat.typed(who, text.replace("CODE", scene.code), at=at)

    return step


def presses(who: str, label: str, at: str = "general") -> Step:
    """Somebody presses a button on what they were shown last."""
    return lambda scene: scene.chat.pressed(who, scene.chat.button(who, label), at=at)


def presses_there(who: str, label: str, at: str = "general") -> Step:
    """Somebody presses a button on what stands in the chat."""
    return lambda scene: scene.chat.pressed(who, scene.button(label), at=at)


def fills(who: str, sends: str, text: str = "", at: str = "general", **values: str) -> Step:
    """Somebody submits a form that sends this, with these values."""
    return lambda scene: scene.chat.command(who, sends, text, values, at=at)


def in_the_other_chat(who: str, name: str) -> Step:
    """From now on this is somebody in another chat, which vouches for no address."""

    def step(scene: Scene) -> None:
        scene.chat.accounts[who] = Account("other", "acme", f"29:{who}", name)

    return step


def an_answer_is_lost(scene: Scene) -> None:
    """What is said next may stand there, and nobody can look."""
    scene.loses_an_answer()


def half_a_minute_passes(scene: Scene) -> None:
    scene.looks_again()


def a_workspace_lets_us_in(scene: Scene) -> None:
    """Omar, who is admin, has connected it: he is asked which side it speaks for."""
    told = Installed("acme", "Acme", installed_by="omar", platform="chat")
    by = scene.chat.account("omar")
    with scene.chat.store.writing(by) as session:
        join = tickets.make(session, "join link", session.me.id, session.now)
    Founding(scene.chat.store, None, lambda: None).connect(told, by, False, "", join)


def nobody_is_admin(scene: Scene) -> None:
    """And a code is printed for whoever is to be the first."""
    with scene.chat.changing() as session:
        for one in people.everybody(session):
            one.role = "member" if one.role == "admin" else one.role
    operator = Account("terminal", "", "operator", "Operator", standing="operator")
    ((_company, scene.code),) = connecting.first_codes(scene.chat.store, operator)
