"""The one faulty platform: a chat's server on loopback that fails as scripted or at random.

It remembers every message it accepted, so that a checker can count what was said twice or never.
`python -m tests.platform` runs it as a process of its own; `client` is the adapter to it.
"""

import argparse
import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field
from datetime import datetime
from random import Random
from typing import Any

import aiohttp
from aiohttp import web

from bot.doctor import Finding
from bot.messages import Account, Card, Channel, from_json, to_json
from bot.platforms import Gone, NotSent, Unknown, Unreachable, last_word

FAULTS = ("429", "5xx before", "5xx after", "hang before", "hang after", "reset before",
          "reset after")  # fmt: skip
LOSES_THE_ANSWER = {"5xx before", "5xx after", "hang before", "hang after", "reset before",
                    "reset after"}  # fmt: skip


@dataclass
class Standing:
    """One message as it stands in a channel, and how often it was edited."""

    id: str
    channel: str
    under: str
    uid: str
    card: str
    at: float
    edits: int = 0
    is_deleted: bool = False


@dataclass
class Chat:
    """What the server knows. `script` is what the next calls get; then faults come at random."""

    script: deque[str] = field(default_factory=deque)
    rate: float = 0.0
    random: Random = field(default_factory=lambda: Random(1))
    now: Callable[[], float] = time.monotonic
    lag: float = 0.0  # seconds until the history shows a message
    retry_after: float = 1.0
    hang: float = 30.0
    forbidden: str = "forbidden"  # what these channels' names begin with
    standing: dict[str, Standing] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)
    lost: set[str] = field(default_factory=set)  # uids whose first answers did not arrive
    calls: list[tuple[str, str]] = field(default_factory=list)

    def fault(self) -> str:
        fault = ""
        if self.script:
            fault = self.script.popleft()
        elif self.random.random() < self.rate:
            fault = self.random.choice(FAULTS)
        if fault:
            self.met[fault] += 1
        return fault

    def accept(self, asked: dict[str, Any]) -> str:
        id = f"m{len(self.standing) + 1}"
        self.standing[id] = Standing(
            id, asked["channel"], asked["under"], asked["uid"], asked["card"], self.now()
        )
        return id

    def in_history(self, channel: str, uid: str) -> str | None:
        for one in self.standing.values():
            is_seen = self.now() - one.at >= self.lag and not one.is_deleted
            if is_seen and (one.channel, one.uid) == (channel, uid):
                return one.id
        return None

    def titles(self, channel: str = "") -> list[str]:
        """What one reads, oldest first; in one channel, or in all."""
        return [
            str(card.title)
            for one in self.standing.values()
            if not one.is_deleted and channel in ("", one.channel)
            and isinstance(card := from_json(one.card), Card)
        ]  # fmt: skip


class Server:
    """The chat behind HTTP. It can be gone for a while: then nobody listens."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.port = 0
        app = web.Application()
        app.add_routes([
            web.post("/post", self._post),
            web.post("/edit", self._edit),
            web.post("/find", self._find),
            web.post("/private", self._private),
            web.get("/log", self._log),
            web.post("/leave", self._leave),
        ])  # fmt: skip
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        self._site: web.TCPSite | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        await self._runner.setup()
        await self._listen()

    async def _listen(self) -> None:
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await self._site.start()
        self.port = self._site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def gone(self) -> None:
        """Nobody listens any more."""
        assert self._site is not None
        await self._site.stop()
        assert self._runner.server is not None
        await self._runner.server.shutdown(0)  # also whoever is connected already

    async def back(self) -> None:
        while True:
            try:
                return await self._listen()
            except OSError:  # a connection of somebody else's may use the port just now
                await asyncio.sleep(0.1)

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _post(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.chat.calls.append(("post", asked["uid"]))
        if asked["channel"].startswith(self.chat.forbidden):
            return web.json_response({"error": "is_archived"}, status=403)
        return await self._faulty(request, lambda: {"id": self.chat.accept(asked)}, asked["uid"])

    async def _edit(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.chat.calls.append(("edit", asked["id"]))
        one = self.chat.standing.get(asked["id"])
        if one is None or one.is_deleted:
            return web.json_response({"error": "not_found"}, status=404)

        def edit() -> dict[str, str]:
            one.card, one.edits = asked["card"], one.edits + 1
            return {}

        return await self._faulty(request, edit, "")

    async def _find(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.chat.calls.append(("find", asked["uid"]))
        return web.json_response({"id": self.chat.in_history(asked["channel"], asked["uid"])})

    async def _private(self, request: web.Request) -> web.Response:
        asked = await request.json()
        return web.json_response({"id": f"direct-{asked['id']}"})

    async def _log(self, _request: web.Request) -> web.Response:
        return web.json_response({
            "standing": [asdict(one) for one in self.chat.standing.values()],
            "met": self.chat.met,
            "lost": sorted(self.chat.lost),
        })  # fmt: skip

    async def _leave(self, request: web.Request) -> web.Response:
        """Be gone for some seconds, as a platform with an outage."""
        seconds = float((await request.json())["seconds"])

        async def away() -> None:
            await self.gone()
            await asyncio.sleep(seconds)
            await self.back()

        task = asyncio.ensure_future(away())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
        return web.json_response({})

    async def _faulty(
        self, request: web.Request, work: Callable[[], dict[str, str]], uid: str
    ) -> web.Response:
        fault = self.chat.fault()
        if fault in LOSES_THE_ANSWER:
            self.chat.lost.add(uid)
        if fault == "429":
            after = {"Retry-After": f"{self.chat.retry_after:g}"}
            return web.json_response({"error": "ratelimited"}, status=429, headers=after)
        if fault == "permanent":
            return web.json_response({"error": "not_in_channel"}, status=403)
        done = {} if fault.endswith("before") else work()
        if fault.startswith("5xx"):
            return web.json_response({"error": "internal_error"}, status=500)
        if fault.startswith("hang"):
            await asyncio.sleep(self.chat.hang)
        if fault.startswith(("reset", "hang")) and request.transport:  # or they went already
            request.transport.abort()
        return web.json_response(done)


class Client:
    """The adapter: a `bot.platforms.Platform` over that server."""

    def __init__(self, name: str, address: str, can_find: bool = True, every: float = 0.0) -> None:
        self.name, self.can_find = name, can_find
        self._address, self._every = address, every
        self._http: aiohttp.ClientSession | None = None

    async def post(self, channel: Channel, under: str, card: Card, uid: str) -> str:
        said = await self._call(
            "post", channel=channel.id, under=under, card=to_json(card), uid=uid
        )
        return str(said["id"])

    async def edit(self, channel: Channel, message_id: str, card: Card) -> None:
        await self._call("edit", channel=channel.id, id=message_id, card=to_json(card))

    async def find(self, channel: Channel, uid: str, under: str, since: datetime) -> str | None:
        found = (await self._call("find", channel=channel.id, uid=uid))["id"]
        return str(found) if found else None

    async def private(self, account: Account) -> Channel:
        said = await self._call("private", id=account.id)
        return Channel(self.name, account.tenant, said["id"], account.name)

    def lane(self, channel: Channel, is_edit: bool) -> tuple[str, float]:
        return f"{self.name}/{channel.id}/{'edit' if is_edit else 'post'}", self._every

    async def members(self, channel: Channel) -> Collection[Account]:
        return ()

    async def check(self) -> Collection[Finding]:
        return ()

    async def log(self) -> dict[str, Any]:
        """What the server remembers."""
        async with self._session().get(f"{self._address}/log") as response:
            return dict(await response.json())

    async def leave(self, seconds: float) -> None:
        await self._call("leave", seconds=seconds)

    async def close(self) -> None:
        if self._http:
            await self._http.close()

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            trace = aiohttp.TraceConfig()
            trace.on_request_headers_sent.append(_before_it_leaves)
            self._http = aiohttp.ClientSession(trace_configs=[trace])
        return self._http

    async def _call(self, what: str, **asked: Any) -> dict[str, Any]:
        try:
            async with self._session().post(f"{self._address}/{what}", json=asked) as response:
                return await self._told(what, response)
        except aiohttp.ClientConnectorError as never:
            raise NotSent(why="nobody listens") from never
        except aiohttp.ClientError as lost:
            raise Unknown(type(lost).__name__) from lost

    async def _told(self, what: str, response: aiohttp.ClientResponse) -> dict[str, Any]:
        if response.status == 429:
            raise NotSent(float(response.headers["Retry-After"]), "ratelimited")
        if response.status >= 500:
            raise Unknown(f"answered {response.status}")
        said = dict(await response.json())
        if response.status == 404 and what == "edit":
            raise Gone
        if response.status >= 400:
            raise Unreachable(said["error"])
        return said


async def _before_it_leaves(*_request: object) -> None:
    last_word()


async def _serve(asked: argparse.Namespace) -> None:
    chat = Chat(rate=asked.rate, random=Random(asked.seed), lag=asked.lag, hang=asked.hang)
    chat.retry_after = asked.retry_after
    server = Server(chat)
    await server.start()
    print(json.dumps({"port": server.port}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for option, standard in (("rate", 0.0), ("lag", 0.0), ("hang", 30.0), ("retry-after", 1.0)):
        parser.add_argument(f"--{option}", type=float, default=standard)
    parser.add_argument("--seed", type=int, default=1)
    asyncio.run(_serve(parser.parse_args()))
