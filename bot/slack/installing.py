"""How a workspace lets us in: `/slack/install` sends a browser to Slack, which sends it back.

What goes to Slack and comes back is good for ten minutes, once, and in the same browser: nobody
can be made to connect a workspace that is not theirs, nor to a company that is not theirs.
"""

import asyncio
import logging
import re
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, ParamSpec, Protocol, TypeVar
from urllib.parse import urlencode, urlsplit

from aiohttp import ClientError, web
from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.messages import Account, Card, Refusal
from bot.slack.scopes import SCOPES
from bot.slack.workspaces import NAME, App, Installed, Kept, W, said
from bot.web import bodies
from bot.web.bodies import Route
from bot.web.html import Html

COOKIE = "throughline_install"
MINE = re.compile(r"[A-Za-z0-9_-]{43}")
LIVES = 600  # seconds
INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
LONGEST = 2048  # characters of what comes back
CANCELLED = Card("Nothing was connected", "You pressed Cancel at Slack, and nothing was changed.")
SILENT = Card(
    "Nothing was connected", "Slack does not answer. Begin again in a minute; nothing was changed."
)
OVER = Card(
    "That took too long, or came from another browser",
    "What I gave you is good for ten minutes, once, in the browser where you began. "
    "Nothing was connected. Begin again, and stay in one browser.",
)
REFUSED = {
    "invalid_code": "The code from Slack was over, or used before.",
    "code_already_used": "The code from Slack was used before.",
    "bad_redirect_uri": "Slack does not know my address. Whoever runs me must put {redirect} under "
    "OAuth & Permissions, Redirect URLs, in the app's settings, and set PUBLIC_URL.",
    "invalid_client_id": "Slack does not know this app. Whoever runs me must look at "
    "SLACK_CLIENT_ID.",
    "bad_client_secret": "Slack does not accept my secret. Whoever runs me must look at "
    "SLACK_CLIENT_SECRET.",
}

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Installer:
    """Who lets us in, as Slack knows them."""

    account: Account
    is_admin: bool = False
    zone: str = ""


class Founder(Protocol):
    """Says to which company a workspace belongs."""

    def may_join(self, join: str) -> bool:
        """Whether the link is still good; also where there is none."""
        ...

    def connect(self, told: Installed, by: Account, is_admin: bool, zone: str, join: str) -> Card:
        """What the page says. Raises `Refusal`."""
        ...


class Installing:
    """The two pages. `public` is where browsers find us, without a slash at its end."""

    def __init__(
        self,
        app: App,
        kept: Kept[W],
        founder: Founder,
        html: Html,
        clock: Clock,
        pool: Executor,
        public: str,
    ) -> None:
        self._app, self._founder, self._html = app, founder, html
        self._begin, self._come_back = kept.begin, kept.come_back
        self._clock, self._pool, self._public = clock, pool, public

    def routes(self) -> Iterable[Route]:
        """What the server must know."""
        return bodies.get(INSTALL, self.install), bodies.get(REDIRECT, self.come_back)

    @property
    def origin(self) -> str:
        """Where a browser is sent to."""
        at = urlsplit(self._app.api)
        return f"{at.scheme}://{at.netloc}"

    async def install(self, request: web.Request) -> web.Response:
        """Off to Slack."""
        return await self.begin(request)

    async def begin(self, request: web.Request, join: str = "") -> web.Response:
        """Off to Slack; `join` is the link that somebody came by."""
        known = request.cookies.get(COOKIE, "")
        mine = known if MINE.fullmatch(known) else secrets.token_urlsafe(32)
        state = await self._ask(self._begin, mine, join)
        asked = {
            "client_id": self._app.client_id,
            "scope": ",".join(SCOPES),
            "state": state,
            "redirect_uri": self._redirect,
        }
        response = web.Response(
            status=303,
            headers={
                "Location": f"{self.origin}/oauth/v2/authorize?{urlencode(asked)}",
                "Cache-Control": "no-store",
            },
        )
        response.set_cookie(
            COOKIE, mine, path="/slack", max_age=LIVES, httponly=True, samesite="Lax",
            secure=self._public.startswith("https://"),
        )  # fmt: skip
        return response

    async def come_back(self, request: web.Request) -> web.Response:
        """Back from Slack, with a code for a token, or without."""
        if request.method != "GET":  # a preview uses nothing up
            return web.Response(status=200)
        told = {name: request.query.get(name, "")[:LONGEST] for name in ("state", "code", "error")}
        mine = request.cookies.get(COOKIE, "")
        join = (
            await self._ask(self._come_back, told["state"], mine) if MINE.fullmatch(mine) else None
        )
        if told["error"] == "access_denied":
            return self._page(CANCELLED, 400)
        if join is None or not await self._ask(self._founder.may_join, join):
            return self._page(OVER, 400)
        if told["error"] or not told["code"]:
            return self._refused(told["error"] or "no code came back")
        try:
            installed, by = await self._exchange(told["code"])
            card = await self._ask(
                self._founder.connect, installed, by.account, by.is_admin, by.zone, join
            )
        except SlackApiError as refused:
            return self._refused(said(refused)) if said(refused) else self._page(SILENT, 502)
        except (ClientError, TimeoutError, OSError) as silent:
            log.warning("Slack does not answer", extra={"why": type(silent).__name__})
            return self._page(SILENT, 502)
        except Refusal as refusal:
            return self._page(Card("Nothing was connected", refusal.text), 409)
        return self._page(card, 200)

    async def _exchange(self, code: str) -> tuple[Installed, Installer]:
        answer = await self._app.access(code=code, redirect_uri=self._redirect)
        told = _installed(dict(answer.data), self._clock) if isinstance(answer.data, dict) else None
        if told is None:
            raise OSError("no answer of a kind that I know")
        return told, await self._installer(told)

    async def _installer(self, told: Installed) -> Installer:
        """Who they are, as far as Slack says it: without that they are no admin to us."""
        nobody = Installer(Account(NAME, told.tenant, told.installed_by))
        try:
            answer = await self._app.client(told.token).users_info(user=told.installed_by)
        except (SlackApiError, ClientError, TimeoutError, OSError) as silent:
            log.warning("no word on the installer", extra={"why": type(silent).__name__})
            return nobody
        user: dict[str, Any] = answer.get("user") or {}
        return installer(told.tenant, user) or nobody

    @property
    def _redirect(self) -> str:
        return f"{self._public}{REDIRECT}"

    def _refused(self, why: str) -> web.Response:
        log.warning("not connected", extra={"why": why})
        sentence = REFUSED.get(why, "Slack refused it ({why}).")
        told = sentence.format(redirect=self._redirect, why=why[:80])
        return self._page(Card("Nothing was connected", told), 400)

    def _page(self, card: Card, status: int) -> web.Response:
        again = f"{self._public}{INSTALL}" if status != 200 else ""
        return web.Response(
            text=self._html.fill("installing", card=card, again=again),
            status=status,
            content_type="text/html",
            headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"},
        )

    async def _ask(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        running = asyncio.get_running_loop()
        asked = running.run_in_executor(self._pool, partial(call, *args, **kwargs))
        return await asyncio.shield(asked)


def _installed(answer: dict[str, Any], clock: Clock) -> Installed | None:
    """Of `oauth.v2.access`. An org-wide install has no team."""
    team, enterprise = answer.get("team") or {}, answer.get("enterprise") or {}
    is_org_wide = bool(answer.get("is_enterprise_install"))
    where = enterprise if is_org_wide else team
    token, tenant = answer.get("access_token"), where.get("id")
    if not token or not tenant:
        return None
    lives = answer.get("expires_in")
    return Installed(
        tenant=str(tenant),
        name=str(where.get("name") or ""),
        enterprise_id=str(enterprise.get("id") or ""),
        is_org_wide=is_org_wide,
        bot_id=str(answer.get("bot_user_id") or ""),
        app_id=str(answer.get("app_id") or ""),
        scopes=str(answer.get("scope") or ""),
        installed_by=str((answer.get("authed_user") or {}).get("id") or ""),
        token=str(token),
        refresh_token=str(answer.get("refresh_token") or ""),
        expires_at=clock.now() + timedelta(seconds=int(lives)) if lives else None,
    )


def installer(tenant: str, user: dict[str, Any]) -> Installer | None:
    """Of a user as Slack describes them."""
    if not user.get("id"):
        return None
    profile = user.get("profile") or {}
    is_guest = bool(user.get("is_restricted") or user.get("is_ultra_restricted"))
    return Installer(
        Account(
            NAME,
            tenant,
            str(user["id"]),
            str(user.get("real_name") or profile.get("real_name") or user.get("name") or ""),
            str(profile.get("email") or ""),
            standing="guest" if is_guest else "",
        ),
        is_admin=not is_guest and bool(user.get("is_admin") or user.get("is_owner")),
        zone=str(user.get("tz") or ""),
    )
