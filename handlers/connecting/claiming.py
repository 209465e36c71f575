"""`claim CODE`: who types the code that I printed when I started is the first admin."""

from bot.messages import Account, Button, Card, Command, Refusal
from handlers import rights
from handlers.saying import card
from handlers.side import record
from storage import codes, organisations, people
from storage.codes import Code
from storage.database import Session
from storage.store import Store

PURPOSE = "claim"
LENGTH = 12  # longer than others: it holds a day, and whoever has it may do everything
WRONG = {
    "unknown": "I did not print that code. Check it, or have whoever runs me start me again: "
    "I print a new one then.",
    "over": "That code is over: it works once, for a day, and until I print the next one. "
    "Have whoever runs me start me again.",
    "too many": "That were five wrong codes. Wait ten minutes, then try again.",
}


def claim(command: Command, session: Session) -> Card:
    """`claim 7KQ2-XYR4-MN8P`"""
    rights.demand(session, "claim")
    if session.me.is_operator:
        raise Refusal("You run me, and name the first admin yourself: role @name admin")
    if admins := _admins(session):
        raise Refusal(
            f"There is an admin already: {', '.join(admins)}. They can make you one, too.",
            buttons=(Button("Who is who", "people"),),
        )
    if not command.text.strip(" .!?"):
        raise Refusal("Say the code that I printed when I started, for example: claim 7KQ2XYR4MN8P")
    found = codes.find(session, PURPOSE, command.text, session.me.id, session.now, codes.KEPT)
    if not isinstance(found, Code):  # an answer, no refusal: that it was tried must be kept
        return card("connecting/wrong", why=WRONG[found])
    codes.spend(found, session.now)
    before, session.me.role = session.me.role, "admin"
    record(session, session.me, {"role": before}, {"role": "admin"})
    return card(
        "connecting/claimed",
        company=session.organisation.name,
        buttons=(Button("Who is who", "people"), Button("What else", "help")),
    )


def _admins(session: Session) -> list[str]:
    return [
        one.name for one in people.everybody(session) if one.role == "admin" and not one.gone_at
    ]


def first_codes(store: Store, operator: Account) -> list[tuple[str, str]]:
    """Each company that has no admin yet, and a new code for whoever is to be the first."""
    found = []
    with store.database.reading() as session:
        every = organisations.ids(session)
    for organisation_id in every:
        with store.writing_at(organisation_id) as session:
            if not _admins(session):
                where = operator.platform, operator.tenant, operator.id
                session.me = people.meet(
                    session, *where, name=operator.name, email="", side="", at=session.now,
                    standing=operator.standing,
                )  # fmt: skip
                code = codes.make(session, PURPOSE, session.me.id, session.now, length=LENGTH)
                found.append((session.organisation.name, code))
    return found
