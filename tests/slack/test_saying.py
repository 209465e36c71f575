"""What is said in Slack is said there once, however Slack and the network fail."""

import asyncio
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any

import pytest

from bot.sender import Patience
from storage import channels, outbox
from tests.chat import Chat
from tests.slack.office import Office, office
from tests.slack.world import Channel, Message

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


def titles(where: Channel) -> list[str]:
    return [str(one.said["text"]).split("\n")[0] for one in where.messages if not one.is_deleted]


def ours(where: Channel) -> list[Message]:
    return [one for one in where.messages if not one.is_deleted]


def test_a_decision_is_posted_with_our_id_and_edited_as_it_changes(tell: Tell) -> None:
    async def story(one: Office) -> None:
        dana = await one.colleague("Dana Brandt")
        steering = one.acme.channel("steering", dana)
        await one.types(dana, steering, "decide buy the CRM @dana")
        await one.ticks()
        (row,) = one.rows("decision/1")
        (said,) = ours(steering)
        assert row.state == "sent"
        assert row.message_id == said.ts
        assert said.metadata["event_payload"] == {"id": row.id}
        assert "buy the CRM" in one.reads(dana, steering)
        await one.types(dana, steering, "done D-1")
        await one.ticks(2)
        (said,) = ours(steering)
        assert said.edits == 1
        assert said.metadata["event_payload"] == {"id": row.id}
        assert "done" in one.reads(dana, steering).lower()

    tell(story)


def test_the_bot_comes_into_an_open_channel_before_it_says_anything_there(tell: Tell) -> None:
    async def story(one: Office) -> None:
        dana = await one.colleague("Dana Brandt")
        steering = one.acme.channel("steering", dana, with_us=False)
        for number in (1, 2):
            await one.types(dana, steering, f"decide buy CRM {number}")
            await one.ticks(2)
        assert one.acme.bot in steering.members
        assert len(ours(steering)) == 2
        assert len(one.slack.called("conversations.join")) == 1

    tell(story)


def test_an_answer_goes_into_the_thread_and_is_found_there(tell: Tell) -> None:
    async def story(one: Office) -> None:
        dana = await one.colleague("Dana Brandt")
        steering = one.acme.channel("steering", dana)
        await one.types(dana, one.acme.channel("other", dana), "decide buy the CRM @dana")
        await one.ticks()
        root = one.slack.posts(steering, dana, "what about the CRM?")
        with one.store.writing_home() as session:
            here = channels.here(session, one.at(steering))
            outbox.in_channel(session, here.id, "decision/1", root.ts, None, session.now)
        one.slack.next("chat.postMessage", "5xx after")
        await one.ticks(2)
        await one.ticks(31)
        (row,) = [each for each in one.rows("decision/1") if each.under]
        assert [each.under for each in ours(steering)] == ["", root.ts]
        assert row.state == "sent"
        assert row.message_id == ours(steering)[1].ts

    tell(story)


LOST = ("5xx before", "5xx after", "reset before", "reset after", "hang before", "hang after")


@pytest.mark.parametrize("fault", [*LOST, "internal_error", "fatal_error", "request_timeout"])
def test_a_post_whose_answer_was_lost_stands_once(chat: Chat, fault: str) -> None:
    async def whole() -> None:
        async with office(chat, Patience(http=1.0, at_once=1)) as one:
            one.slack.web.hang = 1.3
            dana = await one.colleague("Dana Brandt")
            steering = one.acme.channel("steering", dana)
            one.slack.next("chat.postMessage", fault)
            await one.types(dana, steering, "decide buy the CRM @dana")
            await one.ticks()
            (row,) = one.rows("decision/1")
            assert row.state == "unknown"
            for _ in range(5):  # a slow machine may lose an answer of its own
                await one.ticks(31)
            (row,) = one.rows("decision/1")
            assert (row.state, row.message_id) == ("sent", ours(steering)[0].ts)
            assert len(ours(steering)) == 1

    asyncio.run(whole())


def test_a_history_that_lags_makes_no_second_message(tell: Tell) -> None:
    async def story(one: Office) -> None:
        one.slack.web.lag = 40.0
        dana = await one.colleague("Dana Brandt")
        steering = one.acme.channel("steering", dana)
        one.slack.next("chat.postMessage", "5xx after")
        await one.types(dana, steering, "decide buy the CRM @dana")
        await one.ticks()
        await one.ticks(31)
        assert one.rows("decision/1")[0].state == "unknown"
        await one.ticks(31)
        assert one.rows("decision/1")[0].state == "sent"
        assert len(ours(steering)) == 1

    tell(story)


def test_it_is_found_however_much_was_said_since(tell: Tell) -> None:
    async def story(one: Office) -> None:
        dana = await one.colleague("Dana Brandt")
        steering = one.acme.channel("steering", dana)
        one.slack.next("chat.postMessage", "reset after")
        await one.types(dana, steering, "decide buy the CRM @dana")
        await one.ticks()
        for number in range(450):
            one.slack.posts(steering, dana, f"and {number}")
        await one.ticks(31)
        (row,) = one.rows("decision/1")
        assert (row.state, row.message_id) == ("sent", ours(steering)[0].ts)
        assert len(one.slack.called("conversations.history")) == 3

    tell(story)


def test_too_many_requests_hold_the_lane_for_as_long_as_slack_says(tell: Tell) -> None:
    async def story(one: Office) -> None:
        one.slack.web.retry_after = 20.0
        dana = await one.colleague("Dana Brandt")
        steering = one.acme.channel("steering", dana)
        one.slack.next("chat.postMessage", "429")
        await one.types(dana, steering, "decide buy the CRM @dana")
        await one.types(dana, steering, "decide hire Ana @dana")
        for seconds in (0, 5, 10):
            await one.ticks(seconds)
        assert ours(steering) == []
        assert len(one.slack.called("chat.postMessage")) == 1
        for _ in range(3):
            await one.ticks(5)
        assert len(ours(steering)) == 2

    tell(story)


def test_a_message_that_was_deleted_is_posted_anew_once(tell: Tell) -> None:
    async def story(one: Office) -> None:
        dana = await one.colleague("Dana Brandt")
        steering = one.acme.channel("steering", dana)
        await one.types(dana, steering, "decide buy the CRM @dana")
        await one.ticks()
        ours(steering)[0].is_deleted = True
        await one.types(dana, steering, "done D-1")
        await one.ticks(2)
        await one.ticks(2)
        (said,) = ours(steering)
        assert "done" in said.said["text"].lower()

    tell(story)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("is_archived", "The channel is archived. Unarchive it, or choose another one."),
        ("channel_not_found", "it is private and I am not in it. Invite me there: type /invite"),
        ("not_in_channel", "I am not in the channel. Invite me there"),
        ("restricted_action_read_only_channel", "lets only some people write there"),
        ("token_revoked", "I was removed from the workspace"),
        ("missing_scope", "Slack has not allowed me that"),
        ("messages_tab_disabled", "Private messages with me are switched off"),
        ("invalid_blocks", "Slack refused it, and I do not know why (invalid_blocks)"),
    ],
)
def test_whoever_wanted_it_said_is_told_why_it_never_will_be(
    tell: Tell, error: str, told: str
) -> None:
    async def story(one: Office) -> None:
        dana = await one.colleague("Dana Brandt")
        steering = one.acme.channel("steering", dana)
        one.slack.next("chat.postMessage", error)
        await one.types(dana, steering, "decide buy the CRM @dana")
        await one.ticks()
        await one.ticks(2)
        assert one.rows("decision/1")[0].state == "failed"
        assert ours(steering) == []
        read = one.reads(dana, one.slack.direct(dana))
        assert "I could not say “D-1 buy the CRM” in steering" in read
        assert told in read

    tell(story)


def test_where_the_bot_was_removed_it_says_nothing_until_it_is_invited_again(tell: Tell) -> None:
    async def story(one: Office) -> None:
        dana = await one.colleague("Dana Brandt")
        steering = one.acme.channel("steering", dana)
        await one.types(dana, steering, "decide buy the CRM @dana")
        await one.ticks()
        await one.slack.leaves(one.acme.bot, steering)
        await one.hears()
        await one.types(dana, steering, "decide hire Ana @dana")
        await one.ticks(2)
        await one.ticks(2)
        assert one.acme.bot not in steering.members
        assert "I was removed from the channel" in one.reads(dana, one.slack.direct(dana))
        one.clock.wind(seconds=2)
        await one.slack.joins(one.acme.bot, steering)
        await one.hears()
        await one.types(dana, steering, "decide hire Omar @dana")
        await one.ticks(2)
        assert [title for title in titles(steering) if "Omar" in title]
        assert not [title for title in titles(steering) if "Ana" in title]

    tell(story)


def test_nothing_is_said_twice_or_lost_while_everything_goes_wrong_at_random(chat: Chat) -> None:
    """The soak in miniature: through the real adapter, each fault many times."""

    async def whole() -> None:
        async with office(chat, Patience(http=0.6, at_once=4)) as one:
            web = one.slack.web
            web.random, web.hang, web.lag, web.is_limited = Random(7), 0.8, 20.0, False
            dana = await one.colleague("Dana Brandt")
            places = [one.acme.channel(f"place-{n}", dana) for n in range(3)]
            for number in range(12):
                await one.types(dana, places[number % 3], f"decide item {number} @dana")
            web.rate = 0.3
            for round in range(12):
                if round == 6:
                    for number in (0, 1, 2, 6):
                        await one.types(dana, places[number % 3], f"done D-{number + 1}")
                await one.ticks(11)
            web.rate = 0.0  # in the end all is well again
            for _ in range(12):
                await one.ticks(31)
            assert {row.state for row in one.rows("decision/")} == {"sent"}
            said = {each.ts: each for place in places for each in ours(place)}
            assert len(said) == 12
            for row in one.rows("decision/"):
                is_done = row.key in {"decision/1", "decision/2", "decision/3", "decision/7"}
                assert not is_done or "done" in said[row.message_id].said["text"].lower(), row.key
            assert all(len(ours(place)) == 4 for place in places)

    asyncio.run(whole())
