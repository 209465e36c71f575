"""Asks "what gives way?" where something new was added, and makes the answer a decision."""

from dataclasses import replace

from bot.messages import Button, Card, Command, Post, Quiet, Refusal, Reply
from handlers import rights, saying
from handlers.decide.logging import where
from handlers.mapping.changing import end
from handlers.mapping.keeping import Keeping
from handlers.saying import card, mention, writer
from storage import channels, decisions, lines, people, yielding
from storage.database import Session
from storage.decisions import Decision
from storage.initiatives import ENDED, Initiative
from storage.priorities import Priority
from storage.things import Thing, find, noun_of

MOST = 3


def asking(shown: Card, new: Thing, keeping: Keeping) -> Card:
    """The card of what was just added, with the question under it; never for an import.

    The thing is saved, whatever is answered: the question is one quiet line.
    """
    session = keeping.session
    match new:
        case Initiative() if keeping.is_new and new.status not in ENDED:
            found: list[tuple[Thing, str]] = [
                (one, saying.cost(one) or "cost not known")
                for one in yielding.least_tied(session, new.id, MOST)
            ]
        case Priority() if keeping.is_crowded:
            found = [(one, _served(n)) for one, n in yielding.least_served(session, new.id, MOST)]
        case _:
            return shown
    if not found or yielding.said(session, noun_of(new), new.id, new.created_at):
        return shown
    line = writer().write(
        "mapping/gives_way",
        is_priority=isinstance(new, Priority),
        found=[{"name": one.name, "note": note} for one, note in found],
    )
    buttons = [_button(f"{_stop(one).capitalize()} {one.name}", new, one) for one, _ in found]
    return replace(
        shown,
        parts=(*shown.parts, Quiet(line.text)),
        buttons=(*buttons, _button("Nothing: we have room", new, None), *shown.buttons),
    )


def _served(count: int) -> str:
    return f"{count or 'nothing'} {'serve' if count > 1 else 'serves'} it"


def _stop(one: Thing) -> str:
    return "retire" if isinstance(one, Priority) else "stop"


def _named(one: Thing) -> str:
    return f"{noun_of(one)}/{one.id}"


def _button(label: str, new: Thing, old: Thing | None) -> Button:
    values = {"new": _named(new), "old": _named(old) if old else ""}
    return Button(label, "give way", "", values)


def give(command: Command, session: Session) -> Reply:
    """[Stop Asana] or [Nothing: we have room]: kept with who said so."""
    rights.demand(session, "decide")
    new = _thing(command.values["new"], session)
    if not command.values["old"]:
        return _room(new, session)
    old = _thing(command.values["old"], session)
    if _named(old) in yielding.said(session, noun_of(new), new.id, new.created_at):
        raise Refusal(f"You have that already: {old.name} gives way to {new.name}.")
    if isinstance(old, Initiative) and old.status in ENDED:
        raise Refusal(f"{old.name} is {old.status} already. Choose something else.")
    if isinstance(old, Priority) and old.retired_at:
        raise Refusal(f"{old.name} is off the list already. Choose something else.")
    may = rights.can(session.me, "retire", old)
    decision = _decided(new, old, session.me.id if may else old.owner_id, command, session)
    keeping = Keeping(session)
    if may:
        end(old, keeping)
    _note(keeping, new, _named(old))
    owner = people.who(session, old.owner_id) if old.owner_id else None
    told = card(
        "mapping/gave_way",
        old=old.name,
        new=new.name,
        number=decision.name,
        is_ended=may,
        is_priority=isinstance(old, Priority),
        owner=mention(owner),
        is_mine=old.owner_id == session.me.id,
        who_may="" if may else rights.refusal(session, "retire", old),
    )
    key = f"{decisions.NOUN}/{decision.number}"
    return told, Post(where(command, session), key, command.under)


def _thing(named: str, session: Session) -> Thing:
    noun, _, id = named.partition("/")
    found = find(session, noun, int(id))
    if found is None:
        raise Refusal("That is no longer on the map. Nothing has to give way for it.")
    return found


def _room(new: Thing, session: Session) -> Card:
    """Kept as an event of the thing, and no decision: nothing was given up, nobody has to accept
    or review it. An event says who said so and when, and that is all there is to say."""
    if not yielding.said(session, noun_of(new), new.id, new.created_at):
        _note(Keeping(session), new, "")
    return card("mapping/room", name=new.name)


def _note(keeping: Keeping, new: Thing, old: str) -> None:
    keeping.happened(noun_of(new), new, "changed", {}, {yielding.FIELD: old})
    keeping.keep()


def _decided(
    new: Thing, old: Thing, owner_id: int | None, command: Command, session: Session
) -> Decision:
    """As `decide` logs it: who may stop it has named themselves, and so accepted.

    Who may not has still said something worth keeping. Its owner is asked; without one it is a
    wish. The thing itself goes on until somebody who may stops it.
    """
    at, me, now = command.at, session.me.id, session.now
    verbs = "take up", "retire" if isinstance(old, Priority) else "stop"
    decision = decisions.make(
        session,
        title=f"To {verbs[0] if isinstance(new, Priority) else 'start'} {new.name} "
        f"we {verbs[1]} {old.name}",
        by_id=me,
        channel_id=channels.here(session, at).id,
        at=now,
    )
    if owner_id is not None:
        decisions.say(session, decision, "owner", me, now, person=owner_id)
    if goal := _goal(new, session):
        decisions.say(session, decision, "for", me, now, priority=goal)
    return decision


def _goal(new: Thing, session: Session) -> int | None:
    if isinstance(new, Priority):
        return new.id
    ways = lines.up(session, [new.id])[new.id]
    return next((way.priority.id for way in ways if way.priority), None)
