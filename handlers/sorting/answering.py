"""`sort`: begins where one stopped, and keeps what each tap says of a project."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messages import Button, Card, Command, Quiet, Refusal, Reply
from handlers import rights
from handlers.mapping.keeping import Keeping
from handlers.mapping.naming import asked
from handlers.saying import writer
from handlers.sorting.showing import LABELS, asking, next_card, rest
from storage import sorting
from storage.database import Session
from storage.initiatives import Initiative
from storage.links import Link
from storage.priorities import Priority
from storage.sorting import Sorting, Whose

ALL = ("", "all", "it", "them", "now", "projects", "everything")
MINE = ("mine", "my", "my projects", "only mine")
SITTING = timedelta(days=7)  # who comes back within it goes on counting where they stopped


@dataclass(frozen=True, slots=True)
class Tap:
    """What one tap said of one project: a priority, "none" or "unknown"."""

    one: Initiative
    answer: str
    goal: Priority | None = None


def begin(command: Command, session: Session) -> Reply:
    """`sort`, or `sort mine`: the first that is not sorted yet, wherever one stopped."""
    if command.text.lower().strip(" .!") not in (*ALL, *MINE):
        return asked(command, session)
    rights.demand(session, "change the map")
    whose = _whose(command, session)
    return rest(session, whose) if command.values.get("leave") else next_card(session, whose)


def answer(command: Command, session: Session) -> Card:
    """A tap: a priority, [None] or [Don't know]; the next project comes at once."""
    rights.demand(session, "change the map")
    tap = _tapped(command, session)
    settles = rights.can(session.me, "serves none", tap.one)
    _keep(tap, session, settles=settles and tap.answer == "none")
    told = writer().write(
        "sort/said",
        name=tap.one.name,
        answer=tap.answer,
        goal=tap.goal.name if tap.goal else "",
        settles=settles,
    )
    return next_card(session, _whose(command, session), Quiet(told.text))


def back(command: Command, session: Session) -> Card:
    """[Back]: what was said last is taken back, and its project is asked about again."""
    rights.demand(session, "change the map")
    one = _project(command, session)
    keeping = Keeping(session)
    if before := sorting.said_by(session, session.me.id, one.id):
        _take_back(before, sorting.link_of(session, before), one, keeping)
        sorting.forget(session, one.id, session.me.id)
    keeping.keep()
    whose = _whose(command, session)
    _, left = sorting.next_for(session, whose)
    told = writer().write("sort/back", name=one.name)
    return asking(one, max(left, 1), whose, session, Quiet(told.text))


def _whose(command: Command, session: Session) -> Whose:
    again = command.values.get("again", "")
    return Whose(
        session.me.id or 0,  # who was never met has answered nothing
        session.now - SITTING,
        command.text.lower().strip(" .!") in MINE,
        datetime.fromisoformat(again) if again else None,
    )


def _tapped(command: Command, session: Session) -> Tap:
    one = _project(command, session)
    said = command.values["answer"]
    if said in LABELS:
        return Tap(one, said)
    goal = session.get(Priority, int(said))
    if goal is None or goal.retired_at:
        raise _gone("That priority is no longer on the list. Choose another.", command)
    return Tap(one, "serves", goal)


def _project(command: Command, session: Session) -> Initiative:
    one = session.get(Initiative, int(command.values["initiative"]))
    if one is None:
        raise _gone("That project is no longer on the map.", command)
    return one


def _gone(told: str, command: Command) -> Refusal:
    return Refusal(told, buttons=(Button("Go on", "sort", command.text),))


def _keep(tap: Tap, session: Session, settles: bool) -> None:
    """An answer is set, not added: another tap on the same card corrects it."""
    one, me = tap.one, session.me.id
    before = sorting.said_by(session, me, one.id)
    link = sorting.link_of(session, before) if before else None
    if before and _is_same(before, link, tap, settles):
        return
    keeping = Keeping(session)
    if before:
        _take_back(before, link, one, keeping)
    if tap.goal:
        keeping.link(one, tap.goal)
    if settles:
        keeping.happened("initiative", one, "changed", {}, {sorting.FIELD: "none"})
    sorting.keep(session, one.id, me, tap.answer, session.now, settles=settles)
    keeping.keep()


def _is_same(before: Sorting, link: Link | None, tap: Tap, settles: bool) -> bool:
    """Pressed twice. Who does not know says so again each time they look."""
    if tap.goal:
        return link is not None and link.priority_id == tap.goal.id
    return before.answer == tap.answer == "none" and before.settles == settles


def _take_back(before: Sorting, link: Link | None, one: Initiative, keeping: Keeping) -> None:
    """What a tap said no longer counts, unless somebody else has confirmed it since."""
    if link and link.priority_id:
        keeping.unlink(one, keeping.session.get_one(Priority, link.priority_id))
    if before.settles:
        keeping.happened("initiative", one, "changed", {sorting.FIELD: "none"}, {})
