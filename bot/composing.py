"""How what is to be said becomes a card, at the moment when it is said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from bot.messages import Card, Channel

S = TypeVar("S")


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

    def card(self, key: str, channel: Channel, session: S) -> Card | str:
        """The card, or a sentence that says why there is none."""
        if key.partition("/")[0] not in self.nouns:
            return f"Nobody composes {key.partition('/')[0]}."
        if not self.may_see(key, channel, session):
            return "It may not be seen there."
        return self.stand(key, session) or "There is nothing to say any more."

    def stand(self, key: str, session: S) -> Card | None:
        """The card, for whoever said what it shows. It is about what its key names."""
        compose = self.nouns.get(key.partition("/")[0])
        card = compose(key, session) if compose else None
        return replace(card, key=key) if card else None
