"""What a route takes, and how its body is read: once, so much of it, and only while it comes."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

Page = Callable[[web.Request], Awaitable[web.StreamResponse]]

LARGEST = 256 * 1024  # bytes
SECONDS = 5.0  # for all of a body
SILENT = 5.0  # seconds without a byte after which nobody waits for the rest, however much may come
DEEPEST = 32  # lists and objects in one another; a page of ours sends three
WHOLE = 2**63  # no number that a database keeps is larger


def _everybody(_request: web.Request) -> None:
    """No one is turned away."""


@dataclass(frozen=True, slots=True)
class Takes:
    """What is let through to a page. Without `types` nothing may be sent with a request.

    `may` raises for whoever may not come in, before a byte of the body is read. `knows` says
    whether who sends this is proven, by the body that came: whoever is not gets no further, and
    only they are counted. A page that `reads_itself` calls `body` when it has made room for it.
    """

    types: tuple[str, ...] = ()
    largest: int = LARGEST  # bytes
    seconds: float = SECONDS
    may: Callable[[web.Request], None] = _everybody
    knows: Callable[[web.Request, bytes], Awaitable[bool]] | None = None
    is_counted: bool = True
    reads_itself: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A page, where it is, and what it takes. There is no other way to register one."""

    method: str
    path: str
    page: Page
    takes: Takes


def get(path: str, page: Page, takes: Takes | None = None) -> Route:
    """A page to look at, also by HEAD."""
    return Route("GET", path, page, takes or Takes())


def post(path: str, page: Page, takes: Takes) -> Route:
    """A page to which something is sent."""
    return Route("POST", path, page, takes)


TAKES = web.RequestKey("takes", Takes)
READ = web.RequestKey("read", bytes)


async def body(request: web.Request, too_large: str = "That is more than I take here.") -> bytes:
    """All that was sent, if it is no more than the route takes. Nobody waits for the silent."""
    if READ not in request:
        takes = request[TAKES]
        request[READ] = await _read(request, takes.largest if takes.types else 0, takes, too_large)
    return request[READ]


async def _read(request: web.Request, most: int, takes: Takes, too_large: str) -> bytes:
    refused = web.HTTPRequestEntityTooLarge(most, request.content_length or most, text=too_large)
    if (request.content_length or 0) > most:
        raise refused
    sent = bytearray()
    try:
        async with asyncio.timeout(takes.seconds):
            while chunk := await asyncio.wait_for(request.content.readany(), SILENT):
                sent += chunk
                if len(sent) > most:
                    raise refused
    except TimeoutError as slow:
        raise web.HTTPRequestTimeout(text="It did not arrive in time. Send it again.") from slow
    except (web.RequestPayloadError, ConnectionError) as broken:
        raise web.HTTPBadRequest(text="What was sent is broken. Send it again.") from broken
    return bytes(sent)


async def told(request: web.Request) -> dict[str, Any]:
    """The JSON object that a page of ours sends."""
    try:
        found = json.loads(await body(request))
    except (ValueError, RecursionError) as broken:
        raise web.HTTPBadRequest(text="That is not JSON.") from broken
    if not isinstance(found, dict):
        raise web.HTTPBadRequest(text="That is not what a page of mine sends.")
    if not can_be_kept(found):
        raise web.HTTPBadRequest(text="That holds characters or numbers that I cannot keep.")
    return found


def can_be_kept(found: Any, depth: int = 0) -> bool:
    """No database takes half a character, PostgreSQL no NUL, and none a number of any size."""
    match found:
        case str():
            return is_text(found)
        case int():
            return abs(found) < WHOLE
        case dict() | list():
            inner = [*found, *found.values()] if isinstance(found, dict) else found
            return depth < DEEPEST and all(can_be_kept(one, depth + 1) for one in inner)
    return True


def is_text(typed: str) -> bool:
    """Whether every character of it can be kept."""
    return "\x00" not in typed and not any("\ud800" <= one <= "\udfff" for one in typed)


def number(given: object) -> int:
    """A number of a message or a place. Raises `ValueError` for what is none."""
    found = int(str(given))
    if abs(found) >= WHOLE:
        raise ValueError("no number that a database keeps")
    return found
