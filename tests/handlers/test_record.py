"""`throughline verify` and `throughline erase`, as an operator types them."""

import sys
from collections.abc import Callable
from io import StringIO

import pytest
from sqlalchemy import text

from storage.database import Database

Run = Callable[..., tuple[int, str]]


def _head(said: str) -> str:
    """ "record 3 · 7f3a91c2", as verify printed it."""
    return said.split("as it was recorded: ")[1].splitlines()[0].rstrip(".")


def test_an_empty_record_says_so(run: Run) -> None:
    code, said = run("verify")
    assert code == 0
    assert "nothing is on record yet" in said


def test_a_head_printed_earlier_still_holds_when_more_was_decided(run: Run) -> None:
    run("do", "decide buy the CRM")
    head = _head(run("verify")[1])
    run("do", "decide sell the old one")
    code, said = run("verify", "--head", head)
    assert code == 0
    assert "goes on from the head you gave me" in said
    assert _head(said) != head


def test_a_wrong_head_is_told_and_an_unreadable_one_explained(run: Run) -> None:
    run("do", "decide buy the CRM")
    code, said = run("verify", "--head", "record 1 · deadbeef")
    assert code == 1
    assert "Record 1 is not the one that was printed" in said
    code, said = run("verify", "--head", "record 99 · deadbeef")
    assert code == 1
    assert "Record 99 was printed, and is not there" in said
    code, said = run("verify", "--head", "the last one")
    assert code == 1
    assert "Write it as it was printed" in said


def test_a_title_changed_behind_our_back_is_told_in_words(run: Run, address: str) -> None:
    run("do", "decide buy the CRM")
    database = Database(address)
    aside = (
        "DROP TRIGGER decisions_no_update"
        if database.is_sqlite
        else "SET LOCAL session_replication_role = replica"
    )
    with database.writer.begin() as connection:
        connection.execute(text(aside))
        connection.execute(text("UPDATE decisions SET title = 'buy nothing'"))
    database.close()
    code, said = run("verify")
    assert code == 1
    assert "the record is not whole" in said
    assert "Record 1: a decision, or what comes before it, was changed" in said


def test_somebody_is_erased_once_they_have_left(run: Run) -> None:
    run("do", "--as", "zoe.quill@acme.example", "decide buy the CRM @me")
    code, said = run("erase", "zoe.quill@acme.example")
    assert code == 1
    assert "has not left" in said
    run("do", "gone zoe.quill@acme.example")
    code, said = run("erase", "zoe.quill@acme.example", "--yes")
    assert code == 0
    assert "Zoe Quill is erased" in said
    assert "Quill" not in run("do", "why D-1")[1]
    assert run("verify")[0] == 0
    code, said = run("erase", "zoe.quill@acme.example")
    assert code == 1
    assert "I don't know anybody with the address" in said


class Terminal(StringIO):
    """Somebody sits at it, and has typed this."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("sits", "typed", "code"),
    [(StringIO, "yes\n", 1), (Terminal, "", 1), (Terminal, "no\n", 1), (Terminal, "Yes\n", 0)],
)
def test_nobody_is_erased_before_somebody_said_yes(
    run: Run, monkeypatch: pytest.MonkeyPatch, sits: type[StringIO], typed: str, code: int
) -> None:
    run("do", "--as", "zoe.quill@acme.example", "decide buy the CRM @me")
    run("do", "gone zoe.quill@acme.example")
    monkeypatch.setattr(sys, "stdin", sits(typed))
    done, said = run("erase", "zoe.quill@acme.example")
    assert done == code
    assert "This erases Zoe Quill, and cannot be undone" in said
    assert ("Zoe Quill" in run("do", "why D-1")[1]) == bool(code)
