"""Lets the owner of either end, or who keeps the map, settle what somebody objects to."""

from bot.messages import Button, Card, Changed, Command, Form, Input, Refusal, Reply, Text
from handlers import rights
from handlers.ask import things
from handlers.ask.disputed import statement
from handlers.ask.objecting import settling
from handlers.ask.things import word_on
from handlers.mapping.keeping import Keeping
from handlers.saying import card, mention, moment, writer
from storage import capabilities, links, objections, people, priorities
from storage.database import Session
from storage.initiatives import Initiative
from storage.links import Link
from storage.names import Name
from storage.objections import Objection
from storage.things import Thing, ends, noun_of

MOST = 90  # choices of a form


def settle(command: Command, session: Session) -> Reply:
    """[It is right], [Take the link away], [It serves something else], [I was wrong] …"""
    key, how = command.values.get("link", ""), command.values.get("how", "")
    open_ones = objections.to(session, key)
    mine = [one for one in open_ones if one.by_id == session.me.id]
    both = ends(session, key)
    if how == "withdrawn":
        rights.demand(session, "object")
        if not objections.settle(session, key, how):
            raise Refusal("That is settled already.")
        return card("objection/withdrawn", statement=statement(session, key))
    rights.demand(session, "settle", _theirs(session, both))
    link = links.of_key(session, key)
    if not open_ones and (link is None or how == "right"):
        raise Refusal("That is settled already.")
    keeping = Keeping(session)
    if link is None or len(both) != 2:
        objections.settle(session, key, how if how in ("right", "mended") else "removed")
    else:
        _settle_link(how, link, both, keeping, command)
    keeping.keep()
    told = [Changed(one.key) for one in open_ones[:1]]
    shown = (
        things.shown(session, Name(noun_of(both[0]), both[0].id, both[0].name)) if both else None
    )
    return (*told, shown) if shown and (mine or not told) else tuple(told)


def _theirs(session: Session, both: list[Thing]) -> Thing | None:
    """The end that gives this person the right, if one does."""
    mine = [one for one in both if one.owner_id == session.me.id]
    return next(iter(mine or both[-1:]), None)


def _settle_link(
    how: str, link: Link, both: list[Thing], keeping: Keeping, command: Command
) -> None:
    lower, upper = both
    session = keeping.session
    match how:
        case "right":
            if session.me.id in (lower.owner_id, upper.owner_id):
                keeping.confirm(link, lower, upper)
            objections.settle(session, links.key_of(link), "right")
        case "removed":
            keeping.unlink(lower, upper)
        case "elsewhere":
            instead = ends(session, command.values.get("serves", ""))
            if not instead or instead[0] is upper:
                raise Refusal("Choose what it serves instead.", "serves")
            objections.settle(session, links.key_of(link), "elsewhere", instead[0].name)
            keeping.unlink(lower, upper)
            keeping.link(lower, instead[0])


def ask_instead(command: Command, session: Session) -> Form:
    """The form behind [It serves something else]."""
    key = command.values.get("link", "")
    both = ends(session, key)
    if len(both) != 2:
        raise Refusal("That link is no longer there.")
    goals = [("priority", one.id, one.name) for one in priorities.live(session)]
    if isinstance(both[0], Initiative):
        goals += [("capability", one.id, one.name) for one in capabilities.all_of_them(session)]
    serves = "show" if noun_of(both[0]) == "metric" else "serve"
    return Form(
        f"What does {both[0].name} {serves}?",
        "settle",
        (
            Input(
                "serves",
                f"Instead of {both[1].name}",
                "choice",
                options=tuple(
                    (f"{noun}/{id}", name)
                    for noun, id, name in goals
                    if (noun, id) != (noun_of(both[1]), both[1].id)
                )[:MOST],
            ),
        ),
        values={"link": key, "how": "elsewhere"},
    )


def compose(key: str, session: Session) -> Card | None:
    """What the owners are asked, and what came of it."""
    found = objections.on_card(session, int(key.partition("/")[2]))
    if not found:
        return None
    open_ones = [one for one in found if one.settled_at is None]
    about = found[0].about
    link = links.of_key(session, about)
    last = max(found, key=lambda one: one.settled_at or one.at)
    return card(
        "objection/asked",
        by=[mention(people.who(session, one.by_id)) for one in open_ones or found],
        statement=statement(session, about) or found[0].name,
        is_link=">" in about,
        is_there=link is not None,
        reasons=[one.reason for one in found if one.reason],
        word=word_on(session, link) if link else "",
        is_open=bool(open_ones),
        outcome=_outcome(session, last),
        buttons=_buttons(about, link) if open_ones else (),
    )


def _buttons(about: str, link: Link | None) -> tuple[Button, ...]:
    right = Button("It is right", "settle", "", {"link": about, "how": "right"}, is_main=True)
    if ">" not in about:
        mended = Button("I put it right", "settle", "", {"link": about, "how": "mended"})
        return (right, mended)
    if link is None:
        return (Button("Tell them", "settle", "", {"link": about, "how": "removed"}),)
    return (right, *settling(about))


def compose_settled(key: str, session: Session) -> Card | None:
    """What came of an objection, for whoever made it."""
    one = session.get(Objection, int(key.partition("/")[2]))
    if one is None:
        return None
    return card(
        "objection/settled",
        to=mention(people.who(session, one.by_id)),
        statement=one.name,
        said_at=moment(one.at),
        outcome=_outcome(session, one) if one.settled_at else "",
    )


def _outcome(session: Session, one: Objection) -> Text:
    by = people.who(session, one.settled_by_id) if one.settled_by_id else None
    by = None if by and by.is_operator else by
    written = writer().write(
        "objection/outcome", by=mention(by), outcome=one.outcome, instead=one.instead
    )
    return written.text
