"""Logs as structured lines: what happened, to which command, how long; never what anybody typed."""

import logging
import sys

from pythonjsonlogger.json import JsonFormatter


def to_stderr(level: str = "INFO") -> None:
    """Write every log record as one line of JSON."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(
        JsonFormatter(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "part", "message": "event"},
            timestamp="at",
        )
    )
    logging.basicConfig(level=level, handlers=[lines], force=True)
    for chatty in ("alembic", "aiohttp.access", "apscheduler", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
