"""Why Slack will never say something there, in sentences for a person that say what to do."""

from bot.platforms import Unreachable
from bot.slack.calls import Refused

INVITE = "Invite me there: type /invite @Throughline in the channel."
APPROVE = "A workspace admin can allow it, or choose another channel."
AGAIN = "Whoever runs me must connect Slack anew."
WHY = {
    "is_archived": "The channel is archived. Unarchive it, or choose another one.",
    "channel_is_archived": "The channel is archived. Unarchive it, or choose another one.",
    "is_inactive": "The channel is archived. Unarchive it, or choose another one.",
    "channel_not_found": f"The channel is gone, or it is private and I am not in it. {INVITE}",
    "not_in_channel": f"I am not in the channel. {INVITE}",
    "removed": f"I was removed from the channel. {INVITE}",
    "thread_not_found": "The thread is gone. It can be shared in the channel itself.",
    "message_not_found": "The thread is gone. It can be shared in the channel itself.",
    "cannot_reply_to_message": "Nobody may answer in that thread. It can be shared outside it.",
    "account_inactive": f"The workspace, or my account in it, was closed. {AGAIN}",
    "token_revoked": f"I was removed from the workspace. {AGAIN}",
    "invalid_auth": f"Slack does not know my token any more. {AGAIN}",
    "not_authed": f"I have no token for this workspace. {AGAIN}",
    "user_not_found": "They are not in this workspace, or cannot be seen from it.",
    "user_not_visible": "They are not in this workspace, or cannot be seen from it.",
    "user_disabled": "Their account in Slack was closed.",
    "users_not_found": "They are not in this workspace, or cannot be seen from it.",
    "cannot_dm_bot": "That is another bot, and bots do not talk to each other.",
    "messages_tab_disabled": "Private messages with me are switched off. Whoever runs me can "
    "switch on the messages tab of the app.",
    "ekm_access_denied": f"The workspace's keys do not let me write there now. {APPROVE}",
    "no_permission": f"I may not write there. {APPROVE}",
    "not_allowed_token_type": f"My token may not do that. {AGAIN}",
    "access_denied": f"I may not write there. {APPROVE}",
    "enterprise_is_restricted": f"I may not write in that workspace. {APPROVE}",
    "team_access_not_granted": f"I may not write in that workspace. {APPROVE}",
    "too much to look through": "More was said there since than I can look through.",
    "stranger": "They are of another company, so I write to them only in a channel we share.",
}  # fmt: skip


def unreachable(told: Refused) -> Unreachable:
    """The same, for a person; a word that nobody has explained yet is said as it is."""
    if told.error == "missing_scope":
        needed = told.needed or "a permission"
        return Unreachable(f"Slack has not allowed me that: I need {needed}. {AGAIN}")
    if told.error.startswith("restricted_action"):
        return Unreachable(f"The workspace lets only some people write there. {APPROVE}")
    otherwise = f"Slack refused it, and I do not know why ({told.error}). Tell whoever runs me."
    return Unreachable(WHY.get(told.error, otherwise))
