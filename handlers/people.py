"""Shows who is who: side, role, what each owns, and who is away or has left."""

from bot.messages import Button, Card, Command, Fact, Facts, Reply, Table
from handlers import rights, saying, whom
from handlers.saying import card, mention
from handlers.side import LABELS
from storage import holding, people
from storage.database import Session
from storage.people import Person

MOST_ROWS = 12
MOST_BUTTONS = 4


def show(command: Command, session: Session) -> Reply:
    """`people`, or `people @dana` for one of them."""
    if command.text.strip() or "person" in command.values:
        found = whom.named(command, session, command.text)
        if not isinstance(found, Person):
            return found
        rights.demand(session, "see people")
        return one_of_them(session, found)
    rights.demand(session, "see people")
    return all_of_them(session, int(command.values.get("from", "0")))


def all_of_them(session: Session, first: int = 0) -> Card:
    """Everybody, a page at a time: who has left comes last."""
    everybody = sorted(people.everybody(session), key=lambda one: one.gone_at is not None)
    shown = everybody[first : first + MOST_ROWS]
    owns = holding.counts(session)
    rows = tuple(
        (
            one.name,
            LABELS.get(one.side or "", "not said"),
            one.role,
            str(owns[one.id]) if owns[one.id] else "nothing",
            state(session, one) or "–",
        )
        for one in shown
    )
    rest = len(everybody) - first - len(shown)
    more = [Button(f"{rest} more", "people", "", {"from": str(first + MOST_ROWS)})]
    return card(
        "people/all",
        count=len([one for one in everybody if not one.gone_at]),
        unsaid=len([one for one in everybody if not one.side and not one.gone_at]),
        parts=(Table("Who is who", ("Name", "Side", "Role", "Owns", "Away or left"), rows),)
        if rows
        else (),
        buttons=(
            *(
                Button(whom.told_apart(one, everybody), "people", "", {"person": str(one.id)})
                for one in shown[:MOST_BUTTONS]
            ),
            *(more if rest > 0 else []),
        ),
    )


def one_of_them(session: Session, person: Person) -> Card:
    """One person, and what the reader may do about them."""
    held = holding.held_by(session, person.id)
    owns = ", ".join(counted(kind, len(things)) for kind, things in held)
    facts = (
        Fact("Side", LABELS.get(person.side or "", "not said")),
        Fact("Role", person.role),
        Fact("Owns", owns or "nothing"),
    )
    key = {"person": str(person.id)}
    sides = [Button(label, "side", side, key) for side, label in LABELS.items()]
    may_gone = person.id != session.me.id and rights.can(
        session.me, "admin gone" if person.role == "admin" else "gone", person
    )
    return card(
        "people/one",
        person=mention(person),
        title=person.title,
        state=state(session, person),
        parts=(Facts(facts),),
        buttons=(
            Button("What they own", "ask", f"what does {person.email or person.name} own?"),
            *(sides if not person.side and rights.can(session.me, "side", person) else []),
            *([Button("Has left", "gone", "", key)] if may_gone and not person.gone_at else []),
        ),
    )


def counted(kind: holding.Kind, count: int) -> str:
    """ "1 priority", "4 projects"."""
    return f"{count} {kind.one if count == 1 else kind.many}"


def state(session: Session, person: Person) -> str:
    """ "away until 2 Dec", "left on 20 Nov", or nothing."""
    today = people.today(session.me, session.zone, session.now)
    if person.gone_at:
        return f"left on {saying.day(person.gone_at.date(), today)}"
    if person.away_until and people.is_away(person, today):
        return f"away until {saying.day(person.away_until, today)}"
    return ""
