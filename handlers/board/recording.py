"""The page `/record`: how the record stands, whether it is whole today, and how to check it."""

from bot.messages import Refusal
from bot.web.pages import Page, Visit
from handlers import record, rights
from handlers.board import checking
from storage import chain, recorded
from storage.database import Session


def show(visit: Visit[None], session: Session) -> Page:
    """The head, and all of the record read again just now."""
    rights.demand(session, "record")
    typed, trouble = visit.values.get("head", "").strip(), ""
    printed: list[tuple[int, str]] = []
    try:
        printed = [record.head(typed)] if typed else []
    except Refusal:
        trouble = "I cannot read that. Write it as it was printed, like “record 214 · 7f3a91c2”."
    head = chain.head(session)
    facts = {
        "head": head,
        "since": checking.day(chain.began_at(session, recorded.TABLES), session),
        "typed": typed,
        "trouble": trouble,
        "may_export": rights.can(session.me, "export"),
        "may_verify": rights.can(session.me, "operate"),
    }
    return Page("board/record", facts | checking.checked(session, printed, visit.tell))
