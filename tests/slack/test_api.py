"""What the fake Slack's Web API refuses, and how it fails when it is told to."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.clock import Clock
from tests.slack.echoing import Small, asking, button, saying, small

JSON = dict[str, Any]
Story = Callable[[Small], Coroutine[Any, Any, None]]


def tell(story: Story, clock: Clock | None = None) -> None:
    async def whole() -> None:
        async with small(now=(clock or Clock()).elapsed) as chat:
            await story(chat)

    asyncio.run(whole())


async def error(asked: Awaitable[Any]) -> str:
    """What Slack says no with."""
    with pytest.raises(SlackApiError) as refused:
        await asked
    return str(refused.value.response["error"])


async def post(chat: Small, **given: Any) -> Any:
    told: JSON = {"channel": chat.steering.id, "text": "x"}
    told |= {"unfurl_links": False, "unfurl_media": False}
    return await chat.client.chat_postMessage(**(told | given))


def test_a_call_needs_a_token_that_is_known_and_not_revoked() -> None:
    async def story(chat: Small) -> None:
        stranger = AsyncWebClient("xoxb-no", base_url=chat.slack.api, retry_handlers=[])
        assert await error(stranger.auth_test()) == "invalid_auth"
        who = await chat.client.auth_test()
        assert (who["team_id"], who["user_id"]) == (chat.acme.id, chat.acme.bot.id)
        assert "chat:write.public" in who.headers["X-OAuth-Scopes"]
        await chat.slack.uninstalls(chat.acme)
        assert await error(chat.client.auth_test()) == "token_revoked"
        chat.slack.forgive("without a token")
        nobody = AsyncWebClient(base_url=chat.slack.api, retry_handlers=[])
        assert await error(nobody.auth_test()) == "not_authed"

    tell(story)


def test_a_method_needs_its_scope() -> None:
    async def story(chat: Small) -> None:
        slack = chat.slack
        poor = slack.workspace("Poor", scopes_granted={"chat:write", "channels:read"})
        ours = AsyncWebClient(poor.token, base_url=slack.api, retry_handlers=[])
        pia = poor.person("Pia")
        channel = poor.channel("all", pia, with_us=False)
        assert await error(ours.conversations_history(channel=channel.id)) == "missing_scope"
        assert await error(ours.users_info(user=pia.id)) == "missing_scope"
        assert await error(ours.chat_postMessage(channel=channel.id, text="x")) == "not_in_channel"
        slack.forgive("conversations.history without the scope channels:history")
        slack.forgive("users.info without the scope users:read")
        email = (await chat.client.users_info(user=chat.dana.id))["user"]["profile"]["email"]
        assert email == "dana@acme.example"

    tell(story)


def test_what_is_wrong_with_a_post_is_refused_and_kept() -> None:
    async def story(chat: Small) -> None:
        slack = chat.slack
        slack.web.is_limited = False
        twice = saying("x", button("A", "same"), button("B", "same"))
        assert await error(post(chat, **twice)) == "invalid_blocks"
        slack.forgive("action_id 'same' stands 2 times")
        assert await error(post(chat, text="all <!channel> look")) == "invalid_blocks"
        slack.forgive("<!channel> calls people together")
        await chat.client.chat_postMessage(channel=chat.steering.id, text="x")
        slack.forgive("without unfurl_links=False")
        slack.forgive("without unfurl_media=False")
        await post(chat, as_user=True)
        slack.forgive("takes no 'as_user'")
        assert await error(post(chat, channel="#steering")) == "channel_not_found"
        slack.forgive("names a channel '#steering'")
        assert await error(post(chat, link_names=True)) == "invalid_blocks"
        slack.forgive("link_names is not ours to set")
        assert await error(chat.client.api_call("chat.command")) == "unknown_method"
        slack.forgive("nobody needs chat.command")
        assert await error(chat.client.api_call("users.info", json={"user": "U"})) != "ok"
        slack.forgive("users.info takes no JSON")
        slack.forgive("users.info needs 'user'")

    tell(story)


def test_the_state_of_a_channel_is_its_answer() -> None:
    async def story(chat: Small) -> None:
        acme, dana = chat.acme, chat.dana
        old = acme.channel("old", dana, is_archived=True)
        board = acme.channel("board", dana, kind="private", with_us=False)
        lobby = acme.channel("lobby", chat.lee, with_us=False)
        assert await error(post(chat, channel=old.id)) == "is_archived"
        assert await error(post(chat, channel=board.id)) == "channel_not_found"
        assert await error(chat.client.conversations_join(channel=old.id)) == "is_archived"
        read = chat.client.conversations_history
        assert await error(read(channel=lobby.id)) == "not_in_channel"
        await post(chat, channel=lobby.id)
        chat.slack.forgive("posted in #lobby without joining")
        await chat.client.conversations_join(channel=lobby.id)
        assert (await read(channel=lobby.id))["messages"][0]["text"] == "x"
        only = chat.client.chat_postEphemeral(channel=lobby.id, user=dana.id, text="x")
        assert await error(only) == "user_not_in_channel"
        await chat.client.chat_postEphemeral(channel=lobby.id, user=chat.lee.id, text="to you")
        assert "to you" in chat.slack.reads(chat.lee, lobby)
        assert "to you" not in chat.slack.reads(dana, lobby)

    tell(story)


def test_a_message_is_edited_by_us_alone_and_found_by_its_metadata() -> None:
    async def story(chat: Small) -> None:
        metadata = {"event_type": "said", "event_payload": {"id": "u-1"}}
        said = await post(chat, metadata=json.dumps(metadata))
        found = await chat.client.conversations_history(
            channel=chat.steering.id, include_all_metadata=True
        )
        assert found["messages"][0]["metadata"] == metadata
        bare = await chat.client.conversations_history(channel=chat.steering.id)
        assert "metadata" not in bare["messages"][0]
        await chat.client.chat_update(channel=chat.steering.id, ts=said["ts"], text="y")
        assert chat.slack.reads(chat.dana, chat.steering) == "y"
        theirs = chat.slack.posts(chat.steering, chat.dana, "mine")
        change = chat.client.chat_update
        assert await error(change(channel=chat.steering.id, ts=theirs.ts, text="y")) == (
            "cant_update_message"
        )
        assert await error(change(channel=chat.steering.id, ts="1.2", text="y")) == (
            "message_not_found"
        )
        answer = await post(chat, thread_ts=theirs.ts, text="under it")
        every = [
            one["text"]
            for one in (await chat.client.conversations_history(channel=chat.steering.id))[
                "messages"
            ]
        ]
        assert every == ["mine", "y"]  # what is in a thread is in no history
        thread = await chat.client.conversations_replies(channel=chat.steering.id, ts=theirs.ts)
        assert [one["ts"] for one in thread["messages"]] == [theirs.ts, answer["ts"]]

    tell(story)


def test_a_trigger_lives_three_seconds_and_serves_once() -> None:
    clock = Clock()

    async def story(chat: Small) -> None:
        slack, form = chat.slack, chat.client.views_open
        trigger = slack.web.trigger(chat.dana, chat.steering)
        view = (await form(trigger_id=trigger, view=asking()))["view"]
        assert await error(form(trigger_id=trigger, view=asking())) == "exchanged_trigger_id"
        slack.forgive("a trigger serves once")
        assert await error(form(trigger_id="1.2.x", view=asking())) == "invalid_trigger_id"
        slack.forgive("with no trigger of ours")
        late = slack.web.trigger(chat.dana, chat.steering)
        clock.wind(seconds=3)
        assert await error(form(trigger_id=late, view=asking())) == "expired_trigger_id"
        change = chat.client.views_update
        await change(view_id=view["id"], hash=view["hash"], view=asking("other"))
        assert await error(change(view_id=view["id"], hash=view["hash"], view=asking())) == (
            "hash_conflict"
        )
        wrong = asking() | {"title": {"type": "plain_text", "text": "x" * 25}}
        fresh = slack.web.trigger(chat.dana, chat.steering)
        assert await error(form(trigger_id=fresh, view=wrong)) == "invalid_arguments"
        slack.forgive("25 of 24 characters")

    tell(story, clock)


def test_a_response_url_serves_five_times_and_half_an_hour() -> None:
    clock = Clock()

    async def story(chat: Small) -> None:
        async with aiohttp.ClientSession() as http:

            async def answer(url: str, **said: Any) -> int:
                async with http.post(url, json=said) as response:
                    return response.status

            await chat.slack.types(chat.dana, chat.steering, "nothing", waits=False)
            url = chat.heard[-1]["response_url"]
            assert [await answer(url, text=f"{n}") for n in range(6)] == [200] * 5 + [404]
            assert chat.slack.reads(chat.lee, chat.steering) == ""
            await chat.slack.types(chat.dana, chat.steering, "nothing", waits=False)
            url = chat.heard[-1]["response_url"]
            chat.slack.next("response_url", "429")
            assert await answer(url, text="x") == 429
            assert await answer(url, text="<!here>") == 400
            chat.slack.forgive("<!here> calls people together")
            clock.wind(minutes=30)
            assert await answer(url, text="x") == 404

    tell(story, clock)


def test_who_calls_too_often_is_told_when_to_call_again() -> None:
    clock = Clock()

    async def story(chat: Small) -> None:
        for _ in range(3):
            await post(chat)
        with pytest.raises(SlackApiError) as refused:
            await post(chat)
        assert refused.value.response.status_code == 429
        assert int(refused.value.response.headers["Retry-After"]) >= 1
        assert chat.slack.web.limited["chat.postMessage"] == 1
        await post(chat, channel=chat.slack.direct(chat.dana).id)  # another channel
        clock.wind(seconds=3)
        said = await post(chat)
        edit = {"channel": chat.steering.id, "ts": said["ts"], "text": "y"}
        for _ in range(50):
            await chat.client.chat_update(**edit)
        assert await error(chat.client.chat_update(**edit)) == "ratelimited"
        clock.wind(minutes=1)
        await chat.client.chat_update(**edit)

    tell(story, clock)


def test_it_fails_as_it_is_told_to() -> None:
    async def story(chat: Small) -> None:
        slack, here = chat.slack, chat.steering.messages
        slack.web.hang = 0.01
        slack.next("chat.postMessage", "429", "5xx before", "5xx after", "hang before",
                   "reset after", "is_archived", "fatal_error")  # fmt: skip
        assert await error(post(chat)) == "ratelimited"
        assert len(here) == 0
        for standing, failing in ((0, SlackApiError), (1, SlackApiError),
                                  (1, aiohttp.ClientError), (2, aiohttp.ClientError)):  # fmt: skip
            with pytest.raises(failing):
                await post(chat)
            assert len(here) == standing
        assert await error(post(chat)) == "is_archived"
        await chat.client.auth_test()  # it is about another method
        assert await error(post(chat)) == "fatal_error"
        await post(chat)
        assert len(here) == 3

    tell(story)


def test_long_lists_come_in_pages() -> None:
    async def story(chat: Small) -> None:
        chat.slack.web.page = 2
        first = await chat.client.conversations_members(channel=chat.steering.id, limit=100)
        assert first["members"] == [chat.dana.id, chat.lee.id]
        cursor = first["response_metadata"]["next_cursor"]
        rest = await chat.client.conversations_members(channel=chat.steering.id, cursor=cursor)
        assert rest["members"] == [chat.acme.bot.id]
        assert rest["response_metadata"]["next_cursor"] == ""

    tell(story)


def test_strangers_guests_and_the_departed_are_told_as_what_they_are() -> None:
    async def story(chat: Small) -> None:
        other = chat.slack.workspace("Other", installed=False)
        sam = other.person("Sam")
        gus = chat.acme.person("Gus", is_guest=True)
        gone = chat.acme.person("Gone", is_deactivated=True)
        shared = chat.acme.channel("with-other", chat.dana, sam)
        ask = chat.client.users_info
        told = (await ask(user=sam.id))["user"]
        assert (told["team_id"], told["is_stranger"]) == (other.id, True)
        assert "email" not in told["profile"]
        assert (await ask(user=gus.id))["user"]["is_restricted"]
        assert (await ask(user=gone.id))["user"]["deleted"]
        assert (await chat.client.conversations_info(channel=shared.id))["channel"]["is_ext_shared"]
        unknown = other.person("Unknown")
        assert await error(ask(user=unknown.id)) == "user_not_found"
        opening = chat.client.conversations_open
        assert await error(opening(users=gone.id)) == "user_disabled"
        opened = await opening(users=chat.dana.id)
        assert opened["channel"]["id"] == chat.slack.direct(chat.dana).id
        await chat.slack.says(sam, shared, "@Throughline hi")
        assert chat.heard[-1]["is_ext_shared_channel"]
        assert chat.heard[-1]["event"]["user_team"] == other.id

    tell(story)
