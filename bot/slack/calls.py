"""Asks Slack something, once, and says what its answer means.

One client for each installation, and no retry by the SDK: it posts twice where a connection drops
after Slack accepted (RELIABILITY.md). Who asks again is decided by whoever asked.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms import NotSent, Unknown, Unreachable, last_word
from bot.slack.workspaces import LEFT, Workspace

SECONDS = 8.0  # for one call: less than bot.sender.Patience.http
CONNECTING = 4.0  # of them, until somebody listens: after that nothing was said
AWHILE = 30.0  # seconds, where it is not said when to ask again
PAGE = 200  # what Slack recommends for one page of a list
WAIT = ("ratelimited", "rate_limited", "message_limit_exceeded", "service_unavailable",
        "team_added_to_org", "org_login_required", "token_expired")  # fmt: skip
PERHAPS = ("request_timeout", "internal_error", "fatal_error", "duplicate_message_not_found",
           "duplicate_channel_not_found")  # fmt: skip


class Tokens(Protocol):
    """The workspaces that let us in; a whole organisation's may be one."""

    async def every(self) -> Sequence[Workspace]:
        """All of them, also those that have gone."""
        ...

    async def one(self, tenant: str) -> Workspace | None: ...

    async def token(self, tenant: str) -> str | None:
        """The token there, good now; nothing where we were removed. Raises `NotSent`."""
        ...


class Refused(Exception):  # noqa: N818  an answer, to be understood by whoever asked
    """Slack understood, and said no: `error` is its word for why. Nothing was done."""

    def __init__(self, error: str, needed: str = "") -> None:
        super().__init__(error)
        self.error, self.needed = error, needed


class Calls:
    """Every call raises `NotSent`, `Unknown` or `Refused`, or gives what Slack said.

    Where we were removed it is `Unreachable` at once, and nothing is asked of Slack.
    """

    def __init__(self, tokens: Tokens, address: str, seconds: float = SECONDS) -> None:
        self.tokens = tokens
        self._address, self._seconds = address, seconds
        self._clients: dict[str, AsyncWebClient] = {}
        self._http: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._http:
            await self._http.close()

    async def tenants(self) -> list[Workspace]:
        """Where we are let in now."""
        return [one for one in await self.tokens.every() if not one.is_gone]

    async def tell(self, tenant: str, method: str, **told: Any) -> dict[str, Any]:
        """A call that changes something."""
        return await self._call(tenant, method, "POST", {"json": told})

    async def ask(self, tenant: str, method: str, **asked: Any) -> dict[str, Any]:
        """A call that only reads; Slack takes no JSON for these."""
        return await self._call(tenant, method, "GET", {"params": asked})

    async def pages(self, tenant: str, method: str, **asked: Any) -> AsyncIterator[dict[str, Any]]:
        """A long list, a page at a time."""
        cursor = ""
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = await self.ask(tenant, method, limit=PAGE, **asked, **more)
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def _call(
        self, tenant: str, method: str, verb: str, given: Mapping[str, Any]
    ) -> dict[str, Any]:
        client = await self._client(tenant)
        try:
            said = await client.api_call(method, http_verb=verb, **given)
        except SlackApiError as told:
            raise _meant(told) from told
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as never:
            raise NotSent(why=f"Slack does not listen: {type(never).__name__}") from never
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError) as lost:
            raise Unknown(type(lost).__name__) from lost
        assert isinstance(said.data, dict)
        return {**said.data, "scopes": said.headers.get("x-oauth-scopes", "")}

    async def _client(self, tenant: str) -> AsyncWebClient:
        token = await self.tokens.token(tenant)
        if not token:
            raise Unreachable(LEFT)
        client = self._clients.get(tenant)
        if client is None or client.token != token:
            client = AsyncWebClient(
                token, self._address, session=self._session(), retry_handlers=[]
            )
            self._clients[tenant] = client
        return client

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            trace = aiohttp.TraceConfig()
            trace.on_request_headers_sent.append(_before_it_leaves)
            limits = aiohttp.ClientTimeout(total=self._seconds, sock_connect=CONNECTING)
            self._http = aiohttp.ClientSession(trace_configs=[trace], timeout=limits)
        return self._http


async def _before_it_leaves(*_request: object) -> None:
    last_word()


def _meant(told: SlackApiError) -> NotSent | Unknown | Refused:
    """What an answer that is no `ok` means."""
    response: Any = told.response
    status = getattr(response, "status_code", None) or response.status
    said = getattr(response, "data", None)
    error = str(said.get("error") or "") if isinstance(said, dict) else ""
    if status == 429 or error in WAIT:
        return NotSent(_after(response.headers) or AWHILE, error or "ratelimited")
    if status >= 500 or error in PERHAPS:
        return Unknown(error or f"answered {status}")
    if not error:  # something between Slack and us: a proxy, or another address than Slack's
        return NotSent(AWHILE, f"answered {status}") if status >= 400 else Unknown("no answer")
    assert isinstance(said, dict)
    return Refused(error, str(said.get("needed") or ""))


def _after(headers: Mapping[str, str]) -> float:
    """Seconds until it may be asked again, as the platform says."""
    try:
        return max(float(headers.get("Retry-After", 0)), 0.0)
    except ValueError:
        return 0.0
