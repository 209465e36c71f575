"""Brings exported decisions back, with all that was said of them, by whom and when."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import select

from handlers.exports.bringing import Bringing, Tell, at
from handlers.exports.entries import Entry
from handlers.exports.shape import SAID
from handlers.imports.problems import Unclear
from storage import channels, decisions
from storage.channels import Channel
from storage.decisions import Decision, DecisionEvent, What

PLACE = "file"  # of the channels in which decisions stand that came from a file


@dataclass(slots=True)
class Retelling:
    """The decisions of one file. A number that is taken here by another decision becomes a new one.

    They stand in places of their own, which everybody may read: only what all might see was
    exported, and the room of that name here may be another one.
    """

    bringing: Bringing
    tell: Tell
    made: dict[int, Decision] = field(default_factory=dict)  # by their number in the file

    def retell(self, told: list[Entry]) -> None:
        """All of them: first the decisions, since they may name each other, then what was said."""
        session = self.bringing.session
        taken = {one.number: one for one in session.exec(select(Decision))}
        often = Counter(entry["decision"] for entry in told)
        new: list[Entry] = []
        later: list[Entry] = []
        for entry in told:
            number = entry["decision"]
            if often[number] > 1:
                raise Unclear(f"{at(entry)}: D-{number} stands here twice")
            here = taken.get(number)
            if here and (here.title, here.at) == (entry["title"], entry["at"]):
                self.made[number] = here
                self.bringing.brought.same += 1
                continue
            new.append(entry)
            if here:
                later.append(entry)
            else:
                self._make(entry, number)
        for entry in later:
            one = self._make(entry, None)
            self.bringing.brought.renumbered.append(f"D-{entry['decision']} is {one.name} here")
        for done, entry in enumerate(new):
            self._say(entry)
            self.tell(done + 1, len(new))

    def _make(self, entry: Entry, number: int | None) -> Decision:
        by_id = self.bringing.who(entry)
        assert by_id is not None
        one = decisions.make(
            self.bringing.session, title=entry["title"], by_id=by_id, at=entry["at"],
            channel_id=self._place(entry.get("in", "")).id, is_needed=entry.get("needed", False),
            source=entry.get("from", ""), link=entry.get("link", ""), number=number,
        )  # fmt: skip
        self.made[entry["decision"]] = one
        self.bringing.count("decisions")
        return one

    def _place(self, name: str) -> Channel:
        session = self.bringing.session
        tenant = str(session.organisation.id)
        place = channels.place(session, PLACE, tenant, name, name)
        if place.is_private is not False:
            channels.told_private(session, place, False)
        return place

    def _say(self, entry: Entry) -> None:
        session = self.bringing.session
        said: list[DecisionEvent] = []
        for told in entry.get("then", ()):
            what: What = told["said"]
            data = {datum: self._datum(kind, name, told, said) for datum, name, kind in SAID[what]}
            by_id = self.bringing.who(told)
            assert by_id is not None
            one = self.made[entry["decision"]]
            said.append(decisions.say(session, one, what, by_id, told["at"], **data))

    def _datum(self, kind: str, name: str, told: Entry, said: list[DecisionEvent]) -> Any:
        value = told.get(name)
        match kind:
            case "person":
                return self.bringing.who(told, name)
            case "people":
                return [self._person(told, one) for one in value or ()]
            case "priority" | "initiative":
                return self.bringing.thing(told, kind, name).id if value is not None else None
            case "decision":
                return self._other(told, value)
            case "event":
                if not value or not 1 <= value <= len(said):
                    raise Unclear(f"{at(told)}: {value} is no number of what was said before it")
                return said[value - 1].id
            case "day":
                if not isinstance(value, date):
                    raise Unclear(f"{at(told)}: the day is missing")
                return value.isoformat()
            case "texts":
                return value or []
        return value or ""

    def _person(self, told: Entry, label: str) -> int:
        if label not in self.bringing.people:
            raise Unclear(f"{at(told)}: there is nobody called “{label}” in this file")
        return self.bringing.people[label]

    def _other(self, told: Entry, number: int | None) -> int | None:
        if number is None:
            return None
        if number not in self.made:
            raise Unclear(f"{at(told)}: there is no decision D-{number} in this file")
        return self.made[number].id
