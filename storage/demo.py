"""Fills an empty map with an invented company, so that a newcomer has something to ask about."""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import delete, select, update

from storage import events
from storage.capabilities import Capability
from storage.confirmations import Confirmation
from storage.database import Session
from storage.decisions import DecisionState
from storage.events import Event
from storage.initiatives import Initiative
from storage.links import Link
from storage.metrics import Metric, Reading
from storage.objections import Objection
from storage.people import Person
from storage.priorities import Priority
from storage.sorting import Sorting

CLEARED: tuple[type[Any], ...] = (
    *(Confirmation, Objection, Sorting),  # which name what is gone
    *(Link, Reading, Metric, Initiative, Capability, Priority),
)
TOLD = "-40d"  # when somebody put on the map what nobody says to serve anything


def seed(session: Session, now: datetime) -> dict[str, str]:
    """Write the company of `demo.toml`, its dates counted from `now`. Gives its name and zone."""
    told = _told()
    _Seeding(session, now, told).all_of_it()
    company: dict[str, str] = told["company"]
    return company


def name() -> str:
    """What the invented company is called."""
    called: str = _told()["company"]["name"]
    return called


def what_goes(session: Session) -> dict[str, int]:
    """How many of each noun `clear` would take off the map."""
    nouns: dict[str, type[Any]] = {
        "projects": Initiative,
        "priorities": Priority,
        "capabilities": Capability,
        "metrics": Metric,
        "links": Link,
    }
    return {noun: len(session.exec(select(table)).all()) for noun, table in nouns.items()}


def clear(session: Session) -> None:
    """Take all that is on the map off it again; people stay, they may have said something.

    Its history stays on record, but is no longer this map's.
    """
    session.exec(update(DecisionState).values(priority_id=None))
    for table in CLEARED:
        session.exec(delete(table))
    session.organisation.map_began_at = session.now


def _told() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "demo.toml").read_text(encoding="utf-8"))


class _Seeding:
    def __init__(self, session: Session, now: datetime, told: dict[str, Any]) -> None:
        self.session, self.now, self.told = session, now, told
        self.people: dict[str, Person] = {}
        self.things: dict[str, tuple[str, int]] = {}
        self.events: list[Event] = []

    def all_of_it(self) -> None:
        for row in self.told["person"]:
            person = Person(**row, created_at=self.at("-90d"))
            self.people[person.email or ""] = self.kept(person)
        for noun, table in (
            ("priority", Priority),
            ("capability", Capability),
            ("initiative", Initiative),
            ("metric", Metric),
        ):
            for row in self.told[noun]:
                self.thing(noun, table, dict(row))
        events.record(self.session, self.events)

    def thing(self, noun: str, table: type[Any], row: dict[str, Any]) -> None:
        serves, said = row.pop("for", []), row.pop("said", TOLD)
        said_by = self.id_of(row.pop("said_by", row.get("owner")))
        confirmed_by, confirmed = (
            self.id_of(row.pop("confirmed_by", None)),
            row.pop("confirmed", ""),
        )
        readings = row.pop("readings", [])
        row["owner_id"] = self.id_of(row.pop("owner", None))
        for short, column in (
            ("starts", "starts_on"),
            ("ends", "ends_on"),
            ("renews", "renews_on"),
        ):
            if short in row:
                row[column] = self.day(row.pop(short))
        if "cost" in row:
            row |= {"cost": row["cost"] * 100, "currency": "EUR"}
        made = self.kept(table(**row, created_at=self.at(said)))
        self.things[made.name] = (noun, made.id)
        self.events.append(self.event(noun, made.id, made.name, said, said_by))
        for name in serves:
            upper, upper_id = self.things[name]
            link = Link(
                **{f"{noun}_id": made.id, f"{upper}_id": upper_id},
                said_by_id=said_by,
                said_at=self.at(said),
                confirmed_by_id=confirmed_by,
                confirmed_at=self.at(confirmed) if confirmed_by else None,
            )
            self.session.add(link)
        for reading in readings:
            day = self.day(reading["on"])
            self.session.add(
                Reading(
                    metric_id=made.id,
                    day=day,
                    value=reading["value"],
                    said_by_id=made.owner_id,
                    said_at=self.at(reading["on"]),
                )
            )

    def kept(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def event(self, noun: str, id: int, name: str, said: str, by: int | None) -> Event:
        return Event(
            organisation_id=self.session.organisation.id,
            at=self.at(said),
            by_id=by,
            noun=noun,
            thing_id=id,
            name=name,
            what="added",
        )

    def id_of(self, email: str | None) -> int | None:
        return self.people[email].id if email else None

    def at(self, days: str) -> datetime:
        return self.now + timedelta(days=int(days.removesuffix("d")))

    def day(self, days: str) -> date:
        return self.at(days).date()
