"""Dates as people write them, in their own zone, and what is no date."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.typed import library
from handlers.typed.dates import Ambiguous, When, read, say

BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")
NEW_YORK = ZoneInfo("America/New_York")
# Wednesday 13:30 in Berlin, and already Thursday 01:30 in Auckland.
NOW = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
NOON = time(12)


def understood(
    text: str, zone: ZoneInfo = BERLIN, past: bool = False, asked: bool = False
) -> str | None:
    try:
        when = read(text, NOW, zone, past=past, asked=asked)
    except Ambiguous as either:
        return f"{either.first.day} or {either.second.day}"
    if when is None:
        return None
    return f"{when.day} {when.time:%H:%M}" if when.time else f"{when.day}"


@pytest.mark.parametrize(
    ("text", "in_berlin", "in_auckland"),
    [
        ("Fri", "2026-11-27", "2026-11-27"),
        ("fri 17:00", "2026-11-27 17:00", "2026-11-27 17:00"),
        ("Friday", "2026-11-27", "2026-11-27"),
        ("Fri at 5pm", "2026-11-27 17:00", "2026-11-27 17:00"),
        ("friday 5 p.m.", "2026-11-27 17:00", "2026-11-27 17:00"),
        ("next Friday", "2026-11-27 or 2026-12-04", "2026-11-27 or 2026-12-04"),
        ("next Monday", "2026-11-30", "2026-11-30"),
        ("this Friday", "2026-11-27", "2026-11-27"),
        ("Wed", "2026-12-02", "2026-12-02"),
        ("Wed 17:00", "2026-11-25 17:00", "2026-12-02 17:00"),
        ("Wed 9:00", "2026-12-02 09:00", "2026-12-02 09:00"),
        ("Thu", "2026-11-26", "2026-12-03"),
        ("Monday 9am", "2026-11-30 09:00", "2026-11-30 09:00"),
        ("Sat", "2026-11-28", "2026-11-28"),
        ("on sat", "2026-11-28", "2026-11-28"),
        ("2d", "2026-11-27", "2026-11-28"),
        ("in 90d", "2027-02-23", "2027-02-24"),
        ("in 2 weeks", "2026-12-09", "2026-12-10"),
        ("3w", "2026-12-16", "2026-12-17"),
        ("in a week", "2026-12-02", "2026-12-03"),
        ("in 2 months", "2027-01-25", "2027-01-26"),
        ("in 3 hours", "2026-11-25 16:30", "2026-11-26 04:30"),
        ("in 30 minutes", "2026-11-25 14:00", "2026-11-26 02:00"),
        ("1h", "2026-11-25 14:30", "2026-11-26 02:30"),
        ("15 Dec", "2026-12-15", "2026-12-15"),
        ("Dec 15", "2026-12-15", "2026-12-15"),
        ("15 Dec 17:00", "2026-12-15 17:00", "2026-12-15 17:00"),
        ("15th December 2026", "2026-12-15", "2026-12-15"),
        ("December 15, 2026", "2026-12-15", "2026-12-15"),
        ("Tue 15 Dec", "2026-12-15", "2026-12-15"),
        ("Fri 27 Nov 17:00", "2026-11-27 17:00", "2026-11-27 17:00"),
        ("15.12.", "2026-12-15", "2026-12-15"),
        ("15/12/2026", "2026-12-15", "2026-12-15"),
        ("15.12.2026", "2026-12-15", "2026-12-15"),
        ("2026-12-15", "2026-12-15", "2026-12-15"),
        ("2026-12-15T17:00", "2026-12-15 17:00", "2026-12-15 17:00"),
        ("2 Jan", "2027-01-02", "2027-01-02"),
        ("1 Nov", "2027-11-01", "2027-11-01"),
        ("29 Feb", "2028-02-29", "2028-02-29"),
        ("25 Nov", "2026-11-25", "2027-11-25"),
        ("today", "2026-11-25", "2026-11-26"),
        ("today 17:00", "2026-11-25 17:00", "2026-11-26 17:00"),
        ("tonight", "2026-11-25 20:00", "2026-11-26 20:00"),
        ("tomorrow", "2026-11-26", "2026-11-27"),
        ("tomorrow noon", "2026-11-26 12:00", "2026-11-27 12:00"),
        ("tomorrow morning", "2026-11-26 09:00", "2026-11-27 09:00"),
        ("day after tomorrow", "2026-11-27", "2026-11-28"),
        ("noon", "2026-11-26 12:00", "2026-11-26 12:00"),
        ("9:00", "2026-11-26 09:00", "2026-11-26 09:00"),
        ("5pm", "2026-11-25 17:00", "2026-11-26 17:00"),
        ("EOD", "2026-11-25", "2026-11-26"),
        ("Fri EOD", "2026-11-27", "2026-11-27"),
        ("EOW", "2026-11-27", "2026-11-27"),
        ("end of month", "2026-11-30", "2026-11-30"),
        ("end of the year", "2026-12-31", "2026-12-31"),
        ("end of March", "2027-03-31", "2027-03-31"),
        ("next week", "2026-12-04", "2026-12-04"),
        ("next month", "2026-12-31", "2026-12-31"),
        ("March", "2027-03-31", "2027-03-31"),
        ("in March", "2027-03-31", "2027-03-31"),
        ("March 2027", "2027-03-31", "2027-03-31"),
        ("Q1", "2027-03-31", "2027-03-31"),
        ("Q4", "2026-12-31", "2026-12-31"),
        ("Q1 2027", "2027-03-31", "2027-03-31"),
        ("by Friday", "2026-11-27", "2026-11-27"),
        ("until Fri 17:00", "2026-11-27 17:00", "2026-11-27 17:00"),
        ("Freitag", "2026-11-27", "2026-11-27"),
        ("Freitag 17 Uhr", "2026-11-27 17:00", "2026-11-27 17:00"),
        ("nächsten Montag", "2026-11-30", "2026-11-30"),
        ("in 2 Wochen", "2026-12-09", "2026-12-10"),
        ("15. Dezember", "2026-12-15", "2026-12-15"),
        ("morgen", "2026-11-26", "2026-11-27"),
        ("vendredi", "2026-11-27", "2026-11-27"),
        ("15 décembre", "2026-12-15", "2026-12-15"),
        ("dans 3 jours", "2026-11-28", "2026-11-29"),
        ("demain", "2026-11-26", "2026-11-27"),
        ("lundi 9h", "2026-11-30 09:00", "2026-11-30 09:00"),
    ],
)
def test_a_date_is_read_as_people_write_it(text: str, in_berlin: str, in_auckland: str) -> None:
    assert understood(text, BERLIN) == in_berlin
    assert understood(text, AUCKLAND) == in_auckland


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Monday", "2026-11-23"),
        ("since Monday", "2026-11-23"),
        ("1 Nov", "2026-11-01"),
        ("since 1 Nov", "2026-11-01"),
        ("Wed", "2026-11-25"),
        ("Thu", "2026-11-19"),
        ("2 weeks", "2026-11-11"),
        ("3 days ago", "2026-11-22"),
        ("March", "2026-03-01"),
        ("last week", "2026-11-16"),
        ("last month", "2026-10-01"),
        ("15 Dec", "2025-12-15"),
        ("9:00", "2026-11-25 09:00"),
        ("17:00", "2026-11-24 17:00"),
        ("29 Feb", "2024-02-29"),
        ("2h", "2026-11-25 11:30"),
        ("Q3", "2026-07-01"),
        ("yesterday", "2026-11-24"),
        ("last Friday", "2026-11-20"),
        ("this month", "2026-11-01"),
    ],
)
def test_since_means_what_has_been(text: str, day: str) -> None:
    assert understood(text, past=True) == day


@pytest.mark.parametrize(
    "text",
    [
        *[
            "5",
            "12",
            "2027",
            "0",
            "may",
            "sat",
            "sun",
            "march",
            "second",
            "now",
            "one",
            "a",
            "so",
            "do",
            "mi",
            "mo",
            "mar",
            "mer",
            "on",
            "in",
            "is",
            "last",
        ],
        *[
            "next",
            "this",
            "by",
            "2.0",
            "v2.0",
            "2.10",
            "1.2.3",
            "1.12.27",
            "6.5",
            "12.5",
            "10%",
            "84k",
            "1.2m",
            "24/7",
            "1/2",
            "12-8",
        ],
        *[
            "16:9",
            "1:1",
            "25:00",
            "17:60",
            "13pm",
            "A/B",
            "3D",
            "MAY",
            "SUN",
            "week",
            "the",
            "@fri",
            "99999d",
            "32.12.",
            "0.0.",
        ],
        *["31/4/2027", "2026-13-01", "2026-02-30", "15.13.2026", "١٢.١٢.", "-", "."],
        *("", " ", "12 to 8", "CRM 2", "SAP 2027", "2 fast", "march on", "may be", "end of"),
        *("the second phase", "Mon 1 Dec", "31 Apr", "29 Feb 2027", "in 9999 years", "an hour"),
        *("fri fri", "15 Foo", "Fri 17:00 18:00", "by sat"),
    ],
)
def test_this_is_no_date(text: str) -> None:
    assert understood(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("sat", "2026-11-28"),
        ("sun", "2026-11-29"),
        ("may", "2027-05-31"),
        ("march", "2027-03-31"),
        ("mar", "2027-03-31"),
        ("15.12", "2026-12-15"),
        ("15/12", "2026-12-15"),
        ("1.12.27", "2027-12-01"),
        ("3/4", "2027-04-03 or 2027-03-04"),
    ],
)
def test_where_a_date_is_asked_for_everyday_words_are_dates(text: str, day: str) -> None:
    assert understood(text, asked=True) == day
    assert understood(text) is None


@pytest.mark.parametrize("text", ["5", "second", "now", "2027", "so", "do", "24/7", "2.0", "10%"])
def test_even_where_a_date_is_asked_for_this_is_none(text: str) -> None:
    assert understood(text, asked=True) is None


@pytest.mark.parametrize("text", ["Sat", "May", "Sat 10:00", "sat 10:00", "on sat", "end of may"])
def test_a_capital_a_time_or_a_preposition_make_an_everyday_word_a_date(text: str) -> None:
    assert understood(text) is not None


def test_a_numeric_date_that_fits_twice_is_asked_about() -> None:
    with pytest.raises(Ambiguous) as either:
        read("3/4/2027 17:00", NOW, BERLIN)
    assert (either.value.first.day, either.value.second.day) == (
        date(2027, 4, 3),
        date(2027, 3, 4),
    )
    assert either.value.first.time == either.value.second.time == time(17)
    assert either.value.first.text == "3/4/2027 17:00"


@pytest.mark.parametrize(
    ("text", "day"),
    [("13/4/2027", "2027-04-13"), ("4/13/2027", "2027-04-13"), ("2/2/2027", "2027-02-02"),
     ("3.4.2027", "2027-04-03"), ("3/4/27", "2027-04-03 or 2027-03-04")],
)  # fmt: skip
def test_a_numeric_date_that_fits_once_is_not_asked_about(text: str, day: str) -> None:
    assert understood(text) == day


def test_next_friday_is_asked_about_only_while_this_week_has_one_to_come() -> None:
    on_saturday = datetime(2026, 11, 28, 9, tzinfo=UTC)
    when = read("next Friday", on_saturday, BERLIN)
    assert when is not None
    assert when.day == date(2026, 12, 4)
    with pytest.raises(Ambiguous):
        read("next Friday", NOW, BERLIN)


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("25 Oct 2026 2:30", BERLIN, datetime(2026, 10, 25, 0, 30)),  # twice: the first
        ("28 Mar 2027 2:30", BERLIN, datetime(2027, 3, 28, 1, 30)),  # never: 3:30
        ("28 Mar 2027 3:30", BERLIN, datetime(2027, 3, 28, 1, 30)),
        ("1 Nov 2026 1:30", NEW_YORK, datetime(2026, 11, 1, 5, 30)),
        ("14 Mar 2027 2:30", NEW_YORK, datetime(2027, 3, 14, 7, 30)),
        ("15 Dec", BERLIN, datetime(2026, 12, 15, 11)),
        ("15 Jul 2027", BERLIN, datetime(2027, 7, 15, 10)),
    ],
)
def test_a_wall_time_is_one_instant(text: str, zone: ZoneInfo, instant: datetime) -> None:
    when = read(text, NOW, zone)
    assert when is not None
    assert when.at(NOON) == instant.replace(tzinfo=UTC)


@pytest.mark.parametrize("minute", [15, 45])
def test_in_an_hour_is_an_hour_later_also_when_the_clocks_go_back(minute: int) -> None:
    for hour in range(22, 27):
        day, past_midnight = (24, hour) if hour < 24 else (25, hour - 24)
        now = datetime(2026, 10, day, past_midnight, minute, tzinfo=UTC)
        when = read("in an hour", now, BERLIN)
        assert when is not None
        assert (when.at(NOON) - now).total_seconds() == 3600


def test_a_default_hour_is_the_first_of_two() -> None:
    when = When(date(2026, 10, 25), None, "Europe/Berlin")
    assert when.at(time(2, 30, fold=1)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "said"),
    [
        ("fri 17:00", BERLIN, "Fri 27 Nov 17:00 CET, in 2 days"),
        ("15 Dec", BERLIN, "Tue 15 Dec, in 3 weeks"),
        ("tomorrow", BERLIN, "Thu 26 Nov, tomorrow"),
        ("tomorrow noon", AUCKLAND, "Fri 27 Nov 12:00 NZDT, tomorrow"),
        ("EOD", BERLIN, "Wed 25 Nov, today"),
        ("17:00", BERLIN, "Wed 25 Nov 17:00 CET, in 4 hours"),
        ("in 20 minutes", BERLIN, "Wed 25 Nov 13:50 CET, in 20 minutes"),
        ("in 1 hour", BERLIN, "Wed 25 Nov 14:30 CET, in 1 hour"),
        ("today 13:30", BERLIN, "Wed 25 Nov 13:30 CET, now"),
        ("in 90d", BERLIN, "Tue 23 Feb 2027, in 3 months"),
        ("1 Jul 2027 9:00", BERLIN, "Thu 1 Jul 2027 09:00 CEST, in 7 months"),
        ("29 Feb 2040", BERLIN, "Wed 29 Feb 2040, in 13 years"),
        ("yesterday", BERLIN, "Tue 24 Nov, yesterday"),
        ("3 days ago", BERLIN, "Sun 22 Nov, 3 days ago"),
        ("fri 17:00", ZoneInfo("Asia/Dubai"), "Fri 27 Nov 17:00 UTC+04, in 2 days"),
    ],
)
def test_what_was_understood_is_said(text: str, zone: ZoneInfo, said: str) -> None:
    when = read(text, NOW, zone)
    assert when is not None
    assert say(when, NOW) == said


SPOKEN = """
fri sat next last in on by end of month week Q1 h2 15 1. 3/4 / . 2026 2027 Dec März mars 17:00
9am 5 p.m. noon EOD d w h days 99999 9999 0 31 29 Feb - : T é ſ İ ١٢ ago since Uhr
"""
PIECES = st.sampled_from(SPOKEN.split())


@given(
    text=st.text(max_size=70)
    | st.lists(PIECES, max_size=6).map(" ".join)
    | st.lists(PIECES, max_size=6).map("".join),
    now=st.datetimes(datetime(1990, 1, 1), datetime(2150, 1, 1)),
    past=st.booleans(),
    asked=st.booleans(),
)
def test_anything_is_a_date_or_none_or_asked_about(
    text: str, now: datetime, past: bool, asked: bool
) -> None:
    now = now.replace(tzinfo=UTC)
    fit: list[When | None]
    try:
        fit = [read(text, now, BERLIN, past=past, asked=asked)]
    except Ambiguous as either:
        fit = [either.first, either.second]
    assert len(set(fit)) == len(fit)
    for when in filter(None, fit):
        assert when.at(NOON).tzinfo is UTC
        assert when.text.split() == text.split()
        assert say(when, now)


def test_many_threads_read_as_one() -> None:
    texts = [f"{day} {month} {year}" for day in (1, 15, 28) for month in ("Dezember", "mai", "June")
             for year in range(2027, 2047)]  # fmt: skip
    alone = [understood(text) for text in texts]
    library.day.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(understood, texts)) == alone
    assert None not in alone
