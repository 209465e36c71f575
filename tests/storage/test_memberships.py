"""Who is in a channel is believed as it was last heard, whatever order it came in."""

from datetime import timedelta

from sqlmodel import Session, select

from storage import channels, memberships
from storage.memberships import Membership
from tests.chat import Chat

ANA, LEE, SAM = ("acme", "ana"), ("acme", "lee"), ("other", "sam")


def board(session: Session) -> int:
    return channels.place(session, "chat", "acme", "board", "Board").id


def inside(session: Session) -> set[tuple[str, str]]:
    found = session.exec(select(Membership).where(Membership.is_inside)).all()
    return {(one.tenant, one.external_id) for one in found}


def test_people_come_and_go_and_a_list_says_who_is_left(chat: Chat) -> None:
    with chat.changing() as session:
        memberships.enter(session, board(session), ANA, session.now)
        memberships.enter(session, board(session), SAM, session.now)
        assert inside(session) == {ANA, SAM}
        memberships.leave(session, board(session), ANA, session.now)
        assert inside(session) == {SAM}
        memberships.replace(session, board(session), [LEE, ANA], session.now)
        assert inside(session) == {LEE, ANA}
        memberships.replace(session, board(session), [], session.now)
        assert inside(session) == set()


def test_a_list_that_was_asked_for_earlier_undoes_nothing(chat: Chat) -> None:
    with chat.changing() as session:
        before = session.now - timedelta(seconds=5)
        memberships.enter(session, board(session), ANA, before)
        memberships.leave(session, board(session), ANA, session.now)
        memberships.enter(session, board(session), LEE, session.now)
        memberships.replace(session, board(session), [ANA, SAM], before)
        assert inside(session) == {LEE, SAM}


def test_one_list_says_nothing_of_another_channel(chat: Chat) -> None:
    with chat.changing() as session:
        other = channels.place(session, "chat", "acme", "other", "Other").id
        memberships.enter(session, other, ANA, session.now)
        memberships.replace(session, board(session), [LEE], session.now)
        assert inside(session) == {ANA, LEE}
