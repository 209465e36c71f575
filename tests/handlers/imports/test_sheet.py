"""People import the list they have: odd encodings, odd delimiters, odd headers, and odd files."""

import io
import os
import warnings
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import numbers

from handlers.imports import sheet, workbook
from handlers.imports.sheet import Row, Sheet, Unreadable

GMPP = Path("../shared/data/gmpp_2022.csv")
in_one_folder = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list"


def read(file: Path, content: str | bytes, encoding: str = "utf-8") -> Sheet:
    file.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return sheet.read(file)


def why_not(file: Path, content: str | bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(file, content)
    assert refused.value.text.endswith(".")
    return refused.value.text


def excel(*rows: list[Any], **formats: str) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    for row in rows:
        page.append(row)
    for cell, shown in formats.items():
        page[cell].number_format = shown
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repacked(content: bytes, part: str, old: str, new: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(packed, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            assert name != part or old.encode() in text
            after.writestr(name, text.replace(old.encode(), new.encode()) if name == part else text)
    return packed.getvalue()


def test_rows_keep_the_number_a_spreadsheet_shows_and_blank_ones_are_left_out(file: Path) -> None:
    read_ = read(file, 'Name,Owner\nCRM,Dana\n\n,\n"One\nlogin",\xa0Lee \n')
    assert read_ == Sheet(
        ("Name", "Owner"), (Row(2, ("CRM", "Dana")), Row(5, ("One\nlogin", "Lee")))
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found(file: Path, encoding: str) -> None:
    read_ = read(file, "Name;Budget €\nMünchen;5\n", encoding)
    assert (read_.headers, read_.rows[0].cells) == (("Name", "Budget €"), ("München", "5"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_most_rows_agree_on(file: Path, delimiter: str) -> None:
    rows = [["Name", "Owner", "Cost"], ["CRM", "Dana", "1"], ["One login", "Lee", "2"]]
    assert read(file, "\n".join(map(delimiter.join, rows))).rows[1].cells == (
        "One login",
        "Lee",
        "2",
    )


def test_decimal_commas_and_lists_in_cells_are_no_delimiters(file: Path) -> None:
    german = "Name;Kosten;Rest\nCRM;1,5;2,5\nSSO;3,5;4,5\nPortal;3,5;4,5;neu\n"
    assert read(file, german).headers[:3] == ("Name", "Kosten", "Rest")
    listed = "Name,Owners,Area\nCRM,Dana;Lee;Omar;Pia,Sales\nSSO,Dana;Lee;Omar;Pia,IT\n"
    assert read(file, listed).rows[0].cells == ("CRM", "Dana;Lee;Omar;Pia", "Sales")


def test_a_line_that_only_tells_excel_the_delimiter_is_no_row(file: Path) -> None:
    assert read(file, "sep=|\nName|Owner\nCRM, new|Dana\n").rows == (Row(2, ("CRM, new", "Dana")),)


def test_a_title_and_blank_lines_above_the_headers_are_passed_over(file: Path) -> None:
    read_ = read(file, "Projects of 2026\n\nName,Owner,Cost\nCRM,Dana,1\n")
    assert read_ == Sheet(("Name", "Owner", "Cost"), (Row(4, ("CRM", "Dana", "1")),))


def test_a_list_of_one_column_has_its_header_on_top(file: Path) -> None:
    assert read(file, "Name\nCRM\nOne login\n").headers == ("Name",)


def test_sparse_rows_do_not_make_a_title_the_headers(file: Path) -> None:
    text = "All projects\nName,Owner,Cost,Vendor\nCRM,,,\nSSO,,,\nPortal,,,\n"
    assert read(file, text).headers == ("Name", "Owner", "Cost", "Vendor")


def test_every_column_with_cells_has_a_header_of_its_own(file: Path) -> None:
    read_ = read(file, "Name,name,,Name (2),\nCRM,a,,b,,more\nSSO,c,,,d\n")
    assert read_.headers == ("Name", "name (3)", "Name (2)", "column 5", "column 6")
    assert [row.cells for row in read_.rows] == [
        ("CRM", "a", "b", "", "more"),
        ("SSO", "c", "", "d", ""),
    ]


def test_excel_cells_read_as_a_person_would_type_them(file: Path) -> None:
    row = ["CRM", 84.0, 0.1 + 0.2, 0.25, 1200, 7, True, "#REF!"]
    dates = [date(2026, 12, 31), datetime(2026, 12, 31, 14, 5), "=1+1"]
    heads = [f"h{number}" for number in range(11)]
    content = excel(heads, row + dates, D2="0%", E2='#,##0 "€"', F2="[$CHF-807] 0")
    assert read(file, content).rows[0].cells == (
        *("CRM", "84", "0.3", "25%", "1200 €", "7 CHF", "yes", "#REF!"),
        *("2026-12-31", "2026-12-31 14:05", ""),
    )


def test_the_dollar_of_a_built_in_format_is_not_believed(file: Path) -> None:
    built_in, own = numbers.BUILTIN_FORMATS[44], "[$$-409]#,##0"
    content = excel(["Name", "Budget", "Spent"], ["CRM", 5, 6], B2=built_in, C2=own)
    assert read(file, content).rows[0].cells == ("CRM", "5", "6 $")


def test_the_first_visible_sheet_with_a_list_is_read(file: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["This workbook lists our projects"])
    book.active.append(["Ask Lee"])
    choices = book.create_sheet("Choices")
    choices.sheet_state = "hidden"
    for page in (choices, book.create_sheet("Projects")):
        page.append(["Name", page.title])
        page.append(["CRM", "x"])
    assert read(file, saved(book)).headers == ("Name", "Projects")


def test_a_sheet_that_states_its_size_wrong_is_read_whole(file: Path) -> None:
    content = excel(["Name", "Owner"], ["CRM", "Dana"], ["SSO", "Lee"])
    wrong = repacked(content, "xl/worksheets/sheet1.xml", 'ref="A1:B3"', 'ref="A1:A1"')
    assert len(read(file, wrong).rows) == 2


def test_what_openpyxl_warns_of_stays_inside(file: Path) -> None:
    extended = repacked(
        excel(["Name", "Owner"], ["CRM", "Dana"]),
        "xl/worksheets/sheet1.xml",
        "</sheetData>",
        '</sheetData><extLst><ext uri="{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}"/></extLst>',
    )
    with pytest.warns(UserWarning, match="not supported"):
        list(openpyxl.load_workbook(io.BytesIO(extended), read_only=True).active.iter_rows())
    with warnings.catch_warnings(record=True) as leaked:
        warnings.simplefilter("always")
        assert read(file, extended).rows
    assert not leaked


def test_a_row_number_beyond_excel_ends_the_reading(file: Path) -> None:
    content = excel(["Name", "Owner"], ["CRM", "Dana"])
    endless = repacked(content, "xl/worksheets/sheet1.xml", '<row r="2"', '<row r="99999999999"')
    assert "more than 1,048,576 rows" in why_not(file, endless)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"\n ,\xa0\n\n", "is empty"),
        (b"Name,Owner\n", "headers and no rows"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a list I can read"),
        (b"%PDF-1.7\n\x01\x02\x03\x04\x05\x06 obj", "not a list I can read"),
        (b'Name,Owner\nCRM,"Dana\nSSO,Lee\n', "never closed"),
        (workbook.OLD + b"rest", "save it as .xlsx without a password or as .csv"),
        (workbook.ZIP + b"rest", "could not open"),
        (b",".join(b"a" for _ in range(3000)) + b"\nb,c\n", "3000 columns"),
    ],
)
def test_what_is_no_list_is_refused_with_a_way_on(file: Path, content: bytes, told: str) -> None:
    assert told in why_not(file, content)


def test_text_behind_a_closing_quotation_mark_is_kept(file: Path) -> None:
    assert read(file, 'Name,Owner\n"CRM" new,Dana\n').rows[0].cells == ("CRM new", "Dana")


def test_an_archive_that_is_no_workbook_is_refused(file: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("list.csv", "Name,Owner\nCRM,Dana\n")
    assert "could not open" in why_not(file, packed.getvalue())


def test_a_workbook_that_unpacks_to_too_much_is_refused_unopened(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "UNPACKED", 1000)
    assert "unpacks to more than" in why_not(file, excel(["Name", "Owner"], ["CRM", "Dana"]))


def test_a_folder_a_missing_file_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.csv"
    huge.touch()
    os.truncate(huge, sheet.BYTES + 1)
    for path, told in (
        (tmp_path, "is a folder"),
        (tmp_path / "none.csv", "There is no file"),
        (tmp_path / "nul\0.csv", "There is no file"),
        (huge, "larger than 50 MB"),
    ):
        with pytest.raises(Unreadable, match=told):
            sheet.read(path)


def test_ten_thousand_rows_are_all_there(file: Path) -> None:
    lines = ["Name,Owner,Cost", *(f"Project {number},Dana,{number}" for number in range(10_000))]
    assert read(file, "\n".join(lines)).rows[-1] == Row(10_001, ("Project 9999", "Dana", "9999"))


def attempt(file: Path, content: bytes) -> Sheet | None:
    """None where it was refused as it should be; anything else that is raised is a bug."""
    try:
        return read(file, content)
    except Unreadable:
        return None


@in_one_folder
@given(content=st.binary() | st.text(alphabet=',;\t|"\n\r ab1').map(str.encode))
def test_any_bytes_are_a_list_or_refused(file: Path, content: bytes) -> None:
    read_ = attempt(file, content)
    if read_:
        assert len(set(read_.headers)) == len(read_.headers)
        assert all(len(row.cells) == len(read_.headers) for row in read_.rows)
        assert all(any(row.cells) for row in read_.rows)


WORKBOOK = excel(["Name", "Cost", "End"], ["CRM", 5, date(2026, 12, 31)], ["SSO", 6.5, None])


@in_one_folder
@given(st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), max_size=8))
def test_a_damaged_workbook_is_read_or_refused(file: Path, damage: list[tuple[int, int]]) -> None:
    content = bytearray(WORKBOOK)
    for place, value in damage:
        content[place] = value
    attempt(file, bytes(content))


@in_one_folder
@given(
    part=st.sampled_from(["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"]),
    place=st.floats(0, 1),
    junk=st.sampled_from(["", "<", "9", "-1", "x", '"', "</row>", "99999999999", "NaN", "1e999"]),
    length=st.integers(0, 12),
)
def test_a_workbook_with_wrong_xml_is_read_or_refused(
    file: Path, part: str, place: float, junk: str, length: int
) -> None:
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as packed:
        text = packed.read(part).decode()
    start = int(place * len(text))
    broken = text[:start] + junk + text[start + length :]
    attempt(file, repacked(WORKBOOK, part, text, broken))


@pytest.mark.skipif(not GMPP.exists(), reason=f"{GMPP} is not here")
def test_the_major_projects_of_a_government_are_read() -> None:
    read_ = sheet.read(GMPP)
    assert (len(read_.headers), len(read_.rows)) == (16, 235)
    assert read_.rows[0].cells[:2] == ("Submarine Dismantling Project", "MOD")
    assert (read_.rows[0].line, read_.rows[-1].line) == (2, 236)
