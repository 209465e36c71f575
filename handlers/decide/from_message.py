"""Logs what somebody wrote in a chat as a decision, with a link to the message.

The adapter brings the message as the command's source; from a button and a form it comes back in
their values.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.messages import Button, Card, Command, Form, Input, Post, Refusal, Source
from handlers import rights, saying
from handlers.decide.logging import made, where
from handlers.decide.naming import person
from handlers.saying import card
from handlers.typed import dates
from handlers.typed.dates import Ambiguous
from storage import decisions
from storage.database import Session
from storage.decisions import Said
from storage.priorities import Priority, live

LONGEST = 300  # characters of a message that stand in the form; all of it is kept beside
MOST = 90  # priorities to choose from
T = TypeVar("T")


def offer(command: Command, session: Session) -> Card:
    """Somebody marked a message as one to log."""
    source = _source(command)
    if not source.text.strip():
        raise Refusal("I cannot read that message, so I cannot log it. Type it: decide …")
    return card(
        "decide/offer",
        said=saying.short(source.text, LONGEST),
        buttons=(Button("Log as decision", "log this", values=_values(source), is_main=True),),
    )


def ask(command: Command, session: Session) -> Form:
    """What was decided stands in it already; the rest may stay open."""
    source = _source(command)
    goals = tuple((str(goal.id), goal.name) for goal in live(session)[:MOST])
    return Form(
        "Log as decision",
        "log it",
        (
            Input("title", "What was decided?", "lines", saying.short(source.text, LONGEST)),
            Input("owner", "Who owns it? @dana, or an address", is_needed=False),
            Input("due", "Until when?", "date", is_needed=False),
            *([Input("priority", "For which priority?", "choice", options=goals, is_needed=False)]
              if goals else []),
            Input("because", "Why?", "lines", is_needed=False),
        ),
        values=_values(source),
        submit="Log it",
    )  # fmt: skip


def log(command: Command, session: Session) -> Post:
    """The form, filled in."""
    rights.demand(session, "decide")
    given = {name: value.strip() for name, value in command.values.items()}
    title = " ".join(given.get("title", "").split())
    if not title:
        raise Refusal("Say what was decided.", "title")
    said = list(_said(given, command, session))
    from_there = replace(command, source=_source(command))
    decision = made(from_there, session, title, said, is_needed=False)
    return Post(where(command, session), f"{decisions.NOUN}/{decision.number}", command.under)


def _said(given: Mapping[str, str], command: Command, session: Session) -> Iterator[Said]:
    if owner := given.get("owner", ""):
        yield "owner", {"person": _in("owner", lambda: person(owner, command, session).id)}
    if reason := given.get("because", ""):
        yield "because", {"text": reason}
    if due := given.get("due", ""):
        yield "due", {"day": _day(due, session)}
    if id := given.get("priority", ""):
        yield "for", {"priority": _priority(id, session)}


def _source(command: Command) -> Source:
    said, link = command.values.get("said", ""), command.values.get("link", "")
    return command.source or Source(said, link)


def _values(source: Source) -> dict[str, str]:
    return {"said": source.text, "link": source.link}


def _day(said: str, session: Session) -> str:
    try:
        when = dates.read(said, session.now, ZoneInfo(session.zone))
    except Ambiguous as two:
        raise Refusal(str(two), "due") from two
    if when is None:
        raise Refusal(f"I cannot read “{said}” as a day. Write it like 15 Dec.", "due")
    return when.day.isoformat()


def _priority(id: str, session: Session) -> int:
    goal = session.get(Priority, int(id)) if id.isdigit() else None
    if goal is None:
        raise Refusal("That priority is no longer there. Choose another.", "priority")
    return goal.id


def _in(field: str, find: Callable[[], T]) -> T:
    """What is found for a field; why not stands under it."""
    try:
        return find()
    except Refusal as told:
        which = " or ".join(one.label for one in told.buttons)
        raise Refusal(f"{told.text} {which}?" if which else told.text, field) from told
