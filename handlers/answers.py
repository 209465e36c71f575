"""Takes an answer of a word or two as one on what was just shown: yes, no, done, 6.5, why, last."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.messages import Button, Card, Command, Refusal, Reply
from bot.router import Route
from handlers import here, rights
from handlers.ask import things
from handlers.decide import answering, listing
from handlers.decide.naming import NUMBER, person
from handlers.decide.showing import compose
from handlers.mapping import changing, numbers
from handlers.mapping.keeping import Keeping
from handlers.mapping.naming import asked
from handlers.saying import card
from storage import decisions, lines, metrics, naming
from storage.database import Session
from storage.initiatives import STATUSES
from storage.metrics import Metric
from storage.priorities import Priority
from storage.things import find

Handler = Callable[[Command, Session], Reply]
MOST = 4  # things to choose from
_OWNS = re.compile(r"\s*(.+?)\s+owns?\s+(it|this|that|d-?\s?\d+)[\s.!]*", re.IGNORECASE)
_OWNS_IT = (
    r"(?!(?:who|what|which|does|do|is|are)\b)"
    r"[^?]{1,80}?\sowns?\s(?:it|this|that|d-?\d+)[\s.!]*$"
)
_IT_IS = rf"(?:it|this|that) is (?:now )?(?:{'|'.join(STATUSES)})[\s.!]*$"
_WHY = r"why(?: (?:d-?\d+|last)\b|(?: (?:it|this|that))?\W*$)"
_SAID_ONE_NUMBER = r"[-+−]?[€£$]?\d[\d.,']*\s?[^\W\d]{0,12}%?[\s.!]*$"


def yes(command: Command, session: Session) -> Reply:
    """`yes`: who is asked to own what was just shown owns it."""
    key = here.key(command, session)
    number = here.decision(key)
    standing = decisions.one(session, number) if number else None
    if standing is None:
        raise here.refused(
            key, session, "Say what you say yes to: accept D-7.", _asked_of_me(session)
        )
    rights.demand(session, "add")
    name = standing.decision.name
    if standing.status == "needed":
        raise Refusal(
            f"{name} is a question that waits to be decided. Say what was decided.",
            buttons=(Button("Decide it", "decide it", name),),
        )
    return answering.accept(_about(command, name), session)


def no(command: Command, session: Session) -> Reply:
    """`no`: what was just shown is not theirs."""
    key = here.key(command, session)
    number = here.decision(key)
    if number is None:
        raise here.refused(key, session, "Say what is not yours: not me D-7.")
    rights.demand(session, "add")
    return answering.refuse(_about(command, f"D-{number}"), session)


def done(command: Command, session: Session) -> Reply:
    """`done D-12`: it has been done. Alone, it says so of the decision or project just shown."""
    found = None
    if here.is_it(command.text):
        found = here.thing(here.key(command, session), session)
    if found is None or found.noun != "initiative":
        return answering.done(command, session)
    rights.demand(session, "change the map")
    return changing.stand_so(session, found.id, "done")


def stand(command: Command, session: Session) -> Reply:
    """`it is late`, of the project just shown."""
    found = here.thing(here.key(command, session), session)
    if found is None or found.noun != "initiative":
        return asked(command, session, command.text)
    rights.demand(session, "change the map")
    status = command.text.strip(" .!").casefold().partition(" is ")[2].removeprefix("now ")
    return changing.stand_so(session, found.id, status.strip())


def own(command: Command, session: Session) -> Reply:
    """`Dana owns it`, `I own it`: who owns what was just shown."""
    said = _OWNS.fullmatch(command.text)
    if said is None:
        return asked(command, session, command.text)
    number = NUMBER.search(said[2])
    key = f"{decisions.NOUN}/{number[1]}" if number else here.key(command, session)
    is_mine = said[1].casefold() == "i"
    if decision := here.decision(key):
        rights.demand(session, "add")
        if is_mine:
            return answering.accept(_about(command, f"D-{decision}"), session)
        owner = person(said[1], command, session)
        values = {"owner": owner.email or owner.name}
        return answering.whose(_about(command, f"D-{decision}", values), session)
    named = here.thing(key, session)
    one = find(session, named.noun, named.id) if named else None
    if one is None:
        raise here.refused(key, session, 'Say what, by its name: project "One login" owner @lee.')
    rights.demand(session, "priority" if isinstance(one, Priority) else "change the map")
    owner = session.me if is_mine else person(said[1], command, session)
    keeping = Keeping(session)
    keeping.change(one, {"owner_id": owner.id})
    return keeping.answer(one)


def read(command: Command, session: Session) -> Reply:
    """`6.5`: what the number that was just shown is today."""
    typed = command.text.strip(" .!")
    if naming.index(session).exactly(typed):
        return asked(command, session, command.text)
    key = here.key(command, session)
    named = here.thing(key, session)
    if named and named.noun == "metric":
        rights.demand(session, "change the map")
        return numbers.say(_about(command, f'"{named.text}" {typed}'), session)
    if re.search(r"[^\W\d]", typed):  # "365 days" may be the name of something
        return asked(command, session, command.text)
    raise here.refused(
        key,
        session,
        f"Say which number is {typed}: {numbers.EXAMPLE}.",
        tuple(
            Button(f"{one.name}: {typed}", "number", f'"{one.name}" {typed}')
            for one in _numbers_near(key, session)[:MOST]
        ),
    )


def why(command: Command, session: Session) -> Card:
    """`why D-7`; alone, of what was just shown."""
    key = here.key(command, session)
    if re.search(r"\d", command.text) or here.decision(key):
        number = "" if re.search(r"\d", command.text) else f"D-{here.decision(key)}"
        return listing.why(_about(command, number) if number else command, session)
    named = here.thing(key, session)
    return things.shown(session, named) if named else card("decide/why_which")


def last(command: Command, session: Session) -> Reply:
    """`last`: what was just shown, as it stands now."""
    if naming.index(session).exactly(command.text):
        return asked(command, session, command.text)
    key = here.key(command, session)
    named = here.thing(key, session)
    found = things.shown(session, named) if named else None
    if here.decision(key):
        found = compose(key, session)
    if found is None:
        raise here.refused("", session, "Ask for it by its name.")
    return found


def _about(command: Command, text: str, values: dict[str, str] | None = None) -> Command:
    return replace(command, text=text, values=values or {})


def _asked_of_me(session: Session) -> tuple[Button, ...]:
    """The decisions that wait for this person's yes."""
    return tuple(
        Button(f"{one.decision.name}: I own it", "accept", one.decision.name)
        for one in decisions.asked_of(session, session.me.id)[:MOST]
    )


def _numbers_near(key: str, session: Session) -> list[Metric]:
    """The numbers of the priority just shown, then one's own."""
    noun, _, id = key.partition("/")
    near = lines.numbers(session, [int(id)])[int(id)] if noun == "priority" else []
    mine = [one for one in metrics.all_of_them(session) if one.owner_id == session.me.id]
    return list({one.id: one for one in (*near, *mine)}.values())


ROUTES: tuple[Route[Session], ...] = (
    Route("yes", "changes", yes, is_typed=False, also=r"(?:yes|yep|yeah)\W*$"),
    Route("no", "changes", no, is_typed=False, also=r"(?:no|nope)\W*$"),
    Route("done", "changes", done),
    Route("owns it", "changes", own, is_typed=False, also=rf"i own it\W*$|{_OWNS_IT}"),
    Route("it is so", "changes", stand, is_typed=False, also=_IT_IS),
    Route("reading", "changes", read, is_typed=False, also=_SAID_ONE_NUMBER),
    Route("why", "reads", why, is_typed=False, also=_WHY),
    Route("last", "reads", last, is_typed=False, also=r"(?:the )?last(?: one)?\W*$"),
)
