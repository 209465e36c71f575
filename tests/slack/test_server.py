"""The fake Slack itself: what people do reaches an app, and they see what it answers."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.slack.echoing import Small, small
from tests.slack.server import By

Story = Callable[[Small], Coroutine[Any, Any, None]]


@pytest.fixture(params=["http", "socket"])
def tells(request: pytest.FixtureRequest) -> Callable[[Story], None]:
    """Runs a story over each transport."""
    by: By = request.param

    def tell(story: Story) -> None:
        async def whole() -> None:
            async with small(by) as chat:
                await story(chat)

        asyncio.run(whole())

    return tell


Tells = Callable[[Story], None]


def test_a_typed_command_is_answered_to_the_person_alone(tells: Tells) -> None:
    async def story(chat: Small) -> None:
        shown = await chat.slack.types(chat.dana, chat.steering, "why <b> & @lee")
        assert "you typed why <b> & lee" in shown
        assert f"why &lt;b&gt; &amp; <@{chat.lee.id}|lee>" in shown.message.said["text"]
        assert shown.buttons == ["Form", "Again"]
        assert "you typed" in chat.slack.reads(chat.dana, chat.steering)
        assert chat.slack.reads(chat.lee, chat.steering) == ""
        assert await chat.slack.types(chat.dana, chat.steering, "slowly")
        assert "later" in chat.slack.last(chat.dana)

    tells(story)


def test_a_button_opens_a_form_that_is_filled_in(tells: Tells) -> None:
    async def story(chat: Small) -> None:
        slack, dana = chat.slack, chat.dana
        await slack.types(dana, chat.steering, "decide")
        shown = await slack.clicks(dana, "Form")
        assert shown.fields == ["Why"]
        assert (await slack.fills(dana, {})).errors == {
            "Why": "Please complete this required field."
        }
        assert (await slack.fills(dana, {"Why": "x" * 21})).errors
        assert (await slack.fills(dana, {"Why": "no"})).errors == {"Why": "Say more."}
        assert shown.form.is_open
        await slack.fills(dana, {"Why": "cheaper"})
        assert not shown.form.is_open
        await slack.sees(chat.lee, "because cheaper", at=chat.steering)

    tells(story)


def test_a_press_changes_what_was_pressed(tells: Tells) -> None:
    async def story(chat: Small) -> None:
        first = await chat.slack.types(chat.dana, chat.steering, "x")
        shown = await chat.slack.clicks(chat.dana, "Again")
        assert shown.message is first.message
        assert chat.slack.reads(chat.dana, chat.steering) == "pressed\nAgain"
        with pytest.raises(AssertionError, match="sees no 'Form'"):
            await chat.slack.clicks(chat.dana, "Form")

    tells(story)


def test_we_hear_mentions_direct_messages_and_shortcuts(tells: Tells) -> None:
    async def story(chat: Small) -> None:
        slack, dana = chat.slack, chat.dana
        shown = await slack.says(dana, chat.steering, "@Throughline why?")
        assert "you called" in shown
        assert len(chat.heard) == 1
        await slack.says(dana, chat.steering, "nothing for us", waits=False)
        assert len(chat.heard) == 1
        assert "hello" in await slack.says(dana, slack.direct(dana), "hi")
        message = slack.posts(chat.steering, chat.lee, "we decided to buy it")
        assert (await slack.uses(dana, "Log as decision", message)).fields == ["Why"]
        assert chat.heard[-1]["message"]["text"] == "we decided to buy it"
        assert (await slack.uses(dana, "Ask Throughline")).fields == ["Why"]
        assert "home" in await slack.opens_home(dana)
        assert (await slack.clicks(dana, "Form")).fields == ["Why"]

    tells(story)


def test_we_are_told_what_happens(tells: Tells) -> None:
    async def story(chat: Small) -> None:
        slack, acme, steering = chat.slack, chat.acme, chat.steering
        ana = acme.person("Ana")
        before = steering.id
        await slack.arrives(ana)
        await slack.joins(ana, steering)
        await slack.leaves(ana, steering)
        await slack.changes(ana, name="Anna", is_deactivated=True)
        await slack.renames(steering, "board")
        await slack.archives(steering)
        await slack.unarchives(steering)
        after = await slack.moves(steering)
        message = slack.posts(steering, chat.lee, "yes")
        await slack.reacts(chat.dana, "pushpin", message, waits=False)
        await slack.leaves(acme.bot, steering)
        await slack.uninstalls(acme, order=("tokens_revoked", "app_uninstalled"))
        heard = [one["event"] for one in chat.heard]
        assert [one["type"] for one in heard] == [
            "team_join", "member_joined_channel", "member_left_channel", "user_change",
            "channel_rename", "channel_archive", "channel_unarchive", "channel_id_changed",
            "reaction_added", "channel_left", "tokens_revoked", "app_uninstalled",
        ]  # fmt: skip
        assert heard[3]["user"]["deleted"]
        assert (heard[7]["old_channel_id"], heard[7]["new_channel_id"]) == (before, after)
        assert heard[8]["item"]["ts"] == message.ts

    tells(story)


def test_the_same_delivery_comes_as_often_as_it_is_sent(tells: Tells) -> None:
    async def story(chat: Small) -> None:
        chat.slack.times = 4
        await chat.slack.says(chat.dana, chat.steering, "@Throughline x")
        assert len(chat.heard) == 4
        assert len({one["event_id"] for one in chat.heard}) == 1
        await chat.slack.again(2)
        assert len({one["event_id"] for one in chat.heard}) == 1
        assert len(chat.heard) == 6

    tells(story)
