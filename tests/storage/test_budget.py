"""One person is written to at most three times a week, in one message, and never unasked for."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot import plain
from bot.messages import Button, Card, from_json
from handlers import waiting
from storage import budget, channels, decisions, nudges, outbox, shown
from storage.nudges import Nudge
from storage.people import Person
from tests.clock import MONDAY
from tests.saying import World


def dana(world: World, **more: object) -> Person:
    person = world.person("Dana Brandt", account="dana")
    change(world, person, **more)
    return person


def change(world: World, person: Person, **more: object) -> None:
    with world.database.writing(world.organisation.id) as session:
        found = session.get_one(Person, person.id)
        for name, value in more.items():
            setattr(found, name, value)


def told(world: World) -> list[str]:
    """The titles that Dana reads in private, oldest first."""
    here = [one for one in world.chat.standing.values() if one.channel == "direct-dana"]
    cards = [from_json(one.card) for one in here]
    return [plain.plain(one.title, ZoneInfo("UTC")) for one in cards if isinstance(one, Card)]


def recorded(world: World) -> list[tuple[str, str, str]]:
    with world.database.reading(world.organisation.id) as session:
        found = session.exec(select(Nudge).order_by(Nudge.id))  # type: ignore[arg-type]
        return [(one.message, one.key, one.why) for one in found]


def passes(world: World, **time: float) -> None:
    world.clock.wind(**time)
    world.sends()


def test_the_fourth_message_waits_until_the_week_of_the_first_is_over(world: World) -> None:
    person = dana(world)
    for number in (1, 2, 3, 4):
        world.asks(person, f"decision/{number}")
        passes(world, hours=1)
    assert told(world) == ["decision/1", "decision/2", "decision/3"]
    (row,) = world.rows("decision/4")
    first_at = MONDAY + timedelta(hours=1)
    assert (row.state, row.again_at) == ("pending", first_at + timedelta(days=7))
    with world.database.reading(world.organisation.id) as session:
        assert outbox.overdue(session, world.clock.now() + timedelta(days=1)) == []
    passes(world, days=6, hours=20)
    assert len(told(world)) == 3
    passes(world, hours=1)
    assert told(world)[3:] == ["decision/4"]


def test_what_waits_together_is_one_message_and_counts_once(world: World) -> None:
    person = dana(world)
    world.asks(person, "decision/1", "decision/2", "decision/3", "decision/4")
    world.sends()
    assert told(world) == ["4 things wait for you"]
    assert [key for _, key, _ in recorded(world)] == [f"decision/{one}" for one in (1, 2, 3, 4)]
    assert len({message for message, _, _ in recorded(world)}) == 1
    world.asks(person, "decision/1")  # it was said already
    passes(world, days=1)
    assert len(told(world)) == 1


def test_a_change_of_one_thing_refreshes_the_message_that_holds_it(world: World) -> None:
    person = dana(world)
    world.asks(person, "decision/1", "decision/2")
    world.sends()
    world.change("decision/2", "decided")
    world.sends()
    (message,) = [one for one in world.chat.standing.values() if one.channel == "direct-dana"]
    assert message.edits == 1
    assert "2 decided" in message.card
    world.change("decision/1", None)
    world.sends()
    assert told(world) == ["decided"]  # one alone is its own card


def test_each_ask_keeps_its_buttons_by_its_number() -> None:
    asked = Card("D-1 Buy", buttons=(Button("I own it", "accept", "D-1"), Button("Not me", "no")))
    found = waiting._numbered(2, asked)
    assert [button.label for button in found] == ["2: I own it", "2: Not me"]


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({"wants": "never"}, budget.UNWANTED),
        ({"wants": "owned"}, budget.UNWANTED),
        ({"gone_at": MONDAY}, budget.LEFT),
    ],
)
def test_who_wants_none_or_has_left_is_never_written_to(
    world: World, chosen: dict[str, object], why: str
) -> None:
    person = dana(world, **chosen)
    world.asks(person, "decision/1")
    passes(world, days=30)
    (row,) = world.rows("decision/1")
    assert (row.state, row.why, told(world)) == ("failed", why, [])
    assert recorded(world) == []


def test_who_is_away_is_written_to_on_the_day_they_are_back_or_sooner(world: World) -> None:
    person = dana(world, away_until=date(2026, 11, 30))
    world.asks(person, "decision/1")
    passes(world, days=3)
    assert told(world) == []
    with world.database.writing(world.organisation.id) as session:
        session.get_one(Person, person.id).away_until = None
        budget.reconsider(session, person.id, world.clock.now())
    world.sends()
    assert told(world) == ["decision/1"]


def test_only_mondays_waits_for_monday_and_says_all_of_the_week(world: World) -> None:
    person = dana(world, wants="mondays")
    passes(world, days=1)
    world.asks(person, "decision/1")
    passes(world, days=1)
    world.asks(person, "decision/2")
    passes(world, days=1)
    assert told(world) == []
    passes(world, days=4)
    assert told(world) == ["2 things wait for you"]


def test_what_they_caused_themselves_and_notices_wait_for_nothing(world: World) -> None:
    person = dana(world, wants="never")
    world.asks(person, "decision/1", by=person)
    with world.database.writing(world.organisation.id) as session:
        outbox.told(session, "x", "held", person.id, world.clock.now())
    world.sends()
    assert sorted(told(world)) == ["decision/1", "held/x"]
    assert recorded(world) == []


def test_why_it_came_is_what_the_thing_is_to_them(world: World) -> None:
    person, author = dana(world), world.person("Lee Novak")
    here = world.channel()
    with world.database.writing(world.organisation.id) as session:
        now = world.clock.now()
        for title in ("buy", "sell"):
            made = decisions.make(session, title=title, by_id=author.id, channel_id=here.id, at=now)
            decisions.say(session, made, "owner", author.id, now, person=person.id)
        decisions.say(session, made, "accepted", person.id, now)
    world.asks(person, "decision/1", "decision/2", by=author)
    world.sends()
    assert [one[1:] for one in recorded(world)] == [
        ("decision/1", "asked"), ("decision/2", "owner")
    ]  # fmt: skip
    with world.database.reading(world.organisation.id) as session:
        found = nudges.since(session, person.id, MONDAY - timedelta(days=1))
        assert [one.about for one in found] == ["D-1 buy", "D-2 sell"]


def test_a_lost_answer_counts_as_under_way_and_is_recorded_when_it_is_found(world: World) -> None:
    person = dana(world)
    for number in (1, 2):
        world.asks(person, f"decision/{number}")
        passes(world, hours=1)
    world.chat.script.append("5xx after")
    world.asks(person, "decision/3")
    world.sends()
    world.asks(person, "decision/4")
    world.sends()
    assert len(told(world)) == 3
    world.passes(60)
    assert [key for _, key, _ in recorded(world)] == ["decision/1", "decision/2", "decision/3"]
    passes(world, hours=1)
    assert len(told(world)) == 3


def test_what_was_sent_alone_was_shown_there(world: World) -> None:
    person = dana(world)
    world.asks(person, "decision/1")
    world.sends()
    with world.database.reading(world.organisation.id) as session:
        place = channels.known(session, "chat", "acme", "direct-dana")
        assert place
        last = shown.last(session, place.id, "", person.id, world.clock.now())
    assert last == "decision/1"
