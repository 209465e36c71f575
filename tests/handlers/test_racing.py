"""Several people change the same thing at once, while it is being said: all read the last word."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from random import Random

import pytest
from sqlmodel import col, select

from bot import plain
from bot.messages import Card, Command, from_json
from storage.decisions import DecisionEvent
from storage.priorities import Priority
from tests.scene import Scene, says

ROUNDS = 6
EACH = 3  # changes of one person in a round
Begin = Callable[[], Scene]
PLACES = ("general", "elsewhere", "outside")


@pytest.fixture
def scene(begin: Begin) -> Scene:
    """One decision that stands in three places, two of which are one room."""
    scene = begin()
    scene.goes(
        says("lee", "room Steering"),
        says("lee", "room join CODE", at="elsewhere"),
        says("dana", 'decide buy the CRM @dana for "Grow revenue"'),
        says("dana", "share D-1", at="outside"),
    )
    return scene


def reasons(scene: Scene, who: str, number: int) -> list[Command]:
    """Somebody says again and again why it was decided."""
    return [
        scene.chat.command(who, "because", f'D-1 "{who} says {number} {n}"') for n in range(EACH)
    ]


def names(scene: Scene, who: str, number: int) -> list[Command]:
    """Somebody renames the priority again and again, whatever it is called by then."""
    with scene.chat.looking() as session:
        id = session.exec(select(Priority.id).where(Priority.rank == 2)).one()
    meant = {"meant Grow revenue": f"priority/{id}"}
    return [
        scene.chat.command(who, "rename", f'"Grow revenue" to "{who} {number} {n}"', meant)
        for n in range(EACH)
    ]


def play(scene: Scene, seed: int, *people: list[Command]) -> None:
    """They all act at once, each one thing after the other, while what changed is being said."""
    random = Random(seed)

    def act(commands: list[Command]) -> None:
        for command in commands:
            assert scene.chat.answering.answer(command).refusal is None

    with ThreadPoolExecutor(len(people)) as pool:
        acting = [pool.submit(act, commands) for commands in random.sample(people, len(people))]
        while wait(acting, timeout=random.random() / 200).not_done:
            scene.sends()
    for one in acting:
        one.result()
    scene.sends()


def read(scene: Scene) -> dict[str, str]:
    """What one reads of the decision in each place."""
    cards = {one.channel: from_json(one.card) for one in scene.said.standing.values()}
    return {
        place: plain.card(card, scene.chat.zone)
        for place, card in cards.items()
        if isinstance(card, Card)
    }


def test_the_last_that_is_committed_is_what_every_place_shows(scene: Scene) -> None:
    for seed in range(ROUNDS):
        play(
            scene,
            seed,
            reasons(scene, "dana", seed),
            reasons(scene, "ana", seed),
            names(scene, "lee", seed),
            names(scene, "omar", seed),
        )
        with scene.chat.looking() as session:
            why = session.exec(
                select(DecisionEvent)
                .where(DecisionEvent.what == "because")
                .order_by(col(DecisionEvent.id).desc())
            ).first()
            name = session.exec(select(Priority.name).where(Priority.rank == 2)).one()
        assert why is not None
        assert set(read(scene)) == set(PLACES)
        for place, text in read(scene).items():
            assert f"For {name}. " in text, f"{place} shows an older name, in round {seed}"
            assert f"Why: {why.data['text']}\n" in text, f"{place} is behind, in round {seed}"
        for _, standing, kept in scene.standing_and_kept():
            assert standing == kept
