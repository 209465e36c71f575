"""Channels: who is in them, what stands there, coming in."""

from tests.slack.api import Call, Error
from tests.slack.methods.shared import JSON, answers, of_one_team, page
from tests.slack.world import Channel, Message, User


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
    return page(call, "members", [one.id for one in call.channel().members])


@answers("conversations.list")
@answers("users.conversations")
def _places(call: Call) -> JSON:
    of_one_team(call)
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
    return page(call, "channels", found)


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
    listed = page(call, "messages", told)
    return listed | {"has_more": bool(listed["response_metadata"]["next_cursor"])}
