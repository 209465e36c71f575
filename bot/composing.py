"""How what is to be said becomes a card, at the moment when it is said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.messages import Card, Channel

S = TypeVar("S")
WITHDRAWN = "withdrawn"  # the noun of what is said where something may no longer be seen


def everybody(_key: str, _channel: Channel, _session: object) -> bool:
    """Whatever is composed may be seen wherever it is to be said."""
    return True


@dataclass(frozen=True, slots=True)
class Composing(Generic[S]):
    """How a key becomes a card: by the function of its noun, which is what stands before the `/`.

    A function gives no card where there is nothing to say any more.
    """

    nouns: Mapping[str, Callable[[str, S], Card | None]]
    may_see: Callable[[str, Channel, S], bool] = field(default=everybody)

    def card(self, key: str, channel: Channel, session: S, is_standing: bool = False) -> Card | str:
        """The card, or why there is none.

        Where it is standing already and may no longer be seen, what is said in its place.
        """
        if key.partition("/")[0] not in self.nouns:
            return f"nobody composes {key.partition('/')[0]}"
        if not self.may_see(key, channel, session):
            instead = self.stand(f"{WITHDRAWN}/{key}", session) if is_standing else None
            return instead or "it may not be seen there"
        return self.stand(key, session) or "there is nothing to say any more"

    def stand(self, key: str, session: S) -> Card | None:
        """The card, for whoever said what it shows."""
        compose = self.nouns.get(key.partition("/")[0])
        return compose(key, session) if compose else None
