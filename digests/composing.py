"""Turns what was frozen of a digest into its card: within the limits, and fit for who reads there.

The limits are hard: 150 words, three asks, five sections. What does not fit is behind [More].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot import messages, own, plain
from bot.messages import Button, Card, Quiet, Words
from digests import asks
from digests.asks import Shown
from digests.saying import brief, day, many, writer
from digests.sections import MOST, ORDER
from storage import channels, decisions, editions, people, visibility
from storage.channels import Channel
from storage.database import Session
from storage.decisions import Decision
from storage.editions import Edition
from storage.questions import Question
from storage.rooms import Room

MOST_WORDS, MOST_ASKS, MOST_SECTIONS = 150, 3, 5
SPANS = {"week": "week to", "month": "month to", "day": "to"}


@dataclass(frozen=True, slots=True)
class Reading:
    """Who is shown it: in which lens, and whether all of it."""

    lens: str
    is_whole: bool = False


def compose(key: str, session: Session) -> Card | None:
    """The card under this key, for whoever reads where it stands."""
    edition = editions.of(session, key)
    if edition is None:
        return None
    return shown(session, edition, Reading(lens_of(session)))


def lens_of(session: Session) -> str:
    """The lens of the place that is spoken to: its own, else the business's."""
    at = session.reader.at
    known = channels.known(session, at.platform, at.tenant, at.id) if at else None
    return (known.lens if known else "") or asks.LENSES[0]


def shown(session: Session, edition: Edition, reading: Reading) -> Card:
    """The card of this edition."""
    home = session.exec(select(Channel).where(Channel.id == edition.channel_id)).one()
    return shown_in(session, edition, reading, home)


def shown_in(session: Session, edition: Edition, reading: Reading, home: Channel) -> Card:
    """The card of an edition for the room of this place."""
    zone = home.zone or session.organisation.zone
    parts = _parts(session, edition, reading, called(session, home), zone)
    told = None if reading.is_whole else editions.own_template(session)
    if told is None:
        return _written(parts, edition, reading, "")
    try:
        said = own.write(told.text, parts.as_told(reading.lens))
    except own.Wrong as wrong:
        return _written(parts, edition, reading, str(wrong))
    return replace(_written(parts, edition, reading, ""), text=said)


def called(session: Session, home: Channel) -> str:
    """The room of this place, else the place."""
    room = session.get(Room, home.room_id) if home.room_id else None
    return brief(room.name if room else home.name or home.external_id, 4, 30)


@dataclass(frozen=True, slots=True)
class Parts:
    """All that can be said, in its order, before anything is left out."""

    title: Words
    head: tuple[Words, ...]
    asks: tuple[Shown, ...]
    sections: tuple[tuple[str, Words, Words], ...]  # name, short, whole
    tail: tuple[Words, ...]
    record: str
    zone: ZoneInfo

    def as_told(self, lens: str) -> dict[str, Any]:
        """For the company's own words: plain, and no more than ours would say."""

        def said(text: Words) -> str:
            return plain.plain(text, self.zone)

        return {
            "title": said(self.title),
            "lens": lens,
            "news": [said(one) for one in (*self.head, *self.tail)],
            "asks": [said(one.text) for one in self.asks[:MOST_ASKS]],
            **{name: said(short) for name, short, _ in self.sections[:MOST_SECTIONS]},
        }


def _parts(session: Session, edition: Edition, reading: Reading, room: str, zone: str) -> Parts:
    facts, lens = edition.facts, reading.lens
    chosen = facts["asks"].get(lens, [])
    stands = asks.look(session, chosen, edition.at, zone)
    shown = [stands[one["key"]] for one in chosen if one["key"] in stands]
    open_ones = sum(one.is_open for one in shown) + facts["more_asks"].get(lens, 0)
    until = date.fromisoformat(facts["until"])
    is_quiet = facts["is_quiet"]
    title = writer().write(
        "title",
        room=room,
        span=SPANS[facts["span"]],
        until=f"{until:%a} {day(until, until)}",
        lens=lens,
        count=open_ones,
        is_quiet=is_quiet,
    )
    gated = _readable(session, facts)
    sections = [
        (name, _section(session, name, told, MOST, gated), _section(session, name, told, 99, gated))
        for name in ORDER[lens]
        if (told := facts["sections"].get(name))
    ]
    return Parts(
        title.title,
        tuple(_head(facts, until)),
        tuple(shown),
        tuple((name, short, whole) for name, short, whole in sections if short),
        (writer().write("first").text,) if facts["is_first"] else (),
        facts["head"],
        ZoneInfo(zone),
    )


def _head(facts: Mapping[str, Any], until: date) -> list[Words]:
    said = []
    if missed := facts["missed"]:
        days = [day(date.fromisoformat(one), until) for one in missed]
        more = max(len(days) - 6, 0)
        said.append(writer().write("missed", days=days[:6], more=more).text)
    if facts["is_quiet"]:
        counts = facts["counts"]
        said.append(
            writer()
            .write(
                "quiet",
                span=facts["span"],
                projects=many(counts["projects"], "project"),
                numbers=many(counts["numbers"], "number"),
                decisions=many(counts["decisions"], "decision"),
                since=day(date.fromisoformat(facts["since"]), until),
            )
            .text
        )
    return said


def _readable(session: Session, facts: Mapping[str, Any]) -> set[str]:
    """The keys among its items that may still be read by whoever is shown it."""
    keys = {
        item["key"]
        for told in facts["sections"].values()
        for item in told["items"]
        if "key" in item
    }
    numbers = [int(key.partition("/")[2]) for key in keys if key.startswith("decision/")]
    ids = [int(key.partition("/")[2]) for key in keys if key.startswith("unknown/")]
    found: set[str] = set()
    if numbers:
        wanted = select(Decision.number).where(
            col(Decision.number).in_(numbers), decisions.readable(session)
        )
        found |= {f"decision/{number}" for number in session.exec(wanted)}
    if ids:
        homes = visibility.homes_for(session, session.reader)
        asked = select(Question.id, Question.channel_id).where(col(Question.id).in_(ids))
        found |= {f"unknown/{id}" for id, home in session.exec(asked) if home in homes}
    return found


def _section(
    session: Session, name: str, told: Mapping[str, Any], most: int, gated: set[str]
) -> Words:
    items = [one for one in told["items"] if one.get("key", "") in gated or "key" not in one]
    if not items:
        return Words("")
    more = told["more"] + max(len(items) - most, 0)
    items = [_with_people(session, one) for one in items[:most]]
    return writer().write(name, items=items, more=more).text


def _with_people(session: Session, told: Mapping[str, Any]) -> dict[str, Any]:
    """People as they are called now."""
    return {name: _person(session, value) for name, value in told.items()}


def _person(session: Session, value: Any) -> Any:
    if not isinstance(value, dict) or "person" not in value:
        return value
    one = people.who(session, value["person"])
    return messages.Person(one.id, brief(one.name, 3, 30)) if one else None


def _written(parts: Parts, edition: Edition, reading: Reading, trouble: str) -> Card:
    """As much of it as fits; all of it where that was asked for."""
    footer = writer().write("footer", head=parts.record, trouble=trouble).text
    room = 10**6 if reading.is_whole else MOST_WORDS
    left = room - count(parts, parts.title) - count(parts, footer)
    head, left = _taken(parts, list(parts.head), left)
    tail, left = _taken(parts, list(parts.tail), left)
    most = len(parts.asks) if reading.is_whole else MOST_ASKS
    texts, left = _taken(parts, [one.text for one in parts.asks[:most]], left, extra=1)
    bodies = [whole if reading.is_whole else short for _, short, whole in parts.sections]
    most = len(bodies) if reading.is_whole else MOST_SECTIONS
    sections, left = _taken(parts, bodies, left, most=most)
    shown = parts.asks[: len(texts)]
    return Card(
        parts.title,
        writer()
        .write(
            "digest",
            missed=head[0] if edition.facts["missed"] and head else None,
            quiet=head[-1] if edition.facts["is_quiet"] and head else None,
            asks=texts,
            sections=sections,
            first=tail[0] if tail else None,
        )
        .text,
        (Quiet(footer),) if footer else (),
        buttons=_buttons(shown, edition, reading),
    )


def _taken(
    parts: Parts, texts: Sequence[Words], left: int, most: int = 99, extra: int = 0
) -> tuple[list[Words], int]:
    """Those that fit, in their order, and how many words are left."""
    taken: list[Words] = []
    for one in texts:
        words = count(parts, one) + extra
        if words <= left and len(taken) < most:
            taken.append(one)
            left -= words
    return taken, left


def count(parts: Parts, text: Words) -> int:
    """How many words one reads."""
    return len(plain.plain(text, parts.zone).split())


def _buttons(shown: Sequence[Shown], edition: Edition, reading: Reading) -> tuple[Button, ...]:
    answers = [
        replace(button, label=f"{at}: {button.label}")
        for at, one in enumerate(shown, 1)
        for button in one.buttons
    ]
    if reading.is_whole:
        return tuple(answers)
    values = {"lens": reading.lens}
    return (
        *answers,
        Button("More", "digest more", edition.key, values),
        Button("Useful", "digest useful", edition.key),
        Button("Not for me", "digest not for me", edition.key),
    )
