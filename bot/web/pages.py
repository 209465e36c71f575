"""What a page is, whoever makes it: a visit comes in, and what is to be shown goes out."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from bot.messages import Account

K = TypeVar("K")
S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)
Tell = Callable[[int, int], None]  # how much is done, of how much; 0 where nobody knows


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown: a template, what it speaks of, and what can be saved, by file name."""

    template: str
    facts: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


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


class Memory(Protocol[S_co]):
    """Opens a transaction for whoever visits."""

    def reading(self, by: Account) -> AbstractContextManager[S_co]: ...

    def writing(self, by: Account) -> AbstractContextManager[S_co]: ...
