"""The fake Slack's doors: signatures, sockets, time, OAuth, and whole organisations."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from tests.clock import Clock
from tests.slack import delivering
from tests.slack.echoing import small
from tests.slack.scopes import asked_for
from tests.slack.server import By, Slack

JSON = dict[str, Any]


def test_what_is_signed_is_let_in_and_nothing_else() -> None:
    async def story() -> None:
        async with small() as chat:
            assert await chat.slack.verifies()
            kind = {"Content-Type": "application/json"}
            assert (await chat.slack.knock(b"{}", kind, is_signed=False)).status == 401
            forged = chat.slack.by_http.signed(b"{}", secret="another")
            assert (await chat.slack.knock(b"{}", kind | forged, is_signed=False)).status == 401
            body = json.dumps({"type": "url_verification", "challenge": "c"}).encode()
            assert (await chat.slack.knock(body, kind)).status == 200

    asyncio.run(story())


@pytest.mark.parametrize("by", ["http", "socket"])
def test_who_is_not_acknowledged_says_so_and_an_event_comes_again(
    by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with small(by) as chat:
            chat.slack.forgive("event was not acknowledged")
            heard = []

            @chat.app.middleware
            async def refuse(body: JSON, next: Any) -> None:
                heard.append(body)
                if len(heard) == 1:
                    raise RuntimeError("the first delivery dies")
                await next()

            monkeypatch.setattr(delivering, "IN_TIME", 0.2)
            await chat.slack.says(chat.dana, chat.steering, "@Throughline x")
            assert [one["event_id"] for one in heard] == [heard[0]["event_id"]] * 2

    asyncio.run(story())


def test_a_ticket_serves_once_and_only_our_own_token_gets_one() -> None:
    async def story() -> None:
        async with Slack.start(by="socket") as slack:
            client = AsyncWebClient(base_url=slack.api, retry_handlers=[])
            with pytest.raises(SlackApiError, match="not_allowed_token_type"):
                await client.apps_connections_open(app_token="xoxb-x")
            url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
            async with aiohttp.ClientSession() as http:
                async with http.ws_connect(url) as socket:
                    assert (await socket.receive_json())["type"] == "hello"
                with pytest.raises(aiohttp.WSServerHandshakeError):
                    await http.ws_connect(url)

    asyncio.run(story())


def test_sockets_are_refreshed_and_cut_and_come_back() -> None:
    async def story() -> None:
        async with small("socket") as chat:
            sockets = chat.slack.sockets
            first = sockets.connections[0][0]
            sockets.arrived.clear()
            await sockets.disconnect()
            await asyncio.wait_for(sockets.arrived.wait(), 10)
            assert sockets.connections[0][0] is not first
            assert await chat.slack.types(chat.dana, chat.steering, "x")

    asyncio.run(story())


def test_two_that_listen_share_what_comes() -> None:
    async def story() -> None:
        async with Slack.start(by="socket") as slack:
            acme = slack.workspace()
            dana = acme.person("Dana")
            place = acme.channel("all", dana)
            heard: list[int] = []
            clients = [_listener(slack, n, heard) for n in range(2)]
            for one in clients:
                await one.connect()  # type: ignore[no-untyped-call]  # of the SDK, untyped
            for _ in range(4):
                await slack.types(dana, place, "x", waits=False)
            assert sorted(heard) == [0, 0, 1, 1]
            for one in clients:
                await one.close()  # type: ignore[no-untyped-call]  # of the SDK, untyped

    asyncio.run(story())


def _listener(slack: Slack, number: int, heard: list[int]) -> SocketModeClient:
    web_client = AsyncWebClient(base_url=slack.api, retry_handlers=[])
    client = SocketModeClient(slack.app_token, web_client=web_client)

    async def listen(socket: Any, asked: Any) -> None:
        heard.append(number)
        await socket.send_socket_mode_response({"envelope_id": asked.envelope_id})

    client.socket_mode_request_listeners.append(listen)
    return client


async def token(client: AsyncWebClient, **asked: str) -> Any:
    """Slack's answer to a code. The SDK's own way is deprecated beneath it."""
    return await client.api_call("oauth.v2.access", data=asked)


@asynccontextmanager
async def our_pages(slack: Slack, *, scope: str = "") -> AsyncIterator[tuple[str, list[JSON]]]:
    """An install page and where Slack sends people back to, as an app has them."""
    got: list[JSON] = []
    client = AsyncWebClient(base_url=slack.api, retry_handlers=[])

    async def install(_request: web.Request) -> web.Response:
        asked = {
            "client_id": slack.client_id,
            "scope": scope or ",".join(asked_for()),
            "state": "s" * 32,
            "redirect_uri": "https://throughline.example/slack/back",
        }
        raise web.HTTPFound(f"{slack.address}/oauth/v2/authorize?{urlencode(asked)}")

    async def back(request: web.Request) -> web.Response:
        if "code" not in request.query:
            return web.Response(text=request.query["error"])
        told = await token(client, 
            client_id=slack.client_id, client_secret=slack.client_secret,
            code=request.query["code"], redirect_uri="https://throughline.example/slack/back",
        )  # fmt: skip
        assert isinstance(told.data, dict)
        got.append(told.data)
        return web.Response(text="installed")

    app = web.Application()
    app.add_routes([web.get("/slack/install", install), web.get("/slack/back", back)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]  # is listening
    try:
        yield f"http://127.0.0.1:{port}/slack/install", got
    finally:
        await runner.cleanup()


def test_people_install_us_and_the_token_is_renewed() -> None:
    clock = Clock()

    async def story() -> None:
        async with Slack.start(now=clock.elapsed) as slack, our_pages(slack) as (address, got):
            acme = slack.workspace("Acme", installed=False, rotates=True)
            dana = acme.person("Dana", is_admin=True)
            assert (await slack.installs(dana, address, agrees=False)).text == "access_denied"
            assert (await slack.installs(dana, address)).text == "installed"
            first = got[0]
            assert first["access_token"].startswith("xoxe.xoxb-")
            assert (first["team"]["id"], first["authed_user"]["id"]) == (acme.id, dana.id)
            client = AsyncWebClient(first["access_token"], base_url=slack.api, retry_handlers=[])
            await client.auth_test()
            clock.wind(hours=12)
            with pytest.raises(SlackApiError, match="token_expired"):
                await client.auth_test()
            again = {
                "client_id": slack.client_id,
                "client_secret": slack.client_secret,
                "grant_type": "refresh_token",
                "refresh_token": first["refresh_token"],
            }
            second = await token(client, **again)
            await client.auth_test(token=second["access_token"])
            with pytest.raises(SlackApiError, match="invalid_refresh_token"):
                await token(client, **again)
            with pytest.raises(SlackApiError, match="bad_client_secret"):
                await token(client, **(again | {"client_secret": "no"}))
            with pytest.raises(SlackApiError, match="invalid_code"):
                await token(client, client_id=slack.client_id, code="used",
                                             client_secret=slack.client_secret)  # fmt: skip

    asyncio.run(story())


def test_more_is_asked_of_people_than_the_manifest_says() -> None:
    async def story() -> None:
        async with Slack.start() as slack:
            acme = slack.workspace("Acme", installed=False)
            async with our_pages(slack, scope="chat:write,files:read") as (address, _):
                await slack.installs(acme.person("Dana"), address)
            slack.forgive("people are asked for other scopes")

    asyncio.run(story())


def test_an_organisation_has_one_token_for_all_its_workspaces() -> None:
    async def story() -> None:
        async with small() as chat:
            slack = chat.slack
            group = slack.enterprise("Group")
            north, south = slack.workspace("North", of=group), slack.workspace("South", of=group)
            assert north.token == south.token == group.token
            ana, ben = north.person("Ana"), south.person("Ben")
            await slack.types(ana, north.channel("all", ana), "x")
            assert chat.heard[-1]["enterprise_id"] == group.id
            assert chat.heard[-1]["is_enterprise_install"] == "true"
            client = AsyncWebClient(group.token, base_url=slack.api, retry_handlers=[])
            with pytest.raises(SlackApiError, match="missing_argument"):
                await client.users_list()
            found = await client.users_list(team_id=south.id)
            assert [one["id"] for one in found["members"]] == [ben.id]
            await slack.changes(ben, name="Benno")
            assert chat.heard[-1]["authorizations"][0]["is_enterprise_install"]
            assert chat.heard[-1]["team_id"] == south.id

    asyncio.run(story())


def test_faults_that_nobody_forgave_fail_the_test() -> None:
    async def story() -> None:
        async with Slack.start() as slack:
            slack.workspace()
            slack.faults.append("something was wrong")

    with pytest.raises(AssertionError, match="something was wrong"):
        asyncio.run(story())


def test_forgiving_what_nobody_did_fails_the_test() -> None:
    async def story() -> None:
        async with Slack.start() as slack:
            slack.forgive("something else")

    with pytest.raises(AssertionError, match="never done"):
        asyncio.run(story())
