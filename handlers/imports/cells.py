"""Turns the cells of a list into what we keep: names, kinds, phases and states.

Amounts and dates have files of their own; they are all asked for here: `cells.money(…)`.
"""

import re
from collections.abc import Mapping
from typing import Literal, TypeVar

from handlers.imports.amounts import money as money
from handlers.imports.amounts import number as number
from handlers.imports.dates import Order as Order
from handlers.imports.dates import date as date
from handlers.imports.dates import order_of as order_of
from handlers.imports.problems import Unclear as Unclear

Word = TypeVar("Word", bound=str)
Kind = Literal["project", "tool"]
Phase = Literal["stabilize", "optimize", "innovate"]
Status = Literal["planned", "running", "at risk", "late", "done", "stopped"]

KINDS: Mapping[Kind, str] = {
    "project": "project projects projekt projekte projet programme program programm initiative "
    "change vorhaben",
    "tool": "tool tools application applications app system systems software saas service platform "
    "product licence license werkzeug anwendung outil logiciel plattform",
}
PHASES: Mapping[Phase, str] = {
    "stabilize": "stabilize stabilise stabilizing stabilising stabilization stabilisation secure "
    "run maintain sustain stabilisieren stabilisierung absichern stabiliser",
    "optimize": "optimize optimise optimizing optimising optimization optimisation grow improve "
    "optimieren optimierung optimiser",
    "innovate": "innovate innovating innovation innovative transform transformation innovieren "
    "innover",
}
# Red and amber both say that a promise is in danger, not that it has been missed.
STATES: Mapping[Status, tuple[str, ...]] = {
    "planned": (
        *("planned", "planning", "in planning", "not started", "not yet started", "proposed"),
        *("pipeline", "backlog", "new", "to do", "todo", "approved", "idea", "upcoming"),
        *("geplant", "in planung", "nicht gestartet", "planifié", "prévu", "à faire"),
    ),
    "running": (
        *("running", "green", "g", "on track", "in progress", "active", "ongoing", "started"),
        *("live", "in flight", "in delivery", "design", "build", "test", "in use", "🟢"),
        *("grün", "laufend", "läuft", "in arbeit", "in umsetzung", "aktiv", "im plan"),
        *("vert", "en cours", "actif"),
    ),
    "at risk": (
        *("at risk", "amber", "a", "yellow", "y", "red", "r", "off track", "critical", "blocked"),
        *("in trouble", "🟡", "🟠", "🔴", "gefährdet", "gelb", "rot", "kritisch", "blockiert"),
        *("à risque", "orange", "jaune", "rouge", "critique", "bloqué"),
    ),
    "late": (
        *("late", "delayed", "overdue", "behind", "behind schedule", "slipping", "slipped"),
        *("verspätet", "verzögert", "im verzug", "überfällig", "en retard", "retardé"),
    ),
    "done": (
        *("done", "complete", "completed", "closed", "finished", "delivered", "implemented"),
        *("✅", "fertig", "erledigt", "abgeschlossen", "beendet", "umgesetzt"),
        *("terminé", "fini", "livré", "clos", "achevé"),
    ),
    "stopped": (
        *("stopped", "cancelled", "canceled", "on hold", "paused", "suspended", "halted"),
        *("withdrawn", "rejected", "abandoned", "retired", "decommissioned", "terminated"),
        *("gestoppt", "abgebrochen", "pausiert", "ruht", "eingestellt", "zurückgestellt"),
        *("arrêté", "annulé", "suspendu", "en pause", "abandonné"),
    ),
}
STATUS_OF = {words: status for status, told in STATES.items() for words in told}


def kind(text: str) -> Kind:
    return _only(KINDS, text, "not a project or a tool")


def phase(text: str) -> Phase:
    return _only(PHASES, text, "not a phase I know")


def status(text: str) -> Status:
    """By the words people use, with or without what they add: "Amber - supplier late"."""
    said = re.sub(r"^[0-9]+[.)]?\s+|_", " ", text.casefold())
    whole = " ".join(said.replace("-", " ").split())
    first = " ".join(re.split(r"[-\N{EN DASH}\N{EM DASH}:;,/(]", said)[0].split())
    found = STATUS_OF.get(whole) or STATUS_OF.get(first)
    if found is None:
        raise Unclear("not a status I know")
    return found


def names(text: str) -> tuple[str, ...]:
    """Several names in one cell, each once; a comma stays, it belongs to "Smith, Dana"."""
    told = (" ".join(name.split()) for name in re.split(r"[;|\r\n]", text))
    return tuple(dict.fromkeys(name for name in told if name))


def _only(known: Mapping[Word, str], text: str, otherwise: str) -> Word:
    said = set(re.findall(r"[^\W\d_]+", text.casefold()))
    fitting = [word for word, told in known.items() if said & set(told.split())]
    if len(fitting) != 1:
        raise Unclear(otherwise)
    return fitting[0]
