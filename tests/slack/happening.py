"""What happens in the fake Slack's world without us: each change is told as events."""

from typing import Any

from tests.slack.api import Call
from tests.slack.carrying import Carrying
from tests.slack.methods import told_of_user
from tests.slack.screen import Shown
from tests.slack.world import Channel, User, Workspace

JSON = dict[str, Any]


class Happening(Carrying):
    """Changes of people, channels and installations."""

    async def _told(self, of: Workspace, name: str, **inner: Any) -> Shown:
        inner |= {"type": name, "event_ts": self.web.world.ts()}
        return await self._tell(of.bot, of, [(name, inner)], waits=False)

    async def joins(self, who: User, channel: Channel) -> Shown:
        """Somebody, or our bot, comes into a channel."""
        channel.members.append(who)
        if channel.of.bot not in channel.members:
            return Shown(who)
        kind = "C" if channel.kind == "public" else "G"
        return await self._told(
            channel.of, "member_joined_channel", user=who.id, channel=channel.id,
            channel_type=kind, team=who.of.id,
        )  # fmt: skip

    async def leaves(self, who: User, channel: Channel) -> Shown:
        """Somebody goes, or our bot is removed."""
        was_there = channel.of.bot in channel.members
        channel.members.remove(who)
        if who is channel.of.bot:
            name = "channel_left" if channel.kind == "public" else "group_left"
            return await self._told(channel.of, name, channel=channel.id, actor_id="")
        if not was_there:
            return Shown(who)
        kind = "C" if channel.kind == "public" else "G"
        return await self._told(
            channel.of, "member_left_channel", user=who.id, channel=channel.id,
            channel_type=kind, team=who.of.id,
        )  # fmt: skip

    async def renames(self, channel: Channel, name: str) -> Shown:
        channel.name = name
        told = {"id": channel.id, "name": name, "created": 1700000000}
        return await self._of(channel, "rename", told)

    async def archives(self, channel: Channel) -> Shown:
        channel.is_archived = True
        return await self._of(channel, "archive", channel.id)

    async def unarchives(self, channel: Channel) -> Shown:
        channel.is_archived = False
        return await self._of(channel, "unarchive", channel.id)

    async def deletes(self, channel: Channel) -> Shown:
        shown = await self._of(channel, "deleted", channel.id)
        channel.of.channels.remove(channel)
        return shown

    async def _of(self, channel: Channel, what: str, told: object) -> Shown:
        if channel.kind != "public" and channel.of.bot not in channel.members:
            return Shown(channel.of.bot)
        noun = "channel" if channel.kind == "public" else "group"
        return await self._told(channel.of, f"{noun}_{what}", channel=told)

    async def moves(self, channel: Channel) -> str:
        """The channel gets another id, as when it is shared with another company. Gives it."""
        before, channel.id = channel.id, self.web.world.id("C")
        await self._told(channel.of, "channel_id_changed", old_channel_id=before,
                         new_channel_id=channel.id)  # fmt: skip
        return channel.id

    async def arrives(self, who: User) -> Shown:
        """Somebody new in the workspace."""
        return await self._told(who.of, "team_join", user=self.as_json(who))

    async def changes(self, who: User, **told: Any) -> Shown:
        """A name, a zone, an address; `is_deactivated=True` is a departure."""
        for key, value in told.items():
            assert hasattr(who, key), key
            setattr(who, key, value)
        return await self._told(who.of, "user_change", user=self.as_json(who))

    def as_json(self, who: User) -> JSON:
        """Somebody as our bot is told of them."""
        return told_of_user(Call("users.info", {}, self.web, who.of.installation.grant), who)

    async def revokes(self, of: Workspace) -> Shown:
        """Our token there is taken away."""
        return await self.uninstalls(of, order=("tokens_revoked",))

    async def uninstalls(
        self, of: Workspace, *, order: tuple[str, ...] = ("app_uninstalled", "tokens_revoked")
    ) -> Shown:
        """Our app is removed; Slack tells of it in either order."""
        into = of.installation
        assert into.grant is not None
        gone, shown = into.grant, Shown(of.bot)
        for name in order:
            tokens = {"tokens": {"oauth": [], "bot": [of.bot.id]}}
            shown = await self._told(of, name, **(tokens if name == "tokens_revoked" else {}))
        gone.is_revoked = True
        return shown
