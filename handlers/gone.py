"""Says that somebody has left, and finds a new owner for all that is open with them."""

from collections.abc import Sequence

from bot.messages import Button, Card, Command, Refusal, Reply
from handlers import rights, unowned, whom
from handlers.away import back_again
from handlers.decide.logging import where
from handlers.people import counted
from handlers.saying import card, mention, title
from handlers.side import record
from storage import channels, holding, people, visits
from storage.database import Session
from storage.holding import Held, Kind
from storage.people import Person

Open = Sequence[tuple[Kind, Sequence[Held]]]
MOST_TAKERS = 4
MOST_NAMES = 8


def leave(command: Command, session: Session) -> Reply:
    """`gone @dana`; `gone @dana to @lee` gives all that is open with her to Lee."""
    values = command.values
    name, taker = _parts(command.text)
    found = whom.named(command, session, name)
    if not isinstance(found, Person):
        return found
    rights.demand(session, "admin gone" if found.role == "admin" else "gone", found)
    if found.id == session.me.id:
        raise Refusal("You are here. Somebody else who keeps the map can say that you have left.")
    if values.get("do") == "back":
        return back_again(session, found)
    if found.gone_at is None:
        found.gone_at = session.now
        visits.end_all(session, found)
        record(session, found, {"gone": None}, {"gone": session.now.date().isoformat()})
    if taker or values.get("do") == "all":
        to = people.who(session, int(values["to"])) if "to" in values else None
        return _to(command, session, found, to, taker)
    match values.get("do"):
        case "nobody":
            return _left_unowned(command, session, found)
        case "one":
            return _one_by_one(session, found, values.get("after", ""), _given(command, session))
    return _card(session, found)


def _parts(text: str) -> tuple[str, str]:
    name, _, taker = text.strip().partition(" to ")
    return name.strip(), taker.strip()


def _to(command: Command, session: Session, found: Person, to: Person | None, typed: str) -> Reply:
    if to is None:
        fitting = [one for one in people.called(session, typed) if one.id != found.id]
        if not fitting:
            return card("people/nobody", typed=typed)
        if len(fitting) > 1:
            return card(
                "ask/which_person",
                typed=typed,
                buttons=tuple(
                    _button(whom.told_apart(one, fitting), found, do="all", to=one.id)
                    for one in fitting[: whom.MOST]
                ),
            )
        to = fitting[0]
    if to.id == found.id or to.gone_at:
        return card("gone/cannot_take", person=mention(to), buttons=_choices(session, found))
    return _give_all(session, found, to)


def _card(session: Session, found: Person) -> Card:
    held = holding.held_by(session, found.id)
    back = _button(f"{_first(found)} is still here", found, do="back")
    return card(
        "gone/gone",
        person=mention(found),
        open=[counted(kind, len(things)) for kind, things in held],
        buttons=(*(_choices(session, found) if held else ()), back),
    )


def _choices(session: Session, found: Person) -> tuple[Button, ...]:
    takers = _takers(session, found)[:1]
    return (
        *(_button(f"All to {_first(one)}", found, do="all", to=one.id) for one in takers),
        _button("One by one", found, do="one"),
        _button("Leave unowned and say so", found, do="nobody"),
    )


def _takers(session: Session, found: Person) -> list[Person]:
    """Who might take over: who asks, who keeps the map, then those of the same side."""
    return sorted(
        (
            one
            for one in people.everybody(session)
            if one.id != found.id and not one.gone_at and rights.can(one, "change the map")
        ),
        key=lambda one: (
            one.id != session.me.id,
            one.role != "facilitator",
            one.side != found.side,
            one.name.casefold(),
        ),
    )[:MOST_TAKERS]


def _give_all(session: Session, found: Person, to: Person | None) -> Card:
    held = holding.held_by(session, found.id)
    for kind, things in held:
        for thing in things:
            kind.give(session, thing, to)
    names = [title(thing.name) for _, things in held for thing in things]
    return card(
        "gone/given",
        person=mention(found),
        to=mention(to),
        names=names[:MOST_NAMES],
        more=max(len(names) - MOST_NAMES, 0),
        open=[counted(kind, len(things)) for kind, things in held],
        buttons=(Button("Who is who", "people"),),
    )


def _left_unowned(command: Command, session: Session, found: Person) -> Reply:
    """Nobody owns it, and the room is told so."""
    shown = _give_all(session, found, None)
    session.flush()
    at = command.at
    here = channels.here(session, at)
    posts = unowned.posts(session, found, here, where(command, session))
    return (shown, *(post for post in posts if unowned.compose(post.key, session)))


def _given(command: Command, session: Session) -> str:
    """Give the one thing that was pressed about, if it is still theirs. Its name, if it was."""
    values = command.values
    if "thing" not in values:
        return ""
    leaver = int(values["person"])
    to = people.who(session, int(values["to"])) if values.get("to") else None
    for kind, things in holding.held_by(session, leaver):
        for thing in things:
            if _key(kind, thing) == values["thing"]:
                kind.give(session, thing, to)
                return thing.name
    return ""


def _one_by_one(session: Session, found: Person, after: str, given: str) -> Card:
    held = [(k, one) for k, things in holding.held_by(session, found.id) for one in things]
    keys = [_key(kind, one) for kind, one in held]
    at = keys.index(after) + 1 if after in keys else 0
    if not held:
        return card("gone/done", person=mention(found), given=given, left=0)
    if at >= len(held):
        return card(
            "gone/done",
            person=mention(found),
            given=given,
            left=len(held),
            buttons=_choices(session, found),
        )
    kind, thing = held[at]
    key = _key(kind, thing)
    takers = _takers(session, found)
    return card(
        "gone/one",
        given=given,
        noun=kind.one,
        name=title(thing.name),
        left=len(held) - at,
        buttons=(
            *(
                _button(
                    whom.told_apart(one, takers), found, do="one", thing=key, to=one.id, after=after
                )
                for one in takers
            ),
            _button("Nobody yet", found, do="one", thing=key, after=after),
            _button("Skip", found, do="one", after=key),
        ),
    )


def _key(kind: Kind, thing: Held) -> str:
    return f"{kind.noun}/{thing.id}"


def _button(label: str, found: Person, **values: object) -> Button:
    said = {name: str(value) for name, value in values.items()}
    return Button(label, "gone", "", {"person": str(found.id), **said})


def _first(person: Person) -> str:
    return person.name.partition(" ")[0]
