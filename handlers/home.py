"""The home card: what waits for you, and three things to try."""

from datetime import date, timedelta

from bot.messages import Button, Card, Command
from handlers import examples, rights
from handlers.saying import card
from storage import confirmations, initiatives, lines, metrics, priorities, sorting
from storage.database import Session
from storage.initiatives import Initiative


def show(_command: Command, session: Session) -> Card:
    """The bare command."""
    return card_of(session)


def waiting(session: Session) -> Card:
    """What waits for me? The same card, with the answer as its title."""
    return card_of(session, is_asked=True)


def card_of(session: Session, is_asked: bool = False) -> Card:
    """The card of whoever the session is for."""
    me, today = session.me, session.now.date()
    owned = initiatives.owned_by(session, me.id) if me.id else []
    mine = [one for one in metrics.all_of_them(session) if me.id and one.owner_id == me.id]
    readings = metrics.readings_of(session, {one.id for one in mine})
    unconfirmed = len(confirmations.of_person(session, me.id)) if me.id else 0
    example = examples.project(session)
    return card(
        "home/home",
        name="" if me.email is None else me.name.partition(" ")[0],
        is_asked=is_asked,
        projects=initiatives.count(session),
        priorities=len(priorities.live(session)),
        overdue=[one.name for one in mine if metrics.is_overdue(one, readings[one.id], today)],
        renewing=_renewing(owned, today),
        unlinked=_unlinked(owned, session),
        unconfirmed=unconfirmed,
        buttons=(
            *([Button("Confirm links", "confirm")] if unconfirmed else []),
            *(
                [Button(f"Which priority does {example} support", "ask",
                        f"which priority does {example} support?", is_main=True)]
                if example else []
            ),
            Button("What are our priorities", "ask", "what are our priorities?"),
            Button("What changed this week", "ask", "what changed this week?"),
            *([Button("Use my own list", "import")] if _may_bring(session) else []),
            Button("The digest here", "digest"),
            Button("Help", "help"),
        ),
    )  # fmt: skip


def _may_bring(session: Session) -> bool:
    """Whether this is the invented company, and theirs to replace."""
    may = session.pages_are_open or rights.can(session.me, "import")
    return session.organisation.is_demo and may


def _renewing(owned: list[Initiative], today: date) -> list[str]:
    soon = today + timedelta(days=60)
    return [one.name for one in owned if one.renews_on and today <= one.renews_on <= soon]


def _unlinked(owned: list[Initiative], session: Session) -> list[str]:
    open_ones = [one for one in owned if one.status not in initiatives.ENDED]
    ways = lines.up(session, [one.id for one in open_ones])
    loose = [one for one in open_ones if not any(way.priority for way in ways[one.id])]
    settled = sorting.settled(session, {one.id for one in loose})
    return [one.name for one in loose if one.id not in settled]
