"""Nothing saved is forgotten, and an auditor would see it."""

import pytest
from sqlalchemy import text

from storage import outbox
from storage.database import Database
from storage.migrations import migrate
from tests.saying import World

EARLIER = """
INSERT INTO organisations (id, name, zone, currency, map_revision, is_demo, created_at)
VALUES (1, 'Acme', 'UTC', 'EUR', 0, false, '2026-11-23 09:00:00');
INSERT INTO channels (organisation_id, id, platform, tenant, external_id, name)
VALUES (1, 7, 'chat', 'acme', 'general', 'General');
INSERT INTO people (organisation_id, id, name, role, title, created_at)
VALUES (1, 3, 'Dana', 'member', '', '2026-11-23 09:00:00');
INSERT INTO said (organisation_id, id, channel_id, body, at, revision)
VALUES (1, 5, 7, 'Hello', '2026-11-23 09:00:00', 1);
INSERT INTO questions (organisation_id, id, text, about, asked_by_id, channel_id, asked_at)
VALUES (1, 9, 'why is X', 'X', 3, 7, '2026-11-23 09:00:00')
"""


def _overdue(world: World) -> list[str]:
    with world.database.reading(world.organisation.id) as session:
        return [message.id for message in outbox.overdue(session, world.clock.now())]


def test_what_is_late_for_no_reason_is_seen_after_a_quarter_of_an_hour(world: World) -> None:
    id = world.post("decision/7")
    world.clock.wind(minutes=14)
    assert _overdue(world) == []
    world.clock.wind(minutes=1)
    assert _overdue(world) == [id]
    world.sends()
    assert _overdue(world) == []


def test_what_is_tried_again_and_again_is_late_all_the_same(world: World) -> None:
    id = world.post("decision/7")
    for _ in range(4):
        world.chat.script.append("429")
        world.sends()
        world.clock.wind(minutes=5)
    assert _overdue(world) == [id]


def test_an_edit_is_due_from_its_first_change_on(world: World) -> None:
    id = world.post("decision/7")
    world.sends()
    world.clock.wind(minutes=60)
    world.change("decision/7", "We build")
    assert _overdue(world) == []
    world.clock.wind(minutes=10)
    world.change("decision/7", "We wait")
    world.clock.wind(minutes=5)
    assert _overdue(world) == [id]


@pytest.mark.parametrize(("fault", "state"), [("permanent", "failed"), ("reset after", "held")])
def test_what_is_failed_or_held_is_late_for_a_reason(world: World, fault: str, state: str) -> None:
    id = world.post("decision/7")
    world.client.can_find = False
    world.chat.script.append(fault)
    world.sends()
    world.passes(30)
    assert world.row(id).state == state
    world.clock.wind(minutes=60)
    assert _overdue(world) == []


def test_what_was_unknown_for_too_long_is_late(world: World) -> None:
    id = world.post("decision/7")
    world.chat.script.append("reset after")
    world.sends()
    world.clock.wind(minutes=15)
    assert _overdue(world) == [id]


def test_another_organisation_has_an_outbox_of_its_own(world: World) -> None:
    id = world.post("decision/7")
    with world.database.writing(world.organisation.id + 1) as session:
        assert outbox.changed(session, "decision/7", world.clock.now()) == 0
        assert outbox.held(session) == []
    assert world.row(id).wanted == 1


def test_channels_of_before_keep_what_points_at_them(empty_address: str) -> None:
    database = Database(empty_address)
    migrate(database, "0001")
    with database.writer.begin() as connection:
        for statement in EARLIER.split(";"):
            connection.execute(text(statement))
    migrate(database)
    with database.writer.begin() as connection:
        channel = connection.execute(text("SELECT id, name, room_id, zone FROM channels")).one()
        assert tuple(channel) == (7, "General", None, "")
        assert connection.execute(text("SELECT id, channel_id FROM said")).all() == [(5, 7)]
        assert connection.execute(text("SELECT id, channel_id FROM questions")).all() == [(9, 7)]
        if database.is_sqlite:
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    database.close()
