"""What readers were shown is written a moment later, and is known at once all the same."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bot import plain
from storage.database import Session
from storage.lingering import Lingering
from storage.shown import Glance, Shown
from tests.chat import Chat
from tests.clock import MONDAY

FOR_EVER = 3600.0  # seconds: only what is asked for is written


@pytest.fixture
def unhurried(chat: Chat) -> Iterator[Chat]:
    """A company of which nothing is written that readers were shown, until it must be."""
    for who in ("dana", "lee"):
        for at in ("general", "sales"):
            chat.types(who, "what are our priorities?", at=at).types(who, "CRM replacement", at=at)
    chat.store.lingering.seconds = FOR_EVER
    yield chat
    chat.store.settle()


def written(chat: Chat) -> int:
    """How many conversations have One login as what was shown last."""
    with chat.looking() as session:
        return len(session.exec(select(Shown.id).where(Shown.key == "initiative/1")).all())


def test_it_means_what_was_just_shown_though_nothing_is_written_yet(unhurried: Chat) -> None:
    unhurried.types("dana", "One login")
    assert written(unhurried) == 0
    unhurried.types("dana", "who owns it?").sees("dana", "Lee Novak")
    assert written(unhurried) == 0


def test_what_changes_something_knows_it_too(unhurried: Chat) -> None:
    unhurried.types("dana", "One login").types("dana", "it is late")
    assert written(unhurried) == 1
    unhurried.types("dana", "One login").sees("dana", "Late")


def test_nobody_else_and_no_other_place_means_it(unhurried: Chat) -> None:
    unhurried.types("dana", "One login")
    for who, at in (("lee", "general"), ("dana", "sales")):
        unhurried.types(who, "who owns it?", at=at)
        assert "Lee Novak" not in plain.card(unhurried.last(who).cards[0], unhurried.zone)


def test_the_last_of_many_is_written_once(unhurried: Chat) -> None:
    for name in ("One login", "CRM replacement", "One login"):
        unhurried.types("dana", name)
    unhurried.store.settle()
    assert written(unhurried) == 1
    unhurried.types("dana", "who owns it?").sees("dana", "Lee Novak")


def test_it_is_written_by_itself_after_a_moment() -> None:
    done: list[int] = []
    lingering = Lingering(lambda organisation_id, _work: done.append(organisation_id), 0.001)
    lingering.keep(("dana",), 7, Glance(1, "", 1, "initiative/1", MONDAY))
    timer = lingering._timer
    if timer:
        timer.join(5)
    assert done == [7]


def test_a_database_that_cannot_keep_it_stops_nobody() -> None:
    def fails(_organisation_id: int, _work: Callable[[Session], None]) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    lingering = Lingering(fails, 0)
    lingering.keep(("dana",), 7, Glance(1, "", 1, "initiative/1", MONDAY))
    assert lingering.of(("dana",)) == []
