"""Logs a decision in one line: log first, ask later."""

import re
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from bot.messages import Button, Channel, Command, Post, Refusal, Reply, Room
from handlers import rights
from handlers.decide.naming import NUMBER, person
from handlers.typed import dates
from handlers.typed.dates import Ambiguous
from handlers.typed.pieces import EXPECT, NEEDS, Kind, Pieces, take_apart
from storage import channels, decisions, memberships, naming, refreshing
from storage.channels import Channel as Place
from storage.database import Session
from storage.decisions import Decision, Said
from storage.people import Person
from storage.priorities import Priority

FLAGS: dict[str, Kind] = {
    "owner": "person",
    "by": "date",
    "due": "date",
    "for": "name",
    "because": "text",
    "review": "date",
    "replaces": "id",
    "asked": "people",
    "told": "people",
    "accepts risk": "none",
    "expect": EXPECT,
    "needs": NEEDS,
    "blocks": "name",
}
NEEDED: dict[str, Kind] = {"from": "person", "by": "date", "due": "date", "for": "name"}
SAID = re.compile(r"^\s*(?:we\s+)?(?:have\s+)?(?:decided|decision)\s*(?:to\b|that\b|:)?\s*", re.I)


def decide(command: Command, session: Session) -> Reply:
    """`decide buy the CRM @dana fri`: posts at once; what is missing becomes buttons."""
    rights.demand(session, "decide")
    pieces = _pieces(SAID.sub("", command.text), FLAGS, session)
    title = _title(pieces, "Say what was decided: decide buy the CRM @dana fri")
    if "accepts risk" in pieces.flags and "review" not in pieces.flags:
        raise Refusal(
            "Who accepts a risk says when to look at it again.",
            buttons=tuple(
                Button(f"In {days} days", "decide", f"{command.text} review in {days}d")
                for days in (30, 90, 180)
            ),
        )
    owner = _owner(pieces, command, session)
    said = _said(pieces, owner, command, session)
    decision = _made(command, session, title, said, is_needed=False)
    for old in pieces.flags.get("replaces", ()):
        _replace(old, decision, session)
    needed = [_need(text, command, session) for text in pieces.flags.get("needs", ())]
    return tuple(_standing_in(command, session, one) for one in (decision, *needed))


def need(command: Command, session: Session) -> Reply:
    """`needs "Choose payroll vendor" from @omar by Fri`: a decision that somebody must make."""
    rights.demand(session, "decide")
    return _standing_in(command, session, _need(command.text, command, session))


def _need(text: str, command: Command, session: Session) -> Decision:
    pieces = _pieces(text, NEEDED, session)
    title = _title(pieces, 'Say what must be decided: needs "Choose payroll vendor" from @omar')
    asked = (*pieces.flags.get("from", ()), *pieces.mentions)[:1]
    owner = person(asked[0], command, session) if asked else None
    said = _said(pieces, owner, command, session)
    return _made(command, session, title, said, is_needed=True)


def _pieces(text: str, flags: dict[str, Kind], session: Session) -> Pieces:
    zone = ZoneInfo(session.zone)
    try:
        pieces = take_apart(text, flags, session.now, zone)
    except Ambiguous as two:
        raise Refusal(str(two)) from two
    if pieces.unsure:
        raise Refusal(str(pieces.unsure))
    return pieces


def _title(pieces: Pieces, otherwise: str) -> str:
    title = pieces.quoted[0] if pieces.quoted else pieces.words
    if not title.strip(" .,:;"):
        raise Refusal(f"I need the words of it. {otherwise}")
    return title.strip()


def _made(
    command: Command, session: Session, title: str, said: Iterable[Said], is_needed: bool
) -> Decision:
    channel = channels.here(session, command.at)
    if channel.is_direct:
        me = (command.by.tenant, command.by.id)
        memberships.enter(session, channel.id, me, session.now)
    return decisions.make(
        session,
        title=title,
        by_id=session.me.id,
        channel_id=channel.id,
        at=session.now,
        is_needed=is_needed,
        source=command.source.text if command.source else "",
        link=command.source.link if command.source else "",
        said=said,
    )


def _owner(pieces: Pieces, command: Command, session: Session) -> Person | None:
    """The first who is named: by `owner`, by `by`, or by a mention."""
    named = (*pieces.flags.get("owner", ()), *pieces.flags.get("by", ()), *pieces.mentions)
    people = [said for said in named if "@" in said or said in pieces.flags.get("owner", ())]
    return person(people[0], command, session) if people else None


def _said(
    pieces: Pieces, owner: Person | None, command: Command, session: Session
) -> Iterator[Said]:
    """What the one line says of the decision, besides its words."""
    if owner is not None:
        yield "owner", {"person": owner.id}
    for text in pieces.flags.get("because", ()):
        yield "because", {"text": text}
    if due := _day(pieces, ("due", "by"), session) or (pieces.date and pieces.date.day.isoformat()):
        yield "due", {"day": due}
    if review := _day(pieces, ("review",), session):
        yield "review", {"day": review}
    for name in pieces.flags.get("for", ()):
        yield "for", {"priority": priority(name, command, session).id}
    if asked := [person(said, command, session).id for said in pieces.flags.get("asked", ())]:
        yield "asked", {"people": asked}
    if told := list(pieces.flags.get("told", ())):
        yield "told", {"text": told}
    if "accepts risk" in pieces.flags:
        yield "risk", {}
    for text in pieces.flags.get("expect", ()):
        yield "expects", {"text": text}


def _day(pieces: Pieces, flags: Iterable[str], session: Session) -> str:
    zone = ZoneInfo(session.zone)
    for flag in flags:
        for said in pieces.flags.get(flag, ()):
            if "@" not in said and (when := dates.read(said, session.now, zone)):
                return when.day.isoformat()
    return ""


def _replace(said: str, decision: Decision, session: Session) -> None:
    number = NUMBER.search(said)
    old = decisions.one(session, int(number[1] or number[2])) if number else None
    if old is None:
        raise Refusal(f"There is no decision {said} to replace. “decisions” lists those there are.")
    rights.demand(session, "supersede", old)
    me, now = session.me.id, session.now
    decisions.say(session, decision, "replaces", me, now, decision=old.decision.id)
    decisions.say(session, old.decision, "superseded", me, now, by=decision.id)
    refreshing.of_decisions(session, [old.decision.id])


def priority(name: str, command: Command, session: Session) -> Priority:
    """The priority that is meant; the nearest are offered where none is."""
    found = naming.index(session).find(name, ("priority",))
    if found.one:
        return session.get_one(Priority, found.one.id)
    near = found.several or found.nearest
    raise Refusal(
        f"I don't know a priority called “{name}”." + (" Which one?" if near else ""),
        buttons=tuple(
            Button(one.text, command.name, command.text.replace(name, one.text)) for one in near
        ),
    )


def _standing_in(command: Command, session: Session, decision: Decision) -> Post:
    return Post(where(command, session), f"{decisions.NOUN}/{decision.number}", command.under)


def where(command: Command, session: Session) -> Room | Channel:
    """The room that the place belongs to, else the place alone."""
    at = command.at
    place: Place | None = channels.known(session, at.platform, at.tenant, at.id)
    return Room(place.room_id) if place and place.room_id else at
