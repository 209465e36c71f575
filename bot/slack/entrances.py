"""Every way in: what Slack sends for it, and what somebody did by it.

`None` is for what is nothing that somebody said to us: our own messages and those of other bots,
edits, joins, what stands in a channel without a word to us. Raises `Junk` for what Slack never
sends. What a button or a form holds is read where it can be looked up, not here.
"""

from typing import Literal

from bot.messages import Channel, Source
from bot.slack import payloads, typed
from bot.slack.doings import PLATFORM, Doing, Here, Reach, Way, Who
from bot.slack.payloads import Payload

Privacy = Literal["", "open", "private", "direct"]
ALIASES = ("poll", "decide")  # slash commands that are the first word of what they say
_PRIVACY: dict[str, Privacy] = {
    "im": "direct",
    "channel": "open",
    "group": "private",
    "mpim": "private",
}
_NAMED: dict[str, Privacy] = {"directmessage": "direct", "privategroup": "private"}
_SAID = ("", "file_share", "thread_broadcast")  # subtypes of what a person said just now


def slash(payload: Payload, here: Here) -> Doing:
    """`/align …`, or an alias of a part of it."""
    word = payloads.text(payload, "command").lstrip("/").lower()
    said = payloads.text(payload, "text", otherwise="")
    text = typed.without_us(said, here.bot_user)
    trigger = payloads.text(payload, "trigger_id")
    who = Who(
        payloads.text(payload, "user_id"),
        payloads.text(payload, "team_id", otherwise=""),
        payloads.text(payload, "user_name", otherwise=""),
    )
    return Doing(
        f"trigger/{trigger}",
        who,
        _place(
            here,
            payloads.text(payload, "channel_id"),
            payloads.text(payload, "channel_name", otherwise=""),
        ),
        Reach("slash", payloads.text(payload, "response_url", otherwise=""), trigger),
        typed=f"{word} {text}" if word in ALIASES else text,
    )


def message(payload: Payload, here: Here) -> Doing | None:
    """A mention, or anything in a direct conversation; a message may come as two events."""
    event = payloads.inner(payload, "event")
    user = payloads.text(event, "user", otherwise="")
    if not user or user == here.bot_user or not _is_said_now(event):
        return None
    said = payloads.text(event, "text", otherwise="")
    kind = payloads.text(event, "channel_type", otherwise="")
    is_direct = kind == "im"
    if not is_direct and not typed.mentions(said, here.bot_user):
        return None
    at = _place(here, payloads.text(event, "channel"), "", kind)
    ts = payloads.text(event, "ts")
    return Doing(
        f"message/{at.id}/{ts}",
        Who(user, _team(event)),
        at,
        Reach("direct" if is_direct else "mention"),
        _thread(event, ts),
        typed=typed.without_us(said, here.bot_user),
    )


def _is_said_now(event: Payload) -> bool:
    """By a person, and not an edit of what was said before."""
    return payloads.text(event, "subtype", otherwise="") in _SAID and not any(
        event.get(one) for one in ("bot_id", "bot_profile", "edited", "hidden")
    )


def pressed(payload: Payload, here: Here) -> Doing:
    """A button: on a message, in a modal, or on the home page."""
    trigger = payloads.text(payload, "trigger_id")
    container = payloads.text(payload, "container", "type", otherwise="message")
    way: Way = "button"
    if container == "view":
        is_home = payloads.text(payload, "view", "type", otherwise="") == "home"
        way = "home" if is_home else "modal"
    channel = payloads.inner(payload, "channel")
    message = payloads.inner(payload, "message")
    at = None
    if way == "button":
        at = _place(
            here,
            payloads.text(channel, "id"),
            payloads.text(channel, "name", otherwise=""),
        )
    ts = payloads.text(message, "ts", otherwise="")
    return Doing(
        f"action/{trigger}",
        _who(payload),
        at,
        Reach(
            way,
            payloads.text(payload, "response_url", otherwise=""),
            trigger,
            payloads.text(payload, "view", "id") if way == "modal" else "",
        ),
        _thread(message, ts) or _thread(payloads.inner(payload, "container"), ts),
    )


def filled(payload: Payload, _here: Here) -> Doing:
    """A form. Where it was opened stands in it, and is read from there."""
    view = payloads.text(payload, "view", "id")
    hash = payloads.text(payload, "view", "hash")
    return Doing(
        f"view/{view}/{hash}",
        _who(payload),
        None,
        Reach("filled", trigger=payloads.text(payload, "trigger_id", otherwise=""), view=view),
    )


def shortcut(payload: Payload, _here: Here) -> Doing:
    """The one that is everywhere: "Ask Throughline"."""
    trigger = payloads.text(payload, "trigger_id")
    return Doing(f"trigger/{trigger}", _who(payload), None, Reach("shortcut", trigger=trigger))


def shortcut_on(payload: Payload, here: Here, name: str) -> Doing:
    """The one on a message: it is what this command is made from. Its link is not known yet."""
    trigger = payloads.text(payload, "trigger_id")
    channel, message = payloads.inner(payload, "channel"), payloads.inner(payload, "message")
    ts = payloads.text(message, "ts")
    return Doing(
        f"trigger/{trigger}",
        _who(payload),
        _place(here, payloads.text(channel, "id"), payloads.text(channel, "name", otherwise="")),
        Reach("shortcut", payloads.text(payload, "response_url", otherwise=""), trigger),
        _thread(message, ts),
        name=name,
        source=Source(payloads.text(message, "text", otherwise=""), ts),
    )


def opened(payload: Payload, here: Here) -> Doing | None:
    """Somebody looks at our home page."""
    event = payloads.inner(payload, "event")
    if payloads.text(event, "tab", otherwise="home") != "home":
        return None
    channel = payloads.text(event, "channel", otherwise="")
    return Doing(
        _event_key(payload),
        Who(payloads.text(event, "user"), _team(event)),
        _place(here, channel, "", "im") if channel else None,
        Reach("home"),
        name="home",
    )


def reacted(payload: Payload, here: Here, emoji: str, name: str) -> Doing | None:
    """The chosen emoji on a message, whatever its skin: neither its text nor link is known yet."""
    event = payloads.inner(payload, "event")
    if payloads.text(event, "reaction").partition("::")[0] != emoji:
        return None
    if payloads.text(event, "item", "type", otherwise="") != "message":
        return None
    user = payloads.text(event, "user")
    if user == here.bot_user:
        return None
    return Doing(
        _event_key(payload),
        Who(user, _team(event)),
        _place(here, payloads.text(event, "item", "channel"), ""),
        Reach("mention"),
        name=name,
        source=Source("", payloads.text(event, "item", "ts")),
    )


def _event_key(payload: Payload) -> str:
    return f"event/{payloads.text(payload, 'event_id')}"


def _who(payload: Payload) -> Who:
    user = payloads.inner(payload, "user")
    name = payloads.text(user, "name", otherwise="") or payloads.text(
        user, "username", otherwise=""
    )
    return Who(payloads.text(user, "id"), payloads.text(user, "team_id", otherwise=""), name)


def _team(event: Payload) -> str:
    """Their own: in a shared channel it is another company's."""
    return payloads.text(event, "user_team", otherwise="") or payloads.text(
        event, "team", otherwise=""
    )


def _place(here: Here, id: str, name: str, kind: str = "") -> Channel:
    """Nothing but the event of a message says surely that a channel is open."""
    privacy = _PRIVACY.get(kind) or _NAMED.get(name, "")
    if id.startswith("D"):
        privacy = "direct"
    return Channel(PLATFORM, here.tenant, id, "" if name in _NAMED else name, privacy)


def _thread(message: Payload, ts: str) -> str:
    """The thread that it stands in; a message that only begins one stands in none."""
    thread = payloads.text(message, "thread_ts", otherwise="")
    return "" if thread == ts else thread


def mentioned(doing: Doing, here: Here) -> list[str]:
    """Who is mentioned in what was typed, besides us."""
    return typed.people(doing.typed or "", but=here.bot_user)


def plainly(text: str) -> str:
    """What a message says, for whoever reads it elsewhere."""
    return typed.plainly(text, {})
