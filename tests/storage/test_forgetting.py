"""What nobody needs any more is let go of, and nothing else."""

from datetime import timedelta

import pytest
from sqlmodel import select

from storage import forgetting, inbox, shown
from storage.forgetting import Forgetting
from storage.inbox import Heard
from storage.shown import Glance, Shown
from tests.clock import MONDAY
from tests.saying import World


def test_old_deliveries_go_and_younger_ones_are_still_known(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 3)
    with world.database.writing(world.organisation.id) as session:
        for number in range(7):
            inbox.hear(session, f"old {number}", MONDAY - timedelta(days=31))
        inbox.hear(session, "young", MONDAY - timedelta(days=29))
    assert Forgetting(world.store).forget() == 7
    assert Forgetting(world.store).forget() == 0
    with world.database.writing(world.organisation.id) as session:
        assert session.exec(select(Heard.key)).all() == ["young"]
        assert not inbox.hear(session, "young", MONDAY)


def test_what_was_shown_more_than_a_day_ago_goes(world: World) -> None:
    here = world.channel()
    with world.database.writing(world.organisation.id) as session:
        for hours, key in ((25, "decision/1"), (23, "decision/2")):
            at = MONDAY - timedelta(hours=hours)
            shown.keep(session, [Glance(here.id, key, None, key, at)])
    Forgetting(world.store).forget()
    with world.database.reading(world.organisation.id) as session:
        assert session.exec(select(Shown.key)).all() == ["decision/2"]
