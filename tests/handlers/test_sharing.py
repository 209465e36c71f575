"""What was shared, and then taken back, is not left standing."""

from collections.abc import Iterator

import pytest

from storage.database import Database
from tests.scene import Scene, Stage, half_a_minute_passes, says


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.close()


def test_a_card_goes_where_sharing_it_was_taken_back_and_comes_again(
    database: Database, stage: Stage
) -> None:
    scene = Scene(database, stage)

    def stands(channel: str) -> list[str]:
        return [card for where, _, _, card in scene.standing() if where == channel]

    scene.goes(says("dana", "decide buy the mole @dana", at="direct"))
    scene.goes(half_a_minute_passes, says("dana", "share D-1"))
    (shared,) = stands("general")
    assert "buy the mole" in shared
    scene.goes(says("dana", "undo"))
    (withdrawn,) = stands("general")
    assert "mole" not in withdrawn
    assert "D-1" not in withdrawn
    assert "that was taken back" in withdrawn
    assert [card for card in stands("direct/dana") if "buy the mole" in card]
    scene.goes(says("dana", "share D-1", at="direct"))
    assert "buy the mole" in stands("general")[0]
