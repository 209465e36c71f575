"""Reads the whole record while somebody waits for a page, and says what came of it and when."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.web.pages import Tell
from handlers import record
from storage import chain, recorded
from storage.chain import Fault
from storage.database import Session

MOST = 12  # faults told one by one


def checked(session: Session, printed: Sequence[tuple[int, str]], tell: Tell) -> dict[str, object]:
    """Whether the record is whole, as facts of a page. Nothing is read of this session before it
    that is still needed as a row: it lets go of all rows on the way."""
    found: list[Fault] = list(chain.faults(session, recorded.TABLES, printed, tell))
    unlike = [one for one in found if one.what.startswith("printed")]  # or it was typed wrongly
    found = [one for one in found if one not in unlike]
    return {
        "unlike": [record.told(one) for one in unlike],
        "is_whole": not found,
        "faults": [record.told(one) for one in found[:MOST]],
        "more": max(len(found) - MOST, 0),
        "compared": len(printed),
        "checked": clock(session.now, session),
        "checked_on": day(session.now, session),
    }


def day(at: datetime | None, session: Session) -> str:
    """ "14 Nov 2026", where the reader is: what is printed is read in another year."""
    if at is None:
        return ""
    return on(at.astimezone(ZoneInfo(session.zone)).date())


def on(day: date | None) -> str:
    """The same of a day."""
    return f"{day.day} {day:%b %Y}" if day else ""


def clock(at: datetime, session: Session) -> str:
    """ "09:12 CET"."""
    return f"{at.astimezone(ZoneInfo(session.zone)):%H:%M %Z}"


def moment(at: datetime, session: Session) -> str:
    """ "14 Nov 2026, 16:03"."""
    return f"{day(at, session)}, {at.astimezone(ZoneInfo(session.zone)):%H:%M}"
