"""What people type, and what they are understood to mean."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.names import Found, Index, Name
from tests.soak import portfolios
from tests.soak.ask import Tally, ask
from tests.soak.companies import Company

STORED = """
Emergency Services Network | Digital Services at the Border (DSAB) | Cost transparency (FinOps)
Enterprise Security Programme ESP | One login | Datalake | Supplier master data | HS2 Phase 1
HS2 Phase 2a | HS2 Phase 2b Western Leg | Area 3 | Electronic Monitoring | Radar Mk 2
Electronic Monitoring Expansion | Green Homes Vouchers Programme | Green Homes Grant
CRM connector | Health Transformation Programme | SAP S/4HANA migration | Kundenportal 2.0
Projet Émeraude | Zürich Büro | Straßenlogistik | R&D portfolio | 10,000 Additional Places | Phoenix
Atlas | Sizewell C | People’s Voice | Order Hub | M365 rollout | E-invoicing | Café‑Bar Refit
Payments | Crossrail Programme | Evolve Voice & Video Services | Evolve Network Services
Warehouse robots Hall 3 | Warehouse robots Hall 4 | Shelf labels | Field service app | Stage 2 & 3
Tower repainting | L'Intranet d'équipe | New Style Desk (Base) | New Style Desk Deployed | Cloud Q
"""
TEXTS = [text.strip() for line in STORED.strip().splitlines() for text in line.split("|")]
NAMES = [Name("initiative", number, text) for number, text in enumerate(TEXTS, 1)]
INDEX = Index(NAMES)


def one(typed: str) -> str | None:
    found = INDEX.find(typed)
    return found.one.text if found.one else None


def is_refused(found: Found) -> bool:
    return found.one is None and not found.several


def texts(names: tuple[Name, ...]) -> list[str]:
    return [name.text for name in names]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name.text)
def test_a_name_as_stored_is_found_in_any_case(name: Name) -> None:
    for typed in (name.text, name.text.lower(), name.text.upper()):
        assert INDEX.find(typed) == Found(one=name)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("the Crossrail Programme?", "Crossrail Programme"),
        ('"One login"', "One login"),
        ("“One login”", "One login"),
        ("Onelogin's", "One login"),
        ("DSAB’S", "Digital Services at the Border (DSAB)"),
        ("phoenix project", "Phoenix"),
        ("crossrail", "Crossrail Programme"),
        ("Crossrail initiative", "Crossrail Programme"),
        ("Projekt Émeraude", "Projet Émeraude"),
        ("Health Transformation", "Health Transformation Programme"),
    ],
)
def test_what_a_question_leaves_around_a_name_does_not_matter(typed: str, meant: str) -> None:
    assert one(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("projet emeraude", "Projet Émeraude"),
        ("Zuerich Buero", "Zürich Büro"),
        ("Zürich Buero", "Zürich Büro"),
        ("Zu\u0308rich\u00a0Buro", "Zürich Büro"),
        ("Strassenlogistik", "Straßenlogistik"),
        ("intranet equipe", "L'Intranet d'équipe"),
        ("cafe-bar refit", "Café‑Bar Refit"),
        ("Peoples voice", "People’s Voice"),
        ("people's voice", "People’s Voice"),
        ("R and D portfolio", "R&D portfolio"),
        ("evolve voice and video services", "Evolve Voice & Video Services"),
        ("10000 additional places", "10,000 Additional Places"),
    ],
)
def test_accents_and_odd_characters_are_one_way_to_write_a_name(typed: str, meant: str) -> None:
    assert one(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("emergency network", "Emergency Services Network"),
        ("additional places 10,000", "10,000 Additional Places"),
        ("network emergency services", "Emergency Services Network"),
        ("digital services border", "Digital Services at the Border (DSAB)"),
        ("Digital Services at the Border", "Digital Services at the Border (DSAB)"),
        ("enterprise security", "Enterprise Security Programme ESP"),
        ("SAP migration", "SAP S/4HANA migration"),
        ("Kundenportal", "Kundenportal 2.0"),
        ("Sizewell", "Sizewell C"),
        ("service app", "Field service app"),
    ],
)
def test_words_may_be_left_out_or_turned_around(typed: str, meant: str) -> None:
    assert one(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ESN", "Emergency Services Network"),
        ("e.s.n.", "Emergency Services Network"),
        ("the ESN programme", "Emergency Services Network"),
        ("dsab", "Digital Services at the Border (DSAB)"),
        ("dsb", "Digital Services at the Border (DSAB)"),
        ("dsatb", "Digital Services at the Border (DSAB)"),
        ("finops", "Cost transparency (FinOps)"),
        ("ESP", "Enterprise Security Programme ESP"),
        ("EVVS", "Evolve Voice & Video Services"),
    ],
)
def test_initials_and_acronyms_stand_for_the_name(typed: str, meant: str) -> None:
    assert one(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Pheonix", "Phoenix"),
        ("Pjoenix", "Phoenix"),
        ("Phoeniix", "Phoenix"),
        ("Paymets", "Payments"),
        ("Emergncy Sevrices Network", "Emergency Services Network"),
        ("crossrial proejct", "Crossrail Programme"),
        ("teh shelf lables", "Shelf labels"),
        ("Green Homes Vuocher", "Green Homes Vouchers Programme"),
        ("Shef labels", "Shelf labels"),
        ("Sizewel", "Sizewell C"),
        ("Evolve Network Service", "Evolve Network Services"),
    ],
)
def test_slips_of_spelling_are_forgiven(typed: str, meant: str) -> None:
    assert one(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("onelogin", "One login"),
        ("One log in", "One login"),
        ("data lake", "Datalake"),
        ("Date lake", "Datalake"),
        ("ware house robots hall 3", "Warehouse robots Hall 3"),
        ("S4HANA migration", "SAP S/4HANA migration"),
        ("SAP S4 HANA", "SAP S/4HANA migration"),
        ("einvoicing", "E-invoicing"),
        ("M 365 rollout", "M365 rollout"),
        ("electronicmonitoringexpansion", "Electronic Monitoring Expansion"),
    ],
)
def test_words_may_be_run_together_or_apart(typed: str, meant: str) -> None:
    assert one(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Radar Mk II", "Radar Mk 2"),
        ("radar mk2", "Radar Mk 2"),
        ("Area III", "Area 3"),
        ("area three", "Area 3"),
        ("Kundenportal v2", "Kundenportal 2.0"),
        ("hs2 phase 2b", "HS2 Phase 2b Western Leg"),
        ("hs 2 phase 2a", "HS2 Phase 2a"),
    ],
)
def test_a_number_may_be_written_in_other_ways(typed: str, meant: str) -> None:
    assert one(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *("HS2 Phase 3", "HS2 phase 2c", "HS3 Phase 1", "Area 4", "Radar Mk III", "Sizewell B"),
        *("Kundenportal 3.0", "Kundenportal 2.1", "M356 rollout", "Warehouse robots Hall 5"),
        *("Stage 23", "Evolve Network Services 2"),
    ],
)
def test_another_number_is_another_project(typed: str) -> None:
    assert is_refused(INDEX.find(typed))


@pytest.mark.parametrize(
    "typed",
    [
        *("Warm Homes Programme", "Payroll connector", "transformation programme", "connector"),
        *("Border Hub", "Healthy Transport Programme", "the programme", "CMR connector"),
        *("Emergency Housing Network", "Green Homes Loans", "Electronic Tagging", "Feature app"),
        *("Tower painting", "cloud", "evolve", "", "?", "🙂", "()"),
    ],
)
def test_a_project_nobody_told_us_about_is_not_guessed(typed: str) -> None:
    assert is_refused(INDEX.find(typed))


def test_an_exact_name_wins_over_one_that_goes_on() -> None:
    assert one("electronic monitoring") == "Electronic Monitoring"
    assert one("electronic monitorng") == "Electronic Monitoring"
    assert one("electronic monitoring programme") == "Electronic Monitoring"
    assert one("electronic monitoring expansion") == "Electronic Monitoring Expansion"


def test_names_that_fit_equally_are_asked_about_best_first() -> None:
    assert texts(INDEX.find("Green Homes").several) == [
        "Green Homes Grant",
        "Green Homes Vouchers Programme",
    ]
    assert texts(INDEX.find("warehouse robots").several) == [
        "Warehouse robots Hall 3",
        "Warehouse robots Hall 4",
    ]


def test_two_things_of_one_name_are_asked_about_unless_the_noun_tells() -> None:
    project, number = Name("initiative", 1, "On-boarding"), Name("metric", 1, "Onboarding")
    index = Index([project, number])
    assert set(index.find("onboarding").several) == {project, number}
    assert index.find("onboarding", nouns={"metric"}).one == number
    assert index.find("onbording", nouns=["initiative"]).one == project
    assert index.find("onboarding", nouns={"priority"}) == Found()


def test_a_name_without_its_bracket_is_that_name() -> None:
    assert one("new style desk") == "New Style Desk (Base)"


def test_words_are_read_as_they_stand_before_they_are_doubted() -> None:
    index = Index(
        Name("initiative", number, text)
        for number, text in enumerate(
            ("Sovereign Borders Act", "Borders Trade Fair", "Digital Border")
        )
    )
    assert "Digital Border" not in texts(index.find("borders").nearest[:2])
    assert index.find("borders").one is None


def test_words_in_another_order_are_another_name_where_both_exist() -> None:
    index = Index([Name("initiative", 1, "Order to ship"), Name("initiative", 2, "Ship to order")])
    for typed, meant in (("order to shipp", 1), ("ship too order", 2), ("order ship", 1)):
        found = index.find(typed)
        assert (found.one or found.several[0]).id == meant


def test_a_former_name_finds_the_thing_it_became() -> None:
    login = Name("initiative", 1, "One login", aliases=("Phenix", "Single Sign-On (SSO)"))
    index = Index([login, Name("initiative", 2, "Pharos")])
    for typed in ("phenix", "PHENIX", "SSO", "single sign on", "One login"):
        assert index.find(typed).one == login


def test_a_former_name_with_a_slip_may_be_another_project_and_is_only_near() -> None:
    login = Name("initiative", 1, "One login", aliases=("Phenix",))
    found = Index([login, Name("initiative", 2, "Data lake")]).find("Phoenix")
    assert found.one is None
    assert found.nearest == (login,)


def test_a_known_word_is_not_taken_for_a_slip_of_another() -> None:
    index = Index([Name("initiative", 1, "Pallet connector"), Name("initiative", 2, "Wallet app")])
    found = index.find("Wallet connector")
    assert is_refused(found)
    assert texts(found.nearest)[0] == "Pallet connector"


def test_an_acronym_that_names_give_goes_before_initials_that_happen_to_match() -> None:
    given, shortened = Name("metric", 2, "Tax Planning (ABC)"), Name("metric", 1, "Ant Bee Cat")
    assert Index([shortened, given]).find("abc").several == (given, shortened)


def test_the_nearest_are_offered_best_first_and_at_most_three() -> None:
    nearest = INDEX.find("HS2 Phase 4").nearest
    assert len(nearest) == 3
    assert all(name.text.startswith("HS2") for name in nearest)
    assert texts(INDEX.find("Payroll connector").nearest) == ["CRM connector"]
    assert INDEX.find("Zanzibar").nearest == ()


def test_dotted_initials_with_an_umlaut_are_one_word() -> None:
    index = Index([Name("initiative", 1, "Atlas Ü.B.E. (Süd)"), Name("initiative", 2, "Pharos")])
    for typed in ("atlas ube", "Ü.B.E. Atlas", "Atlas UBE Sued", "atlas ü.b.e. süd"):
        assert index.find(typed).one is not None


def test_an_index_of_nothing_finds_nothing() -> None:
    empty = Index([Name("initiative", 1, "—")])
    assert empty.find("anything at all") == Found()
    assert empty.completions("a") == ()


def test_completions_have_a_word_that_starts_with_what_was_typed() -> None:
    assert texts(INDEX.completions("evo"))[0] == "Evolve Network Services"
    assert texts(INDEX.completions("evolve v")) == ["Evolve Voice & Video Services"]
    assert texts(INDEX.completions("zur")) == ["Zürich Büro"]
    assert texts(INDEX.completions("équi")) == ["L'Intranet d'équipe"]
    assert texts(INDEX.completions("esn")) == ["Emergency Services Network"]
    assert texts(INDEX.completions("network"))[:1] == ["Emergency Services Network"]
    assert INDEX.completions("xyz") == ()
    assert INDEX.completions("") == ()


def test_completions_that_open_with_the_letters_come_first_and_are_limited() -> None:
    index = Index(
        Name("metric", i, text) for i, text in enumerate(("A bed", "Bed", "Beds", "C be"))
    )
    assert texts(index.completions("be")) == ["Bed", "Beds", "A bed", "C be"]
    assert texts(index.completions("be", limit=1)) == ["Bed"]
    assert index.completions("be", nouns={"priority"}) == ()


@given(st.text(max_size=60))
def test_whatever_is_typed_gets_one_kind_of_answer(typed: str) -> None:
    found = INDEX.find(typed)
    assert sum(map(bool, (found.one, found.several, found.nearest))) <= 1
    assert len(found.several) != 1
    INDEX.completions(typed)


@given(st.lists(st.text(max_size=30), max_size=6))
def test_every_stored_name_is_found_by_itself(stored: list[str]) -> None:
    names = [Name("initiative", number, text) for number, text in enumerate(stored)]
    index = Index(names)
    for name in names:
        if any(letter.isalnum() for letter in name.text):
            found = index.find(name.text)
            assert found.one == name or name in found.several


def total(texts: list[str], draws: int) -> Tally:
    random = Random(20)
    summed = Tally()
    for _ in range(draws):
        company = Company(*portfolios.held_back(texts, 0.2, random))
        for tally in ask(company, 1.0, random).values():
            summed.add(tally)
    return summed


def test_a_company_is_understood_and_its_unknown_projects_are_refused() -> None:
    asked = total(portfolios.company(350, Random(350)), draws=1)
    assert asked.reaches_targets(1.0), str(asked)


def test_the_real_portfolio_of_2022_is_understood() -> None:
    halves = portfolios.real()
    if halves is None:
        pytest.skip("../shared/data/gmpp_2022.csv is not here")
    asked = total(halves[0] + halves[1], draws=2)
    assert asked.reaches_targets(1.0), str(asked)
