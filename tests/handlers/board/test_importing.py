"""What the page says of a list, whatever stands in it."""

import ast
from pathlib import Path

import pytest

from bot.messages import Account, Refusal
from bot.web.pages import Visit
from handlers.board import importing, unread
from handlers.imports.fields import FIELDS
from handlers.imports.rows import Problem
from storage import initiatives
from tests.chat import Chat

READERS = Path(importing.__file__).parents[1] / "imports"
OPERATOR = Account("chat", "acme", "operator", "Operator", standing="operator")
LIST = b"Project name,Goal\nCanteen app,Grow revenue\nOne login,Grow revenue\n"


def reasons() -> set[str]:
    """What the readers of cells say, as it begins, read from their sources."""
    found = set()
    for file in READERS.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name("Unclear"), args=[ast.Constant(value=str(said))]):
                    found.add(said)
                case ast.Call(args=[*_, ast.Constant(value=str(said))]) if said[:4] == "not ":
                    found.add(said)
    return found


def test_every_field_has_a_label() -> None:
    assert set(importing.LABELS) == set(FIELDS)


def test_every_reason_comes_with_what_to_do() -> None:
    found = reasons()
    assert len(found) > 10
    silent = [
        reason
        for reason in found
        if unread._cell(Problem(2, "Cost", "x", reason)).do == unread.OTHERWISE
    ]
    assert not silent


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t=", "\r="])
def test_no_cell_of_the_file_is_a_formula(begins: str) -> None:
    said = unread.file([Problem(2, f"{begins}Cost", f"{begins}1+1", "not a date")])[unread.FILE]
    assert f",{begins}" not in said.splitlines()[1]
    assert "'" in said


def visit(values: dict[str, str]) -> Visit[importing.Brought]:
    def quiet(_done: int, _total: int) -> None: ...

    return Visit(importing.read(LIST, "ours.csv", quiet), values, quiet)


def test_only_who_keeps_the_map_brings_a_list(chat: Chat) -> None:
    dana = chat.account("dana")
    with chat.store.reading(dana) as session:
        with pytest.raises(Refusal, match="Only Lee, who keeps the map, can bring a list"):
            importing.first(session)
        for step in (importing.look, importing.bring):
            with pytest.raises(Refusal, match="Only Lee, who keeps the map, can bring a list"):
                step(visit({}), session)


def test_looking_says_what_would_come_of_it_and_changes_nothing(chat: Chat) -> None:
    with chat.store.reading(OPERATOR) as session:
        page = importing.look(visit({}), session)
        counts = page.facts["counts"]
        assert (counts.added, counts.changed) == (1, 1)  # type: ignore[attr-defined]  # a Counts
        assert initiatives.count(session) == 7


def test_a_company_that_is_not_invented_is_never_taken_off(chat: Chat) -> None:
    with chat.store.writing(OPERATOR) as session:
        page = importing.bring(visit({"replace": "yes", "company": "Other"}), session)
        assert page.facts["gone"] == ""
        assert initiatives.count(session) == 8
        assert session.organisation.name != "Other"
