"""Answers "which priority does this project support?", and every other question to the map."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.messages import Button, Card, Command, Note, Reply
from handlers import examples, here, home, suggesting
from handlers.ask import lists, news, reasons, spending, things
from handlers.ask.questions import Kind, Question, read
from handlers.decide import listing, showing
from handlers.saying import card, mention
from storage import naming, people
from storage.database import Session
from storage.names import Found, Name
from storage.things import find

_WHY = re.compile(r"[^\w]*(?:\w+[ ,]+){0,4}?why\b", re.IGNORECASE)
PATIENCE = 300  # characters of a question; more is not one

# where a kind of question looks first, before it looks everywhere
FIRST: dict[Kind, tuple[str, ...]] = {
    "purpose": ("initiative",),
    "breaks": ("initiative",),
    "supporters": ("priority", "capability", "metric"),
    "spend": ("priority", "initiative", "capability"),
}

PHRASES: dict[Kind, str] = {
    "purpose": "which priority does {} support?",
    "supporters": "what supports {}?",
    "owner": "who owns {}?",
    "breaks": "what breaks if we drop {}?",
    "decided": "what did we decide about {}?",
    "spend": "what do we spend on {}?",
}

NAMELESS: dict[Kind, Callable[[Session], Card]] = {
    "priorities": lists.all_priorities,
    "capabilities": lists.all_capabilities,
    "order": lists.order,
    "late": lists.late,
    "waits": home.waiting,
    "projects": lists.projects,
    "tools": lists.tools,
    "unlinked": lists.unlinked,
    "at risk": lists.at_risk,
}
Handler = Callable[[Command, Session], Reply]
GREETINGS = ("hi", "hello", "hey", "hallo", "bonjour", "thanks", "danke", "merci", "ok", "okay")
LATER = (  # words that people may know from elsewhere, and that nobody answers yet
    *("poll", "vote", "score", "results", "meeting", "park", "digest"),
    *("gaps", "dismiss", "roadmap", "scorecard", "board", "export", "claim"),
)


def answer(command: Command, session: Session) -> Reply:
    """Answer a question, however it was asked."""
    if "noun" in command.values:
        return _pressed(command, session)
    if len(command.text) > PATIENCE:
        return card("ask/too_long", most=PATIENCE)
    if command.text.lower().strip(" .!?,") in GREETINGS:
        return home.card_of(session)
    if exact := naming.index(session).exactly(command.text):
        return _about("purpose", exact, session)
    readings = read(command.text)
    unknown: tuple[Question, Found] | None = None
    for question in readings:
        if question.kind in NAMELESS:
            return NAMELESS[question.kind](session)
        if question.kind == "decided":
            if said := _decided(question, command, session):
                return said
            if not question.about:
                return card("ask/nothing_decided")
        if question.kind == "changed":
            if changed := news.changed(session, question.about):
                return changed
            continue
        if question.kind == "owned":
            if owned := _owned(question, session):
                return owned
            continue
        if question.kind == "spend" and (spent := spending.spend(session, question.about)):
            return spent
        if not question.about:
            break
        if here.is_it(question.about) and (just := _just_shown(question, command, session)):
            return just
        found = _find(question, session)
        if found.one:
            return _about(question.kind, found.one, session)
        if found.several:
            return _which(question, found.several)
        unknown = unknown or (question, found)
    if near := command.values.get("near"):
        return _did_you_mean(near, command.text)
    if command.text.split()[0].lower().strip("?!.,:") in LATER:
        return card("ask/later", word=command.text.split()[0].lower())
    first = readings[0] if readings else None
    if first is None or (not first.about and first.kind not in ("changed", "owned")):
        return _incomplete(session)
    if unknown is None or first.kind in ("changed", "owned"):
        return lists.unread(session, first.kind, first.about)
    return _unknown(command.text, *unknown, session)


def names_first(handler: Callable[[Command, Session], Reply]) -> Handler:
    """The same, but for a text that is a thing's whole name: "Help to Grow" is a project."""

    def answered(command: Command, session: Session) -> Reply:
        if command.text and not command.values:
            whole = f"{command.name} {command.text}"
            if exact := naming.index(session).exactly(whole):
                return _about("purpose", exact, session)
        return handler(command, session)

    return answered


def of_thing(text: str, name: Name, session: Session) -> Card:
    """The answer to a question as it was asked, by the thing whose name it meant."""
    return _about(next((one.kind for one in read(text)), "purpose"), name, session)


def _decided(question: Question, command: Command, session: Session) -> Card | None:
    if question.about and _WHY.match(command.text):
        return reasons.why(question.about, command, session)
    return listing.about(session, question.about)


def _just_shown(question: Question, command: Command, session: Session) -> Card | None:
    """The answer about "it"; nothing where something is called so."""
    if naming.index(session).exactly(question.about):
        return None
    key = here.key(command, session)
    named = here.thing(key, session)
    if named:
        return _about(question.kind, named, session)
    return showing.compose(key, session) if here.decision(key) else None


def _find(question: Question, session: Session) -> Found:
    index = naming.index(session)
    first = FIRST.get(question.kind)
    found = index.find(question.about, first)
    if found.one or not first:
        return found
    anywhere = index.find(question.about)
    return anywhere if anywhere.one or not found.several else found


def _pressed(command: Command, session: Session) -> Card:
    values = command.values
    thing = find(session, values["noun"], int(values["id"]))
    if thing is None:
        return card("ask/gone")
    kind: Kind = next((one for one in PHRASES if one == values.get("kind")), "purpose")
    return _about(kind, Name(values["noun"], int(values["id"]), thing.name), session)


def _about(kind: Kind, name: Name, session: Session) -> Card:
    return replace(_told(kind, name, session), key=things.key_of(name))


def _told(kind: Kind, name: Name, session: Session) -> Card:
    match kind, name.noun:
        case "owner", _:
            return things.owner(session, name)
        case "breaks", "initiative":
            return things.breaks(session, name.id)
        case "decided", _:
            return things.decided(session, name)
        case "spend", "priority":
            return spending.spend_on_priority(session, name.id)
        case "spend", "initiative":
            return things.cost(session, name.id)
    return things.shown(session, name)


def _owned(question: Question, session: Session) -> Card | None:
    if question.about.lower() in ("i", "mine", "me", "my"):
        return lists.owned(session, session.me)
    fitting = people.called(session, question.about)
    if len(fitting) > 1:
        return lists.which_person(question.about, fitting)
    return lists.owned(session, fitting[0]) if fitting else None


def _incomplete(session: Session) -> Card:
    """Question words, and no name."""
    return card(
        "ask/incomplete",
        buttons=tuple(
            Button(line, "ask", line) for line in examples.filled(session, suggesting.STARTERS[:3])
        ),
    )


def _which(question: Question, several: tuple[Name, ...]) -> Card:
    return card(
        "ask/which",
        about=question.about,
        count=len(several),
        buttons=tuple(_choice(question, name, several) for name in several),
    )


def _unknown(text: str, question: Question, found: Found, session: Session) -> Reply:
    keepers = [one for one in people.keepers(session) if one.id != session.me.id]
    first = keepers[0].name.partition(" ")[0] if keepers else ""
    ask_them = Button(
        f"Ask {first}, who keeps the map", "pass on", question.about, {"question": text}
    )
    shown = card(
        "ask/unknown",
        about=question.about,
        nearest=found.nearest,
        is_beginning=len(found.nearest) > 1
        and all(n.text.casefold().startswith(question.about.casefold()) for n in found.nearest),
        keepers=[mention(one) for one in keepers],
        is_kept=bool(people.keepers(session)),
        buttons=(
            *(_choice(question, name, found.nearest) for name in found.nearest),
            *((ask_them,) if keepers else ()),
            Button("I know: it is…", "i know", question.about),
        ),
    )
    return shown, Note("question", {"text": text, "about": question.about})


NOUNS = {"initiative": "project", "metric": "number", "capability": "ability"}


def _choice(question: Question, name: Name, others: tuple[Name, ...]) -> Button:
    """A name to press; two things of one name are told apart by what they are."""
    is_shared = sum(other.text == name.text for other in others) > 1
    label = f"{name.text} ({NOUNS.get(name.noun, name.noun)})" if is_shared else name.text
    phrase = PHRASES.get(question.kind, "{}")
    values = {"noun": name.noun, "id": str(name.id), "kind": question.kind}
    return Button(label, "ask", phrase.format(name.text), values)


def _did_you_mean(verb: str, text: str) -> Card:
    rest = text.partition(" ")[2]
    return card("ask/did_you_mean", verb=verb, buttons=(Button(verb, verb, rest, is_main=True),))
