"""The line, walked up from a project and down from a priority."""

from sqlmodel import col, select, update

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
        assert lines.serving(session, onboarding) == {
            _id(session, Initiative, "One login"),
            _id(session, Initiative, "Asana"),
        }
        assert lines.serving(session, _id(session, Priority, "Pass the audit")) == set()


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
            assert len(lines.serving(session, _id(session, Priority, name))) == serving


def test_the_reach_of_a_map_is_up_from_every_project(chat: Chat) -> None:
    with chat.looking() as session:
        one_by_one = lines.up(session, session.exec(select(Initiative.id)).all())
        goals = {id: {w.priority.id for w in ways if w.priority} for id, ways in one_by_one.items()}
        assert lines.reach(session) == {id: found for id, found in goals.items() if found}
        assert lines.reach(session)


def test_a_retired_priority_is_supported_no_more(chat: Chat) -> None:
    with chat.changing() as session:
        goal = _id(session, Priority, "Faster onboarding")
        session.exec(
            update(Priority).where(col(Priority.id) == goal).values(retired_at=session.now)
        )
    with chat.looking() as session:
        assert lines.serving(session, goal) == set()
        assert _up(session, "One login") == [("Give access on day one", None)]


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
