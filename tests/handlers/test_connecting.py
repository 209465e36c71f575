"""Workspaces come to companies, and companies get their first admin."""

import re
from zoneinfo import ZoneInfo

import pytest

from bot import plain
from bot.messages import Account, Card, Refusal
from bot.slack.workspaces import Installed
from handlers.connecting import Founding, Joining, first_codes
from storage import installations, organisations, people, tickets
from storage.database import Database
from storage.organisations import UNNAMED
from storage.store import Store
from tests.chat import Chat, guarded
from tests.clock import Clock

OPERATOR = Account("terminal", "", "operator", "Operator", standing="operator")
TOKEN = re.compile(r"/j/([\w-]{43})")


def told(tenant: str, name: str = "") -> Installed:
    return Installed(tenant, name or tenant.title(), platform="chat")


def said(card: Card) -> str:
    return plain.card(card, ZoneInfo("UTC"))


def by(tenant: str, who: str = "wes") -> Account:
    return Account("chat", tenant, who, who.title(), f"{who}@{tenant}.example")


def founding(store: Store) -> Founding:
    return Founding(store, None, lambda: None)


def whose(store: Store, tenant: str) -> str:
    """The name of the company that this tenant belongs to."""
    with store.reading(by(tenant)) as session:
        return session.organisation.name


def role(store: Store, tenant: str, who: str = "wes") -> str:
    with store.reading(by(tenant, who)) as session:
        return session.me.role


def join_link(chat: Chat, who: str = "omar") -> str:
    return TOKEN.findall(str(chat.types(who, "join link").text(who)))[0]  # type: ignore[no-any-return]


# Founding


def test_the_first_workspace_of_an_unused_database_is_its_company(
    database: Database, clock: Clock
) -> None:
    store = Store(database, clock.now)
    store.found("", "")
    with guarded(database):
        card = founding(store).connect(told("wren"), by("wren"), True, "Europe/Berlin", "")
    assert "first admin" in said(card)
    with database.reading() as session:
        assert len(organisations.ids(session)) == 1
    with store.reading(by("wren")) as session:
        assert (session.organisation.name, session.organisation.zone) == ("Wren", "Europe/Berlin")
        assert session.me.role == "admin"


def test_every_other_one_without_a_link_founds_its_own(chat: Chat) -> None:
    for tenant in ("wren", "birch"):
        founding(chat.store).connect(told(tenant), by(tenant), True, "", "")
    assert [whose(chat.store, one) for one in ("wren", "birch")] == ["Wren", "Birch"]
    assert [role(chat.store, one) for one in ("wren", "birch")] == ["admin", "admin"]
    with chat.store.at_home() as session:
        assert installations.every(session) == []


def test_connected_again_it_is_the_same_company_and_makes_no_second_admin(chat: Chat) -> None:
    founding(chat.store).connect(told("wren"), by("wren"), True, "", "")
    card = founding(chat.store).connect(told("wren"), by("wren", "pia"), True, "", "")
    assert "connected again" in said(card)
    assert (role(chat.store, "wren"), role(chat.store, "wren", "pia")) == ("admin", "member")


def test_who_is_no_admin_in_the_chat_is_none_here(chat: Chat) -> None:
    card = founding(chat.store).connect(told("wren"), by("wren"), False, "", "")
    assert "Whoever runs me has a code" in said(card)
    assert role(chat.store, "wren") == "member"


def test_a_zone_that_nobody_knows_is_left_alone(chat: Chat) -> None:
    founding(chat.store).connect(told("wren"), by("wren"), True, "Mars/Base", "")
    with chat.store.reading(by("wren")) as session:
        assert session.organisation.zone == "UTC"


# The operator's own workspace


def test_the_operators_workspace_is_the_home_company_and_keeps_no_token(
    database: Database, clock: Clock
) -> None:
    store = Store(database, clock.now)
    assert store.found("", "").name == UNNAMED
    founding(store).connect_home(told("wren", "Wren Ltd"))
    founding(store).connect_home(told("wren", "Wren Ltd"))
    assert whose(store, "wren") == "Wren Ltd"
    founding(store).connect_home(told("wing"))
    with store.at_home() as session:
        found = installations.every(session)
    assert [(one.tenant, one.token, one.gone_at is None) for one in found] == [
        ("wren", "", False), ("wing", "", True)
    ]  # fmt: skip


def test_the_operators_workspace_is_never_taken_from_another_company(chat: Chat) -> None:
    founding(chat.store).connect(told("wren"), by("wren"), True, "", "")
    with pytest.raises(Refusal, match="Wren belongs to another company in this database"):
        founding(chat.store).connect_home(told("wren"))


# Joining


def test_by_an_admins_link_a_workspace_joins_once_and_opening_it_uses_nothing_up(
    chat: Chat,
) -> None:
    token = join_link(chat)
    for _ in range(3):
        offer = Joining(chat.store).look(token)
        assert offer.is_good
        assert "Join Acme Lifts" in said(offer.card)
    assert founding(chat.store).may_join(token)
    card = founding(chat.store).connect(told("wren"), by("wren"), True, "", token)
    assert "belongs to Acme Lifts from now on" in said(card)
    assert (whose(chat.store, "wren"), role(chat.store, "wren")) == ("Acme Lifts", "member")
    assert not Joining(chat.store).look(token).is_good
    assert not founding(chat.store).may_join(token)
    with pytest.raises(Refusal, match="The link to join a company is over"):
        founding(chat.store).connect(told("birch"), by("birch"), True, "", token)
    with chat.store.database.reading() as session:
        assert installations.whose(session, "chat", "birch") is None


def test_a_link_is_over_after_ten_minutes_and_when_its_maker_is_no_admin(chat: Chat) -> None:
    token = join_link(chat)
    chat.clock.wind(minutes=10)
    assert not founding(chat.store).may_join(token)
    token = join_link(chat)
    chat.types("omar", "role @lee admin").types("lee", "role @omar member")
    assert not founding(chat.store).may_join(token)
    with pytest.raises(Refusal):
        founding(chat.store).connect(told("wren"), by("wren"), True, "", token)


def test_only_an_admin_gets_a_link(chat: Chat) -> None:
    chat.types("dana", "join link").refused("dana", "Only Omar, who looks after me here")


def test_a_link_for_something_else_joins_nobody(chat: Chat) -> None:
    with chat.changing() as session:
        other = tickets.make(session, "export {}", session.me.id, session.now)
    assert not founding(chat.store).may_join(other)
    assert not founding(chat.store).may_join("x" * 43)


def test_a_workspace_that_founded_a_company_by_mistake_joins_by_its_admin_alone(
    chat: Chat,
) -> None:
    founding(chat.store).connect_home(told("acme"))
    founding(chat.store).connect(told("wren"), by("wren"), True, "", "")
    with pytest.raises(Refusal, match="only an admin of Wren may take it to this one"):
        founding(chat.store).connect(told("wren"), by("wren", "pia"), False, "", join_link(chat))
    assert whose(chat.store, "wren") == "Wren"
    founding(chat.store).connect(told("wren"), by("wren"), True, "", join_link(chat))
    assert (whose(chat.store, "wren"), role(chat.store, "wren")) == ("Acme Lifts", "member")


# The first admin


def unclaimed(chat: Chat) -> str:
    with chat.changing() as session:
        for one in people.everybody(session):
            one.role = "member" if one.role == "admin" else one.role
    ((company, code),) = first_codes(chat.store, OPERATOR)
    assert company == "Acme Lifts"
    return code


def test_who_types_the_printed_code_is_the_first_admin(chat: Chat) -> None:
    code = unclaimed(chat)
    chat.types("dana", f"claim {code[:4]}-{code[4:8]}-{code[8:].lower()}")
    chat.sees("dana", "You are the first admin of Acme Lifts")
    chat.types("sam", f"claim {code}").refused("sam", "There is an admin already: Dana Brandt.")
    assert first_codes(chat.store, OPERATOR) == []


def test_a_code_lasts_a_day_and_until_the_next_is_printed(chat: Chat) -> None:
    first = unclaimed(chat)
    second = unclaimed(chat)
    chat.types("dana", f"claim {first}").sees("dana", "That code is over")
    chat.clock.wind(hours=25)
    chat.types("dana", f"claim {second}").sees("dana", "That code is over")
    chat.clock.wind(hours=-2)
    chat.types("dana", f"claim {second}").sees("dana", "You are the first admin")


def test_nobody_tries_all_codes(chat: Chat) -> None:
    code = unclaimed(chat)
    for _ in range(5):
        chat.types("dana", "claim AAAABBBBCCCC").sees("dana", "I did not print that code")
    chat.types("dana", f"claim {code}").sees("dana", "five wrong codes")


def test_guests_and_the_operator_claim_nothing(chat: Chat) -> None:
    code = unclaimed(chat)
    chat.accounts["sue"] = Account("chat", "beta", "sue", "Sue", standing="stranger")
    chat.types("sue", f"claim {code}").refused("sue", "Guests can ask me")
    chat.accounts["op"] = OPERATOR
    chat.types("op", f"claim {code}").refused("op", "role @name admin")
    chat.types("dana", "claim").refused("dana", "claim 7KQ2XYR4MN8P")


# The side of a workspace


def test_its_first_admin_says_which_side_a_workspace_speaks_for(chat: Chat) -> None:
    founding(chat.store).connect_home(told("acme"))
    founding(chat.store).connect(told("wren"), by("wren"), True, "", join_link(chat))
    chat.types("dana", "help")
    chat.does("omar", chat.command("omar", "workspace side", "it", {"workspace": "2"}))
    chat.sees("omar", "Wren speaks for IT")
    with chat.store.writing(by("wren", "new")) as session:
        assert session.me.side == "it"
    with chat.store.reading(chat.account("dana")) as session:
        assert session.me.side == "business"
    by_dana = chat.command("dana", "workspace side", "it", {"workspace": "2"})
    chat.does("dana", by_dana).refused("dana", "Only Omar")
    junk = chat.command("omar", "workspace side", "it", {"workspace": "9"})
    chat.does("omar", junk).refused("omar", "I don't know that workspace")
