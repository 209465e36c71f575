"""How what people do in the fake Slack comes to us, and what of our answers they are shown."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from aiohttp import web

from tests.slack import asking, scopes, ways
from tests.slack.api import Api, Error, Url
from tests.slack.delivering import Ack, ByHttp, BySocket, Delivery, Kind
from tests.slack.methods import with_ids
from tests.slack.screen import Shown
from tests.slack.world import Channel, Message, User, View, Workspace

JSON = dict[str, Any]
By = Literal["http", "socket"]


class Carrying:
    """Sends deliveries, takes acknowledgements for what they are, and remembers who saw what."""

    def __init__(self, web_api: Api, by: By, by_http: ByHttp, sockets: BySocket) -> None:
        self.web, self.world = web_api, web_api.world
        self.by, self.by_http, self.sockets = by, by_http, sockets
        self.address, self.times, self.patience = "", 1, 3.0
        self.delivered: list[Delivery] = []
        self._last: dict[str, Shown] = {}

    @property
    def faults(self) -> list[str]:
        """Every violation so far."""
        return self.world.faults

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

    def _url(self, who: User, channel: Channel, on: Message | None = None) -> str:
        token = self.world.id("R")
        self.web.urls[token] = Url(who, channel, self.world.now(), on)
        return f"{self.address}/response/{token}"

    async def by_url(self, request: web.Request) -> web.StreamResponse:
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

    def _before(self, who: User) -> list[Message | View]:
        return [one for one in self.web.log if self._is_seen(who, one)]

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
