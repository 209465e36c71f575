"""Says in which time zone a place lives, so that times there mean what people there mean."""

import re
from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz

from bot.messages import Button, Card, Command, Refusal, Reply
from handlers import ask, rights
from handlers.saying import card
from storage import channels, naming, schedules
from storage.channels import Channel
from storage.database import Session

EXAMPLE = "Name it like Europe/Berlin."
MOST = 3
ALIKE = 65  # of 100: "Berln" is Europe/Berlin, "Atlantis" is no place
_VERB = re.compile(r"^\s*zone[:,]?\s+", re.IGNORECASE)


def show(command: Command, session: Session) -> Card:
    """`zone`: the one in force here."""
    rights.demand(session, "read")
    at = command.at
    here = channels.known(session, at.platform, at.tenant, at.id)
    name = of(here, session)
    is_own = here is not None and bool(here.zone)
    return card("zone/zone", zone=name, time=_time(name, session), is_own=is_own)


def change(command: Command, session: Session) -> Reply:
    """`zone Europe/Berlin`."""
    if naming.index(session).exactly(command.text):
        return ask.answer(command, session)  # "Zone plan" may be a project
    rights.demand(session, "room")
    typed = _VERB.sub("", command.text).strip(" .!?\"'")
    name = _names().get(_plain(typed))
    if name is None:
        near = _nearest(typed)
        raise Refusal(
            f"I don't know a time zone “{typed[:40]}”. " + ("Which one?" if near else EXAMPLE),
            buttons=tuple(Button(one, "set zone", f"zone {one}") for one in near),
        )
    at = command.at
    here = channels.here(session, at)
    before, here.zone = of(here, session), name
    schedules.look_again(session, here.id)
    return card(
        "zone/changed",
        place=here.name or here.external_id,
        zone=name,
        time=_time(name, session),
        before=before if before != name else "",
        buttons=(Button(f"Back to {before}", "set zone", f"zone {before}"),)
        if before != name
        else (),
    )


def of(channel: Channel | None, session: Session) -> str:
    """The zone in force in a place: its own, else the company's."""
    return (channel.zone if channel else "") or session.organisation.zone


def spoken(handler: Callable[[Command, Session], Reply]) -> Callable[[Command, Session], Reply]:
    """The handler; whatever day or time it reads or tells is the speaker's, else the place's."""

    def answered(command: Command, session: Session) -> Reply:
        at = command.at
        here = channels.known(session, at.platform, at.tenant, at.id)
        session.place_zone = here.zone if here else ""
        return handler(command, session)

    return answered


def _time(zone: str, session: Session) -> str:
    return f"{session.now.astimezone(ZoneInfo(zone)):%a %H:%M}"


@cache
def _names() -> dict[str, str]:
    return {_plain(name): name for name in sorted(available_timezones())}


def _plain(typed: str) -> str:
    return re.sub(r"[\s_]+", "_", re.sub(r"\s*/\s*", "/", typed.strip())).casefold()


def _nearest(typed: str) -> list[str]:
    """Real names that were perhaps meant, by their whole or by the city alone, best first."""
    wanted = _plain(typed)[:60]

    def alike(plain: str) -> float:
        return max(fuzz.ratio(wanted, plain), fuzz.ratio(wanted, plain.rpartition("/")[2]))

    scored = sorted((-alike(plain), name) for plain, name in _names().items() if "/" in plain)
    return [name for score, name in scored[:MOST] if -score >= ALIKE]
