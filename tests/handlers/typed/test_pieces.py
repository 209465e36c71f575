"""A command as typed, taken apart: words, quotes, flags, people and a date."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.imports import amounts
from handlers.typed.pieces import EXPECT, NEEDS, Kind, Pieces, take_apart
from handlers.typed.words import items
from tests.soak.typed import COMMANDS, DECIDE, MAP, POLL, WORDS, lost

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)


def apart(text: str, known: Mapping[str, Kind] = DECIDE) -> Pieces:
    return take_apart(text, known, NOW, BERLIN)


def flags(text: str, known: Mapping[str, Kind] = DECIDE) -> dict[str, tuple[str, ...]]:
    return dict(apart(text, known).flags)


def test_a_decision_in_one_short_line() -> None:
    pieces = apart("buy the CRM @dana fri")
    assert (pieces.words, pieces.mentions, pieces.flags) == ("buy the CRM", ("@dana",), {})
    assert pieces.date is not None
    assert (pieces.date.day, pieces.date.time) == (date(2026, 11, 27), None)


def test_a_decision_with_everything() -> None:
    pieces = apart(
        '"Buy, not build, the CRM" owner @dana for "Grow revenue" because "we lose leads by Friday"'
        " due 15 Dec review in 90d replaces D-7 asked @lee, @ana told @sales accepts risk"
        ' expect "Days to onboard" 12 to 8 by March'
        ' needs "Choose payroll vendor" from @omar by Fri'
    )
    assert pieces == Pieces(
        words="",
        quoted=("Buy, not build, the CRM",),
        flags={
            "owner": ("@dana",),
            "for": ("Grow revenue",),
            "because": ("we lose leads by Friday",),
            "due": ("15 Dec",),
            "review": ("in 90d",),
            "replaces": ("D-7",),
            "asked": ("@lee", "@ana"),
            "told": ("@sales",),
            "accepts risk": (),
            "expect": ('"Days to onboard" 12 to 8 by March',),
            "needs": ('"Choose payroll vendor" from @omar by Fri',),
        },
    )


def test_what_is_needed_has_its_own_person_and_date() -> None:
    pieces = apart('"Choose payroll vendor" from @omar by Fri', NEEDS.own)
    assert pieces.quoted == ("Choose payroll vendor",)
    assert pieces.flags == {"from": ("@omar",), "by": ("Fri",)}


def test_what_is_expected_has_two_numbers_and_a_date() -> None:
    pieces = apart('"Days to onboard" 12 to 8 by March', EXPECT.own)
    assert (pieces.quoted, pieces.words) == (("Days to onboard",), "12")
    assert pieces.flags == {"to": ("8",), "by": ("March",)}


@pytest.mark.parametrize(
    ("text", "words", "rest"),
    [
        ("buy it needs choose a vendor from @omar by Fri", "buy it",
         {"needs": ("choose a vendor from @omar by Fri",)}),
        ("buy it expect days to onboard 12 to 8 by March due Fri", "buy it",
         {"expect": ("days to onboard 12 to 8 by March",), "due": ("Fri",)}),
        ("buy what Lee needs most", "buy what Lee needs most", {}),
        ("buy what Lee needs most by Friday", "buy what Lee needs most", {"due": ("Friday",)}),
        ("as we expect by Friday", "as we expect", {"due": ("Friday",)}),
        ('needs "A vendor" due Fri', "", {"needs": ('"A vendor"',), "due": ("Fri",)}),
        ('needs "A" by Fri by Mon', "", {"needs": ('"A" by Fri',), "due": ("Mon",)}),
        ('needs "A" from @omar buy the CRM', "buy the CRM", {"needs": ('"A" from @omar',)}),
    ],
)  # fmt: skip
def test_a_need_takes_only_what_is_its_own(
    text: str, words: str, rest: dict[str, tuple[str, ...]]
) -> None:
    pieces = apart(text)
    assert (pieces.words, pieces.flags) == (words, rest)


@pytest.mark.parametrize(
    ("text", "words", "quoted", "mentions"),
    [
        ('D-12 @lee "too late"', "D-12", ("too late",), ("@lee",)),  # not me
        ('D-12 "it broke"', "D-12", ("it broke",), ()),  # reverse
        ("D-12", "D-12", (), ()),  # done
        ("One login is late", "One login is late", (), ()),
        ('P-12 CRM "because we must"', "P-12 CRM", ("because we must",), ()),  # vote
        ("SSO or CRM first?", "SSO or CRM first?", (), ()),
    ],
)
def test_a_short_command_has_words_quotes_and_people(
    text: str, words: str, quoted: tuple[str, ...], mentions: tuple[str, ...]
) -> None:
    assert apart(text) == Pieces(words, quoted, {}, mentions)


def test_a_decision_blocks_a_project() -> None:
    assert apart('D-12 blocks "CRM connector"') == Pieces(
        "D-12", flags={"blocks": ("CRM connector",)}
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Grow revenue" owner @dana category growth',
         Pieces("", ("Grow revenue",), {"owner": ("@dana",), "category": ("growth",)})),
        ('"One login" owner @lee for "Grow revenue"',
         Pieces("", ("One login",), {"owner": ("@lee",), "for": ("Grow revenue",)})),
        ('"Asana" vendor "Asana Inc." renews 15 Jan cost 84k EUR',
         Pieces("", ("Asana",),
                {"vendor": ("Asana Inc.",), "renews": ("15 Jan",), "cost": ("84k EUR",)})),
        ('"Plan work" for "Grow revenue", "Cut cost" workaround',
         Pieces("", ("Plan work",), {"for": ("Grow revenue", "Cut cost"), "workaround": ()})),
        ('"A" to "B"', Pieces("", ("A",), {"to": ("B",)})),
        ('"A" from "B"', Pieces("", ("A",), {"from": ("B",)})),
        ('"Days to onboard" 6.5', Pieces("6.5", ("Days to onboard",))),
        ("One login for Grow revenue, Cut cost owner @lee",
         Pieces("One login", (), {"for": ("Grow revenue", "Cut cost"), "owner": ("@lee",)})),
        ("Asana cost €1.2m renews Jan",
         Pieces("Asana", (), {"cost": ("€1.2m",), "renews": ("Jan",)})),
    ],
)  # fmt: skip
def test_the_map_is_told_in_lines(text: str, expected: Pieces) -> None:
    assert apart(text, MAP) == expected


def test_a_project_is_moved_to_a_day() -> None:
    pieces = apart('One login to 14 Dec "supplier late"', {"to": "date"})
    assert pieces == Pieces("One login", ("supplier late",), {"to": ("14 Dec",)})


@pytest.mark.parametrize(("typed", "money"), [("84k EUR", (84_000_00, "EUR")),
                                              ("€1.2m", (1_200_000_00, "EUR"))])  # fmt: skip
def test_a_cost_is_an_amount_of_money(typed: str, money: tuple[int, str]) -> None:
    (cost,) = flags(f'"Asana" cost {typed} owner @lee', MAP)["cost"]
    assert amounts.money(cost) == money


def test_a_poll_has_its_question_and_options_quoted() -> None:
    text = '"Which first?" "SSO" "CRM" rank until Fri 17:00 for "Faster onboarding"'
    assert apart(text, POLL) == Pieces(
        "",
        ("Which first?", "SSO", "CRM"),
        {"rank": (), "until": ("Fri 17:00",), "for": ("Faster onboarding",)},
    )


def test_dots_are_counted_and_votes_anonymous() -> None:
    assert apart('projects for "Cut cost" dots 5 anonymous', POLL) == Pieces(
        "projects", (), {"for": ("Cut cost",), "dots": ("5",), "anonymous": ()}
    )


def test_a_score_keeps_what_is_rated_in_the_order_of_who_rates_it() -> None:
    pieces = apart('"SSO", "CRM" value rated by business, effort rated by it, until 2d', POLL)
    assert (pieces.quoted, items(pieces.words)) == (("SSO", "CRM"), ("value", "effort"))
    assert pieces.flags == {"rated by": ("business", "it"), "until": ("2d",)}


@pytest.mark.parametrize(
    "text",
    [
        "to ask for help by design",
        "stand by second phase",
        "who is the owner of this",
        "due process matters",
        "what Lee asked us about",
        "move by sat",
        "buy what replaces it",
        "accepts what comes",
        "review the CRM",
        "ask for",
        "for",
        "because",
        "owner",
        "buy --unknown thing",
        "don't drop Lee's 24\" monitor",
        'buy a 24" monitor and a 27" one',
        'buy "the CRM',
        "buy “the CRM",
        "the users' guide and the admins' guide",
        'nothing in ""',
        "ask April",
        "prepare Black Friday",
        "version 2.0",
        "run it 24/7",
        "build the 3D",
        "move to Q1",
        "the second",
        "do it now",
        "hire 5",
        "we sat",
        "as you may",
    ],
)
def test_ordinary_words_stay_words(text: str) -> None:
    assert apart(text) == Pieces(text)


@pytest.mark.parametrize(
    ("opening", "closing"),
    ['""', "“”", "„“", "„”", "«»", "»«", "‹›", "‘’", "''", '“"', '"”', "””"],
)
def test_every_keyboard_has_its_quotes(opening: str, closing: str) -> None:
    quoted = "due Friday owner @lee, Dana's"
    pieces = apart(f"{opening}{quoted}{closing} for {opening}Cut cost{closing} @dana")
    assert pieces == Pieces("", (quoted,), {"for": ("Cut cost",)}, ("@dana",))


def test_an_unclosed_quote_is_a_character_and_hides_no_flag() -> None:
    pieces = apart('buy "the CRM owner @dana')
    assert (pieces.words, pieces.flags) == ('buy "the CRM', {"owner": ("@dana",)})


@pytest.mark.parametrize("dash", ["--", "—", ""])
def test_a_flag_stands_anywhere_with_or_without_dashes(dash: str) -> None:
    expected = Pieces("buy the CRM", (), {"owner": ("@dana",), "due": ("Fri",)})
    assert apart(f"{dash}owner @dana {dash}due Fri buy the CRM") == expected
    assert apart(f"buy {dash}Owner @dana the {dash}DUE Fri CRM") == expected
    assert apart(f"buy the CRM {dash}due Fri\n{dash}owner @dana") == expected


def test_by_is_the_owner_the_due_date_or_a_word() -> None:
    assert flags("buy by @dana") == {"owner": ("@dana",)}
    assert flags("buy by dana@acme.example") == {"owner": ("dana@acme.example",)}
    assert flags("buy by Fri") == {"due": ("Fri",)}
    assert flags("buy by Fri 17:00 by @dana") == {"due": ("Fri 17:00",), "owner": ("@dana",)}
    assert apart("sort by name") == Pieces("sort by name")


def test_a_date_value_is_the_longest_that_reads() -> None:
    assert flags("due Tue 15 Dec 2026 at 5 pm sharp") == {"due": ("Tue 15 Dec 2026 at 5 pm",)}
    assert flags("due December 15, 2026, owner @lee")["due"] == ("December 15, 2026",)
    assert flags("due 15.12. owner @lee")["due"] == ("15.12.",)
    assert apart("x due fri.") == Pieces("x", (), {"due": ("fri.",)})
    assert apart("due Fri buy it") == Pieces("buy it", (), {"due": ("Fri",)})


def test_a_date_that_is_asked_for_may_be_an_everyday_word() -> None:
    assert flags("due sat") == {"due": ("sat",)}
    assert flags("due 15/12") == {"due": ("15/12",)}
    assert apart("done by sat") == Pieces("done by sat")


def test_a_date_value_that_fits_twice_is_kept_to_be_asked_about() -> None:
    assert flags("due 3/4/2027") == {"due": ("3/4/2027",)}


def test_a_date_at_the_end_that_fits_twice_stays_and_is_asked_about() -> None:
    pieces = apart("sign the contract 3/4/2027 @dana")
    assert (pieces.words, pieces.date) == ("sign the contract 3/4/2027", None)
    assert pieces.unsure is not None
    assert pieces.unsure.first.text == "3/4/2027"


@pytest.mark.parametrize(
    ("text", "words", "day", "wall"),
    [
        ("buy the CRM fri", "buy the CRM", date(2026, 11, 27), None),
        ("buy the CRM fri 17:00", "buy the CRM", date(2026, 11, 27), time(17)),
        ("buy the CRM, 15 Dec.", "buy the CRM", date(2026, 12, 15), None),
        ("buy the CRM tomorrow @dana", "buy the CRM", date(2026, 11, 26), None),
        ("buy the CRM @dana in 2 weeks for Cut cost", "buy the CRM", date(2026, 12, 9), None),
        ("buy the CRM on Sat", "buy the CRM", date(2026, 11, 28), None),
        ("buy CRM 2 Dec 15", "buy CRM 2", date(2026, 12, 15), None),
        ("buy 2 fri", "buy 2", date(2026, 11, 27), None),
        ("buy it 2d", "buy it", date(2026, 11, 27), None),
        ("fri", "", date(2026, 11, 27), None),
    ],
)
def test_a_date_at_the_end_is_the_date(text: str, words: str, day: date, wall: time | None) -> None:
    pieces = apart(text)
    assert pieces.date is not None
    assert (pieces.words, pieces.date.day, pieces.date.time) == (words, day, wall)


def test_a_date_in_the_middle_or_beside_a_due_date_is_a_word() -> None:
    assert apart("move Friday lunch") == Pieces("move Friday lunch")
    assert apart("move lunch Friday due Mon") == Pieces("move lunch Friday", (), {"due": ("Mon",)})
    assert apart('"buy it fri" @dana').date is None


@pytest.mark.parametrize("between", [", ", ",", " | ", "\n", " and ", " & ", ",\n"])
def test_people_are_listed_by_comma_newline_or_bar(between: str) -> None:
    pieces = apart(f"buy asked @lee{between}ana@acme.example told @sales")
    assert pieces == Pieces("buy", (), {"asked": ("@lee", "ana@acme.example"), "told": ("@sales",)})


def test_a_flag_given_twice_has_both_values() -> None:
    assert flags('for "A" for "B" asked @lee asked @ana') == {
        "for": ("A", "B"), "asked": ("@lee", "@ana")
    }  # fmt: skip


@pytest.mark.parametrize("id", ["D-7", "d7", "7", "last", "#D-7"])
def test_a_decision_is_named_by_its_id(id: str) -> None:
    assert apart(f"buy replaces {id} it") == Pieces("buy it", (), {"replaces": (id,)})


def test_a_reason_runs_to_the_next_flag_or_person() -> None:
    pieces = apart("buy it because the old one, sadly, broke due Fri @dana")
    assert pieces.flags == {"because": ("the old one, sadly, broke",), "due": ("Fri",)}
    assert flags("buy it because it's late, and old owner @dana") == {
        "because": ("it's late, and old",), "owner": ("@dana",)
    }  # fmt: skip


def test_an_unquoted_name_counts_where_there_is_such_a_thing() -> None:
    things = {"grow revenue", "cut cost"}

    def read(text: str) -> Pieces:
        return take_apart(text, DECIDE, NOW, BERLIN, lambda name: name.casefold() in things)

    assert read("buy it for grow revenue") == Pieces("buy it", (), {"for": ("grow revenue",)})
    assert read("buy it for Grow revenue, cut cost fri").flags == {
        "for": ("Grow revenue", "cut cost")
    }
    assert read("buy it for grow revenue fri").date is not None
    assert read("buy it for Help") == Pieces("buy it for Help")
    assert apart("buy it --for help").flags == {"for": ("help",)}


def test_white_space_is_tidied() -> None:
    assert apart("  buy \t the   CRM  @dana ,  then \r\n").words == "buy the CRM, then"


def test_lines_stay_apart_so_that_they_can_be_a_list() -> None:
    assert items(apart("SSO\nCRM, the new one\nData lake | Portal\n@dana").words) == (
        "SSO", "CRM", "the new one", "Data lake", "Portal"
    )  # fmt: skip


TYPED = (
    st.text(max_size=80)
    | st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
    | st.lists(st.sampled_from(WORDS), max_size=12).map("".join)
)


@given(text=TYPED, known=st.sampled_from(COMMANDS))
def test_nothing_that_was_typed_is_lost(text: str, known: Mapping[str, Kind]) -> None:
    assert not lost(text, known, apart(text, known))


@given(quoted=st.text("abc dueforby@,|.'\n", min_size=1).filter(str.strip), text=TYPED)
def test_quoted_text_is_never_searched(quoted: str, text: str) -> None:
    pieces = apart(f"“{quoted}” {text.replace('”', '')}")
    assert pieces.quoted[:1] == (quoted,)


def test_what_is_lost_is_noticed() -> None:
    assert lost("buy the CRM fri", DECIDE, Pieces("buy the CRM")) == {"fri": 1}
    assert lost("buy buy", DECIDE, Pieces("buy")) == {"buy": 1}


@pytest.mark.parametrize(
    "text",
    ["because " * 3000, 'needs "' * 3000, "“" * 9000, "for A " * 3000, "needs a by fri " * 2000],
)
def test_a_long_text_is_taken_apart_too(text: str) -> None:
    assert not lost(text, DECIDE, apart(text))
