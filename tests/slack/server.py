"""The fake Slack, written once: a server on loopback that behaves as Slack does, and is stricter.

Tests read as conversations:

    async with Slack.start() as slack:           # or start(by="socket"), start(now=clock.elapsed)
        acme = slack.workspace("Acme")               # Throughline is installed: acme.token
        dana = acme.person("Dana", is_admin=True)    # zone=, email=, is_guest=, is_deactivated= …
        lee = acme.person("Lee")
        steering = acme.channel("steering", dana, lee)   # kind="private", with_us=False …
        slack.listens("http://127.0.0.1:8700/slack/events")  # where we are; by socket: not needed
        # we reach it at slack.api (SLACK_API_URL), with acme.token, slack.signing_secret,
        # slack.app_token, slack.client_id, slack.client_secret

        shown = await slack.types(dana, steering, "decide buy the CRM @lee fri")
        assert "Buy the CRM" in shown and "I own it" in shown.buttons
        shown = await slack.clicks(lee, "I own it")      # on what Lee was shown last; or on=message
        shown = await slack.fills(lee, {"Why": "cheaper"})   # the form that is open; shown.errors
        shown = await slack.sees(dana, "Owner: Lee")     # waits until she can read it somewhere

What people do, each giving a `Shown` (`tests/slack/screen.py`: .text, `words in shown`, .buttons,
.fields, .errors by label, .form, .message, .status, .seconds, .ack; false if nothing was shown):

    types(who, where, text)            /align text                  command="/poll" for an alias
    says(who, where, text, under="")   a message; we hear it if it says @Throughline, or in a DM
    clicks(who, label, on=None)        chooses(who, label, option, on=None)
    fills(who, {label: text}, on=None) closes(who)                  the form on top
    uses(who, "Log as decision", on=message)    uses(who, "Ask Throughline")
    opens_home(who)                    reacts(who, "pushpin", message)

`where` may be `slack.direct(dana)`, her conversation with us.

`waits=False` gives what was shown by the time the transport was acknowledged; else it is waited
(`slack.patience` seconds) until that person sees something new. `slack.sees(who, words)` waits for
more, `slack.reads(who, where)` is what stands in a channel for them now, as text;
`channel.messages` are all of them, `slack.world.homes` the home pages by person's id.

What happens to the world (each is sent as the events of manifest.yaml):

    joins(who, channel)  leaves(who, channel)   who may be acme.bot, our own bot
    renames(channel, name)  archives(channel)  unarchives(channel)  deletes(channel)
    moves(channel) (a new id)  arrives(person)  changes(person, name=…, zone=…, is_deactivated=…)
    uninstalls(acme, order=("app_uninstalled", "tokens_revoked"))  revokes(acme)
    installs(person, "http://…/slack/install")   the whole of OAuth, in that person's browser
    slack.enterprise("Group"), slack.workspace("Acme", of=group), installed=False, rotates=True,
    scopes={…} fewer than the manifest's

Deliveries: `slack.times = 4` sends each four times at once; `slack.again(n)` sends the last one n
more times (an event as a retry, under its event_id); an event that is not acknowledged is sent
again at once. `slack.knock(body, headers, is_signed=…)` sends any bytes; by socket there are
`slack.sockets.disconnect()` and `.drop()`. `slack.verifies()` asks the address whether it is ours.

What goes wrong: `slack.next("chat.postMessage", "429", "5xx after", "hang before", "reset after",
"is_archived")` is what the next calls of that method get (also "response_url", or "" for any);
`slack.web` has .rate, .lag, .hang, .burst, .is_limited, .page; `slack.calls` are all calls.

It refuses what Slack refuses, and keeps each violation in `slack.faults`: the test that made one
fails at the end, unless it said `slack.forgive("part of the fault")`. Faults are an unknown,
unsuited or unescaped argument, a limit, a missing scope, a broadcast, a trigger used twice, a
transport acknowledged after 3 s or not at all, and an answer where none is taken.
"""

import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.slack import scopes, ways
from tests.slack.acting import Acting
from tests.slack.api import FAULTS, Api, Error
from tests.slack.carrying import By
from tests.slack.delivering import Ack, ByHttp, BySocket, Delivery
from tests.slack.methods import ANSWERS, grant
from tests.slack.oauth import Browser
from tests.slack.screen import Shown
from tests.slack.world import Everything, User, Workspace

__all__ = ["EVERY", "By", "Shown", "Slack"]

JSON = dict[str, Any]
EVERY: list["Slack"] = []  # that this test started: a fixture looks at their faults


class Slack(Acting):
    """The server, its world, and what people do in it."""

    def __init__(self, by: By, now: Callable[[], float], burst: int) -> None:
        world = Everything(now)
        self.signing_secret, self.app_token = "signing-secret-of-the-fake", "xapp-1-A0OURS-1-fake"
        super().__init__(
            Api(world, burst=burst, answers=ANSWERS),
            by,
            ByHttp(self.signing_secret, now),
            BySocket(self.app_token, world.faults.append),
        )
        self.web.ticket = self._ticket
        self.forgiven: list[str] = []
        app = web.Application(client_max_size=4 * 2**20)
        app.add_routes([
            web.route("*", "/api/{method}", self.web.call),
            web.post("/response/{token}", self.by_url),
            web.get("/link", self.sockets.connect),
        ])  # fmt: skip
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        EVERY.append(self)

    @classmethod
    @asynccontextmanager
    async def start(
        cls, *, by: By = "http", now: Callable[[], float] = time.time, burst: int = 3
    ) -> AsyncIterator["Slack"]:
        """A server of its own; all ends with it, and its faults are the test's."""
        slack = cls(by, now, burst)
        await slack._runner.setup()
        site = web.TCPSite(slack._runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]  # is listening
        slack.address = f"http://127.0.0.1:{port}"
        slack.sockets.hosts = f"127.0.0.1:{port}"
        try:
            yield slack
            slack.hold()
        finally:
            EVERY.remove(slack)
            await slack.by_http.close()
            await slack.sockets.close()
            await slack._runner.cleanup()

    def hold(self) -> None:
        """Fail with every fault that was not forgiven, and with forgiveness nobody needed."""
        kept = [one for one in self.faults if not any(part in one for part in self.forgiven)]
        assert not kept, "the fake Slack found fault:\n" + "\n".join(dict.fromkeys(kept))
        idle = [part for part in self.forgiven if not any(part in one for one in self.faults)]
        assert not idle, f"forgiven, but never done: {idle}"

    def forgive(self, part: str) -> None:
        """A fault that says this is what the test is about; it must happen."""
        self.forgiven.append(part)

    @property
    def api(self) -> str:
        """What SLACK_API_URL is."""
        return f"{self.address}/api/"

    @property
    def client_id(self) -> str:
        return self.web.client_id

    @property
    def client_secret(self) -> str:
        return self.web.client_secret

    @property
    def calls(self) -> list[tuple[str, JSON]]:
        """Every call of a method, and with what."""
        return self.web.calls

    def called(self, method: str) -> list[JSON]:
        """With what this method was called, each time."""
        return [args for name, args in self.calls if name == method]

    def next(self, method: str, *faults: str) -> None:
        """What the next calls of this method get: faults as in `FAULTS`, or errors by name."""
        assert all(one in FAULTS or one.replace("_", "").isalnum() for one in faults), faults
        self.web.script.extend((method, one) for one in faults)

    def listens(self, address: str) -> None:
        """Where our `/slack/events` is."""
        self.by_http.address = address

    def workspace(
        self, name: str = "Acme", *, of: Workspace | None = None, installed: bool = True,
        rotates: bool = False, scopes_granted: Iterable[str] | None = None,
    ) -> Workspace:  # fmt: skip
        """A workspace, alone or in an enterprise; with our app, unless said otherwise."""
        made = Workspace(self.world.id("T"), name, self.world, of, rotates=rotates)
        self.world.workspaces.append(made)
        if installed and (of is None or of.grant is None):
            grant(made, frozenset(scopes_granted or scopes.asked_for()), self.world.now())
        return made

    def enterprise(self, name: str = "Group", *, installed: bool = True) -> Workspace:
        """An organisation of workspaces, in all of which our app is installed at once."""
        made = Workspace(self.world.id("E"), name, self.world, is_org=True)
        self.world.workspaces.append(made)
        if installed:
            grant(made, scopes.asked_for(), self.world.now())
        return made

    async def knock(
        self, body: bytes, headers: dict[str, str], *, is_signed: bool = True
    ) -> Ack:  # fmt: skip
        """Any bytes at our door; signed as Slack would, unless said otherwise."""
        return await self.by_http.knock(body, headers, is_signed=is_signed)

    async def verifies(self) -> bool:
        """Whether the address answers as ours, as Slack asks when it is entered."""
        challenge = {"type": "url_verification", "challenge": "c-1", "token": ways.VERIFICATION}
        ack = await self.by_http.send(Delivery("event", challenge))
        return ack.is_good and (ack.body.get("challenge") or ack.raw) in ("c-1", "c-1\n")

    def _ticket(self, token: str) -> str:
        try:
            return self.sockets.ticket(token)
        except PermissionError as wrong:
            raise Error(str(wrong)) from wrong

    async def installs(
        self, who: User, address: str, *, agrees: bool = True, into: Workspace | None = None
    ) -> Browser:
        """Somebody opens our `/slack/install`, agrees on Slack's page, and comes back to us.

        `into` is an enterprise, where that is chosen; else it is their own workspace.
        """
        browser = Browser(self.web, who)
        await browser.installs(address, agrees=agrees, into=into)
        return browser
