"""Which field of an export is which column of ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handlers.exports.shape import Money, moment, money, number
from handlers.saying import short
from storage.capabilities import Capability
from storage.initiatives import Initiative
from storage.metrics import Metric
from storage.people import Person
from storage.priorities import Priority

Row = Priority | Capability | Initiative | Metric


@dataclass(frozen=True, slots=True)
class Columns:
    """A table, and what it holds where the file says nothing."""

    table: type[Any]
    fields: Mapping[
        str, tuple[str, Any]
    ]  # column and what stands there where nobody said, by field


COLUMNS = {
    "person": Columns(
        Person,
        {
            "email": ("email", None), "side": ("side", None), "role": ("role", "member"),
            "title": ("title", ""), "zone": ("zone", None), "wants": ("wants", "usual"),
            "away until": ("away_until", None), "left": ("gone_at", None),
        },
    ),
    "priority": Columns(
        Priority,
        {
            "category": ("category", None), "rank": ("rank", None), "because": ("because", ""),
            "retired": ("retired_at", None),
        },
    ),
    "capability": Columns(Capability, {"state": ("state", None), "plain": ("plain", "")}),
    "initiative": Columns(
        Initiative,
        {
            "kind": ("kind", "project"), "also called": ("aliases", []), "area": ("area", ""),
            "plain": ("plain", ""), "phase": ("phase", None), "status": ("status", None),
            "starts": ("starts_on", None), "ends": ("ends_on", None), "vendor": ("vendor", ""),
            "renews": ("renews_on", None), "unclear": ("unclear", {}),
            "the list said": ("imported", {}),
        },
    ),
    "metric": Columns(
        Metric,
        {
            "unit": ("unit", ""), "direction": ("direction", None),
            "baseline": ("baseline", None), "target": ("target", None),
            "every days": ("every_days", 30),
        },
    ),
}  # fmt: skip
LABELS = {column: field for one in COLUMNS.values() for field, (column, _) in one.fields.items()}
QUIET = ("created_at", "imported", "wants", "currency")  # nobody asks whether these differ


def values(noun: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry as columns, owners and links aside."""
    said = {"name": entry["name"], "created_at": entry["added"]}
    for field, (column, otherwise) in COLUMNS[noun].fields.items():
        said[column] = entry.get(field, otherwise)
    if noun == "initiative":
        cost = entry.get("cost")
        said["cost"], said["currency"] = cost or (None, None)
    return said


def differing(
    row: Any, said: Mapping[str, Any], names: Mapping[int, str]
) -> Iterator[tuple[str, str, str]]:
    """Where a row and what is said of it differ: the field, what is here, and what is said."""
    for column, there in said.items():
        here = getattr(row, column)
        if column in QUIET or here == there:
            continue
        if column == "owner_id":
            yield "owner", names.get(here, "nobody"), names.get(there, "nobody")
        elif column == "cost":
            yield column, _cost(here, row.currency), _cost(there, said["currency"])
        else:
            yield LABELS.get(column, column), _told(here), _told(there)


def _cost(minor: int | None, currency: str | None) -> str:
    return money(Money(minor, currency)) if minor is not None and currency else "not said"


def _told(value: object) -> str:
    match value:
        case None | "" | [] | {}:
            return "not said"
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case float():
            return number(value)
        case list():
            return ", ".join(f"“{one}”" for one in value)
    return f"“{short(str(value))}”"
