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

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Literal

from aiohttp import web

from tests.slack import asking, scopes, ways
from tests.slack.api import FAULTS, Api, Error, Url
from tests.slack.delivering import Ack, ByHttp, BySocket, Delivery, Kind
from tests.slack.filling import Filled, chosen, filled, values_of
from tests.slack.happening import Happening
from tests.slack.methods import ANSWERS, grant, with_ids
from tests.slack.oauth import Browser
from tests.slack.screen import Control, Shown, controls, shown_of, text
from tests.slack.world import Channel, Everything, Message, User, View, Workspace

JSON = dict[str, Any]
By = Literal["http", "socket"]
EVERY: list["Slack"] = []  # that this test started: a fixture looks at their faults


class Slack(Happening):
    """The server, its world, and what people do in it."""

    def __init__(self, by: By, now: Callable[[], float], burst: int) -> None:
        self.world = Everything(now)
        self.web = Api(self.world, burst=burst, answers=ANSWERS)
        self.signing_secret, self.app_token = "signing-secret-of-the-fake", "xapp-1-A0OURS-1-fake"
        self.by_http = ByHttp(self.signing_secret, now)
        self.sockets = BySocket(self.app_token, self.world.faults.append)
        self.web.ticket = self._ticket
        self.address = ""
        self.by, self.times, self.patience = by, 1, 3.0
        self.delivered: list[Delivery] = []
        self.forgiven: list[str] = []
        self._last: dict[str, Shown] = {}
        self._background: set[asyncio.Task[Ack]] = set()
        app = web.Application(client_max_size=4 * 2**20)
        app.add_routes([
            web.route("*", "/api/{method}", self.web.call),
            web.post("/response/{token}", self._by_url),
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

    # how it is tuned, and what it has seen

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
    def faults(self) -> list[str]:
        return self.world.faults

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

    # the world

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

    def direct(self, who: User) -> Channel:
        """Somebody's conversation with our bot."""
        return who.of.direct(who)

    def posts(self, where: Channel, who: User, text: str, under: str = "") -> Message:
        """A message that stands there and that we were not told of."""
        written = ways.escaped(text, where.of, with_names=False)
        message = Message(self.world.ts(), where, who.id, {"text": written}, under)
        where.messages.append(message)
        return message

    # what people do

    async def types(
        self, who: User, where: Channel, text: str, *, command: str = "/align", waits: bool = True
    ) -> Shown:
        """A slash command."""
        if command not in {
            one["command"] for one in scopes.manifest()["features"]["slash_commands"]
        }:
            self.faults.append(f"{command} is not in the manifest")
        written = ways.escaped(text, who.of, with_names=True)
        trigger, url = self.web.trigger(who, where), self._url(who, where)
        payload = ways.slash(command, written, who, where, trigger, url)
        return await self._act(who, "slash", payload, where, waits=waits)

    async def says(
        self, who: User, where: Channel, text: str, *, under: str = "", waits: bool = True,
        twin: bool = False,
    ) -> Shown:  # fmt: skip
        """A message: we hear it if it mentions us, or in a DM; `twin` sends its other event too."""
        message = self.posts(where, who, text, under)
        kinds = {"public": "message.channels", "private": "message.groups",
                 "direct": "message.im", "group": "message.mpim"}  # fmt: skip
        sent = []
        is_member = where.of.bot in where.members
        if where.of.bot.id in message.said["text"] and is_member and where.kind != "direct":
            sent.append(("app_mention", ways.said(message, who, "app_mention")))
        if is_member and (twin or kinds[where.kind] in scopes.subscribed()):
            sent.append((kinds[where.kind], ways.said(message, who, "message")))
        return await self._tell(who, where.of, sent, is_shared=bool(where.shared_with), waits=waits)

    async def clicks(
        self, who: User, label: str, on: Shown | Message | View | None = None, *,
        waits: bool = True,
    ) -> Shown:  # fmt: skip
        """A button, on what they were shown last."""
        return await self._press(who, label, on, "", waits)

    async def chooses(
        self, who: User, label: str, option: str, on: Shown | Message | View | None = None, *,
        waits: bool = True,
    ) -> Shown:  # fmt: skip
        """An option of a menu, by its words."""
        return await self._press(who, label, on, option, waits)

    async def _press(
        self, who: User, label: str, on: Shown | Message | View | None, option: str, waits: bool
    ) -> Shown:
        thing, control = self._find(who, label, on)
        channel = thing.channel if thing.channel else self.direct(who)
        url = self._url(who, channel, thing) if isinstance(thing, Message) else ""
        action = ways.action(control, chosen(control.element, option), self.world.ts())
        values = values_of(shown_of(thing))
        trigger = self.web.trigger(who, channel)
        payload = ways.pressed(who, thing, action, values, trigger, url)
        return await self._act(who, "interaction", payload, channel, waits=waits)

    def _find(
        self, who: User, label: str, on: Shown | Message | View | None
    ) -> tuple[Message | View, Control]:
        """The control with these words, on what is given or on what they can see, newest first."""
        given = on.things if isinstance(on, Shown) else [on] if on else self._before(who)
        for thing in reversed(given):
            assert not (isinstance(thing, Message) and thing.is_deleted), "it was deleted"
            for control in controls(shown_of(thing)):
                if control.label == label:
                    return thing, control
        labels = [one.label for each in given[-3:] for one in controls(shown_of(each))]
        raise AssertionError(f"{who.name} sees no {label!r}, but {labels}")

    def _before(self, who: User) -> list[Message | View]:
        return [one for one in self.web.log if self._is_seen(who, one)]

    async def fills(
        self, who: User, values: Mapping[str, str], on: View | None = None, *, waits: bool = False
    ) -> Shown:
        """The form that is open, field by field, and then its button; what is not named stays."""
        view = on or self._open_form(who)
        given: Filled = filled(view.shown, values)
        if given.refused:  # by Slack's own client: nothing is sent
            return Shown(who, [view], given.refused, status=0)
        payload = ways.submitted(who, view, given.values, self.web.trigger(who, view.channel))
        return await self._act(who, "interaction", payload, view.channel, waits=waits, view=view)

    async def closes(self, who: User, on: View | None = None) -> Shown:
        """The form that is open, with nothing sent."""
        view = on or self._open_form(who)
        view.is_open = False
        if not view.shown.get("notify_on_close"):
            return Shown(who)
        return await self._act(
            who, "interaction", ways.closed(who, view), view.channel, waits=False
        )

    def _open_form(self, who: User) -> View:
        found = [one for one in self.world.views.values() if one.user is who and one.is_open]
        assert found, f"{who.name} has no form open"
        return found[-1]

    async def uses(
        self, who: User, name: str, on: Message | None = None, *, waits: bool = True
    ) -> Shown:
        """A shortcut by its name: of a message's menu, or from anywhere."""
        kind = "message" if on else "global"
        offered = scopes.manifest()["features"]["shortcuts"]
        found = [one for one in offered if (one["name"], one["type"]) == (name, kind)]
        assert found, f"the manifest has no {kind} shortcut {name!r}"
        channel = on.channel if on else None
        trigger = self.web.trigger(who, channel)
        url = self._url(who, channel) if channel else ""
        at, callback = self.world.ts(), found[0]["callback_id"]
        payload = ways.shortcut(who, callback, trigger, at, on, url)
        return await self._act(who, "interaction", payload, channel, waits=waits)

    async def opens_home(self, who: User, *, tab: str = "home", waits: bool = True) -> Shown:
        """Our home page."""
        inner: JSON = {"type": "app_home_opened", "user": who.id, "tab": tab,
                       "channel": self.direct(who).id, "event_ts": self.world.ts()}  # fmt: skip
        if home := self.world.homes.get(who.id):
            inner["view"] = home.as_json()
        return await self._tell(who, who.of, [("app_home_opened", inner)], waits=waits)

    async def reacts(self, who: User, name: str, to: Message, *, waits: bool = True) -> Shown:
        """An emoji under a message."""
        to.reactions.setdefault(name, []).append(who.id)
        inner = {"type": "reaction_added", "user": who.id, "reaction": name, "item_user": to.by,
                 "item": {"type": "message", "channel": to.channel.id, "ts": to.ts},
                 "event_ts": self.world.ts()}  # fmt: skip
        sent = [("reaction_added", inner)] if to.channel.of.bot in to.channel.members else []
        shared = bool(to.channel.shared_with)
        return await self._tell(who, to.channel.of, sent, is_shared=shared, waits=waits)

    async def sees(self, who: User, words: str, at: Channel | None = None) -> Shown:
        """Wait until somebody can read these words; fail, and say what they see, if they cannot."""

        def found() -> list[Message | View]:
            return [
                one for one in self._before(who)
                if words in text(shown_of(one)) and (at is None or one.channel is at)
                and not (isinstance(one, Message) and one.is_deleted)
                and not (isinstance(one, View) and not one.is_open)
            ]  # fmt: skip

        if not await self._until(lambda: bool(found())):
            said = "\n---\n".join(text(shown_of(one)) for one in self._before(who)[-5:])
            raise AssertionError(f"{who.name} does not see {words!r}, but:\n{said}")
        shown = Shown(who, [found()[-1]])
        self._last[who.id] = shown
        return shown

    def reads(self, who: User, where: Channel) -> str:
        """What stands in a channel for somebody now, oldest first."""
        standing = [
            one for one in dict.fromkeys([*where.messages, *self.web.log])
            if isinstance(one, Message) and one.channel is where and self._is_seen(who, one)
            and not one.is_deleted
        ]  # fmt: skip
        return "\n".join(text(one.said) for one in standing)

    def last(self, who: User) -> Shown:
        """What somebody was shown last."""
        return self._last[who.id]

    # deliveries

    async def again(self, times: int = 1) -> list[Ack]:
        """The last delivery once more, as Slack tries again: the same ids, the same bytes."""
        sent = self.delivered[-1]
        return [await self._send(sent, is_retry=True) for _ in range(times)]

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

    async def _tell(
        self, who: User, of: Workspace, events: list[tuple[str, JSON]], *, waits: bool,
        is_shared: bool = False,
    ) -> Shown:  # fmt: skip
        """These events to us, those that the manifest asks for."""
        since, began = len(self.web.log), Shown(who)
        for name, inner in events:
            if name not in scopes.subscribed() and not name.startswith("message."):
                continue
            if not of.installation.grant or of.installation.grant.is_revoked:
                continue
            id = self.world.id("Ev")
            payload = ways.event(inner, of, id, self.world.now(), is_shared=is_shared)
            began = await self._act(who, "event", payload, None, waits=False)
        if waits and events:
            await self._until(lambda: bool(self._since(who, since)))
            began.things = self._since(who, since)
            self._last[who.id] = began or self._last.get(who.id, began)
        return began

    async def _act(
        self, who: User, kind: Kind, payload: JSON, where: Channel | None, *, waits: bool,
        view: View | None = None,
    ) -> Shown:  # fmt: skip
        """Send it, take the acknowledgement for what it is, and see what somebody is shown."""
        since = len(self.web.log)
        sent = Delivery(kind, payload)
        self.delivered.append(sent)
        acks = await asyncio.gather(*(self._send(sent) for _ in range(self.times)))
        shown = Shown(who, status=acks[0].status, ack=acks[0].body, deliveries=len(sent.acks))
        shown.seconds = max(ack.seconds for ack in acks)
        for ack in acks:
            self._take(ack, kind, payload, who, where, view, shown)
        if waits and not shown.errors:
            await self._until(lambda: bool(self._since(who, since)))
        shown.things = self._since(who, since) or ([view] if shown.errors and view else [])
        if shown:
            self._last[who.id] = shown
        return shown

    async def _send(self, sent: Delivery, *, is_retry: bool = False) -> Ack:
        transport = self.sockets if self.by == "socket" else self.by_http
        on_the_way = replace(sent) if not is_retry else sent
        ack = await transport.send(on_the_way)
        sent.acks.append(ack)
        if not ack.is_good:
            why = f"status {ack.status}" if ack.status else f"no answer in time ({ack.raw})"
            self.faults.append(f"{sent.kind} was not acknowledged: {why}")
            if sent.kind == "event" and not is_retry:
                ack = await self._send(sent, is_retry=True)
        return ack

    def _take(
        self, ack: Ack, kind: Kind, payload: JSON, who: User, where: Channel | None,
        view: View | None, shown: Shown,
    ) -> None:  # fmt: skip
        """What Slack does with the body of an acknowledgement."""
        if not ack.is_good or kind == "event":
            return
        if kind == "slash" and where is not None:
            if ack.body:
                self.say(ack.body, where, who, "the command's acknowledgement")
        elif payload["type"] == "view_submission" and view is not None:
            asking.submitted(self.web, ack.body, view, shown)
        elif ack.body:
            self.faults.append(f"{payload['type']} takes no answer: {ack.raw:.80}")

    # what comes back by a response_url

    def _url(self, who: User, channel: Channel, on: Message | None = None) -> str:
        token = self.world.id("R")
        self.web.urls[token] = Url(who, channel, self.world.now(), on)
        return f"{self.address}/response/{token}"

    async def _by_url(self, request: web.Request) -> web.StreamResponse:
        url = self.web.urls.get(request.match_info["token"])
        said = await request.json()
        self.web.calls.append(("response_url", said))

        def work() -> JSON:
            if url is None or self.world.now() - url.at >= 1800:
                raise web.HTTPNotFound(text="expired_url")
            if url.uses >= 5:
                raise web.HTTPNotFound(text="used_url")
            url.uses += 1
            self._answer(said, url)
            return {"ok": True}

        try:
            return await self.web.faulty(request, "response_url", work, {})
        except Error as error:
            return web.json_response(error.told, status=400)

    def _answer(self, said: JSON, url: Url) -> None:
        if said.get("delete_original"):
            if url.on:
                url.on.is_deleted = True
        elif said.get("replace_original") and url.on:
            asking.checked(self.web, said, "response_url", is_edit=True)
            url.on.said = {"metadata": url.on.metadata} | with_ids(said)
            url.on.edits += 1
            self.web.show(url.on)
        else:
            self.say(said, url.channel, url.user, "response_url")

    def say(self, said: JSON, where: Channel, who: User, by: str) -> None:
        """Show what came back, to one person or to all; refused as any message is."""
        asking.checked(self.web, said, by)
        is_for_all = said.get("response_type") == "in_channel"
        bot = where.of.bot.id
        under = str(said.get("thread_ts", ""))
        message = Message(self.world.ts(), where, bot, with_ids(said), under)
        if is_for_all:
            where.messages.append(message)
        else:
            message.only_for = who
        self.web.show(message)

    # what is seen

    def _is_seen(self, who: User, thing: Message | View) -> bool:
        if isinstance(thing, View):
            return thing.user is who
        return thing.only_for is who or (thing.only_for is None and thing.channel.may_see(who))

    def _since(self, who: User, since: int) -> list[Message | View]:
        return list(dict.fromkeys(one for one in self.web.log[since:] if self._is_seen(who, one)))

    async def _until(self, is_so: Callable[[], bool]) -> bool:
        end = time.monotonic() + self.patience
        while not is_so():
            changed = self.web.changed
            try:
                async with asyncio.timeout(max(0.0, end - time.monotonic())):
                    await changed.wait()
            except TimeoutError:
                return is_so()
        return True

    def _ticket(self, token: str) -> str:
        try:
            return self.sockets.ticket(token)
        except PermissionError as wrong:
            raise Error(str(wrong)) from wrong

    # in a browser

    async def installs(
        self, who: User, address: str, *, agrees: bool = True, into: Workspace | None = None
    ) -> Browser:
        """Somebody opens our `/slack/install`, agrees on Slack's page, and comes back to us.

        `into` is an enterprise, where that is chosen; else it is their own workspace.
        """
        browser = Browser(self.web, who)
        await browser.installs(address, agrees=agrees, into=into)
        return browser
