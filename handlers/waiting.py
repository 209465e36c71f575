"""What waits for one person, as one message: each ask a line, with its buttons."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.messages import Button, Card
from handlers.saying import card
from storage import budget
from storage.database import Session

BUTTONS = 2  # of each ask; the rest are on its own card
MOST = 8

Compose = Callable[[str, Session], Card | None]


def compose(nouns: Mapping[str, Compose], key: str, session: Session) -> Card | None:
    """The asks as they stand now; `nouns` says who composes each."""
    found = [_composed(nouns, one.key, session) for one in budget.within(session, key)]
    asks = [one for one in found if one]
    if len(asks) == 1:
        return asks[0]
    return (
        card(
            "waiting/waiting",
            asks=[one.title for one in asks[:MOST]],
            count=len(asks),
            most=MOST,
            buttons=tuple(
                button for at, one in enumerate(asks[:MOST], 1) for button in _numbered(at, one)
            ),
        )
        if asks
        else None
    )


def _composed(nouns: Mapping[str, Compose], key: str, session: Session) -> Card | None:
    compose_it = nouns.get(key.partition("/")[0])
    return compose_it(key, session) if compose_it else None


def _numbered(at: int, ask: Card) -> list[Button]:
    return [
        replace(one, label=f"{at}: {one.label}", is_main=False) for one in ask.buttons[:BUTTONS]
    ]
