"""README tells the truth: every command, option and setting is in it, and its examples work."""

import argparse
import re
from pathlib import Path

from bot.__main__ import parser
from bot.settings import Settings
from handlers import router
from handlers.ask.questions import read
from handlers.help import COMMANDS, TOPICS
from handlers.imports.fields import FIELDS

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def _programs() -> dict[str, argparse.ArgumentParser]:
    actions = parser()._actions
    found = next(one for one in actions if isinstance(one, argparse._SubParsersAction))
    return dict(found.choices)


def test_every_setting_is_explained() -> None:
    missing = [name for name in Settings.model_fields if f"`{name.upper()}`" not in README]
    assert not missing


def test_every_program_and_option_of_the_command_line_is_explained() -> None:
    missing = [
        option
        for name, program in _programs().items()
        for option in (f"throughline {name}", *program._option_string_actions)
        if option not in README and option not in ("-h", "--help")
    ]
    assert not missing


def test_every_chat_command_is_explained() -> None:
    words = " ".join(re.findall(r"[a-z]+", README))
    typed = [name for name, route in router().routes.items() if route.is_typed]
    assert not [name for name in typed if f" {name} " not in f" {words} "]


def test_every_field_of_a_list_is_explained() -> None:
    assert not [name for name in FIELDS if f"`{name}`" not in README]


def test_every_help_topic_is_named() -> None:
    assert not [topic for topic in (*TOPICS, *COMMANDS) if topic not in README]


def test_every_example_question_is_read_as_one() -> None:
    table = README.split("## Asking")[1].split("`help`")[0]
    examples = re.findall(r"`([^`]+)`", table)
    assert len(examples) > 12
    assert all(read(example)[0].about != example for example in examples)
