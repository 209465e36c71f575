"""Says which side somebody is on: the business, IT, or both; asked once where nobody said."""

from collections.abc import Callable
from dataclasses import replace

from bot.messages import Button, Card, Command, Note, Quiet, Refusal, Reply
from handlers import rights, whom
from handlers.saying import card, mention, writer
from storage import events, refreshing
from storage.database import Session
from storage.people import Person

WORDS = {
    "business": "business", "biz": "business", "it": "it", "tech": "it", "technology": "it",
    "both": "both",
}  # fmt: skip
SAID = {"business": "the business", "it": "IT", "both": "both sides"}
LABELS = {"business": "Business", "it": "IT", "both": "Both"}

Handler = Callable[[Command, Session], Reply]


def say(command: Command, session: Session) -> Reply:
    """`side business` for oneself, `side @dana it` for somebody else."""
    typed, side = _parts(command.text)
    if side is None and (meant := whom.asked_instead(command, session)):
        return meant
    if side is None:
        raise Refusal("Say which side: business, it, or both. For example: side @dana business")
    found = session.me
    if typed or "person" in command.values:
        named = whom.named(command, session, typed)
        if not isinstance(named, Person):
            return named
        found = named
    rights.demand(session, "side", found)
    before, found.side = found.side, side
    if before != side:
        record(session, found, {"side": before}, {"side": side})
        refreshing.of_person(session, found.id)
    return card(
        "side/said",
        person=mention(found),
        is_me=found.id == session.me.id,
        side=SAID[side],
        before=SAID.get(before or "", ""),
        buttons=tuple(
            Button(label, "side", one, {"person": str(found.id)})
            for one, label in LABELS.items()
            if one != side
        ),
    )


def _parts(text: str) -> tuple[str, str | None]:
    head, _, last = text.strip().rstrip("?!.").rpartition(" ")
    side = WORDS.get(last.lower())
    return (head.strip(), side) if side else (text.strip(), None)


def record(
    session: Session, person: Person, before: dict[str, str | None], after: dict[str, str | None]
) -> None:
    """Remember what was changed about a person, and by whom."""
    session.flush()
    changed = events.happened(session, "person", person, "changed", before, after)
    events.record(session, [changed])


def asking(handler: Handler) -> Handler:
    """The handler; its first answer to somebody whose side nobody knows asks for it, once."""

    def answer(command: Command, session: Session) -> Reply:
        reply = handler(command, session)
        return _with_question(reply) if _is_to_ask(session.me) else reply

    return answer


def keep_asked(_note: Note, _command: Command, session: Session) -> None:
    """Remember that it was asked."""
    session.me.side_asked_at = session.now


def _is_to_ask(person: Person) -> bool:
    is_counted = rights.role_of(person) in ("admin", "facilitator", "member")
    return is_counted and person.side is None and person.side_asked_at is None


def _with_question(reply: Reply) -> Reply:
    parts = reply if isinstance(reply, tuple) else (reply,)
    cards = [one for one in parts if isinstance(one, Card)]
    if not cards or {button.label for button in cards[-1].buttons} & set(LABELS.values()):
        return reply  # another time: two buttons that look the same would say two things
    question = Quiet(writer().write("side/question").text)
    buttons = tuple(Button(label, "side", one) for one, label in LABELS.items())
    last = replace(
        cards[-1], parts=(*cards[-1].parts, question), buttons=(*cards[-1].buttons, *buttons)
    )
    return (*(last if one is cards[-1] else one for one in parts), Note("side asked"))
