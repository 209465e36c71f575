"""Answers whoever did something, by whichever way is open to them."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

import aiohttp

from bot.messages import Channel
from bot.platforms import NotSent, Unknown, Unreachable
from bot.slack.calls import Calls, Refused
from bot.slack.doings import Doing

log = logging.getLogger(__name__)
Payload = Mapping[str, Any]
SECONDS = 5.0  # for one use of a response_url
FAILED = (NotSent, Unknown, Unreachable, Refused)
BARE = {"unfurl_links": False, "unfurl_media": False}


class Replies:
    """Every call here is tried once, or once by each way: an answer that is late is none."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._http: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._http:
            await self._http.close()

    async def tell(self, doing: Doing, at: Channel, messages: Iterable[Payload]) -> None:
        """Show these to whoever did it, and to nobody else."""
        for message in messages:
            if at.privacy == "direct":
                is_told = await self._post(at.tenant, at.id, doing.under, message)
            else:
                is_told = await self._respond(doing, message) or await self._whisper(
                    doing, at, message
                )
            if not is_told and at.id != doing.who.id:
                is_told = await self._post(at.tenant, doing.who.id, "", message)
            if not is_told:
                log.warning("not answered", extra={"way": doing.reach.way})

    async def _respond(self, doing: Doing, message: Payload) -> bool:
        """By the address that came with it. It says by its status whether that was heard."""
        url = doing.reach.response_url
        if not url.startswith(("https://", "http://")):
            return False
        told = {**message, "response_type": "ephemeral", "replace_original": False}
        if doing.under:
            told["thread_ts"] = doing.under
        try:
            async with self._session().post(url, json=told) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _whisper(self, doing: Doing, at: Channel, message: Payload) -> bool:
        thread = {"thread_ts": doing.under} if doing.under else {}
        return await self._is_done(
            at.tenant,
            "chat.postEphemeral",
            channel=at.id,
            user=doing.who.id,
            **message,
            **thread,
        )

    async def _post(self, tenant: str, channel: str, under: str, message: Payload) -> bool:
        thread = {"thread_ts": under} if under else {}
        return await self._is_done(
            tenant, "chat.postMessage", channel=channel, **message, **thread, **BARE
        )

    async def open(self, tenant: str, doing: Doing, view: Payload) -> bool:
        """Show this modal, over the one that stands open. False where the trigger is over."""
        if not doing.reach.trigger:
            return False
        method = "views.push" if doing.reach.way == "modal" else "views.open"
        return await self._is_done(tenant, method, trigger_id=doing.reach.trigger, view=view)

    async def update(self, tenant: str, doing: Doing, view: Payload) -> bool:
        """Show this in the modal that stands open."""
        return await self._is_done(tenant, "views.update", view_id=doing.reach.view, view=view)

    async def publish(self, tenant: str, user: str, view: Payload) -> bool:
        """Show this as somebody's home."""
        return await self._is_done(tenant, "views.publish", user_id=user, view=view)

    async def _is_done(self, tenant: str, method: str, **told: Any) -> bool:
        try:
            await self._calls.tell(tenant, method, **told)
        except FAILED as why:
            log.info("not shown", extra={"method": method, "why": str(why)})
            return False
        return True

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        return self._http
