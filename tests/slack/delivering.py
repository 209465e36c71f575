"""How the fake Slack reaches us: signed requests over HTTP, or envelopes over a socket."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

JSON = dict[str, Any]
Kind = Literal["slash", "interaction", "event"]
IN_TIME = 3.0  # seconds that Slack waits for us
ENVELOPES = {"slash": "slash_commands", "interaction": "interactive", "event": "events_api"}


@dataclass
class Ack:
    """What the transport was answered."""

    status: int = 0  # 0: not at all, or not in time
    body: JSON = field(default_factory=dict)
    seconds: float = 0.0
    raw: str = ""

    @property
    def is_good(self) -> bool:
        return self.status == 200


@dataclass
class Delivery:
    """One payload on its way to us: how often it was tried, and what each was answered."""

    kind: Kind
    payload: JSON
    acks: list[Ack] = field(default_factory=list)

    @property
    def retries(self) -> int:
        return max(0, len(self.acks))


@dataclass
class ByHttp:
    """Posts to our `/slack/events`, signed."""

    secret: str
    now: Callable[[], float]
    address: str = ""  # of our `/slack/events`
    http: aiohttp.ClientSession | None = None

    async def send(self, sent: Delivery) -> Ack:
        body, content_type = self.written(sent)
        headers = {"Content-Type": content_type}
        if sent.kind == "event" and sent.retries:
            headers |= {"X-Slack-Retry-Num": f"{sent.retries}",
                        "X-Slack-Retry-Reason": "http_timeout"}  # fmt: skip
        return await self.knock(body, headers)

    def written(self, sent: Delivery) -> tuple[bytes, str]:
        """The bytes of it, as Slack writes them."""
        form = "application/x-www-form-urlencoded"
        match sent.kind:
            case "slash":
                return urlencode(sent.payload).encode(), form
            case "interaction":
                return urlencode({"payload": json.dumps(sent.payload)}).encode(), form
            case "event":
                return json.dumps(sent.payload, ensure_ascii=False).encode(), "application/json"

    def signed(self, body: bytes, *, at: float | None = None, secret: str = "") -> dict[str, str]:
        """The headers that prove it comes from Slack."""
        stamp = f"{int(self.now() if at is None else at)}"
        base = b"v0:" + stamp.encode() + b":" + body
        digest = hmac.new((secret or self.secret).encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def knock(self, body: bytes, headers: dict[str, str], *, is_signed: bool = True) -> Ack:
        """These bytes, whatever they are."""
        assert self.address, "say where we are: slack.listens(address)"
        if self.http is None:
            self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        proof = self.signed(body) if is_signed else {}
        began = time.monotonic()
        try:
            async with (
                asyncio.timeout(IN_TIME),
                self.http.post(self.address, data=body, headers=proof | headers) as response,
            ):
                raw = await response.text()
        except (TimeoutError, aiohttp.ClientError) as lost:
            return Ack(0, {}, time.monotonic() - began, type(lost).__name__)
        return Ack(response.status, _body(raw), time.monotonic() - began, raw)

    async def close(self) -> None:
        if self.http:
            await self.http.close()


def _body(raw: str) -> JSON:
    """An acknowledgement's body; bare text is a message of its own."""
    if not raw.strip():
        return {}
    try:
        read = json.loads(raw)
    except ValueError:
        return {"text": raw}
    return read if isinstance(read, dict) else {"text": raw}


@dataclass
class BySocket:
    """Socket Mode: whoever connects with a ticket of ours gets envelopes, in turn."""

    app_token: str
    fault: Callable[[str], None]
    hosts: str = ""
    connections: list[tuple[web.WebSocketResponse, asyncio.Transport]] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _tickets: set[str] = field(default_factory=set)
    _waiting: dict[str, asyncio.Future[JSON]] = field(default_factory=dict)
    _ids: Any = field(default_factory=lambda: count(1))
    _next: Any = field(default_factory=lambda: count(0))

    def ticket(self, token: str) -> str:
        """Where to connect, once. Raises `PermissionError` for another app's token."""
        if token != self.app_token:
            raise PermissionError(
                "not_allowed_token_type" if "xapp" not in token else "invalid_auth"
            )
        ticket = f"ticket-{next(self._ids)}"
        self._tickets.add(ticket)
        return f"ws://{self.hosts}/link?ticket={ticket}&app_id=A0OURS"

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, until it is closed."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="A ticket serves once.")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=30.0)
        await socket.prepare(request)
        assert isinstance(request.transport, asyncio.Transport)
        connection = (socket, request.transport)
        self.connections.append(connection)
        hello = {"type": "hello", "num_connections": len(self.connections),
                 "debug_info": {"host": "fake", "approximate_connection_time": 18060},
                 "connection_info": {"app_id": "A0OURS"}}  # fmt: skip
        await socket.send_json(hello)
        self.arrived.set()
        try:
            async for message in socket:
                self._acknowledged(message.data)
        finally:
            self.connections.remove(connection)
            if not self.connections:
                self.arrived.clear()
        return socket

    def _acknowledged(self, data: str) -> None:
        said = json.loads(data)
        if said.keys() - {"envelope_id", "payload"}:
            self.fault(f"an acknowledgement with {sorted(said)}")
        waiting = self._waiting.pop(said.get("envelope_id", ""), None)
        if waiting is None:
            self.fault(f"acknowledged what was not sent, or too late, or twice: {data:.120}")
        elif not waiting.done():
            waiting.set_result(said)

    async def send(self, sent: Delivery) -> Ack:
        """One envelope to one connection; the next goes to the next."""
        async with asyncio.timeout(30):
            await self.arrived.wait()
        id = f"envelope-{next(self._ids)}"
        takes_an_answer = sent.kind != "event"
        envelope = {"envelope_id": id, "type": ENVELOPES[sent.kind], "payload": sent.payload,
                    "accepts_response_payload": takes_an_answer}  # fmt: skip
        if sent.kind == "event":
            envelope |= {"retry_attempt": sent.retries,
                         "retry_reason": "timeout" if sent.retries else ""}  # fmt: skip
        waiting = self._waiting[id] = asyncio.get_running_loop().create_future()
        socket, _ = self.connections[next(self._next) % len(self.connections)]
        began = time.monotonic()
        try:
            await socket.send_json(envelope)
            async with asyncio.timeout(IN_TIME):
                said = await waiting
        except (TimeoutError, ConnectionError) as lost:
            return Ack(0, {}, time.monotonic() - began, type(lost).__name__)
        if "payload" in said and not takes_an_answer:
            self.fault("an event takes no answer in its acknowledgement")
        return Ack(200, said.get("payload") or {}, time.monotonic() - began)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask all that are connected to connect anew, as Slack does every few hours."""
        for socket, _ in list(self.connections):
            await socket.send_json({"type": "disconnect", "reason": reason,
                                    "debug_info": {"host": "fake"}})  # fmt: skip
            if reason == "link_disabled":
                await socket.close()

    async def drop(self) -> None:
        """Every connection is cut, without a word."""
        for _, transport in list(self.connections):
            transport.abort()

    async def close(self) -> None:
        for socket, _ in list(self.connections):
            await socket.close()
