"""However a company stands, a digest keeps to its limits, and tells a room nothing of another's."""

import random
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot import plain
from bot.messages import Card
from digests import composing, facts, making
from digests.composing import Reading
from digests.sections import SECTIONS
from storage import channels, decisions, editions, people, rooms
from storage.capabilities import Capability
from storage.channels import Channel
from storage.database import Database, Session
from storage.editions import Edition
from storage.initiatives import PHASES, STATUSES, Initiative
from storage.links import Link
from storage.metrics import Metric
from storage.metrics import Reading as Said
from storage.people import Person
from storage.priorities import Priority
from storage.questions import Question
from storage.readers import Reader
from storage.store import Store
from tests.clock import Clock

PLACES = ("open", "other", "board", "staff")
SECRET = {"board": "BADGER", "staff": "STOAT"}  # what is said only there
LONGEST_TITLE = 110
SEED = 7  # of a company that has everything
HEADS = [f"**{name}" for name in ("Numbers", "Money", "Proven", "Delivered", "Moved", "Blocked",
                                  "Next", "Same job", "Asked, and")]  # fmt: skip


def words(chance: random.Random, secret: str = "") -> str:
    """A name as somebody may type it: one word, or many, or one that never ends."""
    some = [chance.choice(("a", "CRM", "lorem", "x" * 70, "*", "1.", "[More]", "–", "ä" * 9))
            for _ in range(chance.choice((1, 2, 4, 25)))]  # fmt: skip
    return " ".join(([secret] if secret else []) + some)


def build(chance: random.Random, session: Session) -> dict[str, Channel]:
    """A company by chance, with four places of which two are private."""
    now, size = session.now, chance.choice((0, 1, 4, 15))
    persons = [
        Person(name=words(chance)[:60], side=chance.choice(("business", "it", "both", None)),
               created_at=now) for _ in range(3)
    ]  # fmt: skip
    session.add_all(persons)
    session.flush()
    ids: list[int | None] = [one.id for one in persons]
    places = {}
    for name in PLACES:
        at = channels.place(session, "chat", "acme", name, words(chance)[:60])
        channels.told_private(session, at, name in SECRET)
        places[name] = at
    if chance.random() < 0.5:
        rooms.found(session, words(chance)[:60], places["open"])
    goals = [Priority(name=f"{n} {words(chance)}", created_at=now) for n in range(min(size, 3))]
    able = [Capability(name=f"{n} {words(chance)}", created_at=now) for n in range(min(size, 3))]
    session.add_all([*goals, *able])
    session.flush()
    for n in range(size):
        _project(chance, session, n, goals, able, ids)
        _number(chance, session, n, goals, ids)
        for where in PLACES:
            _decision(chance, session, places[where], SECRET.get(where, ""), persons)
    session.flush()
    return places


def _project(
    chance: random.Random, session: Session, n: int, goals: list[Priority],
    able: list[Capability], ids: list[int | None],
) -> None:  # fmt: skip
    cost = chance.choice((None, 0, 1, 10**9))
    one = Initiative(
        name=f"{n} {words(chance)}", kind=chance.choice(("project", "tool")),
        owner_id=chance.choice([*ids, None]), status=chance.choice((None, *STATUSES)),
        phase=chance.choice(PHASES), cost=cost, currency=None if cost is None else "EUR",
        ends_on=session.now.date() + timedelta(days=chance.randrange(-400, 20)),
        renews_on=session.now.date() + timedelta(days=chance.randrange(-4, 40)),
        created_at=session.now,
    )  # fmt: skip
    session.add(one)
    session.flush()
    ends: dict[str, Any] = {"initiative_id": one.id, "said_at": session.now}
    if goals and chance.random() < 0.5:
        session.add(Link(**ends, priority_id=chance.choice(goals).id))
    if able and chance.random() < 0.5:
        session.add(Link(**ends, capability_id=chance.choice(able).id))


def _number(
    chance: random.Random, session: Session, n: int, goals: list[Priority], ids: list[int | None]
) -> None:
    one = Metric(name=f"{n} {words(chance)}", unit=words(chance)[:9], target=0,
                 baseline=chance.choice((None, 12)), owner_id=chance.choice(ids),
                 created_at=session.now)  # fmt: skip
    session.add(one)
    session.flush()
    for ago in range(chance.choice((0, 1, 3))):
        at = session.now - timedelta(days=ago)
        session.add(Said(metric_id=one.id, day=at.date(), value=chance.choice((0.0, 1.5, 1e9)),
                         said_at=at))  # fmt: skip
    session.add(Link(metric_id=one.id, priority_id=chance.choice(goals).id, said_at=session.now))


def _decision(
    chance: random.Random, session: Session, at: Channel, secret: str, persons: list[Person]
) -> None:
    by = chance.choice(persons).id
    then = session.now - timedelta(days=chance.choice((0, 5, 400)))
    one = decisions.make(
        session, title=words(chance, secret), by_id=by, channel_id=at.id, at=then,
        is_needed=chance.random() < 0.5,
    )  # fmt: skip
    if chance.random() < 0.6:
        decisions.say(session, one, "owner", by, then, person=chance.choice(persons).id)
    if chance.random() < 0.5:
        day = (session.now.date() + timedelta(days=chance.randrange(-9, 9))).isoformat()
        decisions.say(session, one, chance.choice(("due", "review")), by, then, day=day)
    made = session.exec(select(Initiative.id)).all()
    if made and chance.random() < 0.5:
        decisions.say(session, one, "blocks", by, then, initiative=chance.choice(made))
    session.add(Question(text="?", about=words(chance, secret), asked_by_id=by, channel_id=at.id,
                         asked_at=then))  # fmt: skip


def shown(session: Session, at: Channel, lens: str, is_whole: bool = False) -> Card:
    """The digest of a place, as whoever reads there reads it."""
    made = making.make(session, at, facts.gather(session))
    edition = Edition(key="digest/1/x", channel_id=at.id, at=session.now, is_scheduled=True,
                      facts=made.facts)  # fmt: skip
    session.reader = Reader(making.place(at))
    return composing.shown_in(session, edition, Reading(lens, is_whole), at)


@pytest.mark.parametrize("seed", range(12))
def test_the_limits_hold_and_nothing_private_to_another_room_is_in_it(
    sqlite: Database, clock: Clock, seed: int
) -> None:
    store = Store(sqlite, clock.now)
    store.found("Acme Lifts", "Europe/Berlin")
    chance = random.Random(seed)
    told_at_home = 0
    with store.writing_home() as session:
        session.me = people.meet(session, "chat", "acme", "x", name="X", email="", side="it",
                                 at=session.now)  # fmt: skip
        places = build(chance, session)
        for name, at in places.items():
            kept = str(making.make(session, at, facts.gather(session)).facts)
            told = [where for where, secret in SECRET.items() if secret in kept]
            assert told in ([], [name])
            for lens in ("business", "it"):
                card = shown(session, at, lens)
                within_limits(card)
                whole = plain.card(shown(session, at, lens, is_whole=True), ZoneInfo("UTC"))
                for where, secret in SECRET.items():
                    assert where == name or secret not in plain.card(card, ZoneInfo("UTC"))
                    assert where == name or secret not in whole
                    told_at_home += where == name and secret in whole
    assert told_at_home or not session.exec(select(Question.id)).first()


def within_limits(card: Card) -> None:
    """150 words, three asks, five sections; and a first line that a telephone can show."""
    utc = ZoneInfo("UTC")
    title, body = plain.plain(card.title, utc), plain.body(card, utc)
    assert len(f"{title} {body}".split()) <= 150
    assert 0 < len(title) <= LONGEST_TITLE
    assert "\n" not in title
    lines = card.text.source.split("\n") if not isinstance(card.text, str) else []
    sections = [line for line in lines if line.startswith(tuple(HEADS))]
    assert len(sections) <= 5
    asks = [line for line in lines if line[:3] in [f"{n}. " for n in range(1, 10)]]
    assert len(asks) <= 3
    labels = [button.label for button in card.buttons]
    assert len(labels) == len(set(labels))
    assert labels[-3:] == ["More", "Useful", "Not for me"]


def test_every_section_has_its_day(sqlite: Database, clock: Clock) -> None:
    """A company like those above fills nearly every section."""
    store = Store(sqlite, clock.now)
    store.found("Acme Lifts", "Europe/Berlin")
    with store.writing_home() as session:
        session.me = people.meet(
            session, "chat", "acme", "x", name="X", email="", side="it", at=session.now
        )
        at = build(random.Random(SEED), session)["open"]
        made = making.make(session, at, facts.gather(session))
    assert set(made.facts["sections"]) >= set(SECTIONS) - {"moved", "twice"}


def test_what_is_private_is_checked_when_it_is_shown(sqlite: Database, clock: Clock) -> None:
    store = Store(sqlite, clock.now)
    store.found("Acme Lifts", "Europe/Berlin")
    with store.writing_home() as session:
        me = people.meet(session, "chat", "acme", "x", name="X", email="", side="it",
                         at=session.now)  # fmt: skip
        at = channels.place(session, "chat", "acme", "open", "open")
        channels.told_private(session, at, is_private=False)
        session.refresh(at)
        decisions.make(session, title="Buy the badger", by_id=me.id, channel_id=at.id,
                       at=session.now, is_needed=True)  # fmt: skip
        other = channels.place(session, "chat", "acme", "other", "other")
        made = making.make(session, other, facts.gather(session))
        edition = editions.keep(session, "digest/1/x", other.id, made.facts, made.shows, True)
        session.reader = Reader(making.place(other))
        assert "badger" in plain.card(composing.shown(session, edition, Reading("business")),
                                      ZoneInfo("UTC"))  # fmt: skip
        channels.told_private(session, at, is_private=True)
        assert "badger" not in plain.card(composing.shown(session, edition, Reading("business")),
                                          ZoneInfo("UTC"))  # fmt: skip
