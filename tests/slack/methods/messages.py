"""Saying, editing and reacting to messages."""

from typing import Any

from tests.slack import limits
from tests.slack.api import Call, Error
from tests.slack.methods.shared import JSON, answers, permalink, with_ids
from tests.slack.world import Message


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
