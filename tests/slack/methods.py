"""What each method of the Web API does in the fake Slack's world."""

import base64
import copy
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from tests.slack import limits
from tests.slack.api import Call, Error
from tests.slack.world import Channel, Grant, Message, User, View, Workspace

JSON = dict[str, Any]
ANSWERS: dict[str, Callable[[Call], JSON]] = {}
TRIGGER_LIVES = 3.0
OURS = "A0OURS"


def answers(method: str) -> Callable[[Callable[[Call], JSON]], Callable[[Call], JSON]]:
    """This function answers that method."""

    def keep(answer: Callable[[Call], JSON]) -> Callable[[Call], JSON]:
        ANSWERS[method] = answer
        return answer

    return keep


# who we are


@answers("auth.test")
def _who(call: Call) -> JSON:
    of, us = call.of, call.us
    told = {"url": f"https://{of.domain}.slack.com/", "team": of.name, "team_id": of.id}
    told |= {"user": us.handle, "user_id": us.id, "bot_id": "B0OURS", "app_id": OURS}
    org = of if of.is_org else of.org
    told |= {"enterprise_id": org.id, "enterprise_name": org.name} if org else {}
    return told | {"is_enterprise_install": of.is_org}


@answers("auth.revoke")
def _revoke(call: Call) -> JSON:
    assert call.grant is not None
    if not call.args.get("test"):
        call.grant.is_revoked = True
    return {"revoked": not call.args.get("test")}


@answers("team.info")
def _team(call: Call) -> JSON:
    id = call.args.get("team") or call.of.id
    for one in call.world.workspaces:
        if one.id == id and call.of in (one, one.org):
            org = {"enterprise_id": one.org.id, "enterprise_name": one.org.name} if one.org else {}
            return {"team": {"id": one.id, "name": one.name, "domain": one.domain, **org}}
    raise Error("team_not_found")


@answers("apps.connections.open")
def _connect(call: Call) -> JSON:
    token = call.args.pop("_authorization").removeprefix("Bearer ")
    return {"url": call.api.ticket(token)}


# saying


def _checked(call: Call, *, is_edit: bool = False) -> JSON:
    """What is to be said, with an id for each block; refused if Slack would refuse it."""
    said: JSON = {k: call.args[k] for k in ("text", "blocks", "metadata") if k in call.args}
    faults = limits.of_message(said, call.world.mentionable(), is_edit=is_edit)
    for key in ("link_names", "icon_url", "icon_emoji", "username", "attachments"):
        if call.args.get(key):
            faults.append(f"{key} is not ours to set")
    if call.args.get("parse") not in (None, "none"):
        faults.append("parse would make mentions of what somebody typed")
    if metadata := said.get("metadata"):
        faults += _of_metadata(metadata)
    if faults:
        for fault in faults:
            call.api.fault(f"{call.method}: {fault}")
        raise Error("invalid_blocks", response_metadata={"messages": faults})
    return with_ids(said)


def _about(call: Call) -> set[tuple[str, str]]:
    """Which methods were called about which channels."""
    return {(method, str(args.get("channel"))) for method, args in call.api.calls}


def _of_metadata(metadata: Any) -> list[str]:
    if not isinstance(metadata, dict) or metadata.keys() != {"event_type", "event_payload"}:
        return ["metadata is event_type and event_payload"]
    return [] if isinstance(metadata["event_payload"], dict) else ["event_payload is an object"]


def with_ids(said: JSON) -> JSON:
    """Slack gives each block an id that has none."""
    said, number = copy.deepcopy(said), count(1)
    for block in said.get("blocks") or []:
        block.setdefault("block_id", f"slack-{next(number)}")
    return said


@answers("chat.postMessage")
def _post(call: Call) -> JSON:
    channel = call.channel()
    if channel.is_archived:
        raise Error("is_archived")
    if call.us not in channel.members:
        assert call.grant is not None
        if "chat:write.public" not in call.grant.scopes:
            raise Error("not_in_channel")
        if ("conversations.join", channel.id) not in _about(call):
            call.api.fault(f"posted in #{channel.name} without joining: a look there is blind")
    if any(one.is_deactivated for one in channel.members) and channel.kind == "direct":
        raise Error("user_disabled")
    for key in ("unfurl_links", "unfurl_media"):
        if call.args.get(key) is not False:
            call.api.fault(f"chat.postMessage without {key}=False")
    under = str(call.args.get("thread_ts", ""))
    if under and channel.message(under) is None:
        raise Error("thread_not_found")
    message = Message(call.world.ts(), channel, call.us.id, _checked(call), under)
    channel.messages.append(message)
    call.api.show(message)
    return {"channel": channel.id, "ts": message.ts, "message": message.as_json()}


@answers("chat.postEphemeral")
def _post_for_one(call: Call) -> JSON:
    channel, user = call.channel(), call.user()
    if channel.is_archived:
        raise Error("is_archived")
    if call.us not in channel.members:
        raise Error("not_in_channel")
    if user not in channel.members:
        raise Error("user_not_in_channel")
    message = Message(call.world.ts(), channel, call.us.id, _checked(call),
                      str(call.args.get("thread_ts", "")), user)  # fmt: skip
    call.api.show(message)
    return {"message_ts": message.ts}


@answers("chat.update")
def _edit(call: Call) -> JSON:
    channel = call.channel()
    message = channel.message(str(call.args["ts"]))
    if message is None:
        raise Error("message_not_found")
    if message.by != call.us.id:
        raise Error("cant_update_message")
    if channel.is_archived:
        raise Error("is_archived")
    said = _checked(call, is_edit=True)
    message.said = {"metadata": message.metadata, "blocks": None} | said
    message.edits += 1
    call.api.show(message)
    return {"channel": channel.id, "ts": message.ts, "text": said["text"]}


@answers("chat.delete")
def _delete(call: Call) -> JSON:
    channel = call.channel()
    message = channel.message(str(call.args["ts"]))
    if message is None:
        raise Error("message_not_found")
    if message.by != call.us.id:
        raise Error("cant_delete_message")
    message.is_deleted = True
    return {"channel": channel.id, "ts": message.ts}


@answers("chat.getPermalink")
def _link(call: Call) -> JSON:
    channel = call.channel()
    ts = str(call.args["message_ts"])
    if channel.message(ts) is None:
        raise Error("message_not_found")
    return {"channel": channel.id, "permalink": permalink(channel, ts)}


def permalink(channel: Channel, ts: str) -> str:
    return f"https://{channel.of.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"


# places


@answers("conversations.open")
def _open(call: Call) -> JSON:
    names = [one for one in str(call.args.get("users", "")).split(",") if one]
    if len(names) != 1:
        call.api.fault(f"conversations.open for {len(names)} people: we write to one alone")
        raise Error("not_enough_users")
    user = call.user_of(names[0])
    if user.is_deactivated:
        raise Error("user_disabled")
    if user.is_bot:
        raise Error("cannot_dm_bot")
    channel = user.of.direct(user) if call.of in (user.of, user.of.org) else _abroad(call, user)
    told = {"id": channel.id}
    if call.args.get("return_im"):
        told = _channel(call, channel)
    return {"channel": told}


def _abroad(call: Call, user: User) -> Channel:
    for one in call.of.channels:
        if one.kind == "direct" and user in one.members:
            return one
    return call.of.channel(user.handle, user, kind="direct")


def _channel(call: Call, one: Channel) -> JSON:
    told: JSON = {
        "id": one.id, "created": 1700000000, "is_archived": one.is_archived,
        "is_channel": one.kind == "public", "is_group": one.kind == "private",
        "is_im": one.kind == "direct", "is_mpim": one.kind == "group",
        "is_private": one.kind != "public", "is_member": call.us in one.members,
        "is_ext_shared": bool(one.shared_with), "is_shared": bool(one.shared_with),
        "is_org_shared": False, "context_team_id": one.of.id,
    }  # fmt: skip
    if one.kind == "direct":
        return told | {"user": next(each.id for each in one.members if each is not call.us)}
    return told | {"name": one.name, "name_normalized": one.name}


@answers("conversations.info")
def _place(call: Call) -> JSON:
    channel = call.channel()
    told = _channel(call, channel)
    if call.args.get("include_num_members"):
        told["num_members"] = len(channel.members)
    return {"channel": told}


@answers("conversations.members")
def _members(call: Call) -> JSON:
    return _page(call, "members", [one.id for one in call.channel().members])


@answers("conversations.list")
@answers("users.conversations")
def _places(call: Call) -> JSON:
    _of_one_team(call)
    kinds = {"public_channel": "public", "private_channel": "private", "im": "direct",
             "mpim": "group"}  # fmt: skip
    wanted = [kinds[one] for one in str(call.args.get("types", "public_channel")).split(",")]
    scopes = {"public": "channels:read", "private": "groups:read", "direct": "im:read",
              "group": "mpim:read"}  # fmt: skip
    for kind in wanted:
        call.need(scopes[kind])
    is_mine = call.method == "users.conversations"
    found = [
        _channel(call, one)
        for each in call.world.workspaces
        if call.of in (each, each.org) and call.args.get("team_id", each.id) == each.id
        for one in each.channels
        if one.kind in wanted
        and (call.us in one.members or (one.kind == "public" and not is_mine))
        and not (call.args.get("exclude_archived") and one.is_archived)
    ]
    return _page(call, "channels", found)


def _of_one_team(call: Call) -> None:
    if call.of.is_org and not call.args.get("team_id"):
        raise Error("missing_argument", response_metadata={"messages": ["team_id"]})


def _page(call: Call, name: str, found: Sequence[Any]) -> JSON:
    """A page of them; where the next begins is told as Slack tells it."""
    begin = int(call.args.get("cursor") or 0)
    most = int(call.args.get("limit") or 100)
    if not 1 <= most <= 1000:
        call.api.fault(f"{call.method} with limit={most}")
        raise Error("invalid_limit")
    end = min(begin + min(most, call.api.page), len(found))
    following = str(end) if end < len(found) else ""
    return {name: list(found[begin:end]), "response_metadata": {"next_cursor": following}}


@answers("conversations.join")
def _join(call: Call) -> JSON:
    channel = call.channel()
    if channel.kind != "public":
        raise Error("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Error("is_archived")
    if call.us not in channel.members:
        channel.members.append(call.us)
    return {"channel": _channel(call, channel)}


@answers("conversations.history")
def _history(call: Call) -> JSON:
    channel = call.channel(may_be_outside=False)
    standing = [one for one in channel.messages if not one.under or one.under == one.ts]
    return _messages(call, list(reversed(standing)))


@answers("conversations.replies")
def _replies(call: Call) -> JSON:
    channel = call.channel(may_be_outside=False)
    root = str(call.args["ts"])
    if channel.message(root) is None:
        raise Error("thread_not_found")
    return _messages(call, [one for one in channel.messages if root in (one.ts, one.under)])


def _messages(call: Call, found: list[Message]) -> JSON:
    oldest = float(call.args.get("oldest") or 0)
    latest = float(call.args.get("latest") or call.world.now() - call.api.lag + 1e-3)
    is_inclusive = bool(call.args.get("inclusive")) or not call.args.get("latest")
    seen = [
        one for one in found
        if not one.is_deleted
        and (oldest <= float(one.ts) <= latest if is_inclusive else oldest < float(one.ts) < latest)
    ]  # fmt: skip
    told = []
    for one in seen:
        shown = one.as_json()
        if call.args.get("include_all_metadata") and one.metadata:
            shown["metadata"] = one.metadata
        told.append(shown)
    page = _page(call, "messages", told)
    return page | {"has_more": bool(page["response_metadata"]["next_cursor"])}


# people


def told_of_user(call: Call, one: User) -> JSON:
    """Somebody as our bot is told of them: of a stranger no address."""
    is_stranger = call.of not in (one.of, one.of.org)
    profile = {"real_name": one.name, "display_name": one.handle}
    grant = call.grant
    if not is_stranger and grant and "users:read.email" in grant.scopes and one.email:
        profile["email"] = one.email
    told: JSON = {
        "id": one.id, "team_id": one.of.id, "name": one.handle, "deleted": one.is_deactivated,
        "real_name": one.name, "profile": profile, "is_bot": one.is_bot, "is_app_user": False,
        "updated": int(call.world.now()), "is_email_confirmed": one.is_confirmed,
    }  # fmt: skip
    if is_stranger:
        told["is_stranger"] = True
    if not one.is_deactivated:
        told |= {"tz": one.zone, "is_admin": one.is_admin, "is_owner": False}
        told |= {"is_restricted": one.is_guest, "is_ultra_restricted": False}
    if one.of.org is not None:
        told["enterprise_user"] = {"id": one.id, "enterprise_id": one.of.org.id,
                                   "teams": [one.of.id]}  # fmt: skip
    return told


@answers("users.info")
def _user(call: Call) -> JSON:
    return {"user": told_of_user(call, call.user())}


@answers("users.list")
def _users(call: Call) -> JSON:
    _of_one_team(call)
    team = call.args.get("team_id", call.of.id)
    ours = [each for each in call.world.workspaces if each.id == team]
    people = [one for each in ours for one in each.people]
    abroad = [one for each in ours for channel in each.channels for one in channel.members]
    known = list(dict.fromkeys([*people, *abroad]))
    return _page(call, "members", [told_of_user(call, one) for one in known])


@answers("users.lookupByEmail")
def _by_email(call: Call) -> JSON:
    for each in call.world.workspaces:
        for one in each.people:
            is_ours = call.of in (each, each.org) and not one.is_deactivated
            if is_ours and one.email == call.args["email"]:
                return {"user": told_of_user(call, one)}
    raise Error("users_not_found")


@answers("bots.info")
def _bot(call: Call) -> JSON:
    return {"bot": {"id": call.args.get("bot", "B0OURS"), "name": "throughline", "app_id": OURS}}


# reactions


@answers("reactions.get")
def _reactions(call: Call) -> JSON:
    message = _reacted(call)
    return {"type": "message", "channel": message.channel.id, "message": message.as_json()}


@answers("reactions.add")
def _react(call: Call) -> JSON:
    message, name = _reacted(call), str(call.args["name"])
    if call.us.id in message.reactions.get(name, []):
        raise Error("already_reacted")
    message.reactions.setdefault(name, []).append(call.us.id)
    return {}


@answers("reactions.remove")
def _unreact(call: Call) -> JSON:
    message, name = _reacted(call), str(call.args["name"])
    if call.us.id not in message.reactions.get(name, []):
        raise Error("no_reaction")
    message.reactions[name].remove(call.us.id)
    return {}


def _reacted(call: Call) -> Message:
    channel = call.channel()
    message = channel.message(str(call.args.get("timestamp", "")))
    if message is None:
        raise Error("message_not_found")
    return message


# views


def _seen(call: Call) -> JSON:
    view = call.args["view"]
    faults = limits.of_view(view, call.world.mentionable())
    wanted = "home" if call.method == "views.publish" else "modal"
    if view.get("type") != wanted:
        faults.append(f"{call.method} takes a {wanted}")
    external = view.get("external_id")
    if external and call.method != "views.update":
        others = [one for one in call.world.views.values() if one.is_open]
        if any(one.shown.get("external_id") == external for one in others):
            faults.append(f"the external_id {external!r} stands elsewhere")
    if faults:
        for fault in faults:
            call.api.fault(f"{call.method}: {fault}")
        raise Error("invalid_arguments", response_metadata={"messages": faults})
    return with_ids(view)


@answers("views.open")
@answers("views.push")
def _form(call: Call) -> JSON:
    id = str(call.args.get("trigger_id", ""))
    trigger = call.api.triggers.get(id)
    if trigger is None:
        call.api.fault(f"{call.method} with no trigger of ours: {id!r}")
        raise Error("invalid_trigger_id")
    if call.world.now() - trigger.at >= TRIGGER_LIVES:
        raise Error("expired_trigger_id")
    if trigger.is_used:
        call.api.fault("a trigger serves once")
        raise Error("exchanged_trigger_id")
    shown = _seen(call)
    trigger.is_used = True
    open_ones = [
        one for one in call.world.views.values() if one.user is trigger.user and one.is_open
    ]
    if call.method == "views.push" and len(open_ones) >= 3:
        raise Error("push_limit_reached")
    if call.method == "views.open":
        for one in open_ones:
            one.is_open = False
    return {"view": _opened(call, View(call.world.id("V"), trigger.user, shown, _hash(call),
                                       trigger.channel)).as_json()}  # fmt: skip


def _opened(call: Call, view: View) -> View:
    call.world.views[view.id] = view
    call.api.show(view)
    return view


def _hash(call: Call) -> str:
    return f"{call.world.ts()}.{secrets.token_hex(4)}"


@answers("views.update")
def _change(call: Call) -> JSON:
    wanted = (call.args.get("view_id"), call.args.get("external_id"))
    for one in call.world.views.values():
        if one.is_open and (one.id == wanted[0] or one.shown.get("external_id", "") == wanted[1]):
            if call.args.get("hash", one.hash) != one.hash:
                raise Error("hash_conflict")
            one.shown, one.hash = _seen(call), _hash(call)
            call.api.show(one)
            return {"view": one.as_json()}
    raise Error("not_found")


@answers("views.publish")
def _home(call: Call) -> JSON:
    one = call.user("user_id")
    before = call.world.homes.get(one.id)
    if before and call.args.get("hash", before.hash) != before.hash:
        raise Error("hash_conflict")
    view = View(before.id if before else call.world.id("V"), one, _seen(call), _hash(call))
    call.world.homes[one.id] = view
    call.api.show(view)
    return {"view": view.as_json()}


# tokens


@answers("oauth.v2.access")
def _token(call: Call) -> JSON:
    args, api = call.args, call.api
    kind, _, basic = args.pop("_authorization").partition(" ")
    id, secret = args.get("client_id"), args.get("client_secret")
    if kind == "Basic":
        id, _, secret = base64.b64decode(basic).decode().partition(":")
    if (id, secret) != (api.client_id, api.client_secret):
        raise Error("invalid_client_id" if id != api.client_id else "bad_client_secret")
    if args.get("grant_type") == "refresh_token":
        return _refreshed(call)
    code = api.codes.pop(str(args.get("code", "")), None)
    if code is None:
        raise Error("invalid_code")
    if call.world.now() - code.at >= 600:
        raise Error("code_expired")
    if args.get("redirect_uri", code.redirect) != code.redirect:
        raise Error("bad_redirect_uri")
    return told_of(grant(code.of, code.scopes, call.world.now()), code.by)


def _refreshed(call: Call) -> JSON:
    given = str(call.args.get("refresh_token", ""))
    for one in list(call.world.grants.values()):
        if one.refresh and one.refresh == given:
            if one.is_revoked:
                raise Error("token_revoked")
            one.refresh = ""  # it serves once; the token itself lives on until its end
            return told_of(grant(one.of, one.scopes, call.world.now()), None)
    raise Error("invalid_refresh_token")


def grant(of: Workspace, scopes: frozenset[str], now: float) -> Grant:
    """A new token for our bot there."""
    if of.own_bot is None:
        of.own_bot = User(of.world.id("U"), "Throughline", of, is_bot=True)
        of.people.append(of.own_bot)
    secret = f"{of.world.id('')}-{secrets.token_hex(8)}"
    made = Grant(f"xoxb-{secret}", of, scopes)
    if of.rotates:
        made = replace(made, token=f"xoxe.xoxb-{secret}", ends_at=now + 43_200,
                       refresh=f"xoxe-1-{secret}")  # fmt: skip
    of.grant = of.world.grants[made.token] = made
    return made


def told_of(made: Grant, by: User | None) -> JSON:
    of = made.of
    assert of.own_bot is not None
    org = of if of.is_org else of.org
    told: JSON = {
        "access_token": made.token, "token_type": "bot", "scope": ",".join(sorted(made.scopes)),
        "bot_user_id": of.own_bot.id, "app_id": OURS, "is_enterprise_install": of.is_org,
        "team": None if of.is_org else {"id": of.id, "name": of.name},
        "enterprise": {"id": org.id, "name": org.name} if org else None,
        "authed_user": {"id": by.id} if by else {},
    }  # fmt: skip
    if made.refresh:
        told |= {"refresh_token": made.refresh, "expires_in": 43_200}
    return told
