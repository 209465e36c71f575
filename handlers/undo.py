"""Takes back the last thing you did, whatever it was, within ten minutes; and does it again."""

from dataclasses import replace
from datetime import timedelta

from bot.messages import Button, Card, Changed, Command, Refusal, Reply
from bot.router import Route
from handlers import here, rights
from handlers.ask.things import key_of
from handlers.decide import undoing
from handlers.mapping.undoing import TakingBack
from handlers.saying import card
from storage import events
from storage.database import Session
from storage.events import Event
from storage.yielding import FIELD

WITHIN = timedelta(minutes=10)
MOST_LINES = 8


def undo(_command: Command, session: Session) -> Reply:
    """`undo`: one command is one thing. The next `undo` takes back what was done before it."""
    rights.demand(session, "add")
    since = session.now - WITHIN
    act = events.last_act(session, session.me.id, since)
    decided_at = undoing.last_at(session, since)
    if not act and decided_at is None:
        raise Refusal("There is nothing of yours from the last ten minutes to take back.")
    if not act or (decided_at is not None and decided_at > act[-1].at):
        return undoing.take_back(session, since)
    is_with_decisions = any({"owner", FIELD} & one.after.keys() for one in act)
    if decided_at != act[-1].at or not is_with_decisions:
        return _taken_back(act, session)
    went_along = undoing.take_back(session, since)
    return (_taken_back(act, session, went_along), *went_along)


def again(command: Command, session: Session) -> Reply:
    """[Do it again], after an `undo`."""
    rights.demand(session, "add")
    act = events.of_act(session, command.text)
    is_mine = bool(act) and act[0].by_id == session.me.id and bool(act[0].undoes)
    if not is_mine or act[0].at <= session.now - WITHIN:
        raise Refusal("That is more than ten minutes ago. Type it anew.")
    if events.is_undone(session, command.text):
        raise Refusal("That is done again already.")
    went_along, left = undoing.say_again(session, act[0].at)
    return (_taken_back(act, session, went_along, left, is_again=True), *went_along)


def _taken_back(
    act: list[Event],
    session: Session,
    went_along: tuple[Changed, ...] = (),
    left: tuple[str, ...] = (),
    is_again: bool = False,
) -> Card:
    """The change of the map is taken back, beside the decisions that were one command with it."""
    if act[0].source:
        raise Refusal(
            f"The last thing you did was to bring in {act[0].source}. I cannot take back a whole "
            "list; bring it in again as it should be."
        )
    taking = TakingBack(session, act)
    taking.run()
    if not taking.events:
        told = " ".join(taking.kept) or f"What was last, about {act[0].name}, is not for undo."
        raise Refusal(f"I took nothing back. {told}")
    shown = here.thing(f"{act[0].noun}/{act[0].thing_id}", session)
    found = card(
        "undo/taken",
        is_again=is_again,
        done=taking.done[:MOST_LINES],
        more=max(len(taking.done) - MOST_LINES, 0),
        kept=[*taking.kept, *(f"{name}: somebody has said more of it since." for name in left)],
        decisions=[f"D-{one.key.partition('/')[2]}" for one in went_along],
        buttons=()
        if is_again or undoing.has_withdrawn(session)
        else (Button("Do it again", "do it again", session.act),),
    )
    return replace(found, key=key_of(shown) if shown else "")


ROUTES: tuple[Route[Session], ...] = (
    Route("undo", "changes", undo, stands_alone=True),
    Route("do it again", "changes", again, is_typed=False),
)
