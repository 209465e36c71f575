"""What somebody might be about to type: whole questions, with names from the map."""

from collections.abc import Iterator

from handlers import examples
from handlers.help import TOPICS
from storage import naming
from storage.database import Session

MOST = 6

STARTERS = (
    "which priority does {project} support?",
    "what are our priorities?",
    "what changed this week?",
    "what do I own?",
    "help",
)
# a question that ends in a name can be completed with one: what stands before it, and after
OPENINGS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("which priority does ", " support?", ("initiative",)),
    ("why are we doing ", "?", ("initiative",)),
    ("what is ", " for?", ("initiative",)),
    ("who owns ", "?", ("initiative", "priority", "capability", "metric")),
    ("what breaks if we drop ", "?", ("initiative",)),
    ("what supports ", "?", ("priority", "capability")),
    ("what do we spend on ", "?", ("priority", "initiative")),
    ("how much does ", " cost?", ("initiative",)),
    ("what did we decide about ", "?", ("initiative",)),
)


def suggest(typed: str, session: Session) -> tuple[str, ...]:
    """Up to six whole questions that go on from what was typed."""
    typed = typed.lstrip()
    if not typed:
        return examples.filled(session, STARTERS)
    return tuple(dict.fromkeys(_going_on(typed, session)))[:MOST]


def _going_on(typed: str, session: Session) -> Iterator[str]:
    index = naming.index(session)
    low = typed.lower()
    for before, after, nouns in OPENINGS:
        if low.startswith(before) and len(typed) > len(before):
            for name in index.completions(typed[len(before) :], nouns, limit=MOST):
                yield f"{before}{name.text}{after}"
    known = (*STARTERS, *(line for _, lines in TOPICS.values() for line in lines), "in what order?")
    yield from (line for line in examples.filled(session, known) if line.lower().startswith(low))
    for name in index.completions(typed, limit=MOST):
        is_project = name.noun == "initiative"
        yield f"which priority does {name.text} support?" if is_project else name.text
