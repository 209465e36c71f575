"""Reads what Slack sends, and takes nothing that has another shape."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from bot.web import bodies

Payload = dict[str, Any]
MOST_FIELDS = 100  # of a form; a slash command has some fifteen


class Junk(Exception):  # noqa: N818  it is an outcome: whoever sent it is told, and nothing is done
    """Nothing that Slack sends. The text names the piece, and holds nothing of what came."""


def read(sent: bytes, kind: str) -> Payload:
    """The JSON or the form that was sent, or the JSON in its field `payload`."""
    try:
        text = sent.decode()
        if kind == "application/json":
            found = json.loads(text)
        else:
            pairs = parse_qsl(
                text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
            )
            fields = dict(pairs)
            found = json.loads(fields["payload"]) if "payload" in fields else fields
    except (ValueError, RecursionError) as broken:
        raise Junk("the body") from broken
    return sound(found)


def sound(found: object) -> Payload:
    """The same, if it is an object whose texts and numbers can be kept."""
    if not isinstance(found, dict) or not found or not bodies.can_be_kept(found):
        raise Junk("the body")
    return found


def text(payload: Payload, *path: str, otherwise: str | None = None) -> str:
    """The text at this place. Without `otherwise` there must be some."""
    found: object = payload
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, str) and (found or otherwise is not None):
        return found
    if found is None and otherwise is not None:
        return otherwise
    raise Junk(".".join(path))


def inner(payload: Payload, *path: str) -> Payload:
    """The object at this place; empty where there is none."""
    found: object = payload
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Junk(".".join(path))
    return found


def listed(payload: Payload, *path: str) -> list[Payload]:
    """The objects in the list at this place; none where there is no list."""
    found: object = payload
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Junk(".".join(path))
    return found


def told_at(payload: Payload) -> datetime:
    """When Slack says that an event was. What has no such time may have been at any."""
    at = payload.get("event_time")
    return datetime.fromtimestamp(at if isinstance(at, int) and 0 < at < 2**40 else 0, UTC)
