"""Makes one person of your accounts: a code given in one chat and typed in the other."""

from bot.messages import Button, Card, Command, Refusal, Typed
from handlers import rights
from handlers.saying import card, mention
from handlers.side import record
from storage import codes, joining, people, refreshing
from storage.codes import Code
from storage.database import Session
from storage.people import Alias, Person

PURPOSE = "this is me"
WRONG = {
    "unknown": "I did not give that code. Check it, or get a new one in the other chat.",
    "over": "That code is over: it works once, and for ten minutes. Get a new one there.",
    "too many": "That were five wrong codes. Wait ten minutes, then get a new one there.",
}


def join(command: Command, session: Session) -> Card:
    """`this is me` gives a code; `this is me CODE` in the other chat joins the two."""
    rights.demand(session, "join accounts", session.me)
    if "undo" in command.values or command.text.strip().lower() == "undo":
        return _take_apart(command, session)
    typed = command.text.strip()
    if not typed:
        code = codes.make(session, PURPOSE, session.me.id, session.now)
        return card("me/code", command=Typed(f"{PURPOSE} {code}"))
    found = codes.find(session, PURPOSE, typed, session.me.id, session.now)
    if not isinstance(found, Code):  # an answer, no refusal: that it was tried must be kept
        return card("me/wrong", why=WRONG[found])
    other = people.who(session, found.by_id)
    if other is None or not rights.can(other, "join accounts", other):
        raise Refusal(WRONG["over"])
    if other.id == session.me.id:
        return card("me/same")
    if "sure" not in command.values and _is_to_be_sure(session.me, other):
        return card(
            "me/sure",
            other=mention(other),
            email=other.email or "",
            gives=_gives(session.me, other),
            buttons=(
                Button(f"Yes, I am {other.name}", PURPOSE, typed, {"sure": "yes"}),
                Button("No", "home"),
            ),
        )
    codes.spend(found, session.now)
    return _joined(session, other)


def _joined(session: Session, other: Person) -> Card:
    alias = joining.join(session, session.me, other)
    stays = session.get_one(Person, alias.person_id)
    goes = session.get_one(Person, alias.was_id)
    record(session, stays, {}, {"also": goes.name})
    refreshing.of_person(session, stays.id, goes.id)
    return card(
        "me/joined",
        name=stays.name,
        also=goes.name if goes.name != stays.name else "",
        email=stays.email or "",
        undo=Typed(f"{PURPOSE} undo"),
        buttons=(Button("Take it apart again", PURPOSE, "", {"undo": str(alias.id)}),),
    )


def _take_apart(command: Command, session: Session) -> Card:
    me = people.who(session, session.me.id) or session.me
    alias = joining.last(session, me.id)
    if pressed := command.values.get("undo"):
        chosen = session.get(Alias, int(pressed))
        is_mine = chosen is not None and me.id == chosen.person_id and not chosen.undone_at
        alias = chosen if is_mine else None
    if alias is None:
        return card("me/nothing")
    stays, back = joining.take_apart(session, alias)
    record(session, stays, {"also": back.name}, {})
    refreshing.of_person(session, stays.id, back.id)
    return card("me/apart", stays=stays.name, back=back.name)


def _is_to_be_sure(one: Person, other: Person) -> bool:
    """Whether this may be somebody whom another got to type a code: one look costs one tap."""
    alike = set(one.name.casefold().split()) & set(other.name.casefold().split())
    return not alike or one.role != other.role


def _gives(one: Person, other: Person) -> str:
    """What either would get of the other's rights."""
    highest = max(one.role, other.role, key=joining.RIGHTS.index)
    return highest if one.role != other.role else ""
