"""What whoever let us in is told, in private: what to try, and which side they speak for."""

from bot.messages import Card, Typed
from handlers.connecting import siding
from handlers.saying import card
from handlers.side import SAID
from storage.database import Session
from storage.installations import Installation

TRIES = ("which priority does One login support?", "decide buy the CRM @dana fri", "help")


def compose(key: str, session: Session) -> Card | None:
    """Of the key "connected/ID"."""
    number = key.partition("/")[2]
    found = session.get(Installation, int(number)) if number.isdigit() else None
    if found is None or found.gone_at:
        return None
    return card(
        "connecting/connected",
        name=found.name,
        company=session.organisation.name,
        side=SAID.get(found.side or "", ""),
        tries=[Typed(one) for one in TRIES],
        buttons=siding.buttons(found),
        key=key,
    )
