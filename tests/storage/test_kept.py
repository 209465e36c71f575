"""What is too long for a chat is kept in the place where it was said, and found there only."""

from dataclasses import replace
from datetime import timedelta

from bot.messages import Channel
from storage import erasing, kept
from storage.forgetting import Forgetting
from storage.kept import Keeping
from storage.people import Person
from tests.saying import World

HERE = Channel("chat", "acme", "C1")


def _keeping(world: World) -> Keeping:
    return Keeping(world.database, world.clock.now, lambda _: world.organisation.id)


def test_the_same_is_kept_once_and_found_in_its_place_only(world: World) -> None:
    keeping = _keeping(world)
    token = keeping.keep(HERE, "the rest")
    assert keeping.keep(HERE, "the rest") == token
    assert keeping.kept(HERE, token) == "the rest"
    for other in (replace(HERE, id="C2"), replace(HERE, tenant="b"), replace(HERE, platform="c")):
        assert keeping.kept(other, token) is None
    assert keeping.kept(HERE, "nothing") is None


def test_it_is_let_go_of_when_it_was_not_said_for_long(world: World) -> None:
    keeping = _keeping(world)
    old, said_again = keeping.keep(HERE, "old"), keeping.keep(HERE, "said again")
    world.clock.wind(days=kept.REMEMBERED / timedelta(days=1) - 1)
    keeping.keep(HERE, "said again")
    world.clock.wind(days=2)
    Forgetting(world.store).forget()
    assert keeping.kept(HERE, old) is None
    assert keeping.kept(HERE, said_again) == "said again"


def test_it_keeps_whatever_somebody_may_send(world: World) -> None:
    keeping = _keeping(world)
    for text in ("\ud83d", "a\x00b", "", "😀" * 10_000):
        assert keeping.kept(HERE, keeping.keep(HERE, text)) is not None


def test_what_names_somebody_goes_when_they_are_erased(world: World) -> None:
    keeping = _keeping(world)
    theirs, other = keeping.keep(HERE, '"Owner: Zoe Quist"'), keeping.keep(HERE, "nobody")
    with world.store.writing_home() as session:
        zoe = Person(name="Zoe Quist", created_at=session.now)
        session.add(zoe)
        session.flush()
        erasing.erase(session, zoe)
    assert keeping.kept(HERE, theirs) is None
    assert keeping.kept(HERE, other) == "nobody"
