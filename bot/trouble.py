"""What a person is told when the database could not keep what they said."""

from bot.messages import Refusal

SENTENCES = {
    "full": "I could not save that: the disk is full. Nothing was changed. "
    "Ask whoever runs me to make room, then send it again.",
    "away": "I could not save that: my database does not answer. Nothing was changed. "
    "Send it again in a minute.",
    "unsure": "My database went away while it saved that, so I don't know whether it did. "
    "Look in a minute, before you send it again.",
    "busy": "I could not save that: my database is busy with something else. Nothing was changed. "
    "Send it again in a minute.",
    "unknown": "I don't know this workspace, so I kept nothing and looked nothing up. "
    "Ask one of its admins to add me to it, once more if I was here before.",
}
NOT_READ = {
    "full": "I cannot show that: the disk is full. What I said is saved is saved. "
    "Ask whoever runs me to make room.",
    "away": "I cannot look that up: my database does not answer. What I said is saved is saved. "
    "Ask again in a minute.",
    "unsure": "My database went away. Look in a minute, before you send that again.",
    "busy": "I cannot look that up: my database is busy. What I said is saved is saved. "
    "Ask again in a minute.",
    "unknown": SENTENCES["unknown"],
}


def unsaved(why: str) -> Refusal:
    """Of a command that was to change something."""
    return Refusal(SENTENCES[why])


def unread(why: str) -> Refusal:
    """Of one that only looks."""
    return Refusal(NOT_READ[why])
