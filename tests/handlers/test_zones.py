"""What people type as a day or time is read where they are: their zone, else the place's."""

from datetime import UTC, date, datetime

from sqlmodel import col, select

from storage.decisions import DecisionState
from storage.metrics import Reading
from storage.people import Person
from tests.chat import Chat


def late_on_monday(chat: Chat) -> None:
    """23:30 UTC on Monday: Tuesday in Berlin, where the company is, Monday in New York."""
    chat.clock._now = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


def due(chat: Chat) -> list[date | None]:
    with chat.looking() as session:
        states = select(DecisionState).order_by(col(DecisionState.decision_id))
        return [one.due_on for one in session.exec(states)]


def test_tomorrow_is_tomorrow_where_it_was_typed(chat: Chat) -> None:
    chat.types("lee", "zone America/New_York", at="york")
    late_on_monday(chat)
    chat.types("dana", "decide buy the CRM @dana due tomorrow")
    chat.types("dana", "decide sell the CRM @dana due tomorrow", at="york")
    assert due(chat) == [date(2026, 11, 25), date(2026, 11, 24)]


def test_who_has_a_zone_of_their_own_keeps_it_everywhere(chat: Chat) -> None:
    with chat.changing() as session:
        session.exec(select(Person).where(Person.name == "Dana Brandt")).one().zone = "Asia/Tokyo"
    chat.types("lee", "zone America/New_York", at="york")
    late_on_monday(chat)
    chat.types("dana", "decide sell the CRM @dana due tomorrow", at="york")
    assert due(chat) == [date(2026, 11, 25)]


def test_a_reading_and_a_move_are_of_the_day_there(chat: Chat) -> None:
    chat.types("lee", "zone America/New_York", at="york")
    late_on_monday(chat)
    chat.types("dana", 'number "Days to onboard" 6.5', at="york")
    with chat.looking() as session:
        newest = session.exec(select(Reading).order_by(col(Reading.id).desc())).first()
        assert newest
        assert newest.day == date(2026, 11, 23)
    chat.types("lee", "move One login to tomorrow", at="york")
    chat.sees("lee", "Until: 30 Oct → 24 Nov.")
