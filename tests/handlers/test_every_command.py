"""What is promised of every command, held to each of them by the `tests.conversations`."""

from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from random import Random
from threading import Barrier
from typing import Any, Literal

import pytest

from bot.answering import Answer
from bot.messages import Command
from handlers import routes
from storage import channels, codes, sorting, tickets, yielding
from tests.conversations import CHANGES, KEEPS, READS, Conversation
from tests.scene import Rows, Scene

DELIVERIES = 4
SHOWN = {"shown"}  # what yes and last mean from now on there
FIRST_SEEN = {"people", "accounts"}
MAP = {"priorities", "capabilities", "initiatives", "metrics", "readings", "links"}
NOTES = {sorting.FIELD, yielding.FIELD}  # what is said of a thing in its history alone
Begin = Callable[[], Scene]


class Alike(Random):
    """Draws the same in every world."""

    def token_urlsafe(self, count: int) -> str:
        return urlsafe_b64encode(self.randbytes(count)).rstrip(b"=").decode()


@pytest.fixture
def begin(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> Begin:
    """The same; and codes, which are drawn at random, are drawn alike in every world."""

    def alike() -> Scene:
        drawn = Alike(7)
        for module in (codes, tickets):
            monkeypatch.setattr(module, "secrets", drawn)
        return begin()

    return alike


def each_of(conversations: Mapping[str, Iterable[Conversation]]) -> list[Any]:
    return [
        pytest.param(name, conversation, id=f"{name}-{number}")
        for name, several in conversations.items()
        for number, conversation in enumerate(several, 1)
    ]


# The lists


@pytest.mark.parametrize(("kind", "known"), [("changes", CHANGES), ("reads", READS)])
def test_every_command_has_a_conversation(
    kind: Literal["changes", "reads"], known: Mapping[str, Sequence[Conversation]]
) -> None:
    names = {route.name for route in routes() if route.kind == kind}
    missing = sorted(names - {name for name, several in known.items() if several})
    assert not missing, (
        f"Nothing holds {missing} to what is promised of every command. Add a conversation for "
        f"each to {kind.upper()} in tests/conversations.py, its last step being that command:\n"
        + "\n".join(f'    "{name}": ((says("dana", "{name} …"),),),' for name in missing)
    )
    gone = sorted(set(known) - names)
    assert not gone, f"Nobody answers {gone} (as one that {kind}): take them from the list."


# What changes something


@dataclass(frozen=True, slots=True)
class Lived:
    """What a world was before the command, after it, and when it came again an hour later."""

    before: Rows
    after: Rows
    replayed: Rows
    calls: Counter[tuple[str, str]]
    standing: list[tuple[str, str, str, str]]


@pytest.mark.parametrize(("name", "conversation"), each_of(CHANGES))
def test_delivered_four_times_at_once_and_again_later_it_changes_once(
    name: str, conversation: Conversation, begin: Begin
) -> None:
    once = _lived(begin(), name, conversation, 1)
    often = _lived(begin(), name, conversation, DELIVERIES)
    assert _differences(once.before, once.after), f"{name} changed nothing here"
    assert _differences(once.before, often.before) == {}
    assert _differences(once.after, often.after) == {}
    assert _differences(once.replayed, often.replayed) == {}
    assert often.calls == once.calls
    assert often.standing == once.standing


def _lived(scene: Scene, name: str, conversation: Conversation, deliveries: int) -> Lived:
    command = _come_to(scene, name, conversation)
    before = scene.rows(but="inbox")
    answers = _delivered(scene, command, deliveries)
    assert [answer.refusal for answer in answers] == [None] * deliveries
    assert sum(not answer.is_repeat for answer in answers) == 1
    after = scene.rows(but="inbox")
    scene.sends()
    scene.clock.wind(hours=1)
    assert deliveries == 1 or scene.chat.answering.answer(command) == Answer(is_repeat=True)
    scene.sends()
    return Lived(before, after, scene.rows(but="inbox"), scene.calls(), scene.standing())


@pytest.mark.parametrize(("name", "conversation"), each_of(CHANGES))
def test_what_stands_in_the_chat_is_what_is_kept(
    name: str, conversation: Conversation, begin: Begin
) -> None:
    scene = begin()
    scene.chat.answer(_come_to(scene, name, conversation))
    scene.sends()
    for key, standing, kept in scene.standing_and_kept():
        assert standing == kept, f"{name} left {key} standing as it was: it must return Changed"


@pytest.mark.parametrize(("name", "conversation"), each_of(CHANGES))
def test_what_changes_the_map_is_an_event_and_a_new_revision_and_nothing_else_is(
    name: str, conversation: Conversation, begin: Begin
) -> None:
    scene = begin()
    command = _come_to(scene, name, conversation)
    before, revision = scene.rows(), scene.map_revision()
    scene.chat.answer(command)
    changed = _differences(before, scene.rows())
    is_another = scene.map_revision() != revision
    assert is_another == (bool(MAP & set(changed)) or _is_noted(changed)), (
        f"{name} changed {sorted(changed)}"
    )
    assert not is_another or "events" in changed


def _is_noted(changed: Mapping[str, tuple[list[Any], list[Any]]]) -> bool:
    """Whether something was said of a thing on the map that stands in its history alone."""
    _, new = changed.get("events", ([], []))
    kept = [value for row in new for value in row if isinstance(value, dict)]
    return any(NOTES & value.keys() for value in kept)


# What only reads


@pytest.mark.parametrize(("name", "conversation"), each_of(READS))
def test_for_somebody_known_it_changes_nothing_but_what_its_note_keeps(
    name: str, conversation: Conversation, begin: Begin
) -> None:
    scene = begin()
    command = _come_to(scene, name, conversation)
    before = scene.rows()
    assert scene.chat.answer(command).refusal is None
    changed = _differences(before, scene.rows())
    assert set(changed) - SHOWN == KEEPS.get((name, conversation), set())
    assert not any(gone for table, (gone, _) in changed.items() if table not in SHOWN)


@pytest.mark.parametrize(("name", "conversation"), each_of(READS))
def test_somebody_never_seen_before_is_one_person_more(
    name: str, conversation: Conversation, begin: Begin
) -> None:
    scene = begin()
    command = _come_to(scene, name, conversation)
    known = scene.chat.account("somebody.new")
    before = scene.rows()
    answers = _delivered(scene, replace(command, by=known), DELIVERIES)
    assert [answer.refusal for answer in answers] == [None] * DELIVERIES
    changed = _differences(before, scene.rows())
    assert set(changed) - SHOWN == FIRST_SEEN | KEEPS.get((name, conversation), set())
    for table in FIRST_SEEN:
        gone, new = changed[table]
        assert (len(gone), len(new)) == (0, 1)


def _come_to(scene: Scene, name: str, conversation: Conversation) -> Command:
    """Everything before the command, by somebody who was met before, where others spoke before."""
    *before, last = conversation
    scene.goes(*before)
    command = last(scene)
    assert command is not None
    assert command.name == name, f"that is heard as {command.name}"
    with scene.chat.store.writing(command.by) as session:
        at = command.at
        channels.place(session, at.platform, at.tenant, at.id, at.name)
    return command


def _delivered(scene: Scene, command: Command, times: int) -> list[Answer]:
    """The answers to the same delivery, arriving so often at the same moment."""
    barrier = Barrier(times)

    def deliver(_number: int) -> Answer:
        barrier.wait()
        return scene.chat.answering.answer(command)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(deliver, range(times)))


def _differences(one: Rows, other: Rows) -> dict[str, tuple[list[Any], list[Any]]]:
    """By table, which rows are only in one, and which only in the other."""
    return {
        table: (
            [row for row in one[table] if row not in other[table]],
            [row for row in other[table] if row not in one[table]],
        )
        for table in one
        if one[table] != other[table]
    }
