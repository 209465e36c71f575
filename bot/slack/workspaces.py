"""The workspaces that let us in, and a token of each that is good now.

Slack's rotating tokens live 12 hours. The next one is fetched two hours before that, by whichever
process comes first; a token in use stays good meanwhile. A workspace connected by the setting
SLACK_BOT_TOKEN has its token there, and in no database.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import Clock
from bot.platforms import NotSent

NAME = "slack"
API = "https://slack.com/api/"
EARLY = timedelta(hours=2)  # before a token's end, from when the next one is fetched
LAST = timedelta(minutes=1)  # before its end, from when it is used no more
SKEW = timedelta(seconds=5)  # between Slack's clock, which tells whole seconds, and ours
SILENT = 10  # seconds without an answer
REFUSED = {"invalid_refresh_token", "token_revoked", "account_inactive", "invalid_auth"}
LEFT = "I was removed from that Slack workspace. Its admin can add me again."

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Installed:
    """What Slack tells of a workspace, or of a whole organisation's, that lets us in."""

    tenant: str
    name: str
    enterprise_id: str = ""
    is_org_wide: bool = False
    bot_id: str = ""
    app_id: str = ""
    scopes: str = ""
    installed_by: str = ""
    token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: datetime | None = None
    platform: str = NAME


class Workspace(Protocol):
    """One of them as it is remembered; without its tokens where it only stands in a list."""

    @property
    def tenant(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def enterprise_id(self) -> str: ...
    @property
    def is_org_wide(self) -> bool: ...
    @property
    def bot_id(self) -> str: ...
    @property
    def app_id(self) -> str: ...
    @property
    def scopes(self) -> str: ...
    @property
    def installed_at(self) -> datetime: ...
    @property
    def is_gone(self) -> bool: ...
    @property
    def expires_at(self) -> datetime | None: ...
    @property
    def token(self) -> str: ...
    @property
    def refresh_token(self) -> str: ...


W = TypeVar("W", bound=Workspace)


class Kept(Protocol[W]):
    """Remembers workspaces, their tokens encrypted. Every call is committed when it returns."""

    def begin(self, browser: str, join: str) -> str: ...
    def come_back(self, state: str, browser: str) -> str | None: ...
    def one(self, platform: str, tenant: str) -> W | None: ...
    def every(self, platform: str) -> list[W]: ...
    def renew(self, platform: str, tenant: str, ends: datetime) -> W | None: ...
    def renewed(self, before: W, token: str, refresh_token: str, expires_at: datetime) -> bool: ...
    def gone(self, platform: str, tenant: str, why: str) -> int: ...


@dataclass(frozen=True, slots=True)
class App:
    """Our app as Slack knows it. `api` ends in a slash."""

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    api: str = API

    def client(self, token: str = "") -> AsyncWebClient:
        """Slack's methods; none is called twice on its own."""
        return AsyncWebClient(
            token=token or None, base_url=self.api, timeout=SILENT, retry_handlers=[]
        )

    async def access(self, **told: str) -> AsyncSlackResponse:
        """`oauth.v2.access`. The SDK's own way of it warns with each aiohttp since 3.14."""
        ours = {"client_id": self.client_id, "client_secret": self.client_secret}
        return await self.client().api_call("oauth.v2.access", data={**ours, **told})


def said(refused: SlackApiError) -> str:
    """Slack's word for why; nothing where something between us answered in its place."""
    data = refused.response.data if isinstance(refused.response, AsyncSlackResponse) else None
    return str(data.get("error") or "") if isinstance(data, dict) else ""


class Workspaces:
    """`own` is the token of the one workspace that is connected by a setting, by its id.

    `pool` is where the database is asked; `wake` is called where something is to be said.
    """

    name = NAME

    def __init__(
        self,
        kept: Kept[W],
        app: App,
        clock: Clock,
        pool: Executor,
        wake: Callable[[], None],
        own: tuple[str, str] | None = None,
    ) -> None:
        self._kept, self._app, self._clock = kept, app, clock
        self._pool, self._wake, self._own = pool, wake, own

    async def token(self, tenant: str) -> str | None:
        """A token that is good now; nothing where we are not let in. Raises `NotSent` where the
        next one is not there yet."""
        found = await self.one(tenant)
        if found and found.expires_at and found.expires_at - self._clock.now() < LAST:
            await self.renew(tenant, LAST)
            found = await self.one(tenant)
        if found is None or found.is_gone:
            return None
        if found.expires_at and found.expires_at <= self._clock.now():
            raise NotSent(2, "Slack's next token is not there yet")
        return self._token_of(found) or None

    def _token_of(self, one: Workspace) -> str:
        if self._own and one.tenant == self._own[0]:
            return self._own[1]
        return one.token

    async def one(self, tenant: str) -> Workspace | None:
        """This workspace, with its token, as it is remembered now."""
        return await self._ask(self._kept.one, NAME, tenant)

    async def every(self) -> list[Workspace]:
        """All of them, without their tokens, also those that have gone."""
        return list(await self._ask(self._kept.every, NAME))

    async def renew_all(self) -> int:
        """Fetch the next token for each that ends soon. Gives how many were fetched."""
        soon = self._clock.now() + EARLY
        due = [one.tenant for one in await self.every() if one.expires_at and not one.is_gone
               and one.expires_at <= soon]  # fmt: skip
        return sum([await self.renew(tenant, EARLY) for tenant in due])

    async def renew(self, tenant: str, early: timedelta) -> bool:
        """Fetch the next token if this one ends so soon, unless another process does, or did."""
        return await self._renew(self._kept, tenant, self._clock.now() + early)

    async def _renew(self, kept: Kept[W], tenant: str, ends: datetime) -> bool:
        before = await self._ask(kept.renew, NAME, tenant, ends)
        if before is None:
            return False
        try:
            answer = await self._app.access(
                grant_type="refresh_token", refresh_token=before.refresh_token
            )
        except SlackApiError as refused:
            code = said(refused)
            log.warning("no next token", extra={"why": code})
            if code in REFUSED:
                await self._lost(tenant, before.refresh_token)
            return False
        except (ClientError, TimeoutError, OSError) as silent:
            log.warning("no next token", extra={"why": type(silent).__name__})
            return False
        next_end = self._clock.now() + timedelta(seconds=int(answer["expires_in"]))
        token, refresh = str(answer["access_token"]), str(answer["refresh_token"])
        return await self._ask(kept.renewed, before, token, refresh, next_end)

    async def _lost(self, tenant: str, refresh_token: str) -> None:
        found = await self.one(tenant)
        if found and found.refresh_token == refresh_token:  # nobody has fetched another since
            await self.gone(tenant)

    async def told_gone(self, tenant: str, at: datetime) -> None:
        """Slack says that we were removed then, or that our token was taken back: it tells both,
        in either order, perhaps twice. Only where we were let in again since, it is asked."""
        found = await self.one(tenant)
        if found is None or found.is_gone:
            return
        if at < found.installed_at - SKEW and await self._is_good(found):
            return
        await self.gone(tenant)

    async def _is_good(self, found: Workspace) -> bool:
        try:
            await self._app.client(self._token_of(found)).auth_test()
        except (SlackApiError, ClientError, TimeoutError, OSError):
            return False
        return True

    async def gone(self, tenant: str) -> None:
        """We are no longer let in: forget the tokens, and say nothing there."""
        await self._ask(self._kept.gone, NAME, tenant, LEFT)
        self._wake()

    async def _ask(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        running = asyncio.get_running_loop()
        asked = running.run_in_executor(self._pool, partial(call, *args, **kwargs))
        return await asyncio.shield(asked)
