"""Chooses how often you are written to, and says why you were: at once, with one tap."""

from bot.messages import Button, Card, Command
from handlers import rights
from handlers.decide import may_see_here
from handlers.saying import card, moment
from storage import budget, nudges
from storage.database import Session
from storage.nudges import LIMIT, SPAN, Nudge
from storage.people import WANTS

LABELS = {
    "mondays": "Only Mondays",
    "owned": "Only what I own",
    "never": "Nothing; ask me in the room",
    "usual": "As before",
}
MOST_REASONS = 4
NUMBERS = ("not at all", "once", "twice", "three times")


def stop(command: Command, session: Session) -> Card:
    """`stop` means nothing more in private; a tap chooses something between."""
    rights.demand(session, "stop", session.me)
    chosen = command.values.get("wants", "never")
    session.me.wants = chosen if chosen in WANTS else "never"
    budget.reconsider(session, session.me.id, session.now)
    return card("stop/chosen", wants=session.me.wants, most=LIMIT, buttons=_choices(session))


def why_me(_command: Command, session: Session) -> Card:
    """`why me?`: why the last message came, and how to get fewer."""
    found = nudges.since(session, session.me.id, session.now - SPAN) if session.me.id else []
    last = [one for one in found if one.message == found[-1].message]
    return card(
        "stop/why",
        reasons=_by_reason(session, last),
        at=moment(last[0].sent_at) if last else None,
        count=NUMBERS[min(len(nudges.messages(found)), LIMIT)],
        wants=session.me.wants,
        most=LIMIT,
        buttons=_choices(session),
    )


def _by_reason(session: Session, last: list[Nudge]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for one in last[:MOST_REASONS]:
        about = one.about if may_see_here(one.key, session) else "what you no longer read"
        reasons.setdefault(one.why, []).append(about)
    return reasons


def _choices(session: Session) -> tuple[Button, ...]:
    return tuple(
        Button(label, "stop", "", {"wants": wants})
        for wants, label in LABELS.items()
        if wants != session.me.wants
    )
