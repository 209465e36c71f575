"""`export`: a link, for the person who asked alone, to a page that gives the map as a file."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.messages import Button, Card, Command, Link, Refusal
from handlers import rights, saying
from handlers.exports.files import Kind
from handlers.saying import card
from handlers.typed import dates
from handlers.typed.dates import Ambiguous
from storage import tickets
from storage.database import Session

PURPOSE = "export "
PATH = "/x/"
FORMATS: dict[str, Kind] = {
    "excel": "excel", "xlsx": "excel", "xls": "excel", "spreadsheet": "excel",
    "csv": "zip", "zip": "zip", "yaml": "yaml", "yml": "yaml", "text": "yaml",
}  # fmt: skip
SAID: dict[Kind, str] = {"excel": "Excel", "zip": "CSV", "yaml": "YAML"}
_FORMAT = re.compile(r"(?:\b(?:as|to|in|into)\s+)?\b(" + "|".join(FORMATS) + r")\b", re.IGNORECASE)
_WHAT = re.compile(
    r"(?:the\s+)?(?P<what>map|everything|all|decisions?)?(?:\s*\bsince\s+(?P<since>.+))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to take out."""

    kind: Kind = "excel"
    only_decisions: bool = False
    since: str = ""  # an instant, in ISO; without it all of them

    def kept(self) -> str:
        """As a ticket keeps it."""
        return PURPOSE + json.dumps(asdict(self))

    @property
    def since_at(self) -> datetime | None:
        return datetime.fromisoformat(self.since) if self.since else None


def wanted(kept: str) -> Wanted:
    """What a ticket is for."""
    return Wanted(**json.loads(kept.removeprefix(PURPOSE)))


def export(command: Command, session: Session) -> Card:
    """`export`, `export decisions since 1 Jan`, `export as yaml`."""
    rights.demand(session, "export")
    asked = _asked(command.text, session)
    token = tickets.make(session, asked.kept(), session.me.id, session.now)
    at = asked.since_at
    zone = ZoneInfo(session.zone)
    today = session.now.astimezone(zone).date()
    return card(
        "exports/link",
        format=SAID[asked.kind],
        only_decisions=asked.only_decisions,
        since=saying.day(at.astimezone(zone).date(), today) if at else "",
        link=Link("Open the page with the download", f"{session.pages}{PATH}{token}"),
        buttons=tuple(
            Button(f"As {SAID[kind]}", "export", _again(asked, command.text, kind))
            for kind in SAID
            if kind != asked.kind and not (asked.only_decisions and kind == "yaml")
        ),
    )


def _again(asked: Wanted, text: str, kind: Kind) -> str:
    return f"{_FORMAT.sub('', text).strip()} as {SAID[kind].lower()}".strip()


def _asked(text: str, session: Session) -> Wanted:
    formats = [FORMATS[one.lower()] for one in _FORMAT.findall(text)]
    rest = " ".join(_FORMAT.sub(" ", text).split()).strip(" .!?")
    found = _WHAT.fullmatch(rest)
    if not found or len(set(formats)) > 1:
        raise Refusal(
            f"I cannot read “{saying.short(text)}”. I give the whole map, or the decisions.",
            buttons=(
                Button("The whole map", "export"),
                Button("The decisions", "export", "decisions"),
            ),
        )
    kind = formats[0] if formats else "excel"
    only = (found["what"] or "").lower().startswith("decision") or bool(found["since"])
    if only and kind == "yaml":
        raise Refusal(
            "YAML holds the whole map, so that it can be brought back. Decisions alone come as "
            "Excel or CSV.",
            buttons=(
                Button("The whole map as YAML", "export", "as yaml"),
                Button("The decisions as Excel", "export", f"{rest} as excel"),
            ),
        )
    return Wanted(kind, only, _since(found["since"], session))


def _since(said: str | None, session: Session) -> str:
    if not said:
        return ""
    zone = ZoneInfo(session.zone)
    try:
        when = dates.read(said, session.now, zone, past=True, asked=True)
    except Ambiguous as two:
        days = (f"{one.day.day} {one.day:%B %Y}" for one in (two.first, two.second))
        raise Refusal(
            f"Two days fit “{saying.short(said)}”. Which one?",
            buttons=tuple(Button(one, "export", f"decisions since {one}") for one in days),
        ) from two
    if when is None:
        raise Refusal(
            f"I cannot read “{saying.short(said)}” as a day. Say it like this: "
            "export decisions since 1 Jan"
        )
    return when.at(time(0)).isoformat()
