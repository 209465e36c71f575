"""Keeps what nobody could answer, and answers it where it was asked once somebody has told me."""

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Button, Card, Command, Note
from handlers import ask
from handlers.saying import card, mention, moment
from storage import channels, naming, people, questions
from storage.database import Session
from storage.events import Event
from storage.names import Index, Name
from storage.names.folding import fold
from storage.questions import Question
from storage.things import find

NAMED = ("initiative", "priority", "capability", "metric")


def keep(note: Note, command: Command, session: Session) -> None:
    """Remember a question that the map could not answer; it may have learnt the name since."""
    one = questions.keep(
        session, note.values["text"], note.values["about"], *place(command, session)
    )
    if found := naming.index(session).find(one.about).one:
        questions.settle(session, [one], "known", found.noun, found.id)


def place(command: Command, session: Session) -> tuple[int, str]:
    """Where something was asked or said: the channel, and the thread in it."""
    at = command.at
    channel = channels.here(session, at)
    return channel.id, command.under


def tell(session: Session, changes: Sequence[Event]) -> None:
    """Answer what was asked about the names that these changes bring onto the map."""
    brought = {(one.noun, one.thing_id) for one in changes if _brings_a_name(one)}
    waiting = questions.open_ones(session) if brought else []
    if not waiting:
        return
    # the names alone say which questions they may answer; whether they do, all names together
    few = Index(_names(session, brought))
    near = [one for one in waiting if _fits(few, one.about)]
    everything = naming.as_it_stands(session) if near else few
    for one in near:
        found = everything.find(one.about).one
        if found and (found.noun, found.id) in brought:
            by = session.me.id
            questions.settle(session, [one], "known", found.noun, found.id, told_by_id=by)


def _brings_a_name(change: Event) -> bool:
    is_named = change.what == "added" or bool({"name", "aliases"} & change.after.keys())
    return change.noun in NAMED and is_named


def _names(session: Session, brought: set[tuple[str, int]]) -> list[Name]:
    found = ((noun, find(session, noun, id)) for noun, id in sorted(brought))
    return [
        Name(noun, one.id, one.name, tuple(getattr(one, "aliases", ())))
        for noun, one in found
        if one
    ]


def _fits(few: Index, about: str) -> bool:
    found = few.find(about)
    return bool(found.one or found.several)


def compose(key: str, session: Session) -> Card | None:
    """The answer to a question that was kept, for whoever asked it."""
    one = session.get(Question, int(key.partition("/")[2]))
    if one is None:
        return None
    name = _name(session, one)
    answer = ask.of_thing(one.text, name, session) if name else None
    shown = card(
        "question/answer",
        asker=mention(people.who(session, one.asked_by_id)),
        about=one.about,
        text=one.text,
        at=moment(one.asked_at),
        by=mention(people.who(session, one.told_by_id) if one.told_by_id else None),
        name=name.text if name else "",
        is_other_name=bool(name and fold(name.text) != fold(one.about)),
        is_none=one.answer == "none",
        why=one.why or "",
        answer=answer.text if answer else "",
    )
    return replace(shown, parts=answer.parts, buttons=answer.buttons) if answer else shown


def _name(session: Session, one: Question) -> Name | None:
    thing = find(session, one.noun or "", one.thing_id or 0)
    return Name(one.noun or "", thing.id, thing.name) if thing else None


def compose_asked(key: str, session: Session) -> Card | None:
    """What is asked of whoever keeps the map, and what came of it."""
    asked = questions.on_card(session, int(key.partition("/")[2]))
    if not asked:
        return None
    last = asked[-1]
    name = _name(session, last)
    is_open = any(one.answered_at is None for one in asked)
    return card(
        "question/asked",
        about=asked[0].about,
        askers=[mention(people.who(session, one.asked_by_id)) for one in asked],
        texts=list(dict.fromkeys(one.text for one in asked)),
        is_open=is_open,
        by=mention(people.who(session, last.told_by_id) if last.told_by_id else None),
        name=name.text if name else "",
        buttons=(Button("I know: it is…", "i know", asked[0].about, is_main=True),)
        if is_open
        else (),
    )
