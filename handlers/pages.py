"""`record`, and the private links by which chats lead to pages."""

import re

from bot.messages import Card, Command, Link, Refusal
from handlers import rights
from handlers.saying import card
from storage import chain, decisions, tickets
from storage.database import Session

PURPOSE = "visit "
PATH = "/in"
SAID = r"record d-?\d+\s*[?.!]*$"  # else it is a question: a project may be about records
_PAGE = re.compile(r"/[a-z]+(?:/\d+)?")
_NUMBER = re.compile(r"\d+")


def link(session: Session, label: str, path: str) -> Link:
    """The way to a page of ours, for the person of this session alone."""
    assert _PAGE.fullmatch(path)
    if session.pages_are_open:
        return Link(label, f"{session.pages}{path}")
    token = tickets.make(session, f"{PURPOSE}{path}", session.me.id, session.now)
    return Link(label, f"{session.pages}{PATH}/{token}")


def path_of(purpose: str) -> str:
    """Which page a ticket was made for."""
    return purpose.removeprefix(PURPOSE)


def record(command: Command, session: Session) -> Card:
    """`record`: its head in short, and its page; `record D-7`: the page of a decision."""
    rights.demand(session, "record")
    head = chain.head(session)
    if found := _NUMBER.search(command.text):
        standing = decisions.one(session, int(found[0][:9]))
        if standing is None:
            raise Refusal(f"I have no decision D-{found[0][:9]} that you may read.")
        name = standing.decision.name
        way = link(session, f"Open the page of {name}", f"/decisions/{standing.decision.number}")
        return card(
            "record/decision",
            name=name,
            title=standing.decision.title,
            head=head.short if head else "",
            link=way,
            is_private=not session.pages_are_open,
            key=f"{decisions.NOUN}/{standing.decision.number}",
        )
    return card(
        "record/head",
        head=head.short if head else "",
        link=link(session, "Open the page of the record", "/record"),
        is_private=not session.pages_are_open,
    )
