"""All that people are shown: what comes of every command's conversations, and of clumsy ones."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.answering import Answer
from bot.messages import Card, Form, Refusal, from_json
from bot.slack.blocks import refused
from handlers import routes
from storage.database import Database
from storage.migrations import migrate
from tests.chat import Chat
from tests.clock import Clock
from tests.conversations import CHANGES, READS
from tests.rewinding import rewinding
from tests.scene import Scene, Stage, of_the_company

Shown = Card | Form
CLUMSY = ("", "nonsense", '"Grow revenue"', "D-99", "@nobody", "@sam 31 Feb")


def everything(folder: Path) -> dict[str, Shown]:
    """By a name that says where it comes from; what was shown before under another is left out."""
    found: dict[str, Shown] = {}
    known: set[str] = set()
    for name, shown in _all(folder):
        like = repr(replace(shown, key="") if isinstance(shown, Card) else shown)
        if like not in known:
            known.add(like)
            number = sum(1 for other in found if other.rpartition(" ")[0] == name) + 1
            found[f"{name} {number}"] = shown
    return found


def _all(folder: Path) -> Iterator[tuple[str, Shown]]:
    database = Database(f"sqlite:///{folder / 'shown.db'}")
    migrate(database)
    of_the_company(database, Clock())
    rewind, stage = rewinding(database), Stage()
    try:
        for name, conversations in (*CHANGES.items(), *READS.items()):
            for steps in conversations:
                rewind()
                scene = Scene(database, stage)
                scene.goes(*steps)
                for who in scene.chat.everybody_answered():
                    yield from ((name, one) for one in _answered(scene.chat.last(who)))
                posted = (from_json(said.card) for said in scene.said.standing.values())
                yield from ((f"{name}, posted", one) for one in posted if isinstance(one, Card))
        rewind()
        yield from _clumsy(of_the_company(database, Clock()))
    finally:
        stage.close()
        database.close()


def _clumsy(chat: Chat) -> Iterator[tuple[str, Shown]]:
    """What somebody is told who may do little, and types it wrongly."""
    for route in routes():
        for rest in CLUMSY:
            command = chat.command("sam", route.name, rest)
            try:
                answer = chat.answering.answer(command)
            except (KeyError, IndexError, ValueError):
                continue  # a button's command, which nobody can type
            yield from ((f"{route.name}, clumsy", one) for one in _answered(answer))


def _answered(answer: Answer) -> Iterator[Shown]:
    yield from answer.cards
    if answer.form:
        yield answer.form
    if isinstance(answer.refusal, Refusal):
        yield refused(answer.refusal)
