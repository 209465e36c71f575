"""Every way in, as Slack writes it: the payloads of slash commands, events and interactions."""

import re
from typing import Any

from tests.slack.methods import OURS, permalink
from tests.slack.screen import Control
from tests.slack.world import Channel, Message, User, View, Workspace

JSON = dict[str, Any]
VERIFICATION = "verification-token-of-the-fake"
_KEPT = re.compile(r"<(?:@[UW][A-Z0-9]+|#C[A-Z0-9]+)>")
_LINK = re.compile(r"https?://[^\s<>|]+")
_ADDRESS = re.compile(r"(?<![\w@/])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def escaped(text: str, of: Workspace, *, with_names: bool) -> str:
    """What Slack makes of what somebody types: three escapes, mentions by id, links in brackets.

    `with_names` as in slash commands (`<@U1|dana>`); messages carry the id alone.
    """
    people = sorted(of.people, key=lambda one: -len(one.handle))
    parts = re.split(r"(<(?:@[UW]|#C)[A-Z0-9]+>)", text)
    return "".join(
        _named(one, of) if with_names and _KEPT.fullmatch(one)
        else one if _KEPT.fullmatch(one)
        else _typed(one, people, of, with_names)
        for one in parts
    )  # fmt: skip


def _typed(text: str, people: list[User], of: Workspace, with_names: bool) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _LINK.sub(lambda found: f"<{found[0]}>", text)
    text = _ADDRESS.sub(lambda found: f"<mailto:{found[0]}|{found[0]}>", text)
    for one in people:
        for name in (one.handle, one.name):
            mention = f"<@{one.id}|{one.handle}>" if with_names else f"<@{one.id}>"
            text = re.sub(rf"(?<![\w@.])@{re.escape(name)}\b", mention, text, flags=re.IGNORECASE)
    for each in of.channels:
        if each.kind == "public":
            mention = f"<#{each.id}|{each.name if with_names else ''}>"
            text = re.sub(rf"(?<!\w)#{re.escape(each.name)}\b", mention, text)
    return text


def _named(token: str, of: Workspace) -> str:
    found = of.world.user(token[2:-1]) or of.world.channel(token[2:-1])
    name = found.handle if isinstance(found, User) else found.name if found else ""
    return f"{token[:-1]}|{name}>"


def slash(command: str, text: str, who: User, at: Channel, trigger: str, url: str) -> JSON:
    """A slash command, as the fields of a form."""
    names = {"direct": "directmessage", "private": "privategroup", "group": "mpdm"}
    org = who.of.org
    told = {
        "token": VERIFICATION, "team_id": who.of.id, "team_domain": who.of.domain,
        "channel_id": at.id, "channel_name": names.get(at.kind, at.name), "user_id": who.id,
        "user_name": who.handle, "command": command, "text": text, "api_app_id": OURS,
        "is_enterprise_install": str(who.of.installation.is_org).lower(),
        "response_url": url, "trigger_id": trigger,
    }  # fmt: skip
    return told | ({"enterprise_id": org.id, "enterprise_name": org.name} if org else {})


# interactions


def _interaction(kind: str, who: User, of: Workspace, trigger: str) -> JSON:
    org = of.org
    told: JSON = {
        "type": kind, "api_app_id": OURS, "token": VERIFICATION,
        "user": {"id": who.id, "username": who.handle, "name": who.handle, "team_id": who.of.id},
        "team": {"id": of.id, "domain": of.domain},
        "enterprise": {"id": org.id, "name": org.name} if org else None,
        "is_enterprise_install": of.installation.is_org,
    }  # fmt: skip
    if org:
        told["team"] |= {"enterprise_id": org.id, "enterprise_name": org.name}
    return told | ({"trigger_id": trigger} if trigger else {})


def pressed(
    who: User, on: Message | View, action: JSON, values: JSON, trigger: str, url: str
) -> JSON:
    """`block_actions`: a button or a menu, on a message or a view."""
    of = on.channel.of if isinstance(on, Message) else on.user.of
    told = _interaction("block_actions", who, of, trigger)
    told |= {"actions": [action], "state": {"values": values}}
    if isinstance(on, View):
        seen = on.as_json() | {"state": {"values": values}}
        return told | {"view": seen, "container": {"type": "view", "view_id": on.id}}
    container = {"type": "message", "message_ts": on.ts, "channel_id": on.channel.id,
                 "is_ephemeral": on.only_for is not None}  # fmt: skip
    if on.under:
        container["thread_ts"] = on.under
    told |= {"container": container, "response_url": url}
    told["channel"] = {"id": on.channel.id, "name": on.channel.name}
    return told if on.only_for else told | {"message": on.as_json()}


def action(control: Control, chosen: JSON, at: str) -> JSON:
    """What was pressed, and what was chosen there."""
    of = control.element
    told = {"type": of["type"], "action_id": of["action_id"], "action_ts": at,
            "block_id": control.block["block_id"], **chosen}  # fmt: skip
    for key in ("text", "value", "style", "url"):
        if key in of:
            told[key] = of[key]
    return told


def submitted(who: User, view: View, values: JSON, trigger: str) -> JSON:
    told = _interaction("view_submission", who, who.of, trigger)
    return told | {"view": view.as_json() | {"state": {"values": values}}, "response_urls": []}


def closed(who: User, view: View) -> JSON:
    told = _interaction("view_closed", who, who.of, "")
    return told | {"view": view.as_json(), "is_cleared": False}


def shortcut(who: User, callback: str, trigger: str, at: str, on: Message | None, url: str) -> JSON:
    """A global shortcut, or with a message one of its menu."""
    if on is None:
        told = _interaction("shortcut", who, who.of, trigger)
        return told | {"callback_id": callback, "action_ts": at}
    told = _interaction("message_action", who, on.channel.of, trigger)
    return told | {
        "callback_id": callback, "action_ts": at, "response_url": url, "message_ts": on.ts,
        "channel": {"id": on.channel.id, "name": on.channel.name}, "message": on.as_json(),
    }  # fmt: skip


# events


def event(inner: JSON, of: Workspace, id: str, now: float, *, is_shared: bool = False) -> JSON:
    """An event, in the envelope that carries it."""
    into = of.installation
    org = of.org
    return {
        "token": VERIFICATION, "team_id": of.id, "api_app_id": OURS, "type": "event_callback",
        "event": inner, "event_id": id, "event_time": int(now), "context_team_id": of.id,
        "context_enterprise_id": org.id if org else None, "is_ext_shared_channel": is_shared,
        "event_context": f"4-{id}",
        "authorizations": [{
            "enterprise_id": org.id if org else None,
            "team_id": None if into.is_org else of.id,
            "user_id": into.own_bot.id if into.own_bot else "", "is_bot": True,
            "is_enterprise_install": into.is_org,
        }],
        **({"enterprise_id": org.id} if org else {}),
    }  # fmt: skip


def said(message: Message, who: User, kind: str) -> JSON:
    """A message as an event: of the channel it was said in, or of a mention in it."""
    types = {"public": "channel", "private": "group", "direct": "im", "group": "mpim"}
    told: JSON = {
        "type": kind, "user": who.id, "text": message.said["text"], "ts": message.ts,
        "channel": message.channel.id, "event_ts": message.ts, "team": who.of.id,
        "client_msg_id": f"of-{message.ts}", "blocks": _rich(message.said["text"]),
    }  # fmt: skip
    if message.under:
        told |= {"thread_ts": message.under, "parent_user_id": who.id}
    if kind == "message":
        told["channel_type"] = types[message.channel.kind]
    if who.of is not message.channel.of:
        told |= {"user_team": who.of.id, "source_team": who.of.id}
    return told


def _rich(text: str) -> list[JSON]:
    run = {"type": "text", "text": text}
    section = {"type": "rich_text_section", "elements": [run]}
    return [{"type": "rich_text", "block_id": "typed", "elements": [section]}]


def link(message: Message) -> str:
    """Where a browser finds it."""
    return permalink(message.channel, message.ts)
