"""Why somebody is written to in private: what it is about, and what that is to them.

It is said of what is kept, when it is sent: what changed meanwhile counts.
"""

from collections.abc import Callable

from storage import confirmations, decisions, objections, people, questions, sorting
from storage.database import Session
from storage.metrics import Metric
from storage.nudges import Reason
from storage.people import Account
from storage.questions import Question
from storage.readers import Reader
from storage.things import ends

Why = tuple[Reason, bool]  # and whether it is about something of theirs


def reason(session: Session, person_id: int, key: str) -> Why:
    """The reason for a message under this key, and whether it is about something of theirs."""
    noun, _, number = key.partition("/")
    if noun in OF and (found := OF[noun](session, person_id, key)):
        return found
    return Reason(key, "voter" if noun == "poll" else "asked", _called(noun, number)), False


def _called(noun: str, number: str) -> str:
    return f"P-{number}" if noun == "poll" else f"a {noun}"


def _decision(session: Session, person_id: int, key: str) -> Why | None:
    number = key.partition("/")[2]
    reader = Reader(person=people.who(session, person_id))
    standing = decisions.one(session, int(number), reader) if number.isdigit() else None
    if standing is None:
        return None
    about = f"{standing.decision.name} {standing.decision.title}"
    is_theirs = standing.owner_id == person_id
    owns = is_theirs and standing.status != "asked"
    return Reason(key, "owner" if owns else "asked", about), is_theirs


def _link(session: Session, _person_id: int, key: str) -> Why | None:
    """The first of the links that wait for their word."""
    asked = confirmations.on_card(session, int(key.partition("/")[2]))
    waiting = [one for one in asked if not one.answer] or asked
    if not waiting:
        return None
    return Reason(
        key, "owner", " and ".join(one.name for one in ends(session, waiting[0].link))
    ), True


def _objection(session: Session, person_id: int, key: str) -> Why | None:
    found = objections.on_card(session, int(key.partition("/")[2]))
    if not found:
        return None
    owners = {one.owner_id for one in ends(session, found[0].about)}
    owns = person_id in owners
    return Reason(key, "owner" if owns else "keeper", found[0].name), owns


def _question(session: Session, _person_id: int, key: str) -> Why | None:
    one = session.get(Question, int(key.partition("/")[2]))
    return (Reason(key, "keeper", f"“{one.about}”"), False) if one else None


def _sorting(session: Session, person_id: int, key: str) -> Why | None:
    count = sorting.open_by_owner(session).get(person_id, 0)
    noun = "project" if count == 1 else "projects"
    return Reason(key, "owner", f"{count:,} {noun} without a priority"), True


def _account(session: Session, _person_id: int, key: str) -> Why | None:
    found = session.get(Account, int(key.partition("/")[2]))
    about = f"{found.name}, whose account was closed" if found else ""
    return (Reason(key, "keeper", about), False) if found else None


def _stale(session: Session, _person_id: int, key: str) -> Why | None:
    one = session.get(Metric, int(key.split("/")[1]))
    return (Reason(key, "owner", one.name), True) if one else None


OF: dict[str, Callable[[Session, int, str], Why | None]] = {
    decisions.NOUN: _decision,
    confirmations.NOUN: _link,
    objections.NOUN: _objection,
    questions.NOUN: _question,
    sorting.NOUN: _sorting,
    "account": _account,  # that was closed: storage.acquaintance
    "fresh": _stale,
}
