"""What people say of a decision afterwards: I own it, not me, done, and the pieces it lacked."""

import re

from bot.messages import (
    Button,
    Card,
    Changed,
    Command,
    Form,
    Input,
    Post,
    Refusal,
    Reply,
    Room,
    Typed,
)
from handlers import rights
from handlers.decide.logging import priority, where
from handlers.decide.naming import meant, meant_alone, person
from handlers.decide.showing import SIDES
from handlers.saying import card, title
from storage import decisions, naming, people, visibility
from storage.database import Session
from storage.decisions import NOUN, Standing, What
from storage.people import Person
from storage.priorities import Priority, live

_QUOTED = re.compile(r"[\"“”„«»](.+?)[\"“”„«»]", re.DOTALL)
ENDED = {"withdrawn": "was taken back", "superseded": "was replaced"}  # as its card says it
_MENTION = re.compile(r"@?[^\s@,]+@[^\s@,]+\.[^\s@,]+|@[\w.-]+")


def accept(command: Command, session: Session) -> Reply:
    """`accept D-12`, or [I own it]: by who was asked, or by anybody where nobody was."""
    standing = meant_alone(command, session)
    _must_be_open(standing)
    if standing.owner_id == session.me.id and standing.status == "accepted":
        return Changed(_key(standing))
    if standing.owner_id is None:
        rights.demand(session, "own")
    else:
        rights.demand(session, "accept", standing)
    return _said(standing, session, "accepted")


def refuse(command: Command, session: Session) -> Reply:
    """`not me D-12 @lee "he runs it"`: nobody owns it then, or who is named is asked."""
    standing, rest = meant(command, session)
    _must_be_open(standing)
    if standing.owner_id == session.me.id and standing.status == "accepted":
        name = standing.decision.name
        raise Refusal(
            f"You said that you own {name}. To pass it on, type: @lee owns {name}. If it no longer "
            f'holds, type: reverse {name} "why"',
            buttons=(Button("Name someone", "name an owner", name),),
        )
    rights.demand(session, "not me", standing)
    why = _QUOTED.search(rest)
    bare = _QUOTED.sub("", rest).strip(" .,;:!")
    named = _MENTION.search(bare)
    name = named[0] if named else bare if people.called(session, bare) else ""
    reason = why[1] if why else bare.replace(name, "").strip(" .,;:!") if bare else ""
    _say(standing, session, "refused", why=reason.strip())
    if name:
        someone = person(name, command, session)
        _say(standing, session, "owner", person=someone.id)
    return Changed(_key(standing))


def done(command: Command, session: Session) -> Reply:
    """`done D-12`: what was decided has been done."""
    standing = meant_alone(command, session)
    _must_be_open(standing)
    rights.demand(session, "done", standing)
    return _said(standing, session, "done")


def reverse(command: Command, session: Session) -> Reply:
    """`reverse D-12 "the price doubled"`: it no longer holds, and why."""
    standing, rest = meant(command, session)
    _must_be_open(standing)
    rights.demand(session, "reverse", standing)
    why = _QUOTED.search(rest)
    reason = (why[1] if why else rest).strip()
    if not reason:
        raise Refusal(f'Say why: reverse {standing.decision.name} "the price doubled"')
    return _said(standing, session, "reversed", why=reason)


def block(command: Command, session: Session) -> Reply:
    """`D-12 blocks "CRM connector"`: a project waits for it."""
    rights.demand(session, "add")
    standing, rest = meant(command, session)
    name = re.sub(r"^\W*blocks?\s+", "", rest, flags=re.I).strip(' "“”„«»')
    found = naming.index(session).find(name, ("initiative",))
    if not found.one:
        near = found.several or found.nearest
        raise Refusal(
            f"I don't know a project called “{name}”.",
            buttons=tuple(
                Button(one.text, "blocks", f'{standing.decision.name} blocks "{one.text}"')
                for one in near
            ),
        )
    return _said(standing, session, "blocks", initiative=found.one.id)


def share(command: Command, session: Session) -> Reply:
    """`share D-12`: put its card where this is typed, for all to read there and anywhere.

    In a direct conversation it stands already: there one is asked in which room it shall stand.
    """
    standing = meant_alone(command, session)
    key, is_told = _key(standing), command.at.privacy != "direct"
    is_private = not decisions.is_open(session, standing.decision)
    if is_private:
        rights.demand(session, "share", standing)
        _say(standing, session, "shared")
    else:
        rights.demand(session, "add")
    if id := command.values.get("room"):
        rooms = [one for one in visibility.rooms_for(session) if str(one.id) == id]
        if not rooms:
            raise Refusal("You are not in that room any more. Type it there: share D-7")
        return (Post(Room(rooms[0].id, rooms[0].name), key), Changed(key))
    if is_told:
        return (Post(where(command, session), key), Changed(key))
    choices = tuple(
        Button(room.name, "share", standing.decision.name, {"room": str(room.id)})
        for room in visibility.rooms_for(session)[:5]
    )
    name = standing.decision.name
    shown = card(
        "decide/shared",
        name=name,
        typed=Typed(f"share {name}"),
        has_rooms=bool(choices),
        buttons=choices,
    )
    return (shown, Changed(key))


def because(command: Command, session: Session) -> Reply:
    """[Add why]: asks for the reason, or keeps it."""
    rights.demand(session, "add")
    standing, rest = meant(command, session)
    reason = command.values.get("reason", rest).strip(' "“”„«»')
    if not reason:
        raise Refusal(f'Say why: because {standing.decision.name} "we lose leads every day"')
    return _said(standing, session, "because", text=reason)


def ask_why(command: Command, session: Session) -> Form:
    """The form behind [Add why]."""
    standing, _ = meant(command, session)
    return Form(
        f"Why {standing.decision.name}?",
        "because",
        (Input("reason", "Why was it decided?", "lines"),),
        standing.decision.name,
    )


def aim(command: Command, session: Session) -> Reply:
    """Which priority it supports, or none on purpose."""
    rights.demand(session, "add")
    standing, rest = meant(command, session)
    if command.values.get("none"):
        return _said(standing, session, "not for anything")
    if id := command.values.get("priority"):
        goal = session.get(Priority, int(id))
        if goal is None:
            raise Refusal("That priority is no longer there. Choose another.")
        return _said(standing, session, "for", priority=goal.id)
    name = re.sub(r"^\W*for\s+", "", rest, flags=re.I).strip(' "“”„«»')
    return _said(standing, session, "for", priority=priority(name, command, session).id)


def ask_aim(command: Command, session: Session) -> Card:
    """The priorities to choose from, for [Say which priority]."""
    standing, _ = meant(command, session)
    name = standing.decision.name
    choices = tuple(
        Button(goal.name, "aim", name, {"priority": str(goal.id)}) for goal in live(session)[:8]
    )
    none = Button("None, on purpose", "aim", name, {"none": "yes"})
    return card("decide/which_priority", name=name, buttons=(*choices, none))


def ask_of(command: Command, session: Session) -> Reply:
    """Ask somebody what they think of it."""
    rights.demand(session, "add")
    standing, rest = meant(command, session)
    if id := command.values.get("person"):
        someone = session.get(Person, int(id))
    else:
        someone = person(rest, command, session)
    if someone is None:
        raise Refusal("That person is no longer there. Choose another.")
    return _said(standing, session, "asked", people=[someone.id])


def whom_to_ask(command: Command, session: Session) -> Card:
    """People of the side that nobody asked."""
    standing, rest = meant(command, session)
    side = rest.strip() if rest.strip() in SIDES else "it"
    fitting = [one for one in people.everybody(session) if one.side in (side, "both")]
    return card(
        "decide/whom_to_ask",
        side=SIDES[side],
        name=standing.decision.name,
        buttons=tuple(
            Button(one.name, "ask of", standing.decision.name, {"person": str(one.id)})
            for one in fitting[:8]
        ),
    )


def whose(command: Command, session: Session) -> Reply:
    """Name who owns it: they are asked."""
    standing, rest = meant(command, session)
    if standing.owner_id is None:
        rights.demand(session, "add")
    else:
        rights.demand(session, "pass on", standing)
    _must_be_open(standing)
    said = command.values.get("owner", rest).strip()
    if not said:
        raise Refusal(f"Say who: whose {standing.decision.name} @dana")
    return _said(standing, session, "owner", person=person(said, command, session).id)


def ask_whose(command: Command, session: Session) -> Card:
    """Who could own a wish."""
    standing, _ = meant(command, session)
    return card(
        "decide/whose",
        name=standing.decision.name,
        buttons=tuple(
            Button(one.name, "whose", standing.decision.name, {"owner": one.email or one.name})
            for one in people.everybody(session)[:8]
        ),
    )


def decide_it(command: Command, session: Session) -> Form:
    """The form behind [Decide it], for what was needed."""
    standing, _ = meant(command, session)
    return Form(
        f"{standing.decision.name} {title(standing.decision.title)}",
        "decided so",
        (Input("title", "What was decided?"), Input("because", "Why?", "lines", is_needed=False)),
        standing.decision.name,
    )


def decided_so(command: Command, session: Session) -> Reply:
    """What was needed is decided: a decision of its own, which the needed one then names."""
    rights.demand(session, "add")
    standing, rest = meant(command, session)
    if standing.status != "needed":
        raise Refusal(f"{standing.decision.name} does not wait to be decided.")
    title = command.values.get("title", rest).strip()
    if not title:
        raise Refusal("Say what was decided.")
    old = standing.decision
    made = decisions.make(
        session, title=title, by_id=session.me.id, channel_id=old.channel_id, at=session.now
    )
    decisions.say(session, made, "owner", session.me.id, session.now, person=session.me.id)
    if reason := command.values.get("because", "").strip():
        decisions.say(session, made, "because", session.me.id, session.now, text=reason)
    _say(standing, session, "decided", by=made.id)
    return (Post(where(command, session), f"{NOUN}/{made.number}"), Changed(_key(standing)))


def _must_be_open(standing: Standing) -> None:
    if not standing.is_open:
        status = ENDED.get(standing.status, f"is {standing.status}")
        raise Refusal(f"{standing.decision.name} {status} already.")


def _say(standing: Standing, session: Session, what: What, /, **data: object) -> None:
    decisions.say(session, standing.decision, what, session.me.id, session.now, **data)


def _said(standing: Standing, session: Session, what: What, /, **data: object) -> Changed:
    _say(standing, session, what, **data)
    return Changed(_key(standing))


def _key(standing: Standing) -> str:
    return f"{NOUN}/{standing.decision.number}"
