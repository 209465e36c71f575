"""Excel and CSV: readable, with real dates and amounts, and nothing in them is ever run."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from handlers import exports
from handlers.exports import files, workbook
from handlers.exports.gathering import gather
from handlers.exports.seen import exported
from handlers.exports.shape import Money
from handlers.exports.tables import Column, Sheet
from handlers.imports import look, sheet
from handlers.imports.mapping import propose
from storage.initiatives import Initiative
from tests.chat import Chat
from tests.handlers.exports.generated import NASTY

UTC_ZONE = ZoneInfo("UTC")
FORMULA = st.builds(
    "".join, st.tuples(st.sampled_from(["=", "+", "-", "@", "\t", "\r", ""]), st.text(max_size=20))
)
TEXTS = st.lists(FORMULA | st.sampled_from(NASTY), min_size=1, max_size=5)


def told(texts: list[str]) -> Sheet:
    column = Column("Name", 20, lambda entry: entry.get("name"))
    return Sheet("Names", (column,), [[text] for text in texts])


@given(TEXTS)
def test_no_cell_of_a_csv_is_run_as_a_formula(texts: list[str]) -> None:
    content = files._csv(told(texts), UTC_ZONE).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))[1:]
    assert len(rows) == len(texts)
    for row, text in zip(rows, texts, strict=True):
        said = row[0] if row else ""
        assert not said.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert said in (text, f"'{text}")


@given(TEXTS)
def test_every_text_in_a_workbook_is_a_text(texts: list[str]) -> None:
    content = workbook.written([told(texts)], UTC_ZONE)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        pages = [packed.read(name) for name in packed.namelist() if "worksheets/" in name]
    assert b"<f>" not in b"".join(pages)
    cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(2)]
    for cell in cells:
        assert cell.value is None or (cell.data_type == "s" and cell.quotePrefix)


def test_a_negative_number_stays_a_number(tmp_path: Path) -> None:
    amounts = Sheet("A", (Column("Cost", 9, lambda e: None),) * 2, [[-5, Money(-500, "EUR")]])
    assert files._csv(amounts, UTC_ZONE).decode("utf-8-sig").splitlines()[1] == "-5,'-5.00 EUR"
    book = openpyxl.load_workbook(io.BytesIO(workbook.written([amounts], UTC_ZONE)))
    assert [cell.value for cell in book.active[2]] == [-5, -5]


def test_what_is_too_long_for_a_cell_is_cut_and_counted() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook.written([told(["x" * 40_000])], UTC_ZONE)))
    assert len(book.active["A2"].value) == 32_767
    assert [cell.value for cell in book.active[3]][:2] == ["Ends of long texts", 1]


def export(chat: Chat, path: Path, who: str = "lee") -> Any:
    with chat.store.reading(chat.account(who)) as session:
        return exports.write(path, session)


def test_a_workbook_holds_all_of_the_map(chat: Chat, tmp_path: Path) -> None:
    chat.types("dana", 'decide "=cmd" owner @dana for "Grow revenue" because "we must"')
    export(chat, tmp_path / "map.xlsx", "dana")
    book = openpyxl.load_workbook(tmp_path / "map.xlsx")
    assert book.sheetnames == [
        "Projects and tools", "Priorities", "Capabilities", "Numbers", "Readings", "Links",
        "Decisions", "What was said of them", "People", "Left out",
    ]  # fmt: skip
    for page in book:
        assert page.freeze_panes == "A2"
        assert all(cell.value and cell.font.bold for cell in page[1])
    rows = {row[0].value: row for row in book["Projects and tools"].iter_rows(2)}
    headers = [cell.value for cell in book["Projects and tools"][1]]
    asana = dict(zip(headers, rows["Asana"], strict=True))
    assert (asana["Cost"].value, asana["Cost"].number_format) == (84_000, "#,##0.00 [$EUR]")
    assert asana["Renewal date"].value.year == 2027
    assert asana["Business priority"].value == "Faster onboarding"
    decision = [cell.value for cell in book["Decisions"][2]][:6]
    assert decision == ["D-1", "=cmd", "accepted", "Dana Brandt", "Grow revenue", "we must"]


@pytest.mark.parametrize("name", ["map.xlsx", "map.csv"])
def test_the_list_of_projects_can_be_imported_again(chat: Chat, tmp_path: Path, name: str) -> None:
    with chat.changing() as session:
        one = session.exec(select(Initiative).where(Initiative.name == "One login")).one()
        one.area, one.phase, one.starts_on = "Sales", "optimize", date(2026, 1, 5)
    export(chat, tmp_path / name)
    headers = propose(sheet.read(tmp_path / name), {})
    assert headers == {
        "initiative": "Project", "kind": "Kind", "priority": "Business priority",
        "capability": "Capability", "owner": "Owner", "area": "Department",
        "plain": "Description", "status": "Status", "phase": "Phase", "starts_on": "Start date",
        "ends_on": "End date", "cost": "Cost", "vendor": "Vendor", "renews_on": "Renewal date",
    }  # fmt: skip
    with chat.looking() as session:
        found = look(tmp_path / name, [], session)
    assert not found.problems
    asana = next(one for one in found.told if one.name == "Asana")
    assert asana.values["cost"] == (84_000_00, "EUR")
    assert asana.priorities == ("Faster onboarding",)


def test_a_folder_and_a_packed_file_hold_a_table_each(chat: Chat, tmp_path: Path) -> None:
    export(chat, tmp_path / "out")
    export(chat, tmp_path / "out.zip")
    names = {one.name for one in (tmp_path / "out").iterdir()}
    assert {"projects-and-tools.csv", "decisions.csv", "left-out.csv"} <= names
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        assert set(packed.namelist()) == names
        inside = packed.read("projects-and-tools.csv")
    assert inside == (tmp_path / "out" / "projects-and-tools.csv").read_bytes()


def test_two_exports_of_one_map_are_the_same_bytes(chat: Chat, tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml", "a.zip", "b.zip"):
        export(chat, tmp_path / name)
    for ending in ("yaml", "zip"):
        one, other = (tmp_path / f"{name}.{ending}" for name in "ab")
        assert one.read_bytes() == other.read_bytes()


def test_a_small_change_is_a_small_difference(chat: Chat, tmp_path: Path) -> None:
    export(chat, tmp_path / "a.yaml")
    chat.types("lee", "Data lake is late")
    export(chat, tmp_path / "b.yaml")
    before, after = ((tmp_path / f"{one}.yaml").read_text().splitlines() for one in "ab")
    assert [line for line in after if line not in before] == []  # others are late too
    assert len(after) - len(before) == 1


def test_what_is_left_out_is_counted_on_a_sheet(chat: Chat) -> None:
    chat.types("omar", "decide sell the house")
    with chat.store.reading(chat.account("ana")) as session:
        gathered = gather(session, exported(session, session.me))
        (file,) = files.made(gathered, "excel", session.organisation)
    page = openpyxl.load_workbook(io.BytesIO(file.content))["Left out"]
    assert [cell.value for cell in page[2]][:2] == ["Private decisions", 1]


def test_days_before_excel_are_texts() -> None:
    old = Sheet("A", (Column("At", 9, lambda e: None),), [[datetime(1200, 1, 1, tzinfo=UTC)]])
    book = openpyxl.load_workbook(io.BytesIO(workbook.written([old], UTC_ZONE)))
    assert book.active["A2"].value.startswith("1200-01-01")
