"""Turns what Slack makes of a typed message back into what was typed.

Slack escapes `&`, `<` and `>`, and writes everything that it recognised between `<` and `>`:
people `<@U1|dana>`, channels, links, dates. Whoever is mentioned stands in a command as they are
typed anywhere: by their address.
"""

import re
from collections.abc import Mapping

_ENTITY = re.compile(r"<([^<>\n]+)>")
_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>\n]*)?>")
_GREETING = r"(?:(?:hi|hey|hello|ok)[\s,]+)?"


def people(text: str, but: str = "") -> list[str]:
    """The ids of who is mentioned, each once; without this one, who is us."""
    found = dict.fromkeys(_PERSON.findall(text))
    return [id for id in found if id != but]


def mentions(text: str, id: str) -> bool:
    """Whether this one is mentioned."""
    return id in _PERSON.findall(text)


def without_us(text: str, us: str) -> str:
    """The same without the mention that called us, and a greeting before it."""
    call = rf"<@{re.escape(us)}(?:\|[^<>\n]*)?>"
    begun = re.compile(rf"^\s*{_GREETING}{call}[\s,:]*", re.IGNORECASE)
    if begun.search(text):
        return begun.sub("", text, count=1)
    return re.sub(rf"\s*{call}", "", text, count=1)


def plainly(text: str, called: Mapping[str, str]) -> str:
    """What was typed; `called` says how somebody is called, by their id."""

    def said(found: re.Match[str]) -> str:
        head, bar, label = found[1].partition("|")
        return _said(head, label if bar else "", called)

    return _unescaped(_ENTITY.sub(said, text))


def _said(head: str, label: str, called: Mapping[str, str]) -> str:
    kind, id = head[:1], head[1:]
    if kind == "@":
        return called.get(id) or f"@{label or id}"
    if kind == "#":
        return f"#{label or id}"
    if kind == "!":
        return label or f"@{id.partition('^')[0]}"
    address = head.removeprefix("mailto:")
    if not label or label in address:
        return label or address
    return f"{label} ({address})"


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
