"""Slack's own app, under both transports: it says who sent what, and to whom of ours it goes.

The signature is checked before it (`bot.slack.door`), and what it makes of a body that nobody
expected is no error of ours: it is told apart here, and never a 5xx.
"""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import trouble
from bot.slack.doings import Here
from bot.slack.hearing import OK, Body, Hearing, arrived
from bot.slack.payloads import Junk, Payload

log = logging.getLogger(__name__)
ANY = re.compile(".*", re.DOTALL)
UNKNOWN = "I am not connected to this workspace. An admin of it can connect me, or connect me anew."
AWAY = trouble.NOT_READ["away"]
UNASKED = ("app_uninstalled", "tokens_revoked")  # of which the SDK asks nobody whose they are
Way = Callable[[Payload, Here], Awaitable[Body]]
Event = Callable[[Payload, Here], Awaitable[None]]


class Installed(Protocol):
    """Who we are where something was done."""

    async def here(self, team: str, enterprise: str, is_org_wide: bool) -> Here | None:
        """Nothing where we are not, or no longer, installed."""
        ...


class Listening:
    """`also` are events of the platform itself, by their type: who came, what was renamed."""

    def __init__(
        self, hearing: Hearing, installed: Installed, also: Mapping[str, Event] | None = None
    ) -> None:
        self._also = dict(also or {})
        self._events: dict[str, Way] = {
            "app_mention": hearing.hear_message,
            "message": hearing.hear_message,
            "reaction_added": hearing.hear_reaction,
            "app_home_opened": hearing.hear_home,
        }
        self._app = self._made(hearing, installed)

    async def hear(self, payload: Payload) -> tuple[int, str, str]:
        """The status, the body and its type, for whichever transport it came by."""
        arrived.set(asyncio.get_running_loop().time())
        try:
            request = AsyncBoltRequest(body=payload, mode="socket_mode")
            response = await self._app.async_dispatch(request)
        except Exception as odd:  # noqa: BLE001  the SDK fails in any way on what it does not expect
            return _junk(odd)
        if response.status == 404:
            log.warning("not ours", extra={"kind": str(payload.get("type", ""))[:40]})
            return 200, "", "text/plain"
        kind = response.headers.get("content-type", ["text/plain"])[0].partition(";")[0]
        return response.status, response.body or "", kind

    def _made(self, hearing: Hearing, installed: Installed) -> AsyncApp:
        quiet = logging.getLogger("slack_bolt")
        quiet.setLevel(logging.CRITICAL)  # it logs what people typed
        app = AsyncApp(
            name="throughline",
            logger=quiet,
            signing_secret="",
            authorize=_Knowing(installed),
            request_verification_enabled=False,  # the door has
            process_before_response=True,  # a listener ends when it is acknowledged
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        app.error(_failed)
        app.command(ANY)(_listener(hearing.hear_slash, installed))
        app.action(ANY)(_listener(hearing.hear_press, installed))
        app.view_submission(ANY)(_listener(hearing.hear_form, installed))
        app.view_closed(ANY)(_listener(_nothing, installed))
        app.options(ANY)(_listener(_nothing, installed))
        app.message_shortcut(ANY)(_listener(hearing.hear_shortcut_on, installed))
        app.global_shortcut(ANY)(_listener(hearing.hear_shortcut, installed))
        app.event(ANY)(_listener(self._hear_event, installed))
        return app

    async def _hear_event(self, payload: Payload, here: Here) -> Body:
        event = payload.get("event")
        kind = event.get("type") if isinstance(event, dict) else None
        if not isinstance(kind, str):
            raise Junk("event.type")
        if kind in self._also:
            await self._also[kind](payload, here)
        if kind in self._events:
            await self._events[kind](payload, here)
        return OK


class _Knowing(AsyncAuthorize):
    """Who we are there, as we remember it: Slack is not asked for each request."""

    def __init__(self, installed: Installed) -> None:
        self._installed = installed

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult:
        here, is_org_wide = None, bool(context.is_enterprise_install)
        try:
            here = await self._installed.here(team_id or "", enterprise_id or "", is_org_wide)
        except Exception:  # the edge: Slack is asked to come again
            log.exception("failed")
            context["is_broken"] = True
        context["here"] = here
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=here.bot_user if here else "",
            bot_token="",  # calls are made elsewhere
        )


async def _nothing(_payload: Payload, _here: Here) -> Body:
    return OK


def _listener(way: Way, installed: Installed) -> Callable[..., Awaitable[BoltResponse]]:
    """One way in, as the SDK calls it."""

    async def listen(body: Payload, context: AsyncBoltContext) -> BoltResponse:
        here = context.get("here")
        if (body.get("event") or {}).get("type") in UNASKED:
            team, enterprise = context.team_id or "", context.enterprise_id or ""
            here = await installed.here(team, enterprise, bool(context.is_enterprise_install))
        if not isinstance(here, Here):
            if context.get("is_broken") and "command" not in body:
                return BoltResponse(status=503, body="")
            text = AWAY if context.get("is_broken") else UNKNOWN
            is_slash = "command" in body
            return _response({"response_type": "ephemeral", "text": text} if is_slash else OK)
        try:
            return _response(await way(body, here))
        except Junk as junk:
            log.warning("not understood", extra={"piece": str(junk)})
            return BoltResponse(status=400, body="")

    return listen


def _response(body: Body) -> BoltResponse:
    if not body:
        return BoltResponse(status=200, body="")
    headers: dict[str, str | Sequence[str]] = {"content-type": "application/json;charset=utf-8"}
    return BoltResponse(status=200, body=json.dumps(body, ensure_ascii=False), headers=headers)


async def _failed(error: Exception) -> BoltResponse:
    """The SDK could not make sense of it, or we are broken: the log tells the two apart."""
    status, body, _ = _junk(error)
    return BoltResponse(status=status, body=body)


def _junk(odd: Exception) -> tuple[int, str, str]:
    log.warning("not understood", exc_info=odd)
    return 400, "", "text/plain"
