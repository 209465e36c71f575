"""Importing a list, as the operator sees it in a terminal."""

import csv
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlmodel import update

from bot.__main__ import main
from storage.database import Database
from storage.initiatives import Initiative
from storage.store import Store
from tests.clock import Clock

SHARED = Path(__file__).parents[4] / "shared" / "data" / "gmpp_2022.csv"
HEADERS = ("Project name", "Strategic goal", "Owner", "Budget (EUR k)", "Go-live", "RAG")
ROWS = (
    ("One login", "Faster onboarding", "Lee Novak", "340", "2026-12-01", "Green"),
    ("Data lake", "", "", "600", "tbc", "Amber"),
    ("CRM", "Grow revenue", "dana@acme.example", "prose", "31/12/2026", "Red"),
)
Say = Callable[..., str]


@pytest.fixture
def say(address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Type a command line over a database of its own; gives all it printed."""
    monkeypatch.setenv("DATABASE_URL", address)

    def said(*typed: str, fails: bool = False) -> str:
        assert (main(typed) != 0) == fails
        heard = capsys.readouterr()
        return heard.out + heard.err

    return said


def written(path: Path, rows: Sequence[Sequence[str]], headers: Sequence[str] = HEADERS) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *rows])
    return str(path)


def test_a_list_becomes_a_map_that_answers(say: Say, tmp_path: Path) -> None:
    told = say("import", written(tmp_path / "list.csv", ROWS))
    assert "+3 ~0 =0" in told
    assert "priority: Strategic goal" in told
    answer = say("do", "which priority does one login support?")
    assert answer.startswith("One login\nSupports Faster onboarding.")
    assert "Owner: Lee Novak" in answer
    assert "From the list “list.csv”" in answer
    assert "Nobody has told me which priority it supports" in say("do", "Data lake")


def test_a_cell_that_cannot_be_read_keeps_its_text_and_is_listed(say: Say, tmp_path: Path) -> None:
    told = say("import", written(tmp_path / "list.csv", ROWS))
    assert "2 cells I could not read" in told
    assert "3 | Go-live | tbc | not a date" in told
    assert "4 | Budget (EUR k) | prose | not an amount of money" in told
    assert "Cost: not known; the list says “prose”" in say("do", "CRM")


def test_a_list_may_go_on_using_the_name_a_project_had(say: Say, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    say("import", written(path, ROWS))
    say("do", 'rename "One login" to "Sign in once"')
    assert "+0 ~0 =3" in say("import", written(path, ROWS))
    assert say("do", "who owns One login?").startswith("Sign in once")


def test_importing_again_changes_only_what_changed_and_says_so(say: Say, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    say("import", written(path, ROWS))
    assert "+0 ~0 =3" in say("import", written(path, ROWS))
    changed = [list(row) for row in ROWS]
    changed[0][1] = "Grow revenue"
    changed[2][3] = "1200"
    changed.append(["Payroll", "Grow revenue", "Ana", "80", "2027-01-31", "Green"])
    assert "+1 ~2 =1" in say("import", written(path, changed))
    assert "Supports Grow revenue." in say("do", "One login")
    assert "Cost: €1.2M" in say("do", "CRM")


def test_what_people_said_since_is_not_undone_by_the_same_list(
    say: Say, tmp_path: Path, database: Database
) -> None:
    path = tmp_path / "list.csv"
    say("import", written(path, ROWS))
    with database.writing(1) as session:
        session.exec(update(Initiative).values(area="Said in chat", status="done"))
    changed = [list(row) for row in ROWS]
    changed[0][3] = "500"
    assert "+0 ~1 =2" in say("import", written(path, changed))
    answer = say("do", "One login")
    assert "Cost: €500k" in answer
    assert "Status: Done" in answer


def test_a_row_without_a_name_refuses_the_whole_list(say: Say, tmp_path: Path) -> None:
    rows = [*ROWS, ("", "Grow revenue", "Ana", "80", "", ""), ("  ", "x", "", "", "", "")]
    told = say("import", written(tmp_path / "list.csv", rows), fails=True)
    assert told.startswith("Line 5, 6 has no name in the column “Project name”")
    assert "so I imported nothing" in told
    assert "I don't know a project called “One login”" in say("do", "One login")


def test_the_columns_can_be_said_and_are_remembered(say: Say, tmp_path: Path) -> None:
    headers = ("Ref", "Thing", "Other thing", "Who")
    rows = [("1", "One login", "Faster onboarding", "Lee"), ("2", "CRM", "Grow revenue", "Dana")]
    path = written(tmp_path / "odd.csv", rows, headers)
    told = say("import", path, "--map", "initiative=thing,priority=other", "--map", "owner=W")
    assert "initiative: Thing" in told
    assert "priority: Other thing" in told
    again = say("import", path)
    assert "+0 ~0 =2" in again
    assert "priority: Other thing" in again
    assert "Owner: Lee" in say("do", "One login")


def test_a_column_that_does_not_exist_is_answered_with_those_that_do(
    say: Say, tmp_path: Path
) -> None:
    path = written(tmp_path / "list.csv", ROWS)
    told = say("import", path, "--map", "initiative=Nome", fails=True)
    assert "Project name" in told
    assert "Traceback" not in told


def test_a_preview_changes_nothing(say: Say, tmp_path: Path) -> None:
    told = say("import", written(tmp_path / "list.csv", ROWS), "--preview")
    assert "initiative: Project name" in told
    assert "I don't know a project called “One login”" in say("do", "One login")


def test_one_project_on_several_rows_serves_what_each_row_says(say: Say, tmp_path: Path) -> None:
    again = ("one  LOGIN", "Grow revenue", "", "", "", "")
    told = say("import", written(tmp_path / "list.csv", [*ROWS, again]))
    assert "+3 ~0 =0" in told
    assert "stands on line 2 already" in told
    assert "Supports Faster onboarding and Grow revenue." in say("do", "One login")


def test_the_invented_company_makes_room_even_where_a_decision_names_it(
    say: Say, tmp_path: Path, database: Database, clock: Clock
) -> None:
    store = Store(database, clock.now)
    store.found("", "")
    assert store.seed_demo(rename=True, rezone=True)
    say("do", 'decide buy the CRM for "Cut cost per order"')
    told = say("import", written(tmp_path / "list.csv", ROWS), "--replace-demo")
    assert "+3 ~0 =0" in told
    assert "invented company" not in told
    assert "D-1 buy the CRM" in say("do", "why D-1")
    assert "Faster onboarding of" not in say("do", "what are our priorities")


def test_a_workbook_is_read_as_well(say: Say, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADERS, *ROWS):
        sheet.append(row)
    book.save(tmp_path / "list.xlsx")
    assert "+3 ~0 =0" in say("import", str(tmp_path / "list.xlsx"))
    assert "Supports Grow revenue." in say("do", "crm")


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04junk", b"only a header\n"])
def test_what_is_no_list_gets_a_sentence(say: Say, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    told = say("import", str(path), fails=True)
    assert told.strip().endswith(".")
    assert "Traceback" not in told


def test_the_real_portfolio_is_imported_as_it_is(say: Say, tmp_path: Path) -> None:
    if not SHARED.exists():
        pytest.skip("../shared/data/gmpp_2022.csv is not here")
    path = tmp_path / "gmpp.csv"
    shutil.copyfile(SHARED, path)
    assert "+235 ~0 =0" in say("import", str(path))
    assert "+0 ~0 =235" in say("import", str(path))
    answer = say("do", "which priority does Electronic Monitoring support?")
    assert answer.startswith(
        "Electronic Monitoring\nSupports Government Transformation and Service Delivery."
    )
