"""The Web API of the fake Slack: who calls, whether they may, how often, and what goes wrong."""

import asyncio
import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from aiohttp import web

from tests.slack.scopes import METHODS, Method
from tests.slack.world import Channel, Everything, Grant, Message, User, View, Workspace

JSON = dict[str, Any]
FAULTS = (
    "429", "5xx before", "5xx after", "hang before", "hang after", "reset before", "reset after",
)  # fmt: skip
JSON_ARGUMENTS = {"blocks", "view", "metadata", "attachments"}
READING = {method for method in METHODS if method.startswith(("users.", "bots.", "team.")) or
           method.endswith((".get", ".getPermalink", ".history", ".info", ".list", ".members",
                            ".replies", ".access"))}  # fmt: skip
BOOLEAN = {"true": True, "1": True, "false": False, "0": False}


class Error(Exception):
    """What Slack answers instead."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.told: JSON = {"ok": False, "error": error, **more}


@dataclass
class Trigger:
    """What lets us open a form: for 3 seconds, once."""

    user: User
    at: float
    channel: Channel | None = None
    is_used: bool = False


@dataclass
class Url:
    """A `response_url`: for 30 minutes, five times."""

    user: User
    channel: Channel
    at: float
    on: Message | None = None
    uses: int = 0


@dataclass
class Code:
    """What a browser brings back to us once somebody has agreed: for 10 minutes, once."""

    of: Workspace
    by: User
    scopes: frozenset[str]
    redirect: str
    at: float


@dataclass
class Call:
    """One call of a method, let in."""

    method: str
    args: JSON
    api: "Api"
    grant: Grant | None

    @property
    def world(self) -> Everything:
        return self.api.world

    @property
    def of(self) -> Workspace:
        assert self.grant is not None
        return self.grant.of

    @property
    def us(self) -> User:
        assert self.of.own_bot is not None
        return self.of.own_bot

    def need(self, scope: str) -> None:
        """Raise `missing_scope` unless it was granted."""
        assert self.grant is not None
        if scope and scope not in self.grant.scopes:
            provided = ",".join(sorted(self.grant.scopes))
            self.api.fault(f"{self.method} without the scope {scope}")
            raise Error("missing_scope", needed=scope, provided=provided)

    def channel(self, *, may_be_outside: bool = True) -> Channel:
        """The channel it is about, if our bot can see it and has the scope for its kind."""
        id = str(self.args.get("channel", ""))
        found = self.world.channel(id)
        if id and not id.startswith(("C", "D", "G")):
            self.api.fault(f"{self.method} names a channel {id!r}, not by its id")
        if found is None or not self._is_ours(found):
            raise Error("channel_not_found")
        if found.kind != "public" and self.us not in found.members:
            raise Error("channel_not_found")
        self.need(METHODS[self.method].scope(found.kind))
        if not may_be_outside and self.us not in found.members:
            raise Error("not_in_channel")
        return found

    def _is_ours(self, channel: Channel) -> bool:
        return self.of in (channel.of, channel.of.org, *channel.shared_with)

    def user(self, key: str = "user") -> User:
        return self.user_of(str(self.args.get(key, "")))

    def user_of(self, id: str) -> User:
        """Somebody whom our bot can know of."""
        found = self.world.user(id)
        if found is None or not self._knows(found):
            raise Error("user_not_found")
        return found

    def _knows(self, user: User) -> bool:
        if self.of in (user.of, user.of.org):
            return True
        channels = [one for each in self.world.workspaces for one in each.channels]
        return any(user in one.members and self._is_ours(one) for one in channels)


@dataclass
class Api:
    """All of `/api/…` and the `response_url`s. `script` is what the next calls get, by method."""

    world: Everything
    client_id: str = "1111.2222"
    client_secret: str = "client-secret-of-the-fake"
    burst: int = 3  # how many posts a channel takes at once before it is 1 a second
    is_limited: bool = True
    lag: float = 0.0  # seconds until the history shows a message
    hang: float = 30.0
    retry_after: float = 1.0
    rate: float = 0.0  # of calls that fail at random
    random: Random = field(default_factory=lambda: Random(1))
    script: deque[tuple[str, str]] = field(default_factory=deque)
    calls: list[tuple[str, JSON]] = field(default_factory=list)
    limited: Counter[str] = field(default_factory=Counter)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    urls: dict[str, Url] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    page: int = 200  # how many a page of members, people or messages holds at most
    answers: Mapping[str, Callable[[Call], JSON]] = field(default_factory=dict)
    ticket: Callable[[str], str] = lambda token: ""  # where Socket Mode is, for an app's token
    _met: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    log: list[Message | View] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    # what the server remembers

    def fault(self, text: str) -> None:
        """Keep a violation: the test fails at its end, unless it forgives this."""
        self.world.faults.append(text)

    def show(self, thing: Message | View) -> None:
        """Somebody may see this now."""
        self.log.append(thing)
        self.changed.set()
        self.changed = asyncio.Event()

    def trigger(self, user: User, channel: Channel | None = None) -> str:
        id = f"{self.world.id('')}.{user.of.id}.trigger"
        self.triggers[id] = Trigger(user, self.world.now(), channel)
        return id

    # a call

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer `/api/<method>`."""
        method = request.match_info["method"]
        args = await _arguments(request, self)
        self.calls.append((method, args))
        after: dict[str, str] = {}

        def work() -> JSON:
            return self._answer(method, args, request, after)

        return await self.faulty(request, method, work, after)

    def _answer(
        self, method: str, args: JSON, request: web.Request, headers: dict[str, str]
    ) -> JSON:
        known = METHODS.get(method)
        if known is None or method not in self.answers:
            self.fault(f"nobody needs {method}, or the fake does not know it yet")
            return {"ok": False, "error": "unknown_method"}
        try:
            grant = None if known.is_open else self._grant(request, args)
            self._check(method, known, args)
            call = Call(method, args, self, grant)
            if grant is not None:
                headers["X-OAuth-Scopes"] = ",".join(sorted(grant.scopes))
                headers["X-Accepted-OAuth-Scopes"] = ",".join(known.scopes.values())
            if grant is not None and len(known.scopes) == 1 and "" in known.scopes:
                call.need(known.scope(""))
            if known.is_open:
                args["_authorization"] = request.headers.get("Authorization", "")
            return {"ok": True, **self.answers[method](call)}
        except Error as error:
            return error.told

    def _grant(self, request: web.Request, args: JSON) -> Grant:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = token or str(args.pop("token", ""))
        if not token:
            self.fault("a call without a token")
            raise Error("not_authed")
        grant = self.world.grants.get(token)
        if grant is None:
            raise Error("invalid_auth")
        if grant.is_revoked:
            raise Error("token_revoked")
        if grant.ends_at is not None and grant.ends_at <= self.world.now():
            raise Error("token_expired")
        return grant

    def _check(self, method: str, known: Method, args: JSON) -> None:
        args.pop("token", None)
        for key in args.keys() - known.needs - known.takes:
            self.fault(f"{method} takes no {key!r}")
        for key in sorted(known.needs):
            if args.get(key) in (None, ""):
                self.fault(f"{method} needs {key!r}")
                raise Error("invalid_arguments", response_metadata={"messages": [key]})

    # how often, and what goes wrong

    def is_too_often(self, method: str, args: JSON, of: str) -> float:
        """Seconds to wait, or 0 if this call is within the limit."""
        known = METHODS.get(method)
        if method == "chat.postMessage":
            return self._wait((method, str(args.get("channel"))), self.burst, float(self.burst))
        if known is None or not known.a_minute:
            return 0.0
        return self._wait((method, of), known.a_minute, 60.0)

    def _wait(self, lane: tuple[str, str], most: int, window: float) -> float:
        met, now = self._met[lane], self.world.now()
        while met and met[0] <= now - window:
            met.popleft()
        if len(met) >= most:
            return max(1.0, met[0] + window - now)
        met.append(now)
        return 0.0

    def _next(self, method: str) -> str:
        for number, (of, fault) in enumerate(self.script):
            if of in ("", method):
                del self.script[number]
                return fault
        return self.random.choice(FAULTS) if self.random.random() < self.rate else ""

    async def faulty(
        self, request: web.Request, method: str, work: Callable[[], JSON], headers: dict[str, str]
    ) -> web.StreamResponse:
        """Do it, or what the script says instead."""
        fault = self._next(method)
        of = request.headers.get("Authorization", "")
        wait = 0.0
        if self.is_limited and not fault:
            wait = self.is_too_often(method, self.calls[-1][1] if self.calls else {}, of)
        if fault == "429" or wait:
            self.limited[method] += 1
            after = {"Retry-After": f"{max(1, round(wait or self.retry_after))}"}
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers=after
            )
        if fault and fault not in FAULTS:
            return web.json_response({"ok": False, "error": fault}, headers=headers)
        done = {} if fault.endswith("before") else work()
        if fault.startswith("5xx"):
            return web.Response(status=503, text="upstream connect error")
        if fault.startswith("hang"):
            await asyncio.sleep(self.hang)
        if fault.startswith(("reset", "hang")) and request.transport:
            request.transport.abort()
        return web.json_response(done, headers=headers)


async def _arguments(request: web.Request, api: Api) -> JSON:
    """What was sent: as JSON, as a form, or in the address; nested values are JSON in a form."""
    if request.content_type == "application/json":
        given = await request.json()
        if request.match_info["method"] in READING:
            api.fault(f"{request.match_info['method']} takes no JSON, and hears nothing of it")
            return {}
        return {key: _parsed(api, key, value) for key, value in given.items()}
    form = dict(request.query) | dict(await request.post())
    parsed = {key: _parsed(api, key, str(value)) for key, value in form.items()}
    return {
        key: BOOLEAN.get(value, value) if isinstance(value, str) else value
        for key, value in parsed.items()
    }


def _parsed(api: Api, key: str, value: Any) -> Any:
    """Blocks and the like may come as JSON within."""
    if key not in JSON_ARGUMENTS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        api.fault(f"{key} is no JSON: {value!r:.80}")
        return None
