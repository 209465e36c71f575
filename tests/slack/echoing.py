"""A small app of Bolt's own making, for tests of the fake Slack: it echoes, and opens a form."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.server import By, Slack
from tests.slack.world import Channel, User, Workspace

JSON = dict[str, Any]


@dataclass
class Small:
    """A workspace with two people and a channel, and the app that listens there."""

    slack: Slack
    acme: Workspace
    dana: User
    lee: User
    steering: Channel
    app: AsyncApp
    heard: list[JSON]

    @property
    def client(self) -> AsyncWebClient:
        return self.app.client


def button(label: str, action: str) -> JSON:
    return {
        "type": "button",
        "action_id": action,
        "text": {"type": "plain_text", "text": label},
        "value": label,
    }


def saying(text: str, *buttons: JSON) -> JSON:
    """A message with buttons."""
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return {"text": text, "blocks": [section, {"type": "actions", "elements": list(buttons)}]}


def asking(callback: str = "why") -> JSON:
    """A form with one field."""
    field = {
        "type": "input",
        "block_id": "why",
        "label": {"type": "plain_text", "text": "Why"},
        "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
    }
    return {
        "type": "modal",
        "callback_id": callback,
        "title": {"type": "plain_text", "text": "Why"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [field],
    }


@asynccontextmanager
async def small(by: By = "http", *, now: Callable[[], float] = time.time) -> AsyncIterator[Small]:
    """The fake Slack and the small app, connected."""
    async with Slack.start(by=by, now=now) as slack:
        acme = slack.workspace("Acme")
        dana, lee = acme.person("Dana"), acme.person("Lee")
        steering = acme.channel("steering", dana, lee)
        client = AsyncWebClient(acme.token, base_url=slack.api, retry_handlers=[])
        app = AsyncApp(
            client=client,
            signing_secret=slack.signing_secret,
            request_verification_enabled=now is time.time,
        )
        chat = Small(slack, acme, dana, lee, steering, app, [])
        _listen(chat)
        if by == "socket":
            handler = AsyncSocketModeHandler(app, slack.app_token, web_client=AsyncWebClient(
                base_url=slack.api, retry_handlers=[]))  # fmt: skip
            await handler.connect_async()  # type: ignore[no-untyped-call]  # of Bolt, untyped
            try:
                yield chat
            finally:
                await handler.close_async()  # type: ignore[no-untyped-call]  # of Bolt, untyped
            return
        async with _served(app) as address:
            slack.listens(address)
            yield chat


@asynccontextmanager
async def _served(app: AsyncApp) -> AsyncIterator[str]:
    async def hear(request: web.Request) -> web.Response:
        headers = {key: [value] for key, value in request.headers.items()}
        asked = AsyncBoltRequest(body=await request.text(), headers=headers)  # type: ignore[arg-type]  # takes lists too
        told = await app.async_dispatch(asked)
        kind = (told.headers.get("content-type") or ["text/plain"])[0].partition(";")[0]
        return web.Response(status=told.status, text=told.body, content_type=kind)

    site = web.Application()
    site.router.add_post("/slack/events", hear)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    tcp = web.TCPSite(runner, "127.0.0.1", 0)
    await tcp.start()
    port = tcp._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]  # is listening
    try:
        yield f"http://127.0.0.1:{port}/slack/events"
    finally:
        await runner.cleanup()


def _listen(chat: Small) -> None:
    app, heard = chat.app, chat.heard

    @app.use
    async def remember(body: JSON, next: Any) -> None:
        heard.append(body)
        await next()

    @app.command("/align")
    async def typed(ack: Any, command: JSON, respond: Any) -> None:
        text = command["text"]
        if text == "slowly":
            await asyncio.sleep(0.05)
            await ack()
            await respond(saying("later", button("Form", "open")))
        elif text == "nothing":
            await ack()
        else:
            await ack(saying(f"you typed {text}", button("Form", "open"), button("Again", "again")))

    @app.action("open")
    async def opens(ack: Any, body: JSON) -> None:
        await ack()
        await chat.client.views_open(trigger_id=body["trigger_id"], view=asking())

    @app.action("again")
    async def again(ack: Any, respond: Any) -> None:
        await ack()
        await respond(saying("pressed", button("Again", "again")) | {"replace_original": True})

    @app.view("why")
    async def filled(ack: Any, view: JSON, body: JSON) -> None:
        text = view["state"]["values"]["why"]["text"]["value"]
        if text == "no":
            await ack(response_action="errors", errors={"why": "Say more."})
        else:
            await ack()
            await chat.client.chat_postMessage(
                channel=chat.steering.id, text=f"because {text}",
                unfurl_links=False, unfurl_media=False,
            )  # fmt: skip

    @app.event("app_mention")
    async def mentioned(event: JSON) -> None:
        await chat.client.chat_postEphemeral(
            channel=event["channel"], user=event["user"], text="you called",
            thread_ts=event.get("thread_ts"),
        )  # fmt: skip

    @app.event("message")
    async def direct(event: JSON) -> None:
        await chat.client.chat_postMessage(
            channel=event["channel"], text="hello", unfurl_links=False, unfurl_media=False
        )

    @app.shortcut("log_as_decision")
    @app.shortcut("ask_throughline")
    async def shortcut(ack: Any, body: JSON) -> None:
        await ack()
        await chat.client.views_open(trigger_id=body["trigger_id"], view=asking())

    @app.event("app_home_opened")
    async def home(event: JSON) -> None:
        view = {"type": "home", "blocks": saying("home", button("Form", "open"))["blocks"]}
        await chat.client.views_publish(user_id=event["user"], view=view)

    for name in ("reaction_added", "user_change", "team_join", "member_joined_channel",
                 "member_left_channel", "channel_rename", "channel_archive", "channel_unarchive",
                 "channel_id_changed", "channel_left", "channel_deleted", "app_uninstalled",
                 "tokens_revoked", "group_left"):  # fmt: skip
        app.event(name)(_silent)


async def _silent(event: JSON) -> None:
    """Heard; `heard` keeps it."""
