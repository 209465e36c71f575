"""Brings a list of projects (CSV or Excel, any headers) onto the map, as often as it changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.messages import Card, Command, Fact, Facts, Refusal, Table, Typed
from handlers import pages, rights
from handlers.imports import mapping, sheet
from handlers.imports.merging import Counts, Merging
from handlers.imports.problems import Unmapped, Unreadable
from handlers.imports.rows import Problem, Told, read, same
from handlers.imports.sheet import Sheet
from handlers.saying import card, short
from storage import demo, organisations, priorities
from storage import imports as headings
from storage.database import Session

TOOLS = ("tool", "application", "app", "system", "software", "anwendung", "logiciel", "outil")
LONGEST = 90  # characters of a cell that are shown


def how(_command: Command, session: Session) -> Card:
    """How to bring a list, for whoever asks it of a chat, and the page for it."""
    if not session.pages_are_open:  # else whoever opens it is the operator
        rights.demand(session, "import")
    return card(
        "imports/how",
        command=Typed("throughline import FILE"),
        link=pages.link(session, "Open the page for it", "/import"),
        is_private=not session.pages_are_open,
    )


@dataclass(frozen=True, slots=True)
class List:
    """A list that was read, and which of its columns means what."""

    name: str
    sheet: Sheet
    headers: Mapping[str, str]
    told: Sequence[Told]
    problems: Sequence[Problem]


def look(path: Path, chosen: Sequence[str], session: Session) -> List:
    """Read a list. `chosen` are `--map` values; what was said last time holds where they do not.

    Raises `Refusal` with what to do where the file, its columns or a row cannot be understood.
    """
    try:
        found = sheet.read(path)
        said = mapping.chosen(chosen, found.headers)
    except (Unreadable, Unmapped) as told:
        raise Refusal(told.text) from told
    return understand(found, path.name, columns(found, said, session), session)


def columns(found: Sheet, said: Mapping[str, str], session: Session) -> dict[str, str]:
    """Which header is over which field. What is `said` holds; "" is a field without a column."""
    try:
        return mapping.propose(found, {**headings.remembered(session), **said})
    except Unmapped as told:
        raise Refusal(told.text, field="initiative") from told


def understand(found: Sheet, name: str, headers: Mapping[str, str], session: Session) -> List:
    """What a list that was read says, with these headers."""
    goals = frozenset(same(one.name) for one in priorities.live(session))
    rows, problems = read(found, headers, session.organisation.currency, goals)
    return List(name, found, headers, rows, problems)


def bring(found: List, session: Session, tell: Callable[[int, int], None]) -> Counts:
    """Bring it onto the map, and remember its columns."""
    rights.demand(session, "import")
    counts = _merging(found, session).bring(list(found.told), tell)
    headings.remember(session, found.headers)
    return counts


def foresee(found: List, session: Session) -> Counts:
    """How many projects would be new, changed and as before, if it were brought now."""
    return _merging(found, session).foresee(list(found.told))


def _merging(found: List, session: Session) -> Merging:
    name_header = found.headers["initiative"].casefold().split()
    kind = "tool" if any(word in TOOLS for word in name_header) else "project"
    return Merging(session, found.name, kind)


def proposal(found: List) -> Card:
    """Which column means what."""
    used = tuple(Fact(name, short(header, LONGEST)) for name, header in found.headers.items())
    unused = [
        short(one, LONGEST) for one in found.sheet.headers if one not in found.headers.values()
    ]
    return card("imports/proposal", name=found.name, unused=unused, parts=(Facts(used),))


def unread(found: List) -> Card | None:
    """The cells that could not be read, each with its line, its column and the reason."""
    if not found.problems:
        return None
    rows = tuple(
        (str(one.line), short(one.header, LONGEST), short(one.text, LONGEST), one.reason)
        for one in found.problems
    )
    table = Table("Cells I could not read", ("Line", "Column", "It says", "It is"), rows)
    return card("imports/unread", count=len(rows), parts=(table,))


def replace_demo(session: Session, name: str = "") -> None:
    """Take the invented company off the map, if it is on it, and its name off the door."""
    rights.demand(session, "import")
    if session.organisation.is_demo:
        demo.clear(session)
        session.organisation.is_demo = False
        if name or session.organisation.name == demo.name():
            session.organisation.name = name or organisations.UNNAMED


def report(found: List, counts: Counts, session: Session) -> Card:
    """What came of it."""
    return card(
        "imports/report",
        counts=counts,
        rows=len(found.sheet.rows),
        invented=session.organisation.is_demo,
    )
