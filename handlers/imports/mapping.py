"""Proposes which column of a list means what, and takes a person's word for it with `--map`."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from handlers.imports import looks
from handlers.imports.fields import FIELDS
from handlers.imports.problems import Unmapped as Unmapped
from handlers.imports.sheet import Sheet

NOTHING: Mapping[str, str] = MappingProxyType({})
ENOUGH = 45.0  # below this a header says too little to go by
NOTES = {"narrative", "commentary", "comment", "comments", "note", "notes", "remarks", "variance"}
NUMBERING = {"id", "no", "nr", "code", "ref", "key", "number", "nummer", "url", "link", "email"}
UNITS = {"eur", "usd", "gbp", "chf", "k", "m", "in", "mio", "tsd", "million", "thousands", "keur"}
SHOWN = 20  # headers named in one sentence


def propose(sheet: Sheet, remembered: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """Field to header, by the header's words and what its cells are like. What was `remembered`
    or chosen wins where the file has that header; "" there leaves the field without one."""
    taken = dict(_kept(remembered, sheet.headers))
    for field, header in _ranked(sheet):
        if field not in taken and header not in taken.values():
            taken[field] = header
    if not taken.get("initiative"):
        raise Unmapped(
            f"I can't tell which column holds the names. {_columns(sheet.headers)} "
            f'Say it like this: --map initiative="{_folded(sheet.headers[0])}".'
        )
    if not taken.get("metric"):  # a value without its number's name says nothing
        taken |= {field: "" for field in ("baseline", "target") if field not in remembered}
    return {field: taken[field] for field in FIELDS if taken.get(field)}


def chosen(options: Sequence[str], headers: Sequence[str]) -> dict[str, str]:
    """What `--map field=header` says, any number of times; "" is a field that gets no column."""
    told: dict[str, str] = {}
    for field, header in (pair for option in options for pair in _pairs(option, headers)):
        if told.get(field, header) != header:
            raise Unmapped(
                f"{field} is given two columns: {_named([told[field], header])}. Keep one of them."
            )
        other = next((one for one, what in told.items() if header and what == header), field)
        if other != field:
            raise Unmapped(
                f"{_named([header])} is given to both {other} and {field}. "
                "One column can mean one thing; choose which."
            )
        told[field] = header
    return told


def _kept(remembered: Mapping[str, str], headers: Sequence[str]) -> Iterator[tuple[str, str]]:
    known = {_folded(header).casefold(): header for header in reversed(headers)}
    given = set()
    for field, told in remembered.items():
        header = known.get(_folded(told).casefold(), "")
        if field in FIELDS and (not told or header) and header not in given:
            yield field, header
            given |= {header} - {""}


def _ranked(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """What might be meant, the likeliest first; of equals, the column further to the left."""
    found = []
    for place, header in enumerate(sheet.headers):
        said = _tokens(header)
        heard = {field: _heard(said, field) for field in FIELDS}
        if heard["initiative"] < max(heard.values()):  # "Project manager" names no project
            heard["initiative"] = 0.0
        if any(heard.values()):
            column = looks.Column([row.cells[place] for row in sheet.rows])
            for field, score in heard.items():
                fit = column.fit(FIELDS[field].looks) if score else None
                if fit is not None and score + fit >= ENOUGH:
                    found.append((-score - fit, place, field, header))
    return ((field, header) for _, _, field, header in sorted(found))


def _tokens(header: str) -> list[str]:
    """The words outside brackets, where units and explanations stand: "Project - Start Date
    (Latest Approved Start Date)"."""
    main = re.sub(r"[(\[][^)\]]*[)\]]", " ", header)
    parted = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", main if main.strip() else header)
    words = re.findall(r"[^\W\d_]+", parted.casefold())
    return [word for word in words if word not in UNITS] or words


def _heard(said: Sequence[str], field: str) -> float:
    """How surely the header's words name the field: the whole of it, its end (where English puts
    the noun), or a part; the field's surer words before its vaguer ones."""
    if not said or said[-1] in NUMBERING or NOTES & set(said):
        return 0.0
    best = 0.0
    header = f" {' '.join(said)} "
    for rank, words in enumerate(FIELDS[field].words):
        if f" {words} " not in header:
            continue
        covers = (words.count(" ") + 1) / len(said)
        sure = 100.0 if covers == 1 else 70.0 if header.endswith(f" {words} ") else 40.0
        best = max(best, sure + 20 * covers * (covers < 1) - min(rank, 20) / 2)
    return best


def _pairs(option: str, headers: Sequence[str]) -> list[tuple[str, str]]:
    """One choice, or several with commas between; a header with a comma in it comes first."""
    parts = [option, *_split(option)]
    try:
        return [_pair(option, headers)]
    except Unmapped:
        if len(parts) <= 2:
            raise
        return [_pair(part, headers) for part in parts[1:]]


def _split(option: str) -> Iterator[str]:
    begun = 0
    for comma in re.finditer(r",\s*(?=([^=,]*)=)", option):
        if _field(comma[1]):
            yield option[begun : comma.start()]
            begun = comma.end()
    yield option[begun:]


def _pair(choice: str, headers: Sequence[str]) -> tuple[str, str]:
    told, equals, wanted = choice.partition("=")
    field = _field(told)
    if not equals:
        raise Unmapped(f'I don\'t understand --map "{choice}". Write it as --map field=header.')
    if not field:
        raise Unmapped(f'I know no field "{told.strip()}". Fields: {", ".join(FIELDS)}.')
    wanted = _folded(wanted)
    return field, "" if wanted in ("", "-") else _header(wanted, headers)


def _field(told: str) -> str:
    said = _folded(re.sub(r"[_-]", " ", told)).casefold()
    if said in ("number", "numbers"):  # as our cards call it; a column "Number" is a numbering
        return "metric"
    named = (field for field in FIELDS if field.replace("_", " ") == said)
    alias = (field for field, (words, _, _) in FIELDS.items() if said in words)
    return next(named, "") or next(alias, "")


def _header(wanted: str, headers: Sequence[str]) -> str:
    same: tuple[Callable[[str], bool], ...] = (
        lambda header: header == wanted,
        lambda header: header.casefold() == wanted.casefold(),
        lambda header: header.casefold().startswith(wanted.casefold()),
    )
    for fits in same:
        found = [header for header in headers if fits(_folded(header))]
        if len(found) > 1:
            raise Unmapped(
                f'"{wanted}" fits {len(found)} columns: {_named(found, 200)}. Write more of it.'
            )
        if found:
            return found[0]
    raise Unmapped(f'No column begins with "{wanted}". {_columns(headers)}')


def _columns(headers: Sequence[str]) -> str:
    more = len(headers) - SHOWN
    return f"Columns: {_named(headers[:SHOWN])}{f' and {more} more' if more > 0 else ''}."


def _named(headers: Iterable[str], longest: int = 60) -> str:
    told = map(_folded, headers)
    return ", ".join(
        f'"{header}"' if len(header) <= longest else f'"{header[: longest - 1]}…"'
        for header in told
    )


def _folded(text: str) -> str:
    return " ".join(text.split())
