"""Bringing a map back where there is one already, and what is wrong with a file."""

from pathlib import Path

import pytest
from sqlmodel import select

from bot import plain
from bot.messages import Account, Refusal
from handlers import exports
from storage.decisions import Decision
from storage.initiatives import Initiative
from tests.chat import Chat

OPERATOR = Account("terminal", "", "operator", "Operator", standing="operator")
HEAD = "throughline: 1\ncompany: {name: A, zone: UTC, currency: EUR}\n"
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


def out(chat: Chat, path: Path) -> str:
    with chat.store.reading(OPERATOR) as session:
        exports.write(path, session)
    return path.read_text(encoding="utf-8")


def bring(chat: Chat, path: Path, is_instead: bool = False) -> str:
    with chat.store.writing(OPERATOR) as session:
        told = exports.bring(path, session, is_instead, lambda done, total: None)
    return plain.card(told, chat.zone)


def refused(chat: Chat, path: Path) -> str:
    with pytest.raises(Refusal) as told, chat.store.writing(OPERATOR) as session:
        exports.bring(path, session, False, lambda done, total: None)
    return told.value.text


def test_bringing_the_same_map_again_changes_nothing(chat: Chat, tmp_path: Path) -> None:
    chat.types("dana", 'decide buy the CRM @omar fri for "Grow revenue"')
    before = out(chat, tmp_path / "map.yaml")
    assert "Nothing in map.yaml is new" in bring(chat, tmp_path / "map.yaml")
    assert out(chat, tmp_path / "again.yaml") == before


def test_what_is_new_is_added_and_what_differs_is_reported_and_stays(
    chat: Chat, tmp_path: Path
) -> None:
    file = tmp_path / "map.yaml"
    told = out(chat, file).replace("status: late", "status: done")
    told = told.replace("name: Data lake", "name: Data pond")
    file.write_text(told, encoding="utf-8")
    said = bring(chat, file)
    assert "map.yaml is on the map" in said
    assert "projects and tools: 1" in said
    assert "One login: status is “late” here, “done” in the file" in said
    chat.types("lee", "One login").sees("lee", "Late")
    chat.types("lee", "who owns Data pond?").sees("lee", "Lee Novak")
    chat.types("lee", "what changed today").sees("lee", "Data pond", "map.yaml")


def test_a_number_that_is_taken_becomes_a_new_one(chat: Chat, tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    decision = """decisions:
- {decision: D-1, title: Keep the house, by: Lee Novak, at: '2026-01-01T00:00:00Z', then: [
    {said: replaces, by: Lee Novak, at: '2026-01-02T00:00:00Z', decision: D-2}]}
- {decision: D-2, title: Sell the house, by: Lee Novak, at: '2026-01-01T00:00:00Z'}
"""
    file.write_text(out(chat, file) + decision, encoding="utf-8")
    chat.types("dana", "decide buy the CRM")
    assert "D-1 is D-3 here" in bring(chat, file)
    chat.types("lee", "why D-3").sees("lee", "Keep the house", "D-2")
    chat.types("lee", "decide something else").sees("lee", "D-4")
    with chat.looking() as session:
        titles = {one.number: one.title for one in session.exec(select(Decision))}
    assert titles == {1: "buy the CRM", 2: "Sell the house", 3: "Keep the house",
                      4: "something else"}  # fmt: skip


def test_the_invented_company_makes_room_only_when_told(chat: Chat, tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_text(out(chat, file).replace("Data lake", "Data pond"), encoding="utf-8")
    with chat.changing() as session:
        session.organisation.is_demo = True
    assert "--replace-demo" in refused(chat, file)
    bring(chat, file, is_instead=True)
    with chat.looking() as session:
        names = set(session.exec(select(Initiative.name)))
    assert "Data pond" in names
    assert "Data lake" not in names


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("{", "line 1"),
        ("a: [", "line 1"),
        ("- 1", "line 1: here should be fields"),
        (HEAD + "people: 7", "line 3: here should be a list"),
        (HEAD + "people:\n- added: 2026-01-01T00:00:00Z", "line 4: “name” is missing"),
        (HEAD + "humans: []", "line 3: I don't know “humans” here"),
        (HEAD + "company: {}", "line 3: “company” stands here twice"),
        (HEAD + "priorities:\n- {name: A, added: yesterday}", "line 4: not a time like"),
        (HEAD + "priorities:\n- {name: A, added: '2026-01-01T00:00:00Z', rank: x}",
         "line 4: not a whole number"),
        (HEAD + "priorities:\n- {name: A, added: '2026-01-01T00:00:00Z', owner: Zoe}",
         "line 4: there is nobody called “Zoe”"),
        (HEAD + "priorities:\n- {name: \"a\\0b\", added: '2026-01-01T00:00:00Z'}",
         "line 4: it holds a character"),
        (HEAD + "capabilities:\n- {name: A, added: '2026-01-01T00:00:00Z',\n"
         "   serves: [{priority: B, at: '2026-01-01T00:00:00Z'}]}",
         "line 5: there is no priority called “B”"),
        (HEAD + "projects and tools:\n- {name: A, kind: project, cost: 84k EUR,\n"
         "   added: '2026-01-01T00:00:00Z'}", "line 4: not an amount like 84000.00 EUR"),
        (HEAD + BOMB, "line 3: it refers to another part"),
        ("a: *a", "line 1: it refers to another part"),
        (HEAD + "people: " + "[" * 5000, "line 3: it is nested deeper"),
        ("!!python/object/apply:os.system [ls]", "line 1"),
        (HEAD + "people:\n- {name: !x y, added: '2026-01-01T00:00:00Z'}", "line 4: !x is nothing"),
        (HEAD.replace("1", "9", 1), "newer Throughline"),
        ("a\x00b", "characters that no YAML has"),
        ("a: 1\n---\nb: 2", "line 2"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line_and_nothing_is_brought(
    chat: Chat, tmp_path: Path, content: str, said: str
) -> None:
    file = tmp_path / "map.yaml"
    before = out(chat, tmp_path / "before.yaml")
    file.write_text(content, encoding="utf-8")
    told = refused(chat, file)
    assert said in told.replace("map.yaml, line", "line")
    assert out(chat, tmp_path / "after.yaml") == before


def test_a_file_that_is_not_there_or_no_text_is_said_to_be_so(chat: Chat, tmp_path: Path) -> None:
    assert "There is no file" in refused(chat, tmp_path / "map.yaml")
    (tmp_path / "map.yaml").write_bytes(b"\xff\xfe")
    assert "not UTF-8" in refused(chat, tmp_path / "map.yaml")


def test_nobody_but_the_operator_brings_a_map(chat: Chat, tmp_path: Path) -> None:
    out(chat, tmp_path / "map.yaml")
    with pytest.raises(Refusal) as told, chat.store.writing(chat.account("lee")) as session:
        exports.bring(tmp_path / "map.yaml", session, False, lambda done, total: None)
    assert "whoever runs me" in told.value.text
