"""Who is in a channel of Slack, and what it is, is believed as Slack told it last."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlmodel import select

from storage import memberships
from storage.channels import Channel as Stored
from tests.chat import Chat
from tests.slack.office import Office, office
from tests.slack.world import Channel

Story = Callable[[Office], Coroutine[Any, Any, None]]
Tell = Callable[[Story], None]


@pytest.fixture
def tell(chat: Chat) -> Tell:
    """Plays a story in the company's Slack."""

    def tell(story: Story) -> None:
        async def whole() -> None:
            async with office(chat) as one:
                await story(one)

        asyncio.run(whole())

    return tell


def stored(one: Office, id: str) -> Stored:
    with one.chat.looking() as session:
        return session.exec(select(Stored).where(Stored.external_id == id)).one()


def inside(one: Office, where: Channel) -> set[str]:
    """The names of whoever is believed to be in a channel."""
    with one.chat.looking() as session:
        here = session.exec(select(Stored).where(Stored.external_id == where.id)).one()
        ids = {each.external_id for each in memberships.people_in(session, here.id) or ()}
    every = [each for space in one.slack.world.workspaces for each in space.people]
    return {each.name for each in every if each.id in ids}


def test_what_was_decided_in_a_private_channel_is_read_by_whoever_is_in_it(tell: Tell) -> None:
    async def story(one: Office) -> None:
        dana, lee = await one.colleague("Dana Brandt"), await one.colleague("Lee Novak")
        board = one.acme.channel("board", dana, kind="private")
        await one.types(dana, board, "decide sell the lift business @dana")
        await one.ticks()
        alone = one.slack.direct(lee)
        for who, reads in ((dana, True), (lee, False)):
            await one.types(who, one.slack.direct(who), "decisions")
            assert ("sell the lift business" in one.chat.text(who.handle)) == reads
        one.clock.wind(seconds=30)
        await one.slack.joins(lee, board)
        await one.hears()
        await one.types(lee, alone, "decisions")
        one.chat.sees(lee.handle, "sell the lift business")
        one.clock.wind(seconds=30)
        await one.slack.leaves(lee, board)
        await one.hears()
        await one.types(lee, alone, "decisions")
        one.chat.sees_no(lee.handle, "sell the lift business")

    tell(story)


def test_whoever_came_and_went_unheard_is_found_by_the_next_list(tell: Tell) -> None:
    async def story(one: Office) -> None:
        one.slack.web.page = 2
        crowd = [one.acme.person(f"Person {number}") for number in range(5)]
        board = one.acme.channel("board", *crowd, kind="private")
        await one.types(crowd[0], board, "home")
        await one.types(crowd[0], board, "decide hire Ana")
        await one.ticks()
        assert inside(one, board) == {each.name for each in crowd}
        board.members.remove(crowd[4])
        await one.ticks(29 * 60)
        assert inside(one, board) == {each.name for each in crowd}
        await one.ticks(2 * 60)
        assert inside(one, board) == {each.name for each in crowd[:4]}

    tell(story)


def test_a_list_that_began_before_somebody_left_does_not_bring_them_back(tell: Tell) -> None:
    async def story(one: Office) -> None:
        dana, lee = await one.colleague("Dana Brandt"), await one.colleague("Lee Novak")
        board = one.acme.channel("board", dana, lee, kind="private")
        await one.types(dana, board, "decide hire Ana")
        await one.slack.leaves(lee, board)
        await one.hears()
        board.members.append(lee)  # what the list still says
        await one.ticks()
        assert inside(one, board) == {"Dana Brandt"}

    tell(story)


def test_a_channel_follows_its_name_and_its_id_in_any_order(tell: Tell) -> None:
    async def story(one: Office) -> None:
        dana = await one.colleague("Dana Brandt")
        steering = one.acme.channel("steering", dana)
        await one.types(dana, steering, "decide buy the CRM @dana")
        await one.ticks()
        before = stored(one, steering.id)
        await one.slack.renames(steering, "board")
        await one.slack.renames(steering, "top")
        await one.slack.archives(steering)
        await one.slack.unarchives(steering)
        await one.hears()
        assert stored(one, steering.id).name == "top"
        old, new = steering.id, await one.slack.moves(steering)
        await one.types(dana, steering, "decide hire Ana")  # it came before the event
        await one.hears()
        await one.hears()
        now = stored(one, new)
        assert now.id == before.id
        assert stored(one, old).room_id is None
        await one.types(dana, steering, "done D-1")
        await one.ticks(2)
        assert "done" in steering.messages[0].said["text"].lower()

    tell(story)


@pytest.mark.parametrize("stays", [True, False])
def test_a_channel_that_was_made_private_is_soon_no_longer_open(tell: Tell, stays: bool) -> None:
    """Slack tells nobody: with us inside or not, it is found by looking."""

    async def story(one: Office) -> None:
        dana, lee = await one.colleague("Dana Brandt"), await one.colleague("Lee Novak")
        steering = one.acme.channel("steering", dana)
        await one.types(dana, steering, "decide buy the CRM @dana")
        await one.ticks()
        await one.types(lee, one.slack.direct(lee), "decisions")
        one.chat.sees(lee.handle, "D-1")
        steering.kind = "private"
        if not stays:
            steering.members.remove(one.acme.bot)
        await one.ticks(31 * 60)
        await one.types(lee, one.slack.direct(lee), "decisions")
        one.chat.sees_no(lee.handle, "D-1")

    tell(story)


def test_pairing_says_in_every_place_who_reads_and_whom_it_cannot_reach(tell: Tell) -> None:
    async def story(one: Office) -> None:
        lee, dana = await one.colleague("Lee Novak"), await one.colleague("Dana Brandt")
        other = one.slack.workspace("Supplier").person("Sam Supplier")
        steering = one.acme.channel("it-steering", lee, dana, other)
        top = one.acme.channel("top", lee, one.acme.person("Pia New"))
        await one.types(lee, steering, "room Steering")
        one.chat.sees(lee.handle, "it-steering belongs to Steering now", "Who cannot see this yet")
        code = one.chat.text(lee.handle).partition("room join ")[2][:6]
        await one.types(lee, top, f"room join {code}")
        await one.ticks()
        await one.ticks(2)
        for place in (steering, top):
            read = one.reads(lee, place)
            assert (
                "Steering is one room now: it-steering (Slack, 3 people) and top (Slack, 2)" in read
            )
            assert "I cannot message 1 of them privately: Sam Supplier." in read
            assert "which priority does" in read
            assert len([each for each in place.messages if not each.is_deleted]) == 1

    tell(story)
