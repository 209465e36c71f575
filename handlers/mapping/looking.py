"""Shows one thing on the map, or how much there is on it."""

from bot.messages import Button, Card, Command
from handlers.ask import things
from handlers.mapping.naming import MARKS, meant
from handlers.saying import card
from storage import capabilities, initiatives, lines, metrics, priorities
from storage.database import Session
from storage.initiatives import Initiative


def show(command: Command, session: Session) -> Card:
    """`map`, or `map` and a name."""
    typed = command.text.strip(MARKS + "?!")
    if typed:
        return things.shown(session, meant(typed, command, session))
    live = [one for one in initiatives.all_of_them(session) if one.status != "stopped"]
    reached = lines.reach(session)
    return card(
        "mapping/map",
        priorities=len(priorities.live(session)),
        capabilities=len(capabilities.all_of_them(session)),
        projects=initiatives.count(session, Initiative.kind == "project"),  # type: ignore[arg-type]
        tools=initiatives.count(session, Initiative.kind == "tool"),  # type: ignore[arg-type]
        numbers=len(metrics.all_of_them(session)),
        unlinked=sum(one.id not in reached for one in live),
        buttons=(
            Button("What are our priorities", "ask", "what are our priorities?"),
            Button("What supports no priority", "ask", "which projects support no priority?"),
        ),
    )
