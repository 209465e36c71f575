"""Brings a list onto the map from a browser: shows what was understood, then what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.messages import Refusal
from bot.web.pages import Intake, Page, Tell, Visit
from handlers import examples, imports, rights, sorting
from handlers.board import unread
from handlers.imports import sheet
from handlers.imports.fields import FIELDS
from handlers.imports.problems import Unreadable
from handlers.imports.sheet import Sheet
from handlers.saying import short
from storage import demo, initiatives
from storage.database import Session

LABELS = {
    "initiative": "Name",
    "kind": "Project or tool",
    "priority": "Business priority",
    "capability": "Ability",
    "owner": "Owner",
    "area": "Department",
    "plain": "In plain words",
    "status": "Status",
    "phase": "Phase",
    "starts_on": "Start",
    "ends_on": "End",
    "cost": "Cost",
    "vendor": "Vendor",
    "renews_on": "Renewal",
    "metric": "Number",
    "baseline": "Number before",
    "target": "Number's goal",
}
SAMPLES = 3  # cells shown for example
LONGEST = 60  # characters of a header or a cell that are shown
LONGEST_NAME = 100  # characters of a company's name


@dataclass(frozen=True, slots=True)
class Brought:
    """A list that was read and not yet understood."""

    name: str
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Column:
    """What can be told of a project, and the header that was taken for it."""

    field: str
    label: str
    means: str
    header: str
    samples: str


@dataclass(frozen=True, slots=True)
class Next:
    """What one might do now: a press opens the chat with this typed."""

    label: str
    types: str


def first(session: Session) -> Page:
    """Asks for a file."""
    rights.demand(session, "import")
    return Page("board/choose", _map(session) | {"megabytes": sheet.BYTES // 2**20})


def read(content: bytes, name: str, tell: Tell) -> Brought:
    """The list in a file."""
    try:
        return Brought(name, sheet.parse(content, name, lambda rows: tell(rows, 0)))
    except Unreadable as told:
        raise Refusal(told.text) from told


def look(visit: Visit[Brought], session: Session) -> Page:
    """Which column was taken for what, what would come of it, and what cannot be read."""
    rights.demand(session, "import")
    of = visit.brought.sheet
    headers, doubt = _headers(visit, session)
    found, trouble = None, ""
    try:
        _refuse_twice(headers)
        found = imports.understand(of, visit.brought.name, headers, session)
    except Refusal as told:
        trouble = told.text
    facts = {
        "name": visit.brought.name,
        "rows": len(of.rows),
        "found": found,
        "counts": imports.foresee(found, session) if found else None,
        "columns": [_column(field, headers.get(field, ""), of) for field in FIELDS],
        "headers": [(one, short(one, LONGEST)) for one in of.headers],
        "unused": [short(one, LONGEST) for one in of.headers if one not in headers.values()],
        "doubt": doubt,
        "trouble": trouble,
        "keeps_both": visit.values.get("replace") == "no",
        "called": visit.values.get("company", ""),
    }
    problems = found.problems if found else ()
    return Page("board/columns", facts | _map(session) | unread.facts(found), unread.file(problems))


def bring(visit: Visit[Brought], session: Session) -> Page:
    """Keeps it, all or nothing; the invented company makes room first where that was chosen."""
    rights.demand(session, "import")
    headers, _ = _headers(visit, session)
    _refuse_twice(headers)
    gone = ""
    if visit.values.get("replace") == "yes" and session.organisation.is_demo:
        gone = session.organisation.name
        name = " ".join(visit.values.get("company", "").split())[:LONGEST_NAME]
        imports.replace_demo(session, name)
    found = imports.understand(visit.brought.sheet, visit.brought.name, headers, session)
    counts = imports.bring(found, session, visit.tell)
    facts = {
        "name": found.name,
        "company": session.organisation.name,
        "rows": len(found.sheet.rows),
        "counts": counts,
        "gone": gone,
        "next": next_steps(session),
    }
    return Page("board/brought", facts | unread.facts(found), unread.file(found.problems))


def next_steps(session: Session) -> list[Next]:
    """What to do after an import: to sort what names no priority stands first."""
    example = examples.project(session)
    steps = [Next("What are our priorities", "what are our priorities?")]
    if example:
        rest = f"hich priority does {example} support?"
        steps.insert(0, Next(f"W{rest}", f"w{rest}"))
    offered = sorting.offer(session)
    if offered and offered.buttons:
        steps.insert(0, Next(offered.buttons[0].label, offered.buttons[0].sends))
    return steps


def _headers(visit: Visit[Brought], session: Session) -> tuple[dict[str, str], bool]:
    """Which header is over which field, as chosen on the page or else as understood; and whether
    the names were in doubt."""
    of = visit.brought.sheet
    chosen = {name: visit.values[name] for name in FIELDS if name in visit.values}
    if chosen:
        return {name: header for name, header in chosen.items() if header in of.headers}, False
    try:
        return imports.columns(of, {}, session), False
    except Refusal:
        return imports.columns(of, {"initiative": of.headers[0]}, session), True


def _refuse_twice(headers: Mapping[str, str]) -> None:
    if not headers.get("initiative"):
        raise Refusal("Say which column holds the names. Everything else may be left out.")
    taken: dict[str, str] = {}
    for name, header in headers.items():
        if header in taken:
            raise Refusal(
                f"“{short(header, LONGEST)}” is chosen for both {LABELS[taken[header]]} and "
                f"{LABELS[name]}. One column can mean one thing; choose which."
            )
        taken[header] = name


def _column(field: str, header: str, of: Sheet) -> Column:
    place = of.headers.index(header) if header else -1
    told = dict.fromkeys(row.cells[place] for row in of.rows if header and row.cells[place])
    samples = " · ".join(short(one, LONGEST // 2) for one in list(told)[:SAMPLES])
    return Column(field, LABELS[field], FIELDS[field].means, header, samples)


def _map(session: Session) -> dict[str, object]:
    organisation = session.organisation
    goes = demo.what_goes(session) if organisation.is_demo else None
    return {
        "company": organisation.name,
        "is_named": organisation.name != demo.name(),
        "projects": initiatives.count(session),
        "goes": goes,
    }


IMPORTING = Intake(first, read, look, bring, sheet.BYTES)
