"""The line, walked up from a project and down from a priority."""

from sqlmodel import col, select

from storage import lines
from storage.capabilities import Capability
from storage.database import Session
from storage.initiatives import Initiative
from storage.lines import Way
from storage.links import Link
from storage.priorities import Priority
from tests.chat import Chat

Drawn = tuple[str | None, str | None]


def _id(session: Session, table: type[Initiative | Priority | Capability], name: str) -> int:
    return session.exec(select(table.id).where(col(table.name) == name)).one()


def _drawn(ways: list[Way]) -> list[Drawn]:
    return [
        (way.capability.name if way.capability else None,
         way.priority.name if way.priority else None)
        for way in ways
    ]  # fmt: skip


def _up(session: Session, name: str) -> list[Drawn]:
    id = _id(session, Initiative, name)
    found = lines.up(session, [id])
    assert set(found) == {id}
    assert {way.initiative_id for way in found[id]} <= {id}
    return _drawn(found[id])


def test_a_project_reaches_its_priority_through_an_ability_or_directly(chat: Chat) -> None:
    with chat.looking() as session:
        assert _up(session, "One login") == [("Give access on day one", "Faster onboarding")]
        assert _up(session, "Asana") == [(None, "Faster onboarding")]


def test_a_way_ends_where_nobody_has_said_more(chat: Chat) -> None:
    with chat.looking() as session:
        assert _up(session, "Audit trail") == [("Prove who did what", None)]
        assert _up(session, "Data lake") == []


def test_a_way_knows_both_of_its_links(chat: Chat) -> None:
    with chat.looking() as session:
        (way,) = lines.up(session, [_id(session, Initiative, "One login")]).popitem()[1]
        assert way.upper is not None
        assert way.lower.initiative_id == way.initiative_id
        assert way.lower.capability_id == way.upper.capability_id
        assert way.priority is not None
        assert way.upper.priority_id == way.priority.id
        assert way.lower.confirmed_by_id
        assert way.upper.confirmed_by_id is None


def test_a_priority_is_reached_by_all_that_serves_it_and_by_nothing_else(chat: Chat) -> None:
    with chat.looking() as session:
        onboarding = _id(session, Priority, "Faster onboarding")
        serving = {way.initiative_id for way in lines.down(session, onboarding)}
        assert serving == {
            _id(session, Initiative, "One login"),
            _id(session, Initiative, "Asana"),
        }
        assert lines.down(session, _id(session, Priority, "Pass the audit")) == []


def test_the_strongest_way_comes_first(chat: Chat) -> None:
    with chat.changing() as session:
        session.add(
            Link(
                initiative_id=_id(session, Initiative, "One login"),
                priority_id=_id(session, Priority, "Grow revenue"),
                strength=3,
                said_at=session.now,
            )
        )
    with chat.looking() as session:
        assert _up(session, "One login") == [
            (None, "Grow revenue"),
            ("Give access on day one", "Faster onboarding"),
        ]


def test_one_ability_for_two_priorities_makes_two_ways(chat: Chat) -> None:
    with chat.changing() as session:
        session.add(
            Link(
                capability_id=_id(session, Capability, "Give access on day one"),
                priority_id=_id(session, Priority, "Pass the audit"),
                said_at=session.now,
            )
        )
    with chat.looking() as session:
        assert _up(session, "One login") == [
            ("Give access on day one", "Faster onboarding"),
            ("Give access on day one", "Pass the audit"),
        ]
        for name, serving in (("Faster onboarding", 2), ("Pass the audit", 1)):
            ways = lines.down(session, _id(session, Priority, name))
            assert {way.priority.name for way in ways if way.priority} == {name}
            assert len(ways) == serving


def test_everywhere_is_up_from_every_project_that_is_linked(chat: Chat) -> None:
    with chat.looking() as session:
        every = lines.everywhere(session)
        one_by_one = lines.up(session, session.exec(select(Initiative.id)).all())
        assert {id: _drawn(ways) for id, ways in every.items()} == {
            id: _drawn(ways) for id, ways in one_by_one.items() if ways
        }
        assert len(every) == 5


def test_a_priority_knows_its_numbers_and_an_ability_its_supporters(chat: Chat) -> None:
    with chat.looking() as session:
        ids = {
            name: _id(session, Priority, name) for name in ("Faster onboarding", "Pass the audit")
        }
        found = lines.numbers(session, ids.values())
        assert [metric.name for metric in found[ids["Faster onboarding"]]] == ["Days to onboard"]
        assert found[ids["Pass the audit"]] == []
        access = _id(session, Capability, "Give access on day one")
        assert [one.name for one in lines.supporters(session, access)] == ["One login"]


def test_nothing_is_asked_of_nothing(chat: Chat) -> None:
    with chat.looking() as session:
        assert lines.up(session, []) == {}
        assert lines.numbers(session, []) == {}
