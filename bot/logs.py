"""Logs as structured lines: what happened, to which command, how long; never what anybody typed.

An error's own text may carry what somebody typed, or what the database holds: a line says where it
happened and of which kind it was, and a code that the database gave it, but not its text.
"""

import asyncio
import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

log = logging.getLogger(__name__)


class Lines(JsonFormatter):
    """One line of JSON for each record."""

    def formatException(self, ei: Any) -> str:  # noqa: N802  the library's name
        return faults(ei[1])

    def process_log_record(self, log_record: dict[str, Any]) -> dict[str, Any]:
        """A path's first part says what was asked for; a later one may be a one-time link."""
        if isinstance(path := log_record.get("path"), str):
            log_record["path"] = "/".join(path.split("/")[:2])
        return super().process_log_record(log_record)


def faults(fault: BaseException | None) -> str:
    """Kinds and places of an error and of all that led to it, without their texts."""
    lines: list[str] = []
    seen: set[int] = set()
    waiting = [fault] if fault else []
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        lines.append(f"{type(one).__module__}.{type(one).__qualname__}{_code(one)}")
        lines += [
            f"  {place.filename}:{place.lineno} {place.name}"
            for place in traceback.extract_tb(one.__traceback__)
        ]
        inner = list(one.exceptions) if isinstance(one, BaseExceptionGroup) else []
        led = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        waiting += [led] if led else []
        waiting += reversed(inner)
    return "\n".join(lines)


def _code(fault: BaseException) -> str:
    """The database's own name of what went wrong."""
    orig = getattr(fault, "orig", fault)
    code = getattr(orig, "sqlstate", None) or getattr(orig, "sqlite_errorname", None)
    return f" ({code})" if code else ""


def to_stderr(level: str = "INFO") -> None:
    """Write every log record as one line of JSON."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(
        Lines(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "part", "message": "event"},
            timestamp="at",
        )
    )
    logging.basicConfig(level=level, handlers=[lines], force=True)
    for chatty in ("alembic", "aiohttp.access", "apscheduler", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def uncaught() -> None:
    """Also what nobody caught is a line, of a thread or of the whole process."""

    def whole(kind: type[BaseException], fault: BaseException, at: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, at)
        else:
            log.critical("ended", exc_info=(kind, fault, at))

    def one(told: threading.ExceptHookArgs) -> None:
        log.error("a thread ended", exc_info=told.exc_value)

    sys.excepthook, threading.excepthook = whole, one


def of_loop(_loop: asyncio.AbstractEventLoop, told: dict[str, Any]) -> None:
    """What the event loop has to say; its own way would print the error's text."""
    log.error("in the event loop", exc_info=told.get("exception"), extra={"said": told["message"]})
