"""What is the matter with the database, as far as its error says so."""

from typing import Any, Literal

from sqlalchemy import exc

from storage.installations import NotConnected

Trouble = Literal["", "full", "away", "unsure", "busy", "unknown"]

FULL = ("database or disk is full", "disk I/O error", "attempt to write a readonly database")
BUSY = ("database is locked", "database table is locked")
FULL_STATES = ("53100", "58030")  # of PostgreSQL: disk_full, io_error
BUSY_STATES = ("40001", "40P01", "55P03", "57014")


def kind(fault: BaseException) -> Trouble:
    """Why nothing was kept: no room, nobody there, too much at once. Empty for a bug of ours.

    "unknown": it came from where nobody has let us in.
    "unsure": the connection broke while it committed, so that it may have been kept after all.
    """
    if isinstance(fault, NotConnected):
        return "unknown"
    if isinstance(fault, exc.TimeoutError):
        return "busy"
    if not isinstance(fault, exc.OperationalError | exc.InterfaceError | exc.InternalError):
        return ""
    said, state = str(fault.orig), _state(fault.orig)
    if state in FULL_STATES or any(one in said for one in FULL):
        return "full"
    if state in BUSY_STATES or any(one in said for one in BUSY):
        return "busy"
    if fault.connection_invalidated:
        return "away" if fault.statement else "unsure"
    if "unable to open database file" in said or (not fault.statement and not state):
        return "away"
    return "away" if state.startswith(("08", "57P")) else ""


def _state(orig: Any) -> str:
    return str(getattr(orig, "sqlstate", None) or "")
