"""Says in Slack what the sender sends: each message once, with our own id in it to be found by."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.doctor import Finding
from bot.messages import Account, Card, Channel
from bot.platforms import Gone, NotSent, Unknown
from bot.slack import blocks
from bot.slack.calls import Calls, Refused
from bot.slack.checking import check
from bot.slack.reasons import unreachable
from bot.slack.seen import Seen
from bot.slack.workspaces import NAME

EVENT = "throughline_message"  # of the metadata that carries our id
POSTS, EDITS = 1.0, 1.2  # seconds: about one message a second in a channel, and tier 3
EARLIER = timedelta(minutes=2)  # for clocks that disagree
PAGES = 20  # of one look: what was said since has an end
LOST = ("message_not_found", "cant_update_message", "edit_window_closed")  # or is not ours any more
NOT_FOUND = ("thread_not_found", "message_not_found")


class Places(Protocol):
    """What is remembered of a place; asked in a pool."""

    def was_removed(self, channel: Channel) -> bool:
        """Whether somebody took us out of there, and nobody has asked us in again."""
        ...


class Saying:
    """A `bot.platforms.Platform`.

    `seen` is a place as whoever reads there sees it: drawing asks who somebody is, in `pool`.
    """

    name = NAME
    can_find = True

    def __init__(
        self,
        calls: Calls,
        seen: Callable[[Channel], Seen],
        places: Places,
        pool: Executor,
    ) -> None:
        self._calls, self._seen, self._places, self._pool = calls, seen, places, pool
        self._joined: set[tuple[str, str]] = set()

    async def post(self, channel: Channel, under: str, card: Card, uid: str) -> str:
        """The message's id is its time, as Slack counts it."""
        drawn = await self._in_pool(self._drawn, card, channel)
        thread = {"thread_ts": under} if under else {}
        try:
            await self._come_in(channel)
            said = await self._calls.tell(
                channel.tenant,
                "chat.postMessage",
                channel=channel.id,
                **drawn,
                **thread,
                unfurl_links=False,
                unfurl_media=False,
                client_msg_id=uid,
                metadata={"event_type": EVENT, "event_payload": {"id": uid}},
            )
        except Refused as told:
            raise unreachable(told) from told
        return str(said["ts"])

    async def _come_in(self, channel: Channel) -> None:
        """Only who is in a channel may look there for what was perhaps said."""
        here = (channel.tenant, channel.id)
        if channel.id.startswith("D"):
            return
        if await self._in_pool(self._places.was_removed, channel):
            self._joined.discard(here)
            raise Refused("removed")
        if here in self._joined:
            return
        try:
            await self._calls.tell(channel.tenant, "conversations.join", channel=channel.id)
        except Unknown as lost:
            raise NotSent(why=f"not joined: {lost}") from lost
        except Refused as told:
            # a private channel cannot be joined; whether we are in there, posting will tell
            if told.error != "method_not_supported_for_channel_type":
                return
        self._joined.add(here)

    async def edit(self, channel: Channel, message_id: str, card: Card) -> None:
        drawn = await self._in_pool(self._drawn, card, channel)
        try:
            await self._calls.tell(
                channel.tenant, "chat.update", channel=channel.id, ts=message_id, **drawn
            )
        except Refused as told:
            if told.error in LOST:
                raise Gone(told.error) from told
            raise unreachable(told) from told

    async def find(self, channel: Channel, uid: str, under: str, since: datetime) -> str | None:
        """What was said is seen there a little later: one look that finds nothing proves little."""
        asked = {"channel": channel.id, "oldest": f"{(since - EARLIER).timestamp():.6f}"}
        method = "conversations.history"
        if under:
            asked, method = {"channel": channel.id, "ts": under}, "conversations.replies"
        count = 0
        try:
            async for page in self._calls.pages(
                channel.tenant, method, include_all_metadata="true", **asked
            ):
                for message in page.get("messages") or ():
                    if _uid(message) == uid:
                        return str(message["ts"])
                count += 1
                if count == PAGES and page.get("has_more"):
                    raise Refused("too much to look through")
        except Refused as told:
            if told.error in NOT_FOUND:
                return None
            raise unreachable(told) from told
        return None

    async def private(self, account: Account) -> Channel:
        """Asked again, it is the same conversation."""
        try:
            if await self._calls.tokens.one(account.tenant) is None:
                raise Refused("stranger")
            said = await self._calls.tell(account.tenant, "conversations.open", users=account.id)
        except Refused as told:
            raise unreachable(told) from told
        return Channel(self.name, account.tenant, said["channel"]["id"], account.name, "direct")

    def lane(self, channel: Channel, is_edit: bool) -> tuple[str, float]:
        """Posts share a limit in their channel, edits in their workspace."""
        if is_edit:
            return f"{self.name}/{channel.tenant}/chat.update", EDITS
        return f"{self.name}/{channel.tenant}/chat.postMessage/{channel.id}", POSTS

    async def members(self, channel: Channel) -> Collection[Account]:
        """By their ids alone; who is not of this company is not told apart here."""
        found: list[str] = []
        try:
            async for page in self._calls.pages(
                channel.tenant, "conversations.members", channel=channel.id
            ):
                found += page.get("members") or ()
        except Refused as told:
            raise unreachable(told) from told
        return [Account(self.name, channel.tenant, id) for id in found]

    async def check(self) -> Collection[Finding]:
        return await check(self._calls)

    def _drawn(self, card: Card, channel: Channel) -> dict[str, Any]:
        return blocks.message(card, self._seen(channel), card.key)

    async def _in_pool(self, work: Callable[..., Any], *given: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *given)


def _uid(message: Mapping[str, Any]) -> str:
    """Our id in one message of a history; others may carry metadata of any shape."""
    metadata = message.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return str(payload.get("id", "")) if isinstance(payload, dict) else ""
