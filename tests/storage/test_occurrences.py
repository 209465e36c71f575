"""Each local date of a rhythm is seen to once, in every zone and through every change of clocks."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import occurrences, schedules
from storage.calendar import Calendar
from storage.occurrences import STALE, Due
from storage.schedules import Schedule, due_at, instant, said

FREE = Calendar()
ZONES = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
FIRST = date(2026, 1, 5)  # a Monday
MONTHLY = {"every": "month", "weekdays": ""}
FRIDAY = {"every": "month", "weekdays": "4"}
WALLS = (time(0), time(2, 30), time(9), time(12), time(23, 59))


def schedule(**more: Any) -> Schedule:
    told: dict[str, Any] = {"weekdays": "0", "at": time(9), "anchor_on": FIRST, "from_on": FIRST,
            "channel_id": 1, "created_at": datetime(2026, 1, 5, tzinfo=UTC)}  # fmt: skip
    return Schedule(**{**told, **more})


def test_a_time_that_comes_twice_is_the_first_and_one_that_never_comes_moves_by_the_gap() -> None:
    berlin = "Europe/Berlin"
    assert (
        instant(date(2026, 10, 25), time(2, 30), berlin).isoformat() == "2026-10-25T00:30:00+00:00"
    )
    assert (
        instant(date(2026, 3, 29), time(2, 30), berlin).isoformat() == "2026-03-29T01:30:00+00:00"
    )


@given(
    st.sampled_from(ZONES),
    st.sampled_from(WALLS),
    st.dates(date(2016, 1, 1), date(2026, 1, 1)),
    st.integers(1, 400),
    st.data(),
)
@settings(max_examples=300, deadline=None)
def test_every_date_is_seen_to_once_however_seldom_somebody_looks(
    zone: str, wall: time, first: date, days: int, data: st.DataObject
) -> None:
    """A digest every day; looked at after hours, days or weeks, by somebody who then moves on."""
    one = schedule(weekdays="0123456", at=wall, from_on=first)
    seen: dict[date, str] = {}
    now = due_at(one, first, zone, FREE) - timedelta(hours=1)
    until = now + timedelta(days=days)
    while now < until:
        now += timedelta(hours=data.draw(st.integers(1, 24 * 20)))
        found = occurrences.due(one, seen.keys(), zone, FREE, now)
        sorted_out = occurrences.sort_out(one, found, now)
        for each, why in sorted_out.skipped:
            assert each.day not in seen
            assert why in ("older", "late", "holiday")
            seen[each.day] = why
        if sorted_out.said:
            assert sorted_out.said.day not in seen
            assert timedelta(0) <= now - sorted_out.said.at <= STALE
            assert sorted_out.said == max(found, key=lambda due: (due.at, due.day))
            seen[sorted_out.said.day] = ""
    last = max(seen, default=first - timedelta(days=1))
    assert sorted(seen) == [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert now - due_at(one, last + timedelta(days=1), zone, FREE) <= timedelta(0)


@given(st.sampled_from(ZONES), st.sampled_from(ZONES), st.integers(0, 23), st.integers(-30, 30))
@settings(max_examples=200, deadline=None)
def test_a_room_that_moves_across_zones_gets_neither_two_for_a_date_nor_none(
    here: str, there: str, hour: int, hours: int
) -> None:
    """Looked at every hour for a week on either side of the move."""
    first = date(2026, 3, 20)
    one = schedule(weekdays="0123456", at=time(hour), from_on=first)
    moves_at = due_at(one, date(2026, 3, 27), here, FREE) + timedelta(hours=hours)
    said: list[date] = []
    seen: set[date] = set()
    now = due_at(one, first, here, FREE) - timedelta(hours=1)
    for _ in range(24 * 14):
        now += timedelta(hours=1)
        zone = here if now < moves_at else there
        found = occurrences.sort_out(one, occurrences.due(one, seen, zone, FREE, now), now)
        seen |= {due.day for due, _ in found.skipped}
        if found.said:
            said.append(found.said.day)
            seen.add(found.said.day)
    assert len(said) == len(set(said))
    assert sorted(seen) == [first + timedelta(days=n) for n in range(len(seen))]
    assert len(seen) >= 12


@pytest.mark.parametrize(
    "zone", ["Pacific/Apia", "Pacific/Kwajalein", "Asia/Manila", "Europe/Dublin"]
)
def test_days_that_never_were_are_skipped_and_not_said_beside_the_next(zone: str) -> None:
    """Samoa had no 30 December 2011."""
    one = schedule(weekdays="0123456", from_on=date(2011, 12, 28))
    seen: set[date] = set()
    said: list[datetime] = []
    now = datetime(2011, 12, 27, tzinfo=UTC)
    for _ in range(24 * 7):
        now += timedelta(hours=1)
        found = occurrences.sort_out(one, occurrences.due(one, seen, zone, FREE, now), now)
        seen |= {due.day for due, _ in found.skipped}
        if found.said:
            seen.add(found.said.day)
            said.append(found.said.at)
    assert len(said) == len(set(said))
    assert {date(2011, 12, 29), date(2011, 12, 30), date(2011, 12, 31)} < seen


def test_the_newest_runs_if_it_is_at_most_three_days_old_and_the_others_say_why() -> None:
    one = schedule(weekdays="0123456", from_on=date(2026, 1, 5))
    now = datetime(2026, 1, 8, 9, 30, tzinfo=UTC)
    found = occurrences.due(one, (), "UTC", FREE, now)
    result = occurrences.sort_out(one, found, now)
    assert result.said == Due(date(2026, 1, 8), datetime(2026, 1, 8, 9, tzinfo=UTC))
    assert [due.day.day for due, _ in result.skipped] == [5, 6, 7]
    assert {why for _, why in result.skipped} == {"older"}
    weekly = schedule()
    late = datetime(2026, 1, 8, 9, 1, tzinfo=UTC)
    result = occurrences.sort_out(weekly, occurrences.due(weekly, (), "UTC", FREE, late), late)
    assert (result.said, [why for _, why in result.skipped]) == (None, ["late"])


def test_one_on_a_holiday_waits_for_the_next_work_day_and_joins_the_one_there() -> None:
    germany = Calendar("DE")
    monday = schedule(from_on=date(2026, 12, 21), weekdays="4")  # 25 Dec 2026 is a Friday
    assert due_at(monday, date(2026, 12, 25), "UTC", germany).date() == date(2026, 12, 28)
    both = schedule(from_on=date(2026, 12, 21), weekdays="04")
    now = datetime(2026, 12, 28, 9, 1, tzinfo=UTC)
    found = occurrences.due(both, {date(2026, 12, 21)}, "UTC", germany, now)
    result = occurrences.sort_out(both, found, now)
    assert result.said is not None
    assert result.said.day == date(2026, 12, 28)
    assert [(due.day.day, why) for due, why in result.skipped] == [(25, "holiday")]


def test_own_days_off_count_and_weekends_are_no_holidays() -> None:
    own = Calendar("", [date(2026, 12, 24)])
    assert own.is_holiday(date(2026, 12, 24))
    assert not own.is_holiday(date(2026, 12, 26))
    assert own.working_before(date(2026, 12, 28)) == date(2026, 12, 25)
    assert Calendar("DE-BY").name(date(2027, 1, 6)) == "Epiphany"
    assert not Calendar("DE").is_holiday(date(2027, 1, 6))
    assert Calendar("DE").working_before(date(2026, 12, 28)) == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("more", "days", "words"),
    [
        ({"weekdays": "03"}, [5, 8, 12, 15, 19, 22], "every Mon and Thu 9:00"),
        ({"weeks": 2}, [5, 19], "every second Mon 9:00"),
        ({**MONTHLY, "day_of_month": 15}, [15], "every 15. of the month 9:00"),
        ({**MONTHLY, "day_of_month": -1}, [], "every last day of the month 9:00"),
        ({**FRIDAY, "week_of_month": 2}, [9], "every second Fri of the month 9:00"),
        (
            {"every": "working day", "weekdays": ""},
            [*range(5, 10), *range(12, 17), *range(19, 24)],
            "every working day 9:00",
        ),
    ],
)
def test_a_rhythm_has_its_days_and_its_words(
    more: dict[str, object], days: list[int], words: str
) -> None:
    one = schedule(**more)
    found = schedules.days(one, FREE, date(2026, 1, 5), date(2026, 1, 25))
    assert [day.day for day in found] == days
    assert said(one) == words


def test_a_month_without_a_31st_has_its_last_day() -> None:
    one = schedule(every="month", weekdays="", day_of_month=31)
    found = schedules.days(one, FREE, date(2026, 1, 1), date(2026, 4, 30))
    assert [day.isoformat() for day in found] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
    ]


def test_what_is_paused_is_skipped_and_says_so() -> None:
    one = schedule(weekdays="0123456", paused_until=date(2026, 1, 7))
    now = datetime(2026, 1, 7, 9, 1, tzinfo=UTC)
    result = occurrences.sort_out(one, occurrences.due(one, (), "UTC", FREE, now), now)
    assert result.said is not None
    assert result.said.day == date(2026, 1, 7)
    assert [why for _, why in result.skipped] == ["paused", "paused"]


def test_the_zone_of_a_test_is_a_zone() -> None:
    assert len(ZONES) > 400
    assert ZoneInfo(ZONES[0]).key == ZONES[0]
