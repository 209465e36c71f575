"""Which thing on the map is meant by what was typed, and what else was said of it."""

import re
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

from bot.messages import Button, Command, Refusal, Reply
from handlers import ask, here
from handlers.typed import dates
from handlers.typed.dates import Ambiguous, When
from handlers.typed.pieces import Kind, Pieces, take_apart
from handlers.typed.words import Sort, Token, cut
from storage import naming
from storage.database import Session
from storage.names import Name
from storage.names.folding import fold
from storage.things import Thing, find

NOUNS = {
    "initiative": "project or tool",
    "priority": "priority",
    "capability": "capability",
    "metric": "number",
}
MARKS = " \"'“”„«»‹›‘’‚.,;"
LONGEST = 120  # characters of a name


def meant(
    typed: str, command: Command, session: Session, nouns: Collection[str] = tuple(NOUNS)
) -> Name:
    """The thing that is meant; those that may be are offered, each repeating the command."""
    key = f"meant {typed}"
    if pressed := command.values.get(key):
        noun, _, id = pressed.partition("/")
        if noun in nouns and id.isdigit():
            return Name(noun, int(id), thing(session, Name(noun, int(id), typed)).name)
    if (just := here.meant(typed, command, session)) and just.noun in nouns:
        return just
    found = naming.index(session).find(typed, nouns)
    if found.one:
        return found.one
    near = found.several or found.nearest
    what = " or ".join(NOUNS[noun] for noun in NOUNS if noun in nouns)
    a = f"a {what}" if len(nouns) < len(NOUNS) else "anything"
    told = f"More than one fits “{typed}”. Which one?"
    if not found.several:
        told = f"I don't know {a} called “{typed}”." + (
            " Did you mean one of these?" if near else ""
        )
    raise Refusal(told, buttons=tuple(_instead(command, key, one, near) for one in near))


def _instead(command: Command, key: str, one: Name, near: tuple[Name, ...]) -> Button:
    is_shared = sum(other.text == one.text for other in near) > 1
    label = f"{one.text} ({NOUNS[one.noun]})" if is_shared else one.text
    values = {**command.values, key: f"{one.noun}/{one.id}"}
    return Button(label, command.name, command.text, values)


def thing(session: Session, named: Name) -> Thing:
    """The thing that has this name."""
    found = find(session, named.noun, named.id)
    if found is None:
        raise Refusal(f"“{named.text}” is no longer on the map.")
    return found


def exactly(typed: str, session: Session, noun: str) -> Name | None:
    """The thing of this noun that has, or had, this very name but for case and marks."""
    found = naming.index(session).find(typed, (noun,))
    fitting: tuple[Name, ...] = (found.one,) if found.one else found.several
    for one in fitting:
        if fold(typed) in [fold(text) for text in (one.text, *one.aliases)]:
            return one
    return None


def pieces(text: str, flags: Mapping[str, Kind], session: Session) -> Pieces:
    """What was typed, taken apart; a day that may be two is asked about."""
    zone = ZoneInfo(session.zone)

    def named(name: str) -> bool:
        return naming.index(session).find(name).one is not None

    return take_apart(text, flags, session.now, zone, named)


def name(typed: str, example: str) -> str:
    """A name as it is kept."""
    said = " ".join(typed.split()).strip(MARKS)
    if not said or not fold(said):
        raise Refusal(f"I need a name in quotes: {example}")
    if len(said) > LONGEST:
        raise Refusal(f"A name has {LONGEST} characters at most, so that people can read it.")
    return said


def day(typed: str, session: Session) -> When:
    """A day that was asked for."""
    try:
        when = dates.read(typed, session.now, ZoneInfo(session.zone), asked=True)
    except Ambiguous as two:
        first, second = (f"{one.day.day} {one.day:%b %Y}" for one in (two.first, two.second))
        raise Refusal(f"“{typed}” may be {first} or {second}. Write the month as a word.") from two
    if when is None:
        raise Refusal(f"I cannot read “{typed}” as a day. Write it like this: 14 Dec.")
    return when


def halves(text: str, word: str) -> list[tuple[str, str]]:
    """What stands before and after this word, wherever it stands outside quotes."""
    return [
        (_bare(text[: token.start]), _bare(text[token.end :]))
        for token in cut(text)
        if token.sort is Sort.WORD and token.text.casefold() == word
    ]


def _bare(text: str) -> str:
    return " ".join(text.split()).strip(MARKS)


def asked(command: Command, session: Session, whole: str = "") -> Reply:
    """The answer to a question that only began like a command: "project costs?"."""
    whole = whole or f"{command.name} {command.text}".strip()
    return ask.answer(Command("ask", command.by, command.at, command.when, whole), session)


def quotes(text: str) -> list[Token]:
    """What stands in quotes."""
    return [token for token in cut(text) if token.sort is Sort.QUOTE]


def is_question(text: str) -> bool:
    """Whether it asks and says nothing."""
    return bool(re.search(r"\?\s*$", text)) or not text.strip()
