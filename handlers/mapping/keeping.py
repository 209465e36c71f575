"""What one command changes on the map: kept, recorded as events, and said in one quiet line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.messages import Card, Quiet
from handlers import saying
from handlers.ask import kept, things
from handlers.saying import writer
from storage import confirmations, events, links, objections, organisations, people, refreshing
from storage.database import Session
from storage.events import Event
from storage.initiatives import Initiative
from storage.links import Link
from storage.names import Name
from storage.people import Person
from storage.things import Thing, noun_of

LABELS = {
    "owner_id": "Owner", "category": "Category", "because": "Why", "kind": "Kind",
    "vendor": "Vendor", "renews_on": "Renews", "cost": "Cost", "status": "Status",
    "starts_on": "From", "ends_on": "Until", "area": "Area", "plain": "In plain words",
    "state": "State", "unit": "Unit", "target": "Goal", "rank": "Rank", "name": "Name",
}  # fmt: skip
NAMED = {"name", "owner_id"}  # what cards say of a thing that they are not about


@dataclass(frozen=True, slots=True)
class Change:
    """One field, in words; `of` is whose it is where that is not the thing that is shown."""

    label: str
    before: str
    after: str


@dataclass(slots=True)
class Keeping:
    """All that one command changes, in one transaction."""

    session: Session
    is_new: bool = False
    is_back: bool = False
    is_retired: bool = False
    is_crowded: bool = False
    why: str = ""
    changes: list[Change] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def add(self, thing: Thing) -> None:
        """Put a new thing on the map."""
        self.session.add(thing)
        self.session.flush()
        self.is_new = True
        given = {name: getattr(thing, name) for name in LABELS if getattr(thing, name, None)}
        self.happened(noun_of(thing), thing, "added", {}, given)

    def change(self, thing: Thing, values: Mapping[str, Any], *, is_told: bool = True) -> None:
        """Give a thing these values; what it has already is no change."""
        new = {name: value for name, value in values.items() if getattr(thing, name) != value}
        if not new:
            return
        if new.keys() & NAMED:
            refreshing.of(self.session, noun_of(thing), thing.id)
        before = {name: getattr(thing, name) for name in new}
        unclear: dict[str, Any] = {}
        told = {name: self._told(thing, name) for name in new}
        for name, value in new.items():
            setattr(thing, name, value)
        if isinstance(thing, Initiative):
            said = {name.removesuffix("_id") for name in new}
            left = {k: text for k, text in thing.unclear.items() if k not in said}
            if left != thing.unclear:
                before["unclear"], unclear["unclear"] = thing.unclear, left
            thing.unclear = left
        if is_told:
            self.changes += [
                Change(LABELS[name], told[name], self._told(thing, name))
                for name in new
                if name in LABELS
            ]
        after = new | unclear | ({"reason": self.why} if self.why else {})
        self.happened(noun_of(thing), thing, "changed", before, after)

    def link(self, lower: Thing, upper: Thing) -> None:
        """One serves the other, by the word of who says so; confirmed where they own the other."""
        me, now = self.session.me, self.session.now
        is_mine = upper.owner_id is not None and upper.owner_id == me.id
        link = self._between(lower, upper)
        if link is None:
            link = Link(said_by_id=me.id, said_at=now, **_ends(lower, upper))
            if is_mine:
                link.confirmed_by_id, link.confirmed_at = me.id, now
            self.session.add(link)
            self.linked.append(upper.name)
            self.happened("link", lower, "added", {}, _ends(lower, upper))
            self._hear_owner(lower, upper, is_mine)
            return
        is_from_a_list = bool(link.source)
        before = word(link)
        if is_from_a_list:
            link.said_by_id, link.said_at, link.source = me.id, now, ""
        confirms = is_mine and link.confirmed_by_id is None
        if confirms:
            link.confirmed_by_id, link.confirmed_at = me.id, now
        if confirms or is_from_a_list:
            self.confirmed.append(upper.name)
            self.happened("link", lower, "changed", before, word(link))
        if is_mine or (is_from_a_list and link.confirmed_by_id is None):
            self._hear_owner(lower, upper, is_mine)

    def _hear_owner(self, lower: Thing, upper: Thing, is_mine: bool) -> None:
        """The owner of the other end has just said so; else they are asked, once."""
        key = key_of(lower, upper)
        if is_mine:
            confirmations.answer(self.session, key, "yes")
            objections.settle(self.session, key, "right")
            return
        owner_id = next((one for one in (upper.owner_id, lower.owner_id) if one), None)
        owner = people.who(self.session, owner_id) if owner_id else None
        if owner and owner.id != self.session.me.id and not owner.gone_at:
            self.session.flush()
            confirmations.ask(self.session, key, owner.id)

    def confirm(self, link: Link, lower: Thing, upper: Thing) -> None:
        """The owner of an end says so too."""
        if link.confirmed_by_id is None:
            before = word(link)
            link.confirmed_by_id, link.confirmed_at = self.session.me.id, self.session.now
            self.happened("link", lower, "changed", before, word(link))
        confirmations.answer(self.session, links.key_of(link), "yes")

    def unlink(self, lower: Thing, upper: Thing) -> bool:
        """One no longer serves the other. False where nobody said that it did."""
        link = self._between(lower, upper)
        if link is None:
            return False
        self.session.delete(link)
        confirmations.answer(self.session, links.key_of(link), "gone")
        objections.settle(self.session, links.key_of(link), "removed")
        self.unlinked.append(upper.name)
        self.happened("link", lower, "removed", word(link), {})
        return True

    def happened(
        self,
        noun: str,
        thing: Thing,
        what: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> None:
        """Note a change for the record."""
        self.events.append(events.happened(self.session, noun, thing, what, before, after))

    def keep(self) -> None:
        """Keep all of it."""
        self.session.flush()
        if self.events:
            events.record(self.session, self.events)
            organisations.touch_map(self.session, self.session.organisation)
            kept.tell(self.session, self.events)

    def answer(self, thing: Thing) -> Card:
        """Keep all of it, and show the thing with a line on what changed."""
        self.keep()
        line = writer().write("mapping/changed", keeping=self, is_same=not self.events).text
        quiet = [Quiet(line)]
        if self.is_crowded:
            quiet.append(Quiet(writer().write("mapping/crowded").text))
        shown = things.shown(self.session, Name(noun_of(thing), thing.id, thing.name))
        return replace(shown, parts=(*quiet, *shown.parts))

    def _between(self, lower: Thing, upper: Thing) -> Link | None:
        noun = noun_of(upper)
        touching = links.touching(self.session, noun_of(lower), {lower.id}, other=noun)
        fitting = (one for one in touching if getattr(one, f"{noun}_id") == upper.id)
        return next(fitting, None)

    def _told(self, thing: Thing, name: str) -> str:
        value = getattr(thing, name)
        if name == "cost" and isinstance(thing, Initiative):
            return saying.cost(thing)
        if name == "owner_id" and value is not None:
            return self.session.get_one(Person, value).name
        if isinstance(value, date):
            return saying.day(value, self.session.now.date())
        if isinstance(value, int | float):
            return saying.number(value)
        return saying.short(str(value or ""))


def key_of(lower: Thing, upper: Thing) -> str:
    """How the link between them is named."""
    return links.key(noun_of(lower), lower.id, noun_of(upper), upper.id)


def word(link: Link) -> dict[str, Any]:
    """All that is known of a link: its ends, and by whose word it stands."""
    known = link.model_dump(exclude={"id", "organisation_id"})
    return {name: value for name, value in known.items() if value is not None}


def _ends(lower: Thing, upper: Thing) -> dict[str, Any]:
    return {f"{noun_of(lower)}_id": lower.id, f"{noun_of(upper)}_id": upper.id}
