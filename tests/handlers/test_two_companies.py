"""Two companies in one database, with the same names for everything: nothing crosses."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot import plain
from bot.answering import Answering
from bot.composing import Composing
from bot.messages import Account, Card, Channel
from bot.slack.workspaces import Installed
from handlers import composers, decide
from handlers.connecting import Founding
from handlers.exports import Fetching
from storage import codes, tickets, trouble
from storage.database import Database
from storage.delivering import Delivering
from storage.outbox import Message
from storage.store import Store
from tests import scene
from tests.chat import Chat, guarded
from tests.clock import Clock

CODE = re.compile(r"(?:room join|this is me) (\w{6})")
TOKEN = re.compile(r"/x/([\w-]{43})")


def said(card: Card) -> str:
    return plain.card(card, ZoneInfo("UTC"))


class Elsewhere(Chat):
    """The other company: its people, channels and messages are numbered as those of the first."""

    def account(self, who: str) -> Account:
        return replace(super().account(who), tenant="birch")

    def place(self, who: str, at: str) -> Channel:
        return replace(super().place(who, at), tenant="birch")


@pytest.fixture
def acme(database: Database, clock: Clock) -> Iterator[Chat]:
    """The small company, whose workspace is connected."""
    chat = scene.of_the_company(database, clock)
    chat.answering = Answering(chat.answering.router, chat.store, why=trouble.kind)
    told = Installed("acme", "Acme", platform="chat")
    with guarded(database):
        with chat.store.writing(chat.account("omar")) as session:
            join = tickets.make(session, "join link", session.me.id, session.now)
        Founding(chat.store, None, lambda: None).connect(told, chat.account("omar"), True, "", join)
        yield chat


@pytest.fixture
def birch(acme: Chat) -> Chat:
    """Another company, served by the same process; its Lee is admin."""
    told = Installed("birch", "Birch", platform="chat")
    lee = Account("chat", "birch", "lee", "Lee", "lee@birch.example")
    Founding(acme.store, None, lambda: None).connect(told, lee, True, "", "")
    with acme.store.reading(lee) as session:
        ours = session.organisation
    assert ours.id != acme.organisation.id
    return Elsewhere(acme.answering, acme.store, acme.clock, ours, "birch.example", {})


def test_what_one_knows_the_other_has_never_heard_of(acme: Chat, birch: Chat) -> None:
    question = "which priority does One login support?"
    acme.types("dana", question).sees("dana", "Faster onboarding")
    birch.types("dana", question).sees("dana", "I don't know")
    birch.sees_no("dana", "Faster onboarding", "Lee Novak")
    birch.types("lee", "people").sees_no("lee", "Omar", "Novak")
    birch.types("lee", 'priority "Sell boats"').types("lee", 'project "One login" for "Sell boats"')
    birch.types("dana", question).sees("dana", "Sell boats").sees_no("dana", "Faster onboarding")
    acme.types("dana", question).sees("dana", "Faster onboarding").sees_no("dana", "Sell boats")


def test_each_counts_its_own_decisions_in_channels_of_the_same_name(
    acme: Chat, birch: Chat
) -> None:
    acme.types("dana", "decide buy the lift @dana").sees("dana", "D-1")
    birch.types("dana", "decide buy the boat @dana").sees("dana", "D-1")
    acme.types("sam", "why D-1").sees("sam", "buy the lift").sees_no("sam", "boat")
    birch.types("sam", "why D-1").sees("sam", "buy the boat").sees_no("sam", "lift")
    birch.types("dana", "undo")
    acme.types("sam", "decisions").sees("sam", "buy the lift")


def test_the_same_key_of_two_deliveries_is_two(acme: Chat, birch: Chat) -> None:
    for chat in (acme, birch):
        command = chat.command("dana", "decide", "buy it @dana", key="same")
        assert not chat.does("dana", command).last("dana").is_repeat
        assert chat.does("dana", command).last("dana").is_repeat


def test_what_is_said_is_composed_for_its_own_company_and_place(acme: Chat, birch: Chat) -> None:
    acme.types("dana", "decide buy the lift @dana")
    birch.types("dana", "decide buy the boat @dana")
    delivering = Delivering(acme.store, lambda _seconds: True)
    composing = Composing(composers(), decide.may_see)
    found: dict[str, str] = {}
    for _ in range(20):
        claimed = delivering.claim(acme.clock.now(), 45, ("chat",), lambda *_: ("", 0))
        if claimed is None:
            break
        if claimed.place is None or not claimed.key.startswith("decision/"):
            continue
        place = Channel(*claimed.place)
        with delivering.at(claimed.organisation_id, place) as session:
            card = composing.card(claimed.key, place, session)
        assert isinstance(card, Card)
        found[place.tenant] = plain.card(card, acme.zone)
    assert found.keys() == {"acme", "birch"}
    assert "lift" in found["acme"]
    assert "boat" not in found["acme"]
    assert "boat" in found["birch"]
    assert "lift" not in found["birch"]


def test_a_room_is_joined_by_no_code_of_another_company(acme: Chat, birch: Chat) -> None:
    (code,) = CODE.findall(acme.types("lee", "room Steering").text("lee"))
    birch.types("lee", f"room join {code}").sees("lee", "I did not give that code")
    birch.types("lee", "room").sees("lee", "belongs to no room")
    acme.types("lee", f"room join {code}", at="elsewhere").sees("lee", "Steering")


def test_nobody_is_made_one_person_across_companies(acme: Chat, birch: Chat) -> None:
    (code,) = CODE.findall(acme.types("dana", "this is me").text("dana"))
    birch.types("dana", f"this is me {code}").sees("dana", "I did not give that code")
    with birch.looking() as session:
        assert {one.purpose for one in session.exec(select(codes.Try))} == {"this is me"}
    with acme.looking() as session:
        assert session.exec(select(codes.Try)).all() == []


def test_an_export_and_its_link_hold_one_company(acme: Chat, birch: Chat) -> None:
    acme.types("lee", "decide buy the lift @lee")
    birch.types("lee", "decide buy the boat @lee")
    links = {
        chat: TOKEN.findall(chat.types("lee", "export as csv").text("lee"))[0]
        for chat in (acme, birch)
    }
    fetching = Fetching(acme.store)
    assert "Acme Lifts, as CSV" in said(fetching.look(links[acme]).card)
    assert "Birch, as CSV" in said(fetching.look(links[birch]).card)
    for chat, has, has_not in ((birch, b"boat", b"lift"), (acme, b"lift", b"boat")):
        file = fetching.take(links[chat])
        assert file
        assert fetching.take(links[chat]) is None
        content = unpacked(file.content)
        assert has in content
        assert has_not not in content


def test_the_record_of_each_is_its_own(acme: Chat, birch: Chat) -> None:
    acme.types("dana", "decide buy the lift @dana")
    birch.types("dana", "decide buy the boat @dana")
    with birch.looking() as session:
        rows = session.exec(select(Message)).all()
        assert rows
        assert {row.organisation_id for row in rows} == {birch.organisation.id}


def test_a_workspace_that_nobody_connected_is_told_so_and_nothing_is_kept(
    acme: Chat, birch: Chat
) -> None:
    stray = Store(acme.store.database, acme.clock.now)
    stray.found("", "")
    for text in ("decide buy the boat", "people", "which priority does One login support?"):
        command = acme.typed("dana", text)
        lost = replace(
            command,
            by=replace(command.by, tenant="cedar"),
            at=replace(command.at, tenant="cedar"),
        )
        acme.does("dana", lost).refused("dana", "I don't know this workspace")
    with acme.store.at_home() as session:
        assert session.exec(select(Message).where(Message.key == "decision/1")).first() is None


def unpacked(content: bytes) -> bytes:
    """Every file of an archive, one after the other."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())
