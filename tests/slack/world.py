"""What exists in the fake Slack: workspaces, people, channels, messages, and our app in them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from tests.slack.mrkdwn import World as Mentionable

JSON = dict[str, Any]
Kind = Literal["public", "private", "direct", "group"]


@dataclass(eq=False)
class User:
    """Somebody in a workspace. Also our bot is one, in each workspace where it is installed."""

    id: str
    name: str
    of: "Workspace"
    email: str = ""
    zone: str = "Europe/Berlin"
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    is_deactivated: bool = False
    is_confirmed: bool = True  # their address

    def __str__(self) -> str:
        return f"<@{self.id}>"

    @property
    def handle(self) -> str:
        return self.name.lower().replace(" ", ".")


@dataclass(eq=False)
class Message:
    """One message as it stands, or one that a single person sees."""

    ts: str
    channel: "Channel"
    by: str
    said: JSON
    under: str = ""
    only_for: User | None = None
    edits: int = 0
    is_deleted: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def metadata(self) -> JSON:
        return dict(self.said.get("metadata") or {})

    def as_json(self) -> JSON:
        is_ours = self.by in {one.bot.id for one in self.channel.of.connected}
        told = {"type": "message", "user": self.by, "ts": self.ts, "text": self.said["text"]}
        told |= {"blocks": self.said["blocks"]} if self.said.get("blocks") else {}
        told |= {"thread_ts": self.under} if self.under else {}
        told |= {"bot_id": "B0OURS", "app_id": "A0OURS"} if is_ours else {}
        told |= {"edited": {"user": self.by, "ts": self.ts}} if self.edits else {}
        if self.reactions:
            told["reactions"] = [
                {"name": name, "users": who, "count": len(who)}
                for name, who in self.reactions.items()
            ]
        return told


@dataclass(eq=False)
class Channel:
    """One place where things are said."""

    id: str
    name: str
    of: "Workspace"
    kind: Kind = "public"
    members: list[User] = field(default_factory=list)
    shared_with: list["Workspace"] = field(default_factory=list)
    is_archived: bool = False
    messages: list[Message] = field(default_factory=list)

    def __str__(self) -> str:
        return f"<#{self.id}>"

    def may_see(self, user: User) -> bool:
        return user in self.members or (self.kind == "public" and not user.is_guest)

    def message(self, ts: str) -> Message | None:
        standing = [one for one in self.messages if one.ts == ts and not one.is_deleted]
        return standing[0] if standing else None


@dataclass(eq=False)
class View:
    """A modal that somebody has open, or their home page."""

    id: str
    user: User
    shown: JSON
    hash: str
    channel: Channel | None = None
    is_open: bool = True

    def as_json(self) -> JSON:
        standard = {"private_metadata": "", "callback_id": "", "external_id": "", "state": {}}
        own = {"id": self.id, "team_id": self.user.of.id, "hash": self.hash, "app_id": "A0OURS"}
        return standard | self.shown | own | {"root_view_id": self.id, "previous_view_id": None}


@dataclass(eq=False)
class Grant:
    """What a token may do, and until when. `of` is an organisation if it was installed in all."""

    token: str
    of: "Workspace"
    scopes: frozenset[str]
    ends_at: float | None = None
    refresh: str = ""
    is_revoked: bool = False


@dataclass(eq=False)
class Workspace:
    """One team, or with `is_org` an enterprise that has some."""

    id: str
    name: str
    world: "Everything"
    org: "Workspace | None" = None
    is_org: bool = False
    rotates: bool = False
    people: list[User] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    grant: Grant | None = None
    own_bot: User | None = None

    @property
    def domain(self) -> str:
        return self.name.lower().replace(" ", "-")

    @property
    def installation(self) -> "Workspace":
        """Where our app was installed for this workspace: here, or in the whole organisation."""
        return self.org if self.org is not None and self.org.grant else self

    @property
    def bot(self) -> User:
        """Our bot, as people here mention it."""
        bot = self.installation.own_bot
        assert bot is not None, f"Throughline was never installed in {self.name}"
        return bot

    @property
    def token(self) -> str:
        grant = self.installation.grant
        assert grant is not None, f"Throughline is not installed in {self.name}"
        return grant.token

    @property
    def connected(self) -> list["Workspace"]:
        """Every workspace where our bot has an account by now."""
        return [one for one in self.world.workspaces if one.installation.own_bot]

    def person(self, name: str, *, email: str | None = None, **told: Any) -> User:
        """Somebody joins this workspace: `is_guest`, `is_admin`, `is_deactivated`, `is_bot` …"""
        user = User(self.world.id("U"), name, self, **told)
        user.email = f"{user.handle}@{self.domain}.example" if email is None else email
        self.people.append(user)
        return user

    def channel(
        self, name: str, *members: User, kind: Kind = "public", with_us: bool = True,
        is_archived: bool = False,
    ) -> Channel:  # fmt: skip
        """A channel with these people, and with our bot unless said otherwise.

        People of another workspace make it a shared one (Slack Connect).
        """
        prefix = {"public": "C", "private": "C", "direct": "D", "group": "G"}[kind]
        channel = Channel(self.world.id(prefix), name, self, kind, list(members))
        channel.is_archived = is_archived
        channel.shared_with = sorted(
            {one.of for one in members} - {self, self.org}, key=lambda each: each.id
        )
        if with_us and self.installation.own_bot:
            channel.members.append(self.bot)
        self.channels.append(channel)
        return channel

    def direct(self, user: User) -> Channel:
        """The conversation of somebody with our bot."""
        for one in self.channels:
            if one.kind == "direct" and user in one.members and self.bot in one.members:
                return one
        return self.channel(user.handle, user, kind="direct")


@dataclass
class Everything:
    """All there is, and the time."""

    now: Callable[[], float] = time.time
    workspaces: list[Workspace] = field(default_factory=list)
    grants: dict[str, Grant] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)  # by person
    faults: list[str] = field(default_factory=list)
    _ids: Any = field(default_factory=lambda: count(1))
    _last: float = 0.0

    def id(self, prefix: str) -> str:
        return f"{prefix}0{next(self._ids):08d}"

    def ts(self) -> str:
        """A message's timestamp, which is its id: never twice the same."""
        self._last = max(self.now(), self._last + 0.000002)
        return f"{self._last:.6f}"

    def user(self, id: str) -> User | None:
        every = [one for each in self.workspaces for one in each.people]
        return next((one for one in every if one.id == id), None)

    def channel(self, id: str) -> Channel | None:
        every = [one for each in self.workspaces for one in each.channels]
        return next((one for one in every if one.id == id), None)

    def mentionable(self) -> Mentionable:
        return Mentionable(
            {one.id for each in self.workspaces for one in each.people},
            {one.id for each in self.workspaces for one in each.channels},
        )
