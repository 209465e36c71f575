"""What people type into cells becomes values; what is not certain is said to be unclear."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.imports import cells, sheet
from handlers.imports.cells import Unclear
from handlers.imports.mapping import propose

GMPP = Path("../shared/data/gmpp_2022.csv")
LONG = "TOTAL Baseline Whole Life Costs (Łm) (including Non-Government Costs)"


def unclear(reading: Callable[[], object]) -> str:
    with pytest.raises(Unclear) as said:
        reading()
    return said.value.reason


@pytest.mark.parametrize(
    ("text", "minor", "code"),
    [
        ("84", 84_00, "EUR"),
        ("1,234.56", 1_234_56, "EUR"),
        ("1.234,56 €", 1_234_56, "EUR"),
        ("12 000,50", 12_000_50, "EUR"),
        ("12\u202f000,50 €", 12_000_50, "EUR"),
        ("CHF 1'200", 1_200_00, "CHF"),
        ("CHF 1’200.–", 1_200_00, "CHF"),
        ("1,23,456 INR", 123_456_00, "INR"),
        ("1.234.567", 1_234_567_00, "EUR"),
        ("1.234", 1_234_00, "EUR"),
        ("0.125", 13, "EUR"),
        ("1.2345", 1_23, "EUR"),
        ("84k EUR", 84_000_00, "EUR"),
        ("500 k€", 500_000_00, "EUR"),
        ("TEUR 500", 500_000_00, "EUR"),
        ("1.2m", 1_200_000_00, "EUR"),
        ("1.234m", 1_234_000_00, "EUR"),
        ("1,5 Mio. €", 1_500_000_00, "EUR"),
        ("$2bn", 2_000_000_000_00, "USD"),
        ("US$ 5", 5_00, "USD"),
        ("(500)", -500_00, "EUR"),
        ("£(500)", -500_00, "GBP"),
        ("-£5", -5_00, "GBP"),
        ("5-", -5_00, "EUR"),
        ("Ł33.73", 33_73, "GBP"),
        ("¥1200", 1200, "JPY"),
        ("KWD 1.234", 1_234, "KWD"),
    ],
)
def test_money_is_read_as_countries_write_it(text: str, minor: int, code: str) -> None:
    assert cells.money(text, currency="EUR") == (minor, code)


@pytest.mark.parametrize(
    ("text", "header", "minor", "code"),
    [
        ("£33.73", "(£m)", 3_373_000_000, "GBP"),
        ("Ł32,614", LONG, 3_261_400_000_000, "GBP"),
        ("84", "Budget (EUR k)", 84_000_00, "EUR"),
        ("12.345", "Budget (EUR k)", 12_345_00, "EUR"),
        ("84", "Budget USD", 84_00, "USD"),
        ("84", "Budget in thousands", 84_000_00, "SEK"),
        ("84", "$ million", 84_000_000_00, "USD"),
        ("84", "Cost (£'000s)", 84_000_00, "GBP"),
        ("84", "Cost in 1,000 USD", 84_000_00, "USD"),
        ("84", "Kosten in Tsd. EUR", 84_000_00, "EUR"),
        ("84", "Kosten (T€)", 84_000_00, "EUR"),
        ("1.2m", "Budget (EUR k)", 1_200_000_00, "EUR"),
        ("$1.2m", "Budget (EUR k)", 1_200_000_00, "USD"),
        ("£84", "Budget €", 84_00, "GBP"),
        ("84", "Cost of CAD licences 2000", 84_00, "SEK"),
        ("84", "Budget above 500,000 of plan T", 84_00, "SEK"),
        ("84", "Plan B SEK", 84_00, "SEK"),
        ("84", "Mars cost", 84_00, "SEK"),
    ],
)
def test_a_header_gives_scale_and_currency(text: str, header: str, minor: int, code: str) -> None:
    assert cells.money(text, header, "SEK") == (minor, code)


def test_a_sign_shared_by_countries_is_the_company_s_own() -> None:
    assert cells.money("$5", currency="CAD") == (5_00, "CAD")
    assert cells.money("5 kr", currency="SEK") == (5_00, "SEK")
    assert unclear(lambda: cells.money("5 kr", currency="EUR")) == "not an amount of money"


@pytest.mark.parametrize(
    ("text", "header", "reason"),
    [
        ("Exempt under Section 43 of the Act 2000", "(£m)", "not an amount of money"),
        ("tbc", "", "not an amount of money"),
        ("n/a", "", "not an amount of money"),
        ("-", "", "not an amount of money"),
        ("approx. 3 to 5 million", "", "not an amount of money"),
        ("3-5m", "", "not an amount of money"),
        ("5%", "", "not an amount of money"),
        ("12 licences", "", "not an amount of money"),
        ("€5 USD", "", "not an amount of money"),
        ("12 34", "", "not a number I can read for certain"),
        ("1,2,3", "", "not a number I can read for certain"),
        ("$500", "Budget (EUR k)", "USD in a column of EUR"),
        ("500", "Budget (EUR/USD)", "the header names more than one unit"),
        ("9" * 20, "", "too large for an amount of money"),
        ("9" * 2_000_000, "", "not an amount of money"),
    ],
)
def test_what_is_not_money_for_certain_is_unclear(text: str, header: str, reason: str) -> None:
    assert unclear(lambda: cells.money(text, header, "EUR")) == reason


def test_money_needs_a_currency_from_somewhere_and_blank_is_none() -> None:
    assert unclear(lambda: cells.money("5")) == "no currency"
    assert cells.money("5", currency="eur") == (5_00, "EUR")
    assert cells.money(" \xa0") is None


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_money_reads_what_was_written(minor: int, code: str) -> None:
    digits = {"EUR": 2, "JPY": 0, "KWD": 3}[code]
    written = f"{Decimal(minor).scaleb(-digits):,.{digits}f}"
    assert cells.money(f"{written} {code}", currency="USD") == (minor, code)
    swapped = written.translate(str.maketrans(",.", ".,"))
    if code == "EUR":
        assert cells.money(f"{code} {swapped}") == (minor, code)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-12-31", date(2026, 12, 31), None),
        ("2026-12-31 14:05", date(2026, 12, 31), None),
        ("2026-12-31T14:05:00Z", date(2026, 12, 31), None),
        ("20261231", date(2026, 12, 31), None),
        ("31/12/2026", date(2026, 12, 31), None),
        ("12/31/2026", date(2026, 12, 31), None),
        ("12/31/26 2:05 PM", date(2026, 12, 31), None),
        ("4/4/2026", date(2026, 4, 4), None),
        ("03.04.2026", date(2026, 4, 3), None),
        ("31 Dec 2026", date(2026, 12, 31), None),
        ("31-Dec-26", date(2026, 12, 31), None),
        ("December 31st, 2026", date(2026, 12, 31), None),
        ("Friday, 3 March 2028", date(2028, 3, 3), None),
        ("Mar. 3, 2026", date(2026, 3, 3), None),
        ("31. März 2026", date(2026, 3, 31), None),
        ("1er février 2026", date(2026, 2, 1), None),
        ("46387", date(2026, 12, 31), None),
        ("Feb 2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("Mar. 2026", date(2026, 3, 1), date(2026, 3, 31)),
        ("Dec-26", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("02/2026", date(2026, 2, 1), date(2026, 2, 28)),
        ("Q4 2026", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026 Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("H1 2026", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_date_begins_or_ends_what_it_names(text: str, start: date, end: date | None) -> None:
    assert cells.date(text) == start
    assert cells.date(text, end=True) == (end or start)


def test_two_readings_are_asked_about_unless_the_column_says_which() -> None:
    assert unclear(lambda: cells.date("03/04/2026")) == "two dates fit: 3 April or 4 March"
    assert cells.date("03/04/2026", order="dmy") == date(2026, 4, 3)
    assert cells.date("03/04/2026", order="mdy") == date(2026, 3, 4)
    assert cells.date("31/12/2026", order="mdy") == date(2026, 12, 31)
    assert cells.date("03/04/2026", "Start (mm/dd/yyyy)") == date(2026, 3, 4)
    assert cells.date("03/04/2026", "Beginn (TT/MM/JJJJ)") == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["03/04/2026", "31/12/2026", "", "soon"], "dmy"),
        (["03/04/2026", "12/31/2026"], "mdy"),
        (["03/04/2026", "2026-12-31", "31.12.2026"], None),
        (["31/12/2026", "12/31/2026"], None),
        ([], None),
    ],
)
def test_one_plain_cell_settles_the_order_of_a_column(column: list[str], order: str | None) -> None:
    assert cells.order_of(column) == order


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "tbc", "mid 2026", "Dec 26", "13/13/2026", "31/02/2026", "2026-13-01"),
        *("123", "Section 26 of 2000", "Smarch 3, 2026", "Q5 2026", "between 2026 and 2027"),
    ],
)
def test_what_is_not_a_date_for_certain_is_unclear(text: str) -> None:
    assert unclear(lambda: cells.date(text)) in ("not a date", "no such day")


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_a_date_reads_what_was_written(day: date) -> None:
    for shape in ("%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%b %d, %Y", "%d-%b-%y", "%d.%m.%y"):
        assert cells.date(day.strftime(shape)) == day
    assert cells.date(day.strftime("%d/%m/%Y"), order="dmy") == day
    assert cells.date(day.strftime("%m/%d/%Y"), order="mdy") == day


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("12", 12.0), ("-3.5", -3.5), ("1,234", 1234.0), ("1.234", 1.234), ("12,5", 12.5)),
        *(("25%", 25.0), ("25 %", 25.0), ("1.2m", 1_200_000.0), ("€5", 5.0), (".5", 0.5)),
    ],
)
def test_a_number_is_read(text: str, value: float) -> None:
    assert cells.number(text) == value


@pytest.mark.parametrize("text", ["", "-", "12 days", "< 8", "3 to 5", "1e5", "nan", "%"])
def test_what_is_not_a_number_alone_is_unclear(text: str) -> None:
    assert unclear(lambda: cells.number(text)) == "not a number"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Green", "running"),
        ("AMBER", "at risk"),
        ("Amber/Green", "at risk"),
        ("Red", "at risk"),
        ("Amber - supplier late", "at risk"),
        ("Not started", "planned"),
        ("In_Progress (60%)", "running"),
        ("2 - Running", "running"),
        ("Delayed: supplier", "late"),
        ("on-hold", "stopped"),
        ("abgeschlossen", "done"),
        ("En retard", "late"),
    ],
)
def test_a_status_is_known_by_its_words_and_colours(text: str, status: str) -> None:
    assert cells.status(text) == status


@pytest.mark.parametrize("text", ["", "Exempt under Section 24", "not green", "purple"])
def test_a_status_nobody_told_us_is_unclear(text: str) -> None:
    assert unclear(lambda: cells.status(text)) == "not a status I know"


def test_a_phase_and_a_kind_are_known_by_one_word_of_theirs() -> None:
    assert cells.phase("Stabilize and secure") == "stabilize"
    assert cells.phase("2 Optimisation") == "optimize"
    assert cells.phase("Transform") == "innovate"
    assert cells.kind("IT project") == "project"
    assert cells.kind("SaaS") == "tool"
    assert unclear(lambda: cells.phase("run and grow")) == "not a phase I know"
    assert unclear(lambda: cells.kind("software project")) == "not a project or a tool"


def test_names_are_parted_at_marks_that_no_name_has() -> None:
    assert cells.names("Smith, Dana; Lee |\r\nOmar;;Lee") == ("Smith, Dana", "Lee", "Omar")
    assert cells.names(" ; ") == ()


TYPED = (
    st.text() | st.text(alphabet="0123456789.,'-/() €£kmQ%eDec\n") | st.from_regex(r"\d+\D\d+\D\d+")
)


@given(TYPED, TYPED)
def test_any_text_is_a_value_or_unclear(text: str, header: str) -> None:
    readings: list[Callable[[], object]] = [
        lambda: cells.money(text, header, "EUR"),
        lambda: cells.date(text, header),
        lambda: cells.date(text, end=True, order="mdy"),
        lambda: cells.number(text),
        lambda: cells.status(text),
        lambda: cells.phase(text),
        lambda: cells.kind(text),
    ]
    for reading in readings:
        with suppress(Unclear):
            reading()
    assert all(name.strip() for name in cells.names(text))
    assert cells.order_of([text]) in ("dmy", "mdy", None)


@pytest.mark.skipif(not GMPP.exists(), reason=f"{GMPP} is not here")
@pytest.mark.parametrize(
    ("field", "known"),
    [
        ("status", (153, 68, 14)),
        ("starts_on", (224, 0, 11)),
        ("ends_on", (218, 0, 17)),
        ("cost", (191, 2, 42)),
    ],
)
def test_the_cells_of_a_government_are_read_but_for_its_prose(
    field: str, known: tuple[int, int, int]
) -> None:
    page = sheet.read(GMPP)
    header = propose(page)[field]
    reading: dict[str, Callable[[str], object]] = {
        "status": cells.status,
        "starts_on": cells.date,
        "ends_on": lambda text: cells.date(text, end=True),
        "cost": lambda text: cells.money(text, header, "EUR"),
    }
    column = [row.cells[page.headers.index(header)] for row in page.rows]
    prose = []
    for text in filter(None, column):
        try:
            reading[field](text)
        except Unclear:
            prose.append(text)
    assert all(len(text) > 40 and text.count(" ") > 5 for text in prose)
    print(f"{field}: {len(prose)} of {len(column)} unclear, such as {prose[0]!r}")
    assert (len(column) - column.count("") - len(prose), column.count(""), len(prose)) == known
