"""`throughline do`: one line in, one answer out, for people and for programs."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from bot import plain, terminal
from bot.__main__ import main
from bot.answering import Answer
from bot.messages import Button, Card, Refusal
from storage.database import Database
from storage.people import Person
from tests.chat import Chat

ROOT = Path(__file__).parents[2]
KEYS = {"refused", "cards", "form", "posts", "text"}

Run = Callable[..., tuple[int, str]]


def _people(address: str) -> list[tuple[str, str | None]]:
    database = Database(address)
    with database.reading() as session:
        found = [(one.name, one.email) for one in session.exec(select(Person))]
    database.close()
    return found


def test_json_is_one_object_of_a_known_shape(run: Run) -> None:
    code, said = run("do", "--json", "which priority does Zephyr support?")
    assert code == 0
    assert said.count("\n") == 1
    answer = json.loads(said)
    assert set(answer) == KEYS
    assert (answer["refused"], answer["form"], answer["posts"]) == (None, None, [])
    (card,) = answer["cards"]
    assert set(card) == {"title", "text", "buttons"}
    assert card["title"] == "I don't know a project called “Zephyr”"
    assert "It may exist; nobody has told me." in card["text"]
    assert answer["text"].startswith(card["title"])


def test_buttons_say_what_they_send(run: Run) -> None:
    _, said = run("do", "--json", "help")
    (card,) = json.loads(said)["cards"]
    assert {"label": "Money", "sends": "help", "text": "money"} in card["buttons"]


def test_without_json_it_is_text_for_people(run: Run) -> None:
    code, said = run("do", "help")
    assert code == 0
    assert said.startswith("Ask me as you would ask a colleague\n")
    assert said.rstrip().endswith("[Yourself]")


def test_without_text_it_is_the_home_card(run: Run) -> None:
    _, said = run("do", "--json")
    assert "This is Throughline" in json.loads(said)["cards"][0]["title"]


def test_stdin_answers_each_line_with_a_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b"help money\n\n  \nwhat's late\n/align help\n"))
    monkeypatch.setattr(sys, "stdin", stdin)
    code, said = run("do", "--json", "--stdin")
    assert code == 0
    titles = [json.loads(line)["cards"][0]["title"] for line in said.splitlines()]
    assert titles == ["Money", "I can't tell what is late", "Ask me as you would ask a colleague"]


def test_as_makes_the_person_once(run: Run, address: str) -> None:
    for _ in range(2):
        _, said = run("do", "--json", "--as", "Dana.Brandt@acme.example", "")
        assert json.loads(said)["cards"][0]["title"] == "Dana, this is Throughline"
    assert _people(address) == [("Dana Brandt", "dana.brandt@acme.example")]


def test_without_as_the_person_is_the_operator(run: Run, address: str) -> None:
    run("do", "help")
    assert _people(address) == [("Operator", None)]


def test_as_is_the_person_the_map_knows(chat: Chat, run: Run, address: str) -> None:
    before = len(_people(address))
    _, said = run("do", "--json", "--as", "dana@acme.example", "what do I own?")
    assert "Faster onboarding" in json.loads(said)["text"]
    assert len(_people(address)) == before


def test_settings_that_cannot_be_used_are_said_and_end_with_two(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "many")
    assert main(("do", "help")) == 2
    assert capsys.readouterr().err.startswith("PORT: ")


def test_a_refusal_is_said_and_told_from_an_answer(chat: Chat) -> None:
    refused = Answer(refusal=Refusal("Name an owner, like @dana."))
    assert terminal.as_text(refused, (), chat.zone) == "Name an owner, like @dana."
    said = json.loads(terminal.as_json(refused, (), chat.zone))
    assert set(said) == KEYS
    assert said["refused"] == said["text"] == "Name an owner, like @dana."
    assert said["cards"] == []


def test_text_in_json_is_what_plain_text_says(chat: Chat) -> None:
    card = Card("Title", "Text\nmore", buttons=(Button("Yes", "help"),))
    said = json.loads(terminal.as_json(Answer((card, card)), (), chat.zone))
    assert said["cards"][0]["text"] == "Text\nmore"
    assert said["text"] == "\n\n".join([plain.card(card, chat.zone)] * 2)


def test_it_is_a_program(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "do", "--stdin", "--json"],
        input="help\nwas ist mit Größe?\n", capture_output=True, text=True, encoding="utf-8",
        timeout=60, check=False, cwd=ROOT,
        env={"DATABASE_URL": f"sqlite:///{tmp_path / 'throughline.db'}", "PATH": "/usr/bin"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    first, second = (json.loads(line) for line in ran.stdout.splitlines())
    assert first["cards"][0]["title"] == "Ask me as you would ask a colleague"
    assert "Größe" in second["text"]
