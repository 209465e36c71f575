"""Shows the digest of a room: when it comes, how it would read, what became of each."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.messages import Button, Card, Command, Form, Post, Quiet, Refusal, Reply, Table, Typed
from digests import composing, facts, making
from digests.composing import Reading
from handlers import rights, saying
from handlers.decide.logging import where
from handlers.digest import here
from handlers.saying import card, mention
from handlers.typed import dates
from handlers.typed.dates import Ambiguous
from storage import channels, counters, editions, occurrences, people, schedules, visibility
from storage.channels import Channel
from storage.database import Session
from storage.editions import Edition
from storage.occurrences import Occurrence
from storage.outbox import Message
from storage.readers import Reader

MOST = 8
ON_TIME = timedelta(minutes=5)
WHY = {
    "older": "skipped: I was not running, and a newer one was due",
    "late": "skipped: I was not running for more than three days",
    "paused": "skipped: paused",
    "asked": "skipped: {by} asked for it",
    "holiday": "skipped: because of a holiday it fell together with the next",
    "quiet": "silent: nothing had changed",
    "moved": "skipped: it was moved to a time that had passed",
}


def show(command: Command, session: Session) -> Card | Form:
    """`digest`: the one of this place, and what can be done with it."""
    rights.demand(session, "read")
    one = here.found(command, session)
    if one is None:
        return card(
            "digest/none",
            example=Typed("digest every Mon 9:00"),
            buttons=(
                Button("Every Mon 9:00", "digest every", "Mon 9:00", is_main=True),
                Button("Choose", "digest plan"),
                Button("Preview", "digest preview"),
            ),
        )
    paused = one.paused_until
    today = occurrences.local(session.now, schedules.zone_of(session, one))
    is_paused = paused is not None and paused > today
    return card(
        "digest/digest",
        room=here.called(here.home(one, session), session),
        rhythm=schedules.said(one),
        zone=schedules.zone_of(session, one),
        next=here.told(here.coming(one, session), one, session),
        owner=mention(people.who(session, one.owner_id) if one.owner_id else None),
        is_paused=is_paused,
        until=saying.day(paused, today) if paused and paused != schedules.FOREVER else "",
        is_silent=one.is_silent,
        buttons=(
            Button("Preview", "digest preview", is_main=True),
            Button("Send one now", "digest now"),
            *(
                [Button("Resume", "digest resume")]
                if is_paused
                else [
                    Button("Skip the next", "digest skip", "next"),
                    Button("Pause", "digest pause"),
                ]
            ),
            Button("Change", "digest plan"),
            Button("Log", "digest log"),
        ),
    )


def preview(command: Command, session: Session) -> Card:
    """`digest preview`, or `digest preview as of 1 Nov`: how it would read, to whoever asks."""
    rights.demand(session, "read")
    at = _as_of(command, session)
    place = here.known(command, session)
    if place is None:
        place = Channel(
            platform=command.at.platform, tenant=command.at.tenant,
            external_id=command.at.id, name=command.at.name, organisation_id=0, id=0,
        )  # fmt: skip
    made = making.make(session, place, facts.gather(session, at))
    edition = Edition(
        key="preview", channel_id=place.id, at=at or session.now, is_scheduled=False,
        facts=made.facts,
    )  # fmt: skip
    session.reader = Reader(command.at)  # what all who read there would read
    said = command.values.get("lens", "") or composing.lens_of(session)
    shown = composing.shown_in(session, edition, Reading(said), place)
    other = "business" if said == "it" else "it"
    note = saying.writer().write(
        "digest/preview",
        room=here.called(place, session),
        as_of=saying.moment(at) if at else None,
        is_past=bool(at and at < session.now),
    )
    label = "As IT reads it" if other == "it" else "As the business reads it"
    return Card(
        shown.title,
        shown.text,
        (*shown.parts, Quiet(note.text)),
        buttons=(
            Button(label, "digest preview", command.text, {"lens": other}),
            Button("Send one now", "digest now"),
        ),
    )


def _as_of(command: Command, session: Session) -> datetime | None:
    typed = command.text.strip(" .!")
    for begins in ("as of", "of", "on"):
        typed = typed.removeprefix(begins).strip() if typed.startswith(f"{begins} ") else typed
    if not typed:
        return None
    zone = ZoneInfo(session.zone)
    found = None
    for is_past in (True, False):
        try:
            found = found or dates.read(typed, session.now, zone, past=is_past, asked=True)
        except Ambiguous as two:
            raise Refusal(str(two)) from two
    if found is None:
        raise Refusal(f"I can't read “{typed[:40]}” as a day. Say: digest preview as of 1 Nov")
    return found.at(time(9))


def now(command: Command, session: Session) -> Reply:
    """`digest now`: one more, in this room, for everybody."""
    rights.demand(session, "schedule")
    place = channels.here(session, command.at)
    made = making.make(session, place, facts.gather(session))
    key = f"{schedules.NOUN}/now/{counters.next_of(session, schedules.NOUN)}"
    editions.keep(session, key, place.id, made.facts, made.shows, is_scheduled=False)
    return Post(where(command, session), key, command.under)


def more(command: Command, session: Session) -> Card:
    """[More]: all of it, for whoever asks; or through the other lens."""
    rights.demand(session, "read")
    edition = editions.of(session, command.text)
    if edition is None or edition.channel_id not in visibility.homes_for(session, session.reader):
        raise Refusal("I have no such digest for you.")
    lens = command.values.get("lens", "business")
    whole = composing.shown(session, edition, Reading(lens, is_whole=True))
    other = "business" if lens == "it" else "it"
    label = "As IT reads it" if other == "it" else "As the business reads it"
    button = Button(label, "digest more", edition.key, {"lens": other})
    return Card(whole.title, whole.text, whole.parts, (*whole.buttons, button))


def log(command: Command, session: Session) -> Card:
    """`digest log`: what became of each."""
    rights.demand(session, "read")
    one = here.found(command, session)
    if one is None:
        raise Refusal(here.NONE)
    rows = occurrences.newest(session, one, MOST)
    said = occurrences.messages(session, [row.key for row in rows])
    liked = editions.opinions(session, [row.key for row in rows])
    zone = schedules.zone_of(session, one)
    today = occurrences.local(session.now, zone)
    table = Table(
        "What became of each digest",
        ("Of", "It was", "Useful", "Not for me"),
        tuple(
            (
                f"{row.day:%a} {saying.day(row.day, today)}",
                _became(row, said[row.key], zone, session),
                *(str(count) if row.state == "planned" else "–" for count in liked[row.key]),
            )
            for row in rows
        ),
    )
    return card(
        "digest/log",
        room=here.called(here.home(one, session), session),
        rhythm=schedules.said(one),
        next=here.told(here.coming(one, session), one, session),
        count=len(rows),
        parts=(table,) if rows else (),
        buttons=(Button("Preview", "digest preview"),),
    )


def _became(row: Occurrence, messages: Sequence[Message], zone: str, session: Session) -> str:
    if row.state == "skipped":
        by = people.who(session, row.by_id) if row.by_id else None
        return WHY[row.why].format(by=by.name if by else "somebody")
    states = {message.state: message for message in messages}
    for state, told in (
        ("failed", "not sent, for good: {why}"),
        ("held", "perhaps sent; I asked somebody to look"),
        ("unknown", "perhaps sent; I am looking"),
        ("sending", "being sent"),
        ("pending", "waiting to be sent"),
    ):
        if state in states and not states[state].message_id:
            return told.format(why=states[state].why or "no reason was given")
    sent = max((message.sent_at for message in messages if message.sent_at), default=None)
    if sent is None:
        return "not sent"
    local = sent.astimezone(ZoneInfo(zone))
    at = f"sent {local.hour}:{local.minute:02}"
    late = sent - row.due_at
    if late <= ON_TIME:
        return at
    why = (
        "I was not running" if row.planned_at - row.due_at > ON_TIME else "the chat did not take it"
    )
    return f"{at}, {_long(late)} late: {why}"


def _long(late: timedelta) -> str:
    minutes = round(late.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{round(minutes / 60)} hours" if minutes < 48 * 60 else f"{late.days} days"
