"""What a page is, whoever makes it: a visit comes in, and what is to be shown goes out."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from aiohttp import web

from bot.web.bodies import Route, Takes

K = TypeVar("K")
S = TypeVar("S")
Tell = Callable[[int, int], None]  # how much is done, of how much; 0 where nobody knows


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown: a template, what it speaks of, and what can be saved, by file name."""

    template: str
    facts: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Visit(Generic[K]):
    """What somebody wants of a page: what they brought, what they chose, whom to tell how far."""

    brought: K
    values: Mapping[str, str]
    tell: Tell


@dataclass(frozen=True, slots=True)
class Intake(Generic[K, S]):
    """A page that takes a file, in four steps. Any of them may raise a `Refusal`.

    `read` knows the bytes alone; `look` shows what they mean and cannot write; `bring` is one
    transaction, kept as a whole or not at all.
    """

    first: Callable[[S], Page]
    read: Callable[[bytes, str, Tell], K]
    look: Callable[[Visit[K], S], Page]
    bring: Callable[[Visit[K], S], Page]
    largest: int  # bytes


@dataclass(frozen=True, slots=True)
class View(Generic[S]):
    """A page to look at; `{…}` in its path are values of the visit, and so is what follows `?`.

    One that `takes_long` tells how far it is, and cannot write either.
    """

    path: str
    show: Callable[[Visit[None], S], Page]
    takes_long: bool = False


class SignedOut(Exception):  # noqa: N818  it is told to a person in words
    """Nobody is signed in there, or no more."""


@dataclass(frozen=True, slots=True)
class Visitor(Generic[S]):
    """Who has a page open, and how a transaction of theirs is opened.

    `id` tells visitors apart, `token` is what a page of theirs must send with all it sends. `name`
    is empty where nobody signs in. Either way in may raise `SignedOut`.
    """

    id: str
    token: str
    reading: Callable[[], AbstractContextManager[S]]
    writing: Callable[[], AbstractContextManager[S]]
    name: str = ""


Visited = Callable[[web.Request, Visitor[S]], Awaitable[web.StreamResponse]]


class Door(Protocol[S]):
    """Lets people in to pages, and says who they are."""

    def get(self, path: str, page: Visited[S]) -> Route: ...

    def post(self, path: str, page: Visited[S], takes: Takes = ...) -> Route: ...
