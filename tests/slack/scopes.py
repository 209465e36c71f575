"""What each method and each event asks for, as in Slack's reference of both.

`tests/slack/test_manifest.py` holds manifest.yaml and `bot/slack` to these tables; the fake holds
every call to them.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

MANIFEST = Path(__file__).parents[2] / "manifest.yaml"


@dataclass(frozen=True)
class Method:
    """`scopes` by the kind of channel it is about, or one for all; the rate is calls a minute."""

    scopes: dict[str, str] = field(default_factory=dict)
    a_minute: int = 0  # 0: not limited here
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    is_open: bool = False  # called without a bot's token

    def scope(self, kind: str) -> str:
        return self.scopes.get(kind) or self.scopes.get("", "")


TIER_1, TIER_2, TIER_3, TIER_4 = 1, 20, 50, 100
READ = {"public": "channels:read", "private": "groups:read", "direct": "im:read",
        "group": "mpim:read"}  # fmt: skip
HISTORY = {"public": "channels:history", "private": "groups:history", "direct": "im:history",
           "group": "mpim:history"}  # fmt: skip
WRITING = (
    "text blocks thread_ts metadata unfurl_links unfurl_media parse link_names mrkdwn "
    "reply_broadcast client_msg_id username icon_emoji icon_url attachments"
)


def _method(scopes: str | dict[str, str], a_minute: int, needs: str = "", takes: str = "",
            is_open: bool = False) -> Method:  # fmt: skip
    by_kind = {"": scopes} if isinstance(scopes, str) else scopes
    return Method(by_kind, a_minute, frozenset(needs.split()), frozenset(takes.split()), is_open)


METHODS: dict[str, Method] = {
    "apps.connections.open": _method("", TIER_1 * 10, is_open=True),
    "auth.revoke": _method("", TIER_3, takes="test"),
    "auth.test": _method("", 0, takes="team_id"),
    "bots.info": _method("users:read", TIER_3, takes="bot team_id"),
    "chat.delete": _method("chat:write", TIER_3, "channel ts"),
    "chat.getPermalink": _method("", 0, "channel message_ts"),
    "chat.postEphemeral": _method("chat:write", TIER_4, "channel user", WRITING),
    "chat.postMessage": _method("chat:write", 0, "channel", WRITING),
    "chat.update": _method("chat:write", TIER_3, "channel ts", WRITING),
    "conversations.history": _method(HISTORY, TIER_3, "channel", "include_all_metadata latest "
                                     "oldest inclusive limit cursor"),
    "conversations.info": _method(READ, TIER_3, "channel", "include_locale include_num_members"),
    "conversations.join": _method("channels:join", TIER_3, "channel"),
    "conversations.list": _method("channels:read", TIER_2, "", "types limit cursor team_id "
                                  "exclude_archived"),
    "conversations.members": _method(READ, TIER_4, "channel", "limit cursor"),
    "conversations.open": _method("im:write", TIER_3, "", "users channel return_im "
                                  "prevent_creation"),
    "conversations.replies": _method(HISTORY, TIER_3, "channel ts", "include_all_metadata latest "
                                     "oldest inclusive limit cursor"),
    "oauth.v2.access": _method("", TIER_4, "", "client_id client_secret code redirect_uri "
                               "grant_type refresh_token", is_open=True),
    "reactions.add": _method("reactions:write", TIER_3, "channel name timestamp"),
    "reactions.get": _method("reactions:read", TIER_3, "", "channel timestamp full"),
    "reactions.remove": _method("reactions:write", TIER_2, "name", "channel timestamp"),
    "team.info": _method("team:read", TIER_3, "", "team"),
    "users.conversations": _method("channels:read", TIER_3, "", "types limit cursor user team_id "
                                   "exclude_archived"),
    "users.info": _method("users:read", TIER_4, "user", "include_locale"),
    "users.list": _method("users:read", TIER_2, "", "limit cursor team_id include_locale"),
    "users.lookupByEmail": _method("users:read.email", TIER_3, "email"),
    "views.open": _method("", TIER_4, "view", "trigger_id interactivity_pointer"),
    "views.publish": _method("", TIER_4, "user_id view", "hash"),
    "views.push": _method("", TIER_4, "view", "trigger_id"),
    "views.update": _method("", TIER_4, "view", "view_id external_id hash"),
}  # fmt: skip

EVENTS: dict[str, str] = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_id_changed": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_shared": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_unshared": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read",  # and groups:read for private ones
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_join": "users:read",
    "team_domain_change": "team:read",
    "tokens_revoked": "",
    "user_change": "users:read",
    "user_profile_changed": "users:read",
}


@cache
def manifest() -> dict[str, Any]:
    """Our app, as Slack knows it."""
    read: dict[str, Any] = yaml.safe_load(MANIFEST.read_text())
    return read


def asked_for() -> frozenset[str]:
    """The scopes that people are asked for when they install us."""
    return frozenset(manifest()["oauth_config"]["scopes"]["bot"])


def subscribed() -> frozenset[str]:
    """The events that Slack sends us."""
    return frozenset(manifest()["settings"]["event_subscriptions"]["bot_events"])


def commands() -> frozenset[str]:
    """The slash commands that people can type."""
    return frozenset(one["command"] for one in manifest()["features"]["slash_commands"])
