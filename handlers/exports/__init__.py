"""Takes the whole map out to a file and brings it back: readable YAML, Excel, or CSV."""

from collections.abc import Callable
from pathlib import Path

from bot.messages import Card, Fact, Facts, Refusal
from bot.router import Route
from handlers import rights
from handlers.exports import asking, reading
from handlers.exports.bringing import Bringing, Brought
from handlers.exports.entries import Entry
from handlers.exports.fetching import Fetching as Fetching
from handlers.exports.files import COUNTED, KINDS, Kind, made
from handlers.exports.gathering import gather
from handlers.exports.retelling import Retelling
from handlers.exports.seen import exported
from handlers.imports import replace_demo
from handlers.imports.problems import Unclear, Unreadable
from handlers.saying import card
from storage.database import Session

ROUTES: tuple[Route[Session], ...] = (Route("export", "changes", asking.export),)
ENDINGS = (".yaml", ".yml")
DIFFERENCES = 40  # that are listed


def write(path: Path, session: Session) -> Card:
    """Write all that this person may take to a file or a folder, and say what it is."""
    rights.demand(session, "export")
    kind = _kind(path)
    seen = exported(session, session.me)
    gathered = gather(session, seen)
    found = made(gathered, kind, session.organisation)
    try:
        if kind == "folder":
            path.mkdir(parents=True, exist_ok=True)
            for one in found:
                (path / one.name).write_bytes(one.content)
        else:
            path.write_bytes(found[0].content)
    except OSError as problem:
        why = problem.strerror or "the system refused"
        raise Refusal(f"I could not write {path}: {why}. Name another place.") from problem
    return card(
        "exports/written",
        path=str(path),
        counts=[
            f"{count:,} {one if count == 1 else many}"
            for many, one in COUNTED.items()
            for count in (len(gathered.map.get(many, [])),)
        ],
        left_out=seen.left_out,
        is_list=kind == "csv",
    )


def is_map(path: Path) -> bool:
    """Whether a file is to be read as an exported map, and not as a list."""
    return path.suffix.lower() in ENDINGS


def bring(path: Path, session: Session, is_instead: bool, tell: Callable[[int, int], None]) -> Card:
    """Bring an exported map back; `is_instead` of the invented company."""
    rights.demand(session, "import")
    try:
        map = reading.read(path)
    except Unreadable as told:
        raise Refusal(told.text) from told
    if session.organisation.is_demo:
        if not is_instead:
            raise Refusal(
                "The invented company is on the map. Add --replace-demo, and it makes room."
            )
        replace_demo(session)
        session.flush()
    try:
        brought = _bring(map, path.name, session, tell)
    except Unclear as wrong:
        raise Refusal(f"I imported nothing. {path.name}, {wrong.reason}.") from wrong
    return _report(path.name, brought)


def _bring(map: Entry, name: str, session: Session, tell: Callable[[int, int], None]) -> Brought:
    bringing = Bringing(session, name)
    bringing.bring_map(map)
    Retelling(bringing, tell).retell(map.get("decisions", []))
    return bringing.brought


def _report(name: str, brought: Brought) -> Card:
    facts = tuple(Fact(what, f"{count:,}") for what, count in brought.added.items())
    return card(
        "exports/brought",
        name=name,
        added=sum(brought.added.values()),
        same=brought.same,
        differs=brought.differs[:DIFFERENCES],
        more=max(len(brought.differs) - DIFFERENCES, 0),
        renumbered=brought.renumbered,
        parts=(Facts(facts),) if facts else (),
    )


def _kind(path: Path) -> Kind:
    suffix = path.suffix.lower()
    if suffix in ENDINGS:
        return "yaml"
    if suffix in KINDS:
        return KINDS[suffix]
    if not suffix or path.is_dir():
        return "folder"
    raise Refusal(
        f"I don't write {suffix}. Name a file that ends in .yaml, .xlsx, .csv or .zip, or a folder."
    )
