"""Says that one thing serves another, or no longer does."""

from bot.messages import Button, Command, Refusal, Reply
from handlers import rights
from handlers.mapping.keeping import Keeping
from handlers.mapping.naming import NOUNS, asked, halves, is_question, meant, thing
from storage import naming
from storage.database import Session
from storage.links import PAIRS
from storage.things import Thing, noun_of

LOWER = tuple(dict.fromkeys(lower for lower, _ in PAIRS))
UPPER = tuple(dict.fromkeys(upper for _, upper in PAIRS))


def link(command: Command, session: Session) -> Reply:
    """`link "One login" to "Grow revenue"`."""
    if is_question(command.text):
        return asked(command, session)
    rights.demand(session, "change the map")
    lower, upper = _ends(command, session, "to")
    keeping = Keeping(session)
    keeping.link(lower, upper)
    return keeping.answer(lower)


def unlink(command: Command, session: Session) -> Reply:
    """`unlink "One login" from "Grow revenue"`."""
    if is_question(command.text):
        return asked(command, session)
    rights.demand(session, "change the map")
    lower, upper = _ends(command, session, "from")
    keeping = Keeping(session)
    if not keeping.unlink(lower, upper):
        raise Refusal(f"{lower.name} is not linked to {upper.name}, so there is nothing to undo.")
    return keeping.answer(lower)


def _ends(command: Command, session: Session, word: str) -> tuple[Thing, Thing]:
    cuts = [(low, up) for low, up in halves(command.text, word) if low and up]
    if not cuts:
        raise Refusal(f'Say both ends: {command.name} "One login" {word} "Grow revenue"')
    index = naming.index(session)
    known = [(low, up) for low, up in cuts if index.find(low).one and index.find(up).one]
    low, up = (known or cuts)[0]
    lower = _end(low, command, session, LOWER)
    upper = _end(up, command, session, UPPER)
    if (noun_of(lower), noun_of(upper)) not in PAIRS:
        raise _no_pair(lower, upper, command, word)
    return lower, upper


def _end(typed: str, command: Command, session: Session, nouns: tuple[str, ...]) -> Thing:
    """What fits the place where it stands, else anything that is called so."""
    fits = naming.index(session).find(typed, nouns)
    anywhere = naming.index(session).find(typed)
    wanted = tuple(NOUNS) if anywhere.one and not fits.one else nouns
    return thing(session, meant(typed, command, session, wanted))


def _no_pair(lower: Thing, upper: Thing, command: Command, word: str) -> Refusal:
    low, up = noun_of(lower), noun_of(upper)
    is_turned = (up, low) in PAIRS
    return Refusal(
        f"A {NOUNS[low]} does not serve a {NOUNS[up]}. A project serves a capability or a "
        "priority; a capability or a number serves a priority.",
        buttons=(
            Button(
                f"{upper.name} {word} {lower.name}",
                command.name,
                f'"{upper.name}" {word} "{lower.name}"',
            ),
        )
        if is_turned
        else (),
    )
