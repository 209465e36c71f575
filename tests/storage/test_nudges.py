"""One person is written to at most three times in seven days, whatever happens."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from storage import nudges
from storage.database import Database, Session
from storage.nudges import Reason, next_at
from storage.organisations import Organisation
from storage.people import WANTS, Person
from tests.clock import MONDAY

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")


def ago(*days: float) -> list[datetime]:
    return [MONDAY - one * DAY for one in days]


@pytest.mark.parametrize(
    ("sent", "told", "next_one"),
    [
        ([], {}, MONDAY),
        (ago(1, 2), {}, MONDAY),
        (ago(1, 2, 3), {}, MONDAY + 4 * DAY),
        (ago(6, 1, 0.5), {}, MONDAY + 1 * DAY),
        (ago(7, 1, 2), {}, MONDAY),
        (ago(1, 2, 3), {"wants": "owned"}, MONDAY + 4 * DAY),
        ([], {"wants": "mondays"}, MONDAY),
        (ago(0), {"wants": "mondays"}, MONDAY + 7 * DAY),
        (ago(7), {"wants": "mondays"}, MONDAY),
        ([], {"away_until": date(2026, 11, 23)}, MONDAY),
        ([], {"away_until": date(2026, 11, 25)}, MONDAY + 2 * DAY),
        ([], {"away_until": date(2026, 11, 25), "wants": "mondays"}, MONDAY + 7 * DAY),
        ([], {"away_until": date(2026, 11, 25), "zone": "Europe/Berlin"},
         datetime(2026, 11, 25, 8, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_the_next_may_go_when_the_budget_and_the_person_let_it(
    sent: list[datetime], told: dict[str, Any], next_one: datetime
) -> None:
    assert next_at(sent, MONDAY, **told) == next_one


def test_monday_is_monday_where_the_person_is() -> None:
    sunday_night = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 0:30 on Monday in Berlin
    assert next_at([], sunday_night, wants="mondays", zone="Europe/Berlin") == sunday_night
    waits = next_at([], sunday_night, wants="mondays")
    assert waits == datetime(2026, 11, 23, 9, tzinfo=UTC)


@given(
    gaps=st.lists(st.integers(0, 90), max_size=30),
    wants=st.sampled_from(WANTS),
    away=st.none() | st.dates(date(2026, 11, 1), date(2027, 2, 1)),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"]),
)
def test_nobody_ever_gets_a_fourth_within_seven_days(
    gaps: list[int], wants: str, away: date | None, zone: str
) -> None:
    sent: list[datetime] = []
    now = MONDAY
    for gap in gaps:
        now += gap * HOUR
        at = next_at(sent, now, wants=wants, away_until=away, zone=zone)
        assert at >= now
        assert next_at(sent, at, wants=wants, away_until=away, zone=zone) == at
        local = at.astimezone(ZoneInfo(zone))
        assert wants != "mondays" or local.weekday() == 0
        assert not away or local.date() >= away
        sent.append(at)
        now = at
    for first, fourth in zip(sent, sent[3:], strict=False):
        assert fourth - first >= timedelta(days=7)
    if wants == "mondays":
        assert len({at.astimezone(ZoneInfo(zone)).date() for at in sent}) == len(sent)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as founding:
        acme = Organisation(name="Acme", zone="UTC", created_at=MONDAY)
        founding.add(acme)
    with database.writing(acme.id) as session:
        session.add(Person(name="Dana", created_at=MONDAY))
        session.add(Person(name="Omar", created_at=MONDAY))
        session.flush()
        yield session


def test_a_message_with_many_reasons_counts_once(session: Session) -> None:
    dana, omar = session.exec(select(Person).order_by(Person.name)).all()
    reasons = [Reason(f"number/{one}", "owner", f"Number {one}") for one in range(5)]
    for message in range(3):
        nudges.record(session, dana.id, f"m/{message}", reasons, MONDAY + message * HOUR)
    found = nudges.since(session, dana.id, MONDAY - DAY)
    assert (len(found), len(nudges.messages(found))) == (15, 3)
    assert next_at(nudges.messages(found), MONDAY + 3 * HOUR) == MONDAY + timedelta(days=7)
    assert nudges.since(session, omar.id, MONDAY - DAY) == []


@pytest.mark.parametrize(
    ("chosen", "of_theirs", "of_others"),
    [
        ({}, True, True),
        ({"wants": "mondays"}, True, True),
        ({"wants": "owned"}, True, False),
        ({"wants": "never"}, False, False),
        ({"gone_at": MONDAY}, False, False),
    ],
)
def test_who_wants_none_or_has_left_is_never_written_to(
    chosen: dict[str, Any], of_theirs: bool, of_others: bool
) -> None:
    dana = Person(name="Dana", created_at=MONDAY, **chosen)
    assert nudges.is_wanted(dana, owns=True) == of_theirs
    assert nudges.is_wanted(dana, owns=False) == of_others
