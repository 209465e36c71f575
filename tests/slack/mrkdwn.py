"""Slack's mrkdwn, read as Slack obeys it: what a token does, and what was not escaped."""

import re
from dataclasses import dataclass, field

TOKEN = re.compile(r"<([^<>\n]*)>")
ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)")
CALLS = re.compile(r"!(?:channel|here|everyone|subteam\b.*|group)(?:\||$)", re.IGNORECASE)
DATE = re.compile(r"!date\^-?\d+\^[^|^]*\{[^|]+\}[^|^]*(?:\^[^|^]+)?\|.+")
LINK = re.compile(r"(?:https?://|mailto:|tel:|slack://)[^|\s]+(?:\|.+)?")


@dataclass
class World:
    """Whom and what a text may mention."""

    users: set[str] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)


def faults_of_text(text: str, world: World) -> list[str]:
    """What is wrong in a mrkdwn text."""
    faults = [fault for token in TOKEN.findall(text) if (fault := _of_token(token, world))]
    bare = TOKEN.sub("", text)
    if "<" in bare or re.search(r"(?m)(?<!^)>", bare):
        faults.append(f"< or > is not escaped, or was cut: {bare!r:.120}")
    if ENTITY.search(bare):
        faults.append(f"& is not escaped, or was cut: {bare!r:.120}")
    return faults


def _of_token(token: str, world: World) -> str:
    id = token[1:].partition("|")[0]
    if CALLS.match(token):
        return f"<{token}> calls people together, and nobody may through us"
    if token.startswith("@"):
        return "" if id in world.users else f"<{token}> mentions nobody"
    if token.startswith("#"):
        return "" if id in world.channels else f"<{token}> is no channel"
    if token.startswith("!"):
        return "" if DATE.fullmatch(token) else f"<{token}> is nothing that Slack knows"
    return "" if LINK.fullmatch(token) else f"<{token}> is no link, and not escaped"


def read(text: str) -> str:
    """A mrkdwn text as a person reads it: mentions keep their id, dates their fallback."""

    def seen(found: re.Match[str]) -> str:
        inner, _, label = found[1].partition("|")
        return label or inner

    text = TOKEN.sub(seen, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
