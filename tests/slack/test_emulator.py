"""The harness around the emulator: what it covers is there, and what it sends is signed."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from tests.slack.emulator import Emulated, emulator

JSON = dict[str, Any]
BACK = "https://throughline.example.com/slack/oauth_redirect"


@pytest.fixture(scope="module")
def tell() -> Any:
    """Runs a story in one emulator for all of them: it takes a second to start."""
    with emulator("Dana", "Lee", channels=("steering",), redirect=BACK) as slack:
        asyncio.run(slack.meet())

        def tell(story: Callable[[Emulated], Coroutine[Any, Any, None]]) -> None:
            asyncio.run(story(slack))

        yield tell


def test_it_knows_us_and_what_we_may(tell: Any) -> None:
    async def story(slack: Emulated) -> None:
        who = await slack.client.auth_test()
        assert (who["user_id"], who["team"]) == (slack.bot, "Acme")
        with pytest.raises(SlackApiError, match="missing_scope"):
            await slack.client.conversations_rename(channel=slack.channels["steering"], name="x")
        dana = await slack.client.users_info(user=slack.people["Dana"])
        assert dana["user"]["profile"]["email"] == "dana@acme.example"

    tell(story)


def test_what_we_post_is_found_by_its_metadata_and_edited(tell: Any) -> None:
    async def story(slack: Emulated) -> None:
        here = slack.channels["steering"]
        await slack.client.conversations_join(channel=here)
        metadata = {"event_type": "said", "event_payload": {"id": "u-1"}}
        section = {"type": "section", "text": {"type": "mrkdwn", "text": "*D-1*"}}
        said = await slack.client.chat_postMessage(
            channel=here, text="D-1", blocks=[section], metadata=metadata
        )
        found = await slack.client.conversations_history(channel=here, include_all_metadata=True)
        assert [one["ts"] for one in found["messages"] if one.get("metadata") == metadata] == [
            said["ts"]
        ]
        await slack.client.chat_update(channel=here, ts=said["ts"], text="D-1, done")
        assert "D-1, done" in await slack.reads("steering")

    tell(story)


def test_what_people_say_comes_to_us_signed(tell: Any) -> None:
    async def story(slack: Emulated) -> None:
        heard: asyncio.Queue[tuple[bytes, Any]] = asyncio.Queue()

        async def hear(request: web.Request) -> web.Response:
            await heard.put((await request.read(), request.headers))
            return web.Response()

        app = web.Application()
        app.router.add_post("/slack/events", hear)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]  # is listening
        slack.listens(f"http://127.0.0.1:{port}/slack/events")
        try:
            ts = await slack.says("Dana", "steering", f"<@{slack.bot}> what is One login for")
            async with asyncio.timeout(10):
                body, headers = await heard.get()
            assert SignatureVerifier(slack.signing_secret).is_valid_request(body, dict(headers))
            sent = json.loads(body)
            assert sent["type"] == "event_callback"
            event = sent["event"]
            assert (event["type"], event["ts"]) == ("message", ts)
            assert (event["user"], event["channel"]) == (
                slack.people["Dana"],
                slack.channels["steering"],
            )
            direct = await slack.direct("Dana")
            opened = await slack.client.conversations_open(users=slack.people["Dana"])
            assert opened["channel"]["id"] == direct
        finally:
            await runner.cleanup()

    tell(story)


def test_people_install_us_there(tell: Any) -> None:
    async def story(slack: Emulated) -> None:
        told = {
            "client_id": slack.client_id,
            "scope": "chat:write,commands",
            "redirect_uri": BACK,
            "state": "s" * 32,
            "user_id": slack.people["Dana"],
        }
        async with aiohttp.ClientSession() as http:
            async with http.get(f"{slack.url}/oauth/v2/authorize", params=told) as page:
                assert "Throughline" in await page.text()
            callback = f"{slack.url}/oauth/v2/authorize/callback"
            async with http.post(callback, data=told, allow_redirects=False) as agreed:
                back = urlsplit(agreed.headers["Location"])
        given = {key: value for key, (value,) in parse_qs(back.query).items()}
        assert given["state"] == told["state"]
        asked = {
            "client_id": slack.client_id,
            "client_secret": slack.client_secret,
            "code": given["code"],
            "redirect_uri": BACK,
        }
        got = await slack.client.api_call("oauth.v2.access", data=asked)
        assert (got["token_type"], got["scope"]) == ("bot", "chat:write,commands")
        with pytest.raises(SlackApiError, match="invalid_code"):
            await slack.client.api_call("oauth.v2.access", data=asked)

    tell(story)
