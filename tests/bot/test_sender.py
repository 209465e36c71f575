"""A message is said once, however the network, the platform and we ourselves fail."""

from tests.saying import World


def test_what_was_saved_is_said_once(world: World) -> None:
    id = world.post("decision/7")
    assert world.sends() == 1
    assert world.sends() == 0
    assert world.reads() == ["decision/7"]
    row = world.row(id)
    assert (row.state, row.said, row.message_id) == ("sent", 1, "m1")
