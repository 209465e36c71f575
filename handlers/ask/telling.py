"""Lets people tell me a name that I do not know, or have me ask whoever keeps the map."""

from bot.messages import Button, Card, Command, Form, Input, Refusal, Reply
from handlers import ask, rights
from handlers.ask import kept
from handlers.mapping.keeping import Change, Keeping
from handlers.mapping.naming import exactly, meant, name, thing
from handlers.saying import card, mention
from storage import naming, people, priorities, privately, questions
from storage.database import Session
from storage.initiatives import Initiative
from storage.names import Name
from storage.names.folding import fold
from storage.priorities import Priority

MOST_PRIORITIES = 20
NOBODY_SAID = "0"  # of a choice that need not be made


def pass_on(command: Command, session: Session) -> Reply:
    """[Ask Lee, who keeps the map]: the keepers are asked in private, once for each name."""
    rights.demand(session, "ask")
    about = command.text
    if found := naming.index(session).find(about).one:
        return ask.of_thing(command.values.get("question", about), found, session)
    keepers = [one for one in people.keepers(session) if one.id != session.me.id]
    if not keepers:
        raise Refusal(
            "Nobody keeps the map yet, so there is nobody I could ask. If you know, tell me.",
            buttons=(Button("I know: it is…", "i know", about),),
        )
    place = kept.place(command, session)
    one = questions.keep(session, command.values.get("question", about), about, *place)
    is_again = one.passed_on_at is not None
    others = [other for other in questions.alike(session, about) if other.passed_on_at]
    one.card, one.passed_on_at = others[0].card if others else one.id, session.now
    session.flush()
    asked = [to for to in keepers if privately.tell(session, to.id, one.key, owns=False)]
    if not asked:
        one.card = one.passed_on_at = None
    return card(
        "question/passed_on",
        asked=[mention(to) for to in asked],
        keepers=[mention(to) for to in keepers],
        is_again=is_again,
    )


def ask_what(command: Command, session: Session) -> Form | Card:
    """The form behind [I know: it is…]."""
    about = command.text
    found = naming.index(session).find(about)
    if found.one:
        return ask.of_thing(about, found.one, session)
    near = [one for one in found.nearest if one.noun == "initiative"]
    goals = priorities.live(session)[:MOST_PRIORITIES]
    return Form(
        f"What is “{about}”?",
        "told",
        (
            Input(
                "is",
                "It is",
                "choice",
                "new",  # where it is wrong, it is easily seen
                (
                    *((f"initiative/{one.id}", f"Another name of {one.text}") for one in near),
                    ("other", "Another name of the project below"),
                    ("new", "A project you do not know yet"),
                    ("none", "Nothing, or it was stopped"),
                ),
            ),
            Input("name", "Another name of which project?", is_needed=False),
            Input("called", "If it is new: how is it called?", value=about, is_needed=False),
            Input(
                "priority",
                "If it is new: which priority does it support?",
                "choice",
                NOBODY_SAID,
                ((NOBODY_SAID, "Nobody has said"), *((str(g.id), g.name) for g in goals)),
                is_needed=False,
            ),
            Input("why", "Anything that whoever asked should know?", "lines", is_needed=False),
        ),
        about,
    )


def told(command: Command, session: Session) -> Reply:
    """What somebody knows of a name: whoever asked about it is told where they asked."""
    rights.demand(session, "tell")
    about = command.text
    if known := naming.index(session).exactly(about):
        return ask.of_thing(about, known, session)
    chosen = command.values.get("is", "")
    if chosen == "none":
        return _nothing(command, session)
    keeping = Keeping(session)
    if chosen == "new":
        one = _new(command, session, keeping)
    else:
        one = _other(chosen, command, session)
        keeping.change(one, {"aliases": [*one.aliases, about]})
        keeping.changes.append(Change("Also called", "", about))
    _settle(command, session, "known", one.id)
    return keeping.answer(one)


def _nothing(command: Command, session: Session) -> Card:
    count = _settle(command, session, "none")
    return card("question/told", about=command.text, count=count)


def _settle(command: Command, session: Session, answer: str, id: int | None = None) -> int:
    """Answers all who asked by this very name. Says to how many others."""
    place = kept.place(command, session)
    found = questions.alike(session, command.text)
    own = [
        one.id
        for one in found
        if one.asked_by_id == session.me.id and (one.channel_id, one.under or "") == place
    ]
    questions.settle(
        session,
        found,
        answer,
        "initiative" if id else None,
        id,
        command.values.get("why", "").strip() or None,
        session.me.id,
        unsaid=own[0] if own else None,
    )
    return len(found) - len(own)


def _new(command: Command, session: Session, keeping: Keeping) -> Initiative:
    about = command.text
    called = name(command.values.get("called", "").strip() or about, 'project "One login"')
    if exactly(called, session, "initiative"):
        raise Refusal(
            f"I know a project called “{called}”. Choose “Another name of the project below”.",
            "called",
        )
    one = Initiative(name=called, created_at=session.now)
    if fold(called) != fold(about):
        one.aliases = [about]
    keeping.add(one)
    goal = command.values.get("priority", NOBODY_SAID)
    if goal.isdecimal() and (upper := session.get(Priority, int(goal))):
        keeping.link(one, upper)
    return one


def _other(chosen: str, command: Command, session: Session) -> Initiative:
    noun, _, id = chosen.partition("/")
    if noun == "initiative" and id.isdecimal():
        found = thing(session, Name(noun, int(id), command.text))
    else:
        typed = command.values.get("name", "").strip()
        if not typed:
            raise Refusal(f"Say which project “{command.text}” is another name of.", "name")
        found = thing(session, meant(typed, command, session, ("initiative",)))
    assert isinstance(found, Initiative)
    return found
