"""What people can ask for. This is the table of contents: every command, and who answers it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bot.composing import WITHDRAWN
from bot.messages import Card
from bot.router import Route, Router
from digests import composing, fresh
from handlers import (
    answers,
    ask,
    away,
    connecting,
    decide,
    delivery,
    departing,
    digest,
    exports,
    gone,
    help,
    home,
    imports,
    mapping,
    me,
    pages,
    pairing,
    people,
    role,
    room,
    side,
    sorting,
    stop,
    undo,
    unowned,
    waiting,
    welcome,
    zone,
)
from handlers.ask import kept, objecting, settling, telling
from handlers.mapping import confirming
from storage.database import Session


def routes() -> tuple[Route[Session], ...]:
    """All commands."""
    return (
        Route("ask", "reads", ask.answer),
        Route("home", "reads", home.show),
        Route("help", "reads", help.show),
        *decide.ROUTES,
        *answers.ROUTES,
        *undo.ROUTES,
        *mapping.ROUTES,
        Route("import", "changes", imports.how, stands_alone=True),
        Route("record", "changes", pages.record, stands_alone=True, also=pages.SAID),
        *exports.ROUTES,
        *sorting.ROUTES,
        Route("not right", "changes", objecting.object_to, also=objecting.SAID),
        Route("say why not", "reads", objecting.say_why, is_typed=False),
        Route("settle", "changes", settling.settle, is_typed=False),
        Route("serves instead", "reads", settling.ask_instead, is_typed=False),
        Route("pass on", "changes", telling.pass_on, is_typed=False),
        Route("i know", "reads", telling.ask_what, is_typed=False),
        Route("told", "changes", telling.told, is_typed=False),
        Route("it is there", "changes", delivery.is_there, is_typed=False),
        Route("post it", "changes", delivery.post_it, is_typed=False),
        Route("people", "reads", people.show),
        Route("side", "changes", side.say),
        Route("role", "changes", role.change),
        *room.ROUTES,
        *connecting.ROUTES,
        *digest.ROUTES,
        Route("this is me", "changes", me.join),
        Route("gone", "changes", gone.leave),
        Route("away", "changes", away.leave),
        Route("back", "changes", away.come_back),
        Route("stop", "changes", stop.stop, stands_alone=True),
        Route("why me", "reads", stop.why_me, stands_alone=True),
    )


def composers() -> dict[str, Callable[[str, Session], Card | None]]:
    """Who composes the card of what was said, by the noun of its key."""
    alone: dict[str, Callable[[str, Session], Card | None]] = {
        "decision": decide.compose,
        "confirm": confirming.compose,
        "objection": settling.compose,
        "settled": settling.compose_settled,
        "unknown": kept.compose_asked,
        "answer": kept.compose,
        "connected": connecting.compose,
        "held": delivery.compose_held,
        "failed": delivery.compose_failed,
        WITHDRAWN: delivery.compose_withdrawn,
        "sort": sorting.compose,
        "unowned": unowned.compose,
        "room": pairing.compose,
        "account": departing.compose,
        "welcome": welcome.compose,
        "digest": composing.compose,
        "fresh": fresh.compose,
    }
    return {**alone, "waiting": partial(waiting.compose, alone)}


def router() -> Router[Session]:
    """All commands, and the keepers of what they want noted."""
    return Router(
        routes=(
            replace(one, handler=zone.spoken(side.asking(ask.names_first(one.handler))))
            for one in routes()
        ),
        keepers=(("question", kept.keep), ("side asked", side.keep_asked)),
    )
