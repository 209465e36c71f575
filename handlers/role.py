"""Changes what somebody may do: admin, facilitator, auditor, member or guest."""

from bot.messages import Button, Command, Refusal, Reply
from handlers import rights, whom
from handlers.saying import card, mention
from handlers.side import record
from storage import people, visits
from storage.database import Session
from storage.people import ROLES, Person

WORDS = {**{role: role for role in ROLES}, "administrator": "admin", "keeper": "facilitator"}


def change(command: Command, session: Session) -> Reply:
    """`role @dana facilitator`."""
    head, _, last = command.text.strip().rstrip("?!.").rpartition(" ")
    role = WORDS.get(last.lower())
    if role is None and (meant := whom.asked_instead(command, session)):
        return meant
    rights.demand(session, "role")
    if role is None:
        raise Refusal(
            "Say who and which role: admin, facilitator, auditor, member or guest. "
            "For example: role @dana facilitator"
        )
    found = whom.named(command, session, head)
    if not isinstance(found, Person):
        return found
    before = found.role
    if before == "admin" and role != "admin" and not _another_head(session, found):
        raise Refusal(
            f"{found.name} is the only admin. Name another first: role @name admin",
            buttons=(Button("Who is who", "people"),),
        )
    found.role = role
    if before != role:
        visits.end_all(session, found)
        record(session, found, {"role": before}, {"role": role})
    return card(
        "role/changed",
        person=mention(found),
        role=role,
        before=before if before != role else "",
        buttons=(
            *(
                [Button(f"Back to {before}", "role", before, {"person": str(found.id)})]
                if before != role
                else []
            ),
            Button("Who is who", "people"),
        ),
    )


def _another_head(session: Session, but: Person) -> bool:
    return session.me.is_operator or any(
        one.role == "admin" and not one.gone_at and one.id != but.id
        for one in people.everybody(session)
    )
