"""Lists come with the headers their company likes; most of them should map by themselves."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.imports import sheet
from handlers.imports.fields import FIELDS
from handlers.imports.mapping import Unmapped, chosen, propose
from handlers.imports.sheet import Row, Sheet

GMPP = Path("../shared/data/gmpp_2022.csv")


def listed(*headers: str, rows: Sequence[tuple[str, ...]]) -> Sheet:
    return Sheet(headers, tuple(Row(line, cells) for line, cells in enumerate(rows, start=2)))


def one(**column: str) -> dict[str, str]:
    """What is proposed for a list with a name and this one other column."""
    ((header, cell),) = column.items()
    told = propose(listed("Name", header, rows=[("CRM", cell), ("One login", cell)]))
    assert told.pop("initiative") == "Name"
    return told


@pytest.mark.skipif(not GMPP.exists(), reason=f"{GMPP} is not here")
def test_the_list_of_a_government_maps_by_itself() -> None:
    proposed = propose(sheet.read(GMPP))
    told = {field: " ".join(header.split())[:35] for field, header in proposed.items()}
    assert told == {
        "initiative": "project_name",
        "priority": "Annual Report Category",
        "area": "Department",
        "plain": "Description / Aims",
        "status": "IPA Delivery Confidence Assessment ",
        "starts_on": "Project - Start Date (Latest Approv",
        "ends_on": "Project - End Date (Latest Approved",
        "cost": "TOTAL Baseline Whole Life Costs (Łm",
    }


def test_a_list_of_projects_maps_by_itself() -> None:
    headers = (
        *("ID", "Project Name", "Strategic goal", "Sponsor", "Project manager", "Budget (EUR k)"),
        *("Go-live", "RAG", "Dept", "KPI", "Target", "Comments"),
    )
    rows = [
        ("1", "CRM", "Grow", "Pia", "Dana", "84", "Q4 2026", "Green", "Sales", "Leads", "12", "x"),
        ("2", "SSO", "Grow", "Pia", "Lee", "1,200", "2027", "Amber", "IT", "Days", "8", "y"),
    ]
    assert propose(listed(*headers, rows=rows)) == {
        "initiative": "Project Name",
        "priority": "Strategic goal",
        "owner": "Project manager",
        "area": "Dept",
        "status": "RAG",
        "ends_on": "Go-live",
        "cost": "Budget (EUR k)",
        "metric": "KPI",
        "target": "Target",
    }


def test_a_list_of_tools_maps_by_itself() -> None:
    headers = ("Application", "Type", "Supplier", "Annual cost €", "Contract renewal")
    rows = [("Asana", "SaaS", "Asana Inc.", "12.000", "Dec 2026")]
    assert propose(listed(*headers, rows=rows)) == {
        "initiative": "Application",
        "kind": "Type",
        "cost": "Annual cost €",
        "vendor": "Supplier",
        "renews_on": "Contract renewal",
    }


def test_a_german_list_maps_by_itself() -> None:
    headers = ("Projekt", "Verantwortlich", "Startdatum", "Enddatum", "Kosten (T€)", "Ampel")
    rows = [("Neues CRM", "Dana", "01.03.2026", "31.12.2026", "84", "Gelb")]
    assert list(propose(listed(*headers, rows=rows)).values()) == [
        *("Projekt", "Verantwortlich", "Ampel", "Startdatum", "Enddatum", "Kosten (T€)")
    ]


@pytest.mark.parametrize(
    ("header", "cell", "field"),
    [
        ("Business objective", "Grow revenue", "priority"),
        ("Sponsor", "Dana", "owner"),
        ("productOwner", "Dana", "owner"),
        ("End date", "31/12/2026", "ends_on"),
        ("Vendor", "SAP", "vendor"),
        ("Status", "In UAT", "status"),
        ("Business unit", "Sales", "area"),
        ("Department name", "Sales", "area"),
        ("KPI", "Days to onboard", "metric"),
        ("Capability", "Onboard customers", "capability"),
        ("Horizon", "Optimize", "phase"),
        ("Budget 2026 [EUR k]", "84", "cost"),
    ],
)
def test_a_header_of_daily_life_is_understood(header: str, cell: str, field: str) -> None:
    assert one(**{header: cell}) == {field: header}


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Priority", "High"),
        ("Priority", "2"),
        ("Cost", "see the appendix"),
        ("End date", "when it is ready"),
        ("Phase", "42"),
        ("Status comment", "Green"),
        ("Owner", "2026-12-31"),
        ("Owner", ""),
        ("Owner", "Dana until the summer, then whoever the new head of sales names for it"),
        ("Vendor ID", "SAP"),
        ("Departmental narrative on budget", "84"),
        ("Status", "We met the supplier twice and agreed to meet again in spring."),
        ("Target", "12"),
        ("Favourite colour", "Green"),
    ],
)
def test_a_header_whose_cells_say_otherwise_is_left_alone(header: str, cell: str) -> None:
    assert one(**{header: cell}) == {}


def test_stages_of_work_are_a_status_and_not_our_phase() -> None:
    assert one(Phase="Build") == {"status": "Phase"}
    assert one(Phase="Innovate") == {"phase": "Phase"}


def test_of_two_that_fit_the_fuller_column_is_taken() -> None:
    rows = [("CRM", "", "2026-12-31"), ("SSO", "2026-12-30", "2026-12-31")]
    proposed = propose(listed("Name", "Actual end", "Planned end", rows=rows))
    assert proposed["ends_on"] == "Planned end"


@pytest.mark.parametrize("times", [1, 3])
def test_prose_is_not_a_name(times: int) -> None:
    aims = "Buys one system, so that sales and service, at home and abroad, see the same customer. "
    rows = [(f"{aims * times}{number}", f"Project {number}") for number in range(6)]
    assert propose(listed("Project", "Title", rows=rows))["initiative"] == "Title"


@pytest.mark.parametrize("headers", [("Foo", "Bar"), ("Project manager", "Project ID")])
def test_without_names_the_headers_are_told_and_how_to_choose(headers: tuple[str, str]) -> None:
    with pytest.raises(Unmapped) as asked:
        propose(listed(*headers, rows=[("a", "b")]))
    assert f'Columns: "{headers[0]}", "{headers[1]}".' in asked.value.text
    assert "--map initiative=" in asked.value.text


def test_what_was_remembered_wins_where_the_file_has_it() -> None:
    page = listed("Name", "Sponsor", "Owner\n(IT)", rows=[("CRM", "Dana", "Lee")])
    assert propose(page)["owner"] == "Owner\n(IT)"
    assert propose(page, {"owner": "Sponsor"})["owner"] == "Sponsor"
    assert propose(page, {"owner": "owner (it)"})["owner"] == "Owner\n(IT)"
    assert propose(page, {"owner": "Leiter"})["owner"] == "Owner\n(IT)"
    assert "owner" not in propose(page, {"owner": ""})
    assert propose(page, {"initiative": "Sponsor"})["initiative"] == "Sponsor"
    assert propose(page, {"vendor": "Name", "initiative": "Sponsor"})["vendor"] == "Name"


def test_one_header_is_remembered_for_one_field() -> None:
    page = listed("Name", "Sponsor", rows=[("CRM", "Dana")])
    told = propose(page, {"vendor": "Sponsor", "owner": "Sponsor"})
    assert told == {"initiative": "Name", "vendor": "Sponsor"}


HEADERS = ("project_name", "Annual Report\n Category", "Cost", "Costs (k, EUR)", "A=b", "Category")


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("initiative=project_name", {"initiative": "project_name"}),
        ("initiative=PROJ", {"initiative": "project_name"}),
        ("goal=annual report cat", {"priority": "Annual Report\n Category"}),
        ("budget=cost", {"cost": "Cost"}),
        ("cost=costs", {"cost": "Costs (k, EUR)"}),
        ("cost=Costs (k, EUR)", {"cost": "Costs (k, EUR)"}),
        ("KPI=a=b", {"metric": "A=b"}),
        ("number=a=", {"metric": "A=b"}),
        ("starts-on=-", {"starts_on": ""}),
        ("Renewal=", {"renews_on": ""}),
        ("project=proj, priority=Annual", {"initiative": "project_name", "priority": HEADERS[1]}),
        (
            "cost=Costs (k, EUR),end=,name=p",
            {"cost": HEADERS[3], "ends_on": "", "initiative": "project_name"},
        ),
    ],
)
def test_a_choice_is_typed_short(option: str, told: dict[str, str]) -> None:
    assert chosen([option], HEADERS) == told


def test_choices_may_be_repeated() -> None:
    assert chosen(["name=proj", "initiative=project", "cost=cost"], HEADERS) == {
        "initiative": "project_name",
        "cost": "Cost",
    }


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["colour=Cost"], 'no field "colour". Fields: initiative, kind, priority'),
        (["name=title"], 'No column begins with "title". Columns: "project_name", "Annual Report'),
        (["cost=C"], '"C" fits 3 columns: "Cost", "Costs (k, EUR)", "Category"'),
        (["cost=cost", "budget=costs"], 'cost is given two columns: "Cost", "Costs (k, EUR)"'),
        (["cost=cost", "cost=-"], "cost is given two columns"),
        (["name=proj", "owner=proj"], '"project_name" is given to both initiative and owner'),
        (["project_name"], "field=header"),
        (["name=proj,owner=nobody"], 'No column begins with "nobody"'),
    ],
)
def test_a_choice_that_does_not_fit_names_the_choices(options: list[str], told: str) -> None:
    with pytest.raises(Unmapped) as asked:
        chosen(options, HEADERS)
    assert told in asked.value.text
    assert asked.value.text.endswith(".")


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_known_by_its_name_and_by_its_first_word(field: str) -> None:
    assert chosen([f"{field}=Cost"], HEADERS) == {field: "Cost"}
    assert FIELDS[field].means


@pytest.mark.parametrize(
    ("alias", "field"),
    [
        *(("title", "initiative"), ("objective", "priority"), ("department", "area")),
        *(("description", "plain"), ("start", "starts_on"), ("end", "ends_on")),
    ],
)
def test_a_field_has_the_names_people_use(alias: str, field: str) -> None:
    assert chosen([f"{alias}=Cost"], HEADERS) == {field: "Cost"}


CELLS = st.sampled_from(["", "CRM", "Dana", "Green", "84", "2026", "31/12/2026", "a b " * 40])


@given(
    headers=st.lists(
        st.sampled_from(["Project", "Owner", "Cost", "End", "%"]) | st.text(),
        min_size=1,
        max_size=6,
        unique=True,
    ),
    data=st.data(),
)
def test_no_column_is_ever_given_two_meanings(headers: list[str], data: st.DataObject) -> None:
    width = len(headers)
    row = st.lists(CELLS, min_size=width, max_size=width).map(tuple)
    page = listed(*headers, rows=data.draw(st.lists(row, max_size=6)))
    try:
        told = propose(page)
    except Unmapped:
        return
    assert len(set(told.values())) == len(told)
    assert set(told.values()) <= set(headers)
    assert "initiative" in told
