"""Says how Slack answers us, and which permissions are missing: for whoever runs us."""

from collections.abc import Collection

from bot.doctor import Finding
from bot.platforms import NotSent, Unknown, Unreachable
from bot.slack.calls import Calls, Refused
from bot.slack.reasons import unreachable
from bot.slack.scopes import missing

WITHOUT = {  # each of `SCOPES`, what does not work
    "app_mentions:read": "nobody can mention me",
    "channels:history": "I cannot look for a message whose answer was lost",
    "channels:join": "I cannot come into a channel by myself",
    "channels:read": "I do not know who is in a channel",
    "chat:write": "I cannot say anything",
    "chat:write.public": "I cannot say anything in a channel where I am not",
    "commands": "/align does not work",
    "groups:history": "I cannot look into private channels for a message whose answer was lost",
    "groups:read": "I do not know who is in a private channel",
    "im:history": "nobody can write to me alone",
    "im:write": "I can write to nobody alone",
    "reactions:read": "an emoji logs nothing",
    "users:read": "I do not know who is a guest, and refuse whoever I cannot tell",
    "users:read.email": "nobody's accounts in two chats are joined by their address",
}
REMEDY = "Add it under OAuth & Permissions on api.slack.com/apps, then install the app again."


async def check(calls: Calls) -> Collection[Finding]:
    """Every workspace where we are installed."""
    found = await calls.tenants()
    if not found:
        return (Finding("careful", "Slack: no workspace is connected.", "Install the app in one."),)
    return [finding for one in found for finding in await _of(calls, one.tenant)]


async def _of(calls: Calls, tenant: str) -> list[Finding]:
    try:
        said = await calls.ask(tenant, "auth.test")
    except Refused as told:
        return [Finding("wrong", f"Slack ({tenant}) refuses us.", unreachable(told).why)]
    except Unreachable as told:
        return [Finding("wrong", f"Slack ({tenant}) refuses us.", told.why)]
    except (NotSent, Unknown) as told:
        return [Finding("wrong", f"Slack does not answer ({told}).", "Can this machine reach it?")]
    found = [Finding("ok", f"Slack: connected to {said['team']} as {said['user']}.")]
    for scope in missing(str(said["scopes"])):
        found.append(Finding("wrong", f"Slack: {scope} is missing, so {WITHOUT[scope]}.", REMEDY))
    return found
