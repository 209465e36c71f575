"""Whose data somebody reads follows from where they speak, also while tenants come and go."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.messages import Account, Channel
from bot.slack.workspaces import Installed
from storage import channels, connecting, erasing, installations, outbox, people
from storage.connections import Connections
from storage.database import Database
from storage.installations import NotConnected
from storage.organisations import Organisation
from storage.outbox import Message
from storage.sealing import Sealing, WrongKey
from storage.store import Store
from storage.tables import Row
from tests.chat import guarded
from tests.clock import Clock
from tests.storage.test_sealing import key

DANA = Account("chat", "T1", "dana", "Dana Brandt")
HALL = Channel("chat", "T1", "C1", "hall", "open")
KEY = key()


@pytest.fixture
def store(database: Database, clock: Clock) -> Iterator[Store]:
    """A store, in a process of its own."""
    store = Store(database, clock.now)
    store.found("Acme", "UTC")
    with guarded(database):
        yield store


def another(store: Store) -> Store:
    """Another process over the same database."""
    other = Store(store.database, store.now)
    other.found("", "")
    return other


def company(store: Store, name: str) -> int:
    with store.database.writing() as session:
        made = Organisation(name=name, zone="UTC", created_at=store.now())
        session.add(made)
    return made.id


def connect(store: Store, whose: int, tenant: str = "T1", **told: object) -> None:
    with store.writing_at(whose) as session:
        installed = Installed(tenant, tenant, platform="chat", **told)  # type: ignore[arg-type]
        connecting.keep(session, installed, Sealing(KEY), session.now)


def move(store: Store, was: int, to: int, tenant: str = "T1") -> None:
    with store.writing_at(was) as session:
        connecting.leave(session, "chat", tenant, "moved", session.now)
    connect(store, to, tenant)


def connections(store: Store, keys: str = KEY) -> Connections:
    return Connections(store, Sealing(keys), lambda _seconds: True)


def speaks_in(store: Store) -> set[int]:
    """The organisations in which Dana reads and writes."""
    with store.reading(DANA, HALL) as session:
        read = session.organisation.id
    with store.writing(DANA, HALL) as session:
        written = session.organisation.id, session.me.organisation_id
    return {read, *written, store.write(DANA, lambda s: s.organisation.id, HALL)}


# Whose it is


def test_where_nothing_is_connected_everything_is_at_home(store: Store) -> None:
    assert speaks_in(store) == {store.home}


def test_a_tenant_belongs_to_its_organisation(store: Store) -> None:
    birch = company(store, "Birch")
    connect(store, birch)
    assert speaks_in(store) == {birch}
    assert store.whose(Channel("terminal", "", "terminal")) == store.home


def test_a_stranger_among_tenants_reads_and_writes_nothing(store: Store) -> None:
    connect(store, store.home, "T2")
    for speak in (
        lambda: store.reading(DANA, HALL).__enter__(),
        lambda: store.writing(DANA, HALL).__enter__(),
        lambda: store.write(DANA, lambda session: session.me, HALL),
    ):
        with pytest.raises(NotConnected):
            speak()
    with store.at_home() as session:
        assert people.everybody(session) == []


def test_what_another_process_connects_or_moves_is_known_at_once(store: Store) -> None:
    birch, cedar, elsewhere = company(store, "Birch"), company(store, "Cedar"), another(store)
    assert speaks_in(store) == {store.home}  # and that is remembered
    connect(elsewhere, birch)
    assert speaks_in(store) == {birch}
    move(elsewhere, birch, cedar)
    assert speaks_in(store) == {cedar}


def test_what_was_remembered_as_nobodys_is_refused_once_others_are_connected(store: Store) -> None:
    assert speaks_in(store) == {store.home}
    connect(another(store), company(store, "Birch"), "T9")
    with pytest.raises(NotConnected), store.reading(DANA, HALL):
        pass


def test_what_somebody_said_stays_where_it_was_said_when_the_tenant_moves(store: Store) -> None:
    birch, cedar = company(store, "Birch"), company(store, "Cedar")
    connect(store, birch)
    with store.writing(DANA, HALL) as session:
        channels.here(session, HALL)
    move(store, birch, cedar)
    with store.writing(DANA, HALL) as session:
        channels.here(session, HALL)
        assert [one.name for one in people.everybody(session)] == ["Dana Brandt"]
    with store.at(birch) as session:
        assert [one.name for one in people.everybody(session)] == ["Dana Brandt"]
        assert channels.known(session, "chat", "T1", "C1") is None
        assert installations.every(session) == []


def test_somebody_may_be_a_stranger_in_several_organisations(store: Store) -> None:
    birch = company(store, "Birch")
    connect(store, store.home, "T1")
    connect(store, birch, "T2")
    stranger = Account("chat", "T7", "sue", "Sue", standing="stranger")
    for tenant in ("T1", "T2"):
        with store.writing(stranger, Channel("chat", tenant, "C1", "hall")) as session:
            assert session.me.role == "guest"
    for whose in (store.home, birch):
        with store.at(whose) as session:
            assert [one.name for one in people.everybody(session)] == ["Sue"]


def test_people_take_the_side_of_their_tenant_and_strangers_do_not(store: Store) -> None:
    connect(store, store.home)
    with store.writing(DANA, HALL) as session:
        assert session.me.side is None
        found = installations.one(session, "chat", "T1")
        assert found
        assert installations.say_side(session, found, "it") == 1
        assert session.me.side == "it"
    lee, sue = (Account("chat", "T1", "lee", "Lee"), Account("chat", "T7", "sue", "Sue"))
    for who, standing, side in ((lee, "", "it"), (sue, "stranger", None)):
        spoken = Account("chat", who.tenant, who.id, who.name, standing=standing)  # type: ignore[arg-type]
        with store.reading(spoken, HALL) as session:
            assert session.me.side == side
        with store.writing(spoken, HALL) as session:
            assert session.me.side == side


# Tokens


def test_tokens_are_kept_encrypted_and_printed_nowhere(store: Store) -> None:
    connect(store, store.home, token="xoxb-canary", refresh_token="xoxe-canary")
    whole = Database(store.database.url.render_as_string(hide_password=False))
    with closing(whole), whole.reader.connect() as connection:
        tables = [connection.execute(table.select()).all() for table in Row.metadata.sorted_tables]
    assert "T1" in str(tables)
    assert "canary" not in str(tables)
    with store.at_home() as session:
        assert "gAAAA" not in repr(installations.every(session))
    found = connections(store).one("chat", "T1")
    assert found
    assert (found.token, found.refresh_token) == ("xoxb-canary", "xoxe-canary")
    assert "canary" not in repr(found)
    assert "canary" not in repr(Installed("T1", "T1", token="canary", refresh_token="canary"))


def test_another_key_opens_nothing_and_a_new_one_takes_its_place(store: Store) -> None:
    connect(store, store.home, token="xoxb-1")
    new = key()
    with pytest.raises(WrongKey):
        connections(store, new).reseal()
    assert connections(store, f"{new},{KEY}").reseal() == 1
    assert connections(store, f"{new},{KEY}").reseal() == 0
    found = connections(store, new).one("chat", "T1")
    assert found
    assert found.token == "xoxb-1"


def test_of_many_who_renew_one_may_and_what_it_gets_is_kept(store: Store, clock: Clock) -> None:
    connect(store, store.home, token="a", refresh_token="r", expires_at=clock.now())
    with ThreadPoolExecutor(8) as pool:
        gate = threading.Barrier(8)

        def renew(_: int) -> object:
            gate.wait()
            return connections(store).renew("chat", "T1", clock.now())

        (mine,) = [one for one in pool.map(renew, range(8)) if one]
    ends = clock.now() + timedelta(hours=12)
    assert connections(store).renewed(mine, "b", "s", ends)  # type: ignore[arg-type]
    assert not connections(store).renewed(mine, "c", "t", ends)  # type: ignore[arg-type]
    found = connections(store).one("chat", "T1")
    assert found
    assert (found.token, found.refresh_token, found.expires_at) == ("b", "s", ends)


def test_who_dies_while_it_renews_is_followed_by_another(store: Store, clock: Clock) -> None:
    connect(store, store.home, token="a", refresh_token="r", expires_at=clock.now())
    assert connections(store).renew("chat", "T1", clock.now())
    assert not connections(store).renew("chat", "T1", clock.now())
    clock.wind(seconds=46)
    assert connections(store).renew("chat", "T1", clock.now())


def test_a_token_that_comes_after_we_were_removed_is_not_kept(store: Store, clock: Clock) -> None:
    connect(store, store.home, token="a", refresh_token="r", expires_at=clock.now())
    mine = connections(store).renew("chat", "T1", clock.now())
    assert mine
    connections(store).gone("chat", "T1", "removed")
    assert not connections(store).renewed(mine, "b", "s", clock.now())
    found = connections(store).one("chat", "T1")
    assert found
    assert (found.token, found.refresh_token, found.is_gone) == ("", "", True)


def test_who_is_erased_is_not_known_as_who_let_us_in_either(store: Store) -> None:
    connect(store, store.home, installed_by="dana")
    connect(store, store.home, "T2", installed_by="lee")
    with store.writing(DANA, HALL) as session:
        erasing.erase(session, session.me)
    with store.at_home() as session:
        assert [one.installed_by for one in installations.every(session)] == ["", "lee"]


# Removed, and let in again


def said(store: Store, whose: int) -> list[tuple[str, str, str]]:
    with store.at(whose) as session:
        found = session.exec(select(Message).order_by(Message.key)).all()
        return [(one.key, one.state, one.why) for one in found]


def test_where_we_were_removed_nothing_is_said_and_it_is_told_once(store: Store) -> None:
    connect(store, store.home)
    connect(store, store.home, "T2")
    with store.writing(DANA, HALL) as session:
        for place, key_ in ((HALL, "decision/1"), (Channel("chat", "T2", "C1"), "decision/2")):
            here = channels.here(session, place)
            outbox.in_channel(session, here.id, key_, "", session.me.id, session.now)
    assert connections(store).gone("chat", "T1", "I was removed.") == 1
    assert connections(store).gone("chat", "T1", "again") == 0
    rows = said(store, store.home)
    assert ("decision/1", "failed", "I was removed.") in rows
    assert ("decision/2", "pending", "") in rows
    assert [key_.partition("/")[0] for key_, _, _ in rows] == ["decision", "decision", "failed"]


def test_let_in_again_what_stands_there_is_brought_up_to_date(store: Store) -> None:
    connect(store, store.home)
    with store.writing(DANA, HALL) as session:
        here = channels.here(session, HALL)
        for key_ in ("decision/1", "decision/2"):
            outbox.in_channel(session, here.id, key_, "", session.me.id, session.now)
        stood = session.exec(select(Message).where(Message.key == "decision/1")).one()
        stood.state, stood.said, stood.message_id = "sent", 1, "m1"
        session.flush()
        outbox.changed(session, "decision/1", session.now)
    connections(store).gone("chat", "T1", "I was removed.")
    connect(store, store.home, token="xoxb-2")
    assert [row[:2] for row in said(store, store.home)][:2] == [
        ("decision/1", "pending"), ("decision/2", "failed")
    ]  # fmt: skip
    found = connections(store).one("chat", "T1")
    assert found
    assert (found.token, found.is_gone) == ("xoxb-2", False)


# What goes to the chat's page and comes back


def test_a_state_comes_back_once_in_time_to_the_same_browser(store: Store, clock: Clock) -> None:
    kept = connections(store)
    state = kept.begin("mine", "by-link")
    assert kept.come_back(state, "another") is None
    assert kept.come_back(state, "mine") == "by-link"
    assert connections(another(store)).come_back(state, "mine") is None
    late = kept.begin("mine", "")
    clock.wind(minutes=10)
    assert kept.come_back(late, "mine") is None
    assert kept.come_back("junk", "mine") is None
    assert connections(store, key()).come_back(kept.begin("mine", ""), "mine") is None
