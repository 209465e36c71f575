"""Lets people say that an answer is not right: its owners are asked, and every answer says so."""

import re

from bot.messages import Button, Card, Command, Form, Input, Refusal, Reply, Typed
from handlers import rights
from handlers.ask import kept
from handlers.ask.disputed import beneath, statement
from handlers.mapping.keeping import key_of
from handlers.mapping.naming import LONGEST, MARKS, halves, meant, quotes, thing
from handlers.saying import card, mention
from storage import links, objections, people, priorities, privately
from storage.database import Session
from storage.initiatives import Initiative
from storage.links import PAIRS
from storage.metrics import Metric
from storage.objections import Objection
from storage.people import Person
from storage.priorities import Priority
from storage.things import Thing, ends, noun_of

SAID = r"(?:that|this|it)\s?(?:['’]s| is)\s(?:not (?:right|true|correct)|wrong)\b"
MOST = 6  # links to choose from
MOST_WORDS = 5 * LONGEST  # characters of a reason
JOINING = ("to", "for", "from", "serves", "supports", "shows")


def object_to(command: Command, session: Session) -> Reply:
    """[That's not right], or `not right "One login" to "Grow revenue"`."""
    rights.demand(session, "object")
    key = command.values.get("link") or command.values.get("about") or _typed(command, session)
    reason = command.values.get("reason", "").strip()[:MOST_WORDS]
    found = ends(session, key)
    if len(found) != len(links.ends(key)) or not found:
        raise Refusal("That is no longer on the map. Ask again, and you see what is.")
    if len(found) == 2:
        if links.of_key(session, key) is None:
            raise Refusal(f"{found[0].name} is not linked to {found[1].name} any more.")
        return noted(command, session, key, reason)
    if reason:
        return noted(command, session, key, reason)
    stands_on = beneath(session, noun_of(found[0]), found[0].id)
    if not stands_on or command.values.get("else"):
        return _nothing_at_stake(found[0], key, session)
    if len(stands_on) == 1:
        return noted(command, session, links.key_of(stands_on[0]), "")
    return _which(session, found[0], key, [links.key_of(one) for one in stands_on])


def _typed(command: Command, session: Session) -> str:
    """The key of what was named: both ends of a link, or one thing."""
    text = re.sub(rf"^{SAID}", "", command.text, flags=re.IGNORECASE).strip(MARKS + ":?!")
    in_quotes = [one.text for one in quotes(text)]
    cuts = [cut for word in JOINING for cut in halves(text, word) if all(cut)]
    both = in_quotes[:2] if len(in_quotes) > 1 else list(cuts[0]) if cuts else []
    if both:
        lower, upper = (thing(session, meant(one, command, session)) for one in both)
        if (noun_of(lower), noun_of(upper)) not in PAIRS:
            lower, upper = upper, lower
        return key_of(lower, upper)
    if not text:
        raise Refusal('Say what is not right: not right "One login" to "Grow revenue"')
    one = thing(session, meant(text, command, session))
    return f"{noun_of(one)}/{one.id}"


def noted(command: Command, session: Session, key: str, reason: str) -> Card:
    """Keep the objection, and ask whoever can settle it."""
    said = statement(session, key)
    one = objections.record(session, key, said, *kept.place(command, session), reason)
    asked = _ask(session, one)
    is_link = ">" in key
    can_settle = any(rights.can(session.me, "settle", end) for end in ends(session, key))
    return card(
        "objection/noted",
        statement=said,
        me=mention(session.me),
        is_link=is_link,
        reason=one.reason,
        asked=[mention(to) for to in asked],
        buttons=(
            *(() if one.reason else (Button("Say why", "say why not", "", {"link": key}),)),
            *(settling(key) if can_settle and is_link else ()),
            Button("I was wrong", "settle", "", {"link": key, "how": "withdrawn"}),
        ),
    )


def _ask(session: Session, one: Objection) -> list[Person]:
    """Its owners; where none of them can be written to, whoever keeps the map."""
    owners = dict.fromkeys(end.owner_id for end in ends(session, one.about) if end.owner_id)
    known = [to for id in owners if (to := people.who(session, id)) and not to.gone_at]
    asked = _write(session, one, known, owns=True)
    return asked or _write(session, one, people.keepers(session), owns=False)


def _write(session: Session, one: Objection, whom: list[Person], *, owns: bool) -> list[Person]:
    others = [to for to in whom if to.id != session.me.id]
    return [to for to in others if privately.tell(session, to.id, one.key, owns=owns)]


def settling(key: str) -> tuple[Button, ...]:
    """What an owner can do where a link is not right."""
    return (
        Button("Take the link away", "settle", "", {"link": key, "how": "removed"}),
        Button("It serves something else", "serves instead", "", {"link": key}),
    )


def say_why(command: Command, session: Session) -> Form:
    """The form behind [Say why], and behind [Tell the owner]."""
    key = command.values.get("link", "")
    is_link = ">" in key
    return Form(
        f"What is not right: {statement(session, key)}",
        "not right",
        (Input("reason", "Why is it not right?" if is_link else "What should it say?", "lines"),),
        values={"link" if is_link else "about": key},
    )


def _which(session: Session, one: Thing, about: str, keys: list[str]) -> Card:
    """Several links: which of them?"""
    return card(
        "objection/which",
        name=one.name,
        more=max(0, len(keys) - MOST),
        example=Typed('not right "One login" to "Grow revenue"'),
        buttons=(
            *(Button(statement(session, key), "not right", "", {"link": key})
              for key in keys[:MOST]),
            Button("Something else", "not right", "", {"about": about, "else": "yes"}),
        ),
    )  # fmt: skip


def _nothing_at_stake(one: Thing, about: str, session: Session) -> Card:
    """No link is at stake: say what it serves, or tell whoever owns it."""
    is_free = not isinstance(one, Priority) and not beneath(session, noun_of(one), one.id)
    goals = priorities.live(session)[:5] if is_free else []
    owner = people.who(session, one.owner_id) if one.owner_id else None
    tell = "Tell the owner" if owner else "Tell who keeps the map"
    return card(
        "objection/nothing",
        name=one.name,
        noun=noun_of(one),
        is_free=is_free,
        owner=mention(owner),
        typed=_mending(one),
        buttons=(
            *(
                Button(
                    f"It {'shows' if isinstance(one, Metric) else 'serves'} {goal.name}",
                    "link",
                    f'"{one.name}" to "{goal.name}"',
                )
                for goal in goals
            ),
            Button(tell, "say why not", "", {"link": about}),
        ),
    )


def _mending(one: Thing) -> list[Typed]:
    if isinstance(one, Initiative):
        return [
            Typed(f'{one.kind} "{one.name}" owner @dana cost 84k EUR'),
            Typed(f"{one.name} is late"),
        ]
    if isinstance(one, Metric):
        return [Typed(f'number "{one.name}" 6.5')]
    return [Typed(f'{noun_of(one)} "{one.name}" owner @dana')]
