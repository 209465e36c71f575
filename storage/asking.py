"""Why somebody is written to in private: what it is about, and what that is to them."""

from storage import decisions
from storage.database import Session
from storage.nudges import Reason


def reason(session: Session, person_id: int, key: str) -> tuple[Reason, bool]:
    """The reason for a message under this key, and whether it is about something of theirs."""
    noun, _, number = key.partition("/")
    standing = None
    if noun == decisions.NOUN and number.isdigit():
        standing = decisions.one(session, int(number))
    if standing is None:
        return Reason(key, "voter" if noun == "poll" else "asked", _called(noun, number)), False
    about = f"{standing.decision.name} {standing.decision.title}"
    is_theirs = standing.owner_id == person_id
    owns = is_theirs and standing.status != "asked"
    return Reason(key, "owner" if owns else "asked", about), is_theirs


def _called(noun: str, number: str) -> str:
    return f"P-{number}" if noun == "poll" else f"a {noun}"
