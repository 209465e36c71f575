"""Asks whoever owns the other end of a link for their word: all that waits, on one card."""

from dataclasses import dataclass

from bot.messages import Button, Card, Changed, Command, Refusal, Reply
from handlers import rights
from handlers.ask import objecting
from handlers.ask.disputed import statement
from handlers.mapping.keeping import Keeping
from handlers.saying import card, mention, moment, writer
from storage import confirmations, links, objections, people
from storage.confirmations import Confirmation
from storage.database import Session
from storage.links import Link
from storage.things import Thing, ends

SHOWN = 3  # at once; the rest is behind [More]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One link that waits for a word, and its ends."""

    asked: Confirmation
    link: Link
    lower: Thing
    upper: Thing

    @property
    def theirs(self) -> Thing:
        """The end of whoever is asked; if that has changed hands, the one whose owner counts."""
        mine = self.lower.owner_id == self.asked.asked_id
        return self.lower if mine and self.upper.owner_id != self.asked.asked_id else self.upper


def show(command: Command, session: Session) -> Card:
    """`confirm`: what waits for my word; or, behind [More], the rest of it."""
    after = int(command.values.get("after", "0"))
    mine = _still(session, confirmations.of_person(session, session.me.id or 0))
    return _card(session, [one for one in mine if one.asked.id > after], [], is_alone=True)


def yes(command: Command, session: Session) -> Reply:
    """[Yes], or [All of it]."""
    chosen = _chosen(command, session)
    keeping = Keeping(session)
    for one in chosen:
        rights.demand(session, "confirm", one.theirs)
        keeping.confirm(one.link, one.lower, one.upper)
        objections.settle(session, one.asked.link, "right")
    keeping.keep()
    return _after(command, session, chosen[0].asked)


def no(command: Command, session: Session) -> Reply:
    """[No]: the link stays, and is disputed until it is settled."""
    one = _chosen(command, session)[0]
    rights.demand(session, "confirm", one.theirs)
    confirmations.answer(session, one.asked.link, "no")
    return (
        objecting.noted(command, session, one.asked.link, ""),
        Changed(one.asked.key),
    )


def _chosen(command: Command, session: Session) -> list[Waiting]:
    """What a press is about: one link, or all that stood on the card when it was pressed."""
    card_id, last = (int(command.values.get(name, "0")) for name in ("card", "last"))
    found = [
        one
        for one in _still(session, confirmations.on_card(session, card_id))
        if not one.asked.answer
        and (one.asked.link == command.values.get("link") or one.asked.id <= last)
    ]
    if not found:
        raise Refusal("That is answered already.")
    return found


def _after(command: Command, session: Session, asked: Confirmation) -> Reply:
    changed = Changed(asked.key)
    return (changed, show(command, session)) if command.values.get("alone") else changed


def _still(session: Session, asked: list[Confirmation]) -> list[Waiting]:
    """Those whose link is still there."""
    found = []
    for one in asked:
        link, both = links.of_key(session, one.link), ends(session, one.link)
        if link is not None and len(both) == 2:
            found.append(Waiting(one, link, both[0], both[1]))
    return found


def compose(key: str, session: Session) -> Card | None:
    """The card of one owner, as it stands."""
    asked = confirmations.on_card(session, int(key.partition("/")[2]))
    if not asked:
        return None
    found = _still(session, asked)
    waiting = [one for one in found if not one.asked.answer]
    return _card(session, waiting, [one for one in asked if one.answer], is_alone=False)


def _card(
    session: Session, waiting: list[Waiting], answered: list[Confirmation], *, is_alone: bool
) -> Card:
    shown = waiting[:SHOWN]
    said = {answer: [one for one in answered if one.answer == answer] for answer in ("yes", "no")}
    return card(
        "confirm/card",
        count=len(waiting),
        first=waiting[0].lower.name if waiting else "",
        second=waiting[0].upper.name if waiting else "",
        lines=[_line(session, one) for one in shown],
        yes=[statement(session, one.link) for one in said["yes"]],
        no=[statement(session, one.link) for one in said["no"]],
        buttons=_buttons(waiting, is_alone),
    )


def _line(session: Session, one: Waiting) -> object:
    by = people.who(session, one.link.said_by_id) if one.link.said_by_id else None
    at = moment(one.link.said_at)
    said = statement(session, one.asked.link)
    return writer().write("confirm/line", statement=said, by=mention(by), at=at).text


def _buttons(waiting: list[Waiting], is_alone: bool) -> tuple[Button, ...]:
    found = []
    alone = {"alone": "yes"} if is_alone else {}
    is_one = len(waiting) == 1
    for place, one in enumerate(waiting[:SHOWN], 1):
        values = {"card": str(one.asked.card), "link": one.asked.link, **alone}
        number = "" if is_one else f"{place} "
        found.append(Button(f"{number}Yes", "confirm yes", "", values, is_main=is_one))
        found.append(Button(f"{number}No", "confirm no", "", values))
    if not is_one and waiting:
        values = {"card": str(waiting[0].asked.card), "last": str(waiting[-1].asked.id), **alone}
        found.append(Button("All of it", "confirm yes", "", values, is_main=True))
    if len(waiting) > SHOWN:
        after = {"after": str(waiting[SHOWN - 1].asked.id)}
        found.append(Button("More", "confirm", "", after))
    return tuple(found)
