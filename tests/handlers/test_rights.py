"""Who may do what: the whole matrix, made from the table, and what must hold in all of it."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from pathlib import Path

import pytest
from sqlmodel import select

from handlers import rights, routes
from handlers.rights import BY_VERB, RELATIONS, ROLES, RULES, can
from storage.people import Person
from tests.chat import Chat
from tests.clock import MONDAY

HANDLERS = Path(__file__).parents[2] / "handlers"
MATRIX = Path(__file__).with_name("rights.txt")
LETTERS = {"self": "s", "owner": "o", "author": "a", "asked": "k", "invited": "i"}
VERBS = [rule.verb for rule in RULES]


def person(role: str, id: int = 1, gone_at: datetime | None = None) -> Person:
    is_operator = role == "operator"
    return Person(id=id, name=role.capitalize(), role="member" if is_operator else role,
                  is_operator=is_operator, created_at=MONDAY, gone_at=gone_at)  # fmt: skip


@dataclass
class Thing:
    """A thing to which somebody is what we want them to be."""

    owner_id: int | None = None
    author_id: int | None = None
    asked_id: int | None = None
    guests: tuple[int, ...] = ()

    def invites(self, person: Person) -> bool:
        return person.id in self.guests


def thing_for(relation: str, id: int) -> object:
    match relation:
        case "self":
            return person("member", id)
        case "owner":
            return Thing(owner_id=id)
        case "author":
            return Thing(author_id=id)
        case "asked":
            return Thing(asked_id=id)
        case "invited":
            return Thing(guests=(id,))
    return None


def allowed(verb: str, role: str) -> str:
    """ "+" for any thing, "-" never, else by which relations, in letters."""
    if can(person(role), verb):
        return "+"
    by = [LETTERS[one] for one in RELATIONS if can(person(role), verb, thing_for(one, 1))]
    return "".join(by) or "-"


def matrix() -> str:
    """The matrix as it is told: a row for each verb, a column for each role."""
    head = f"{'':16}" + "".join(f"{role:12}" for role in ROLES)
    rows = [f"{verb:16}" + "".join(f"{allowed(verb, role):12}" for role in ROLES) for verb in VERBS]
    key = ", ".join(f"{letter} {relation}" for relation, letter in LETTERS.items())
    return "\n".join([f"+ any, - none, only: {key}", head, *rows]).replace(" \n", "\n")


def test_the_matrix_is_what_was_agreed() -> None:
    """Look at rights.txt in the diff: it is what changes for people."""
    told = "\n".join(line.rstrip() for line in matrix().splitlines()) + "\n"
    assert told == MATRIX.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("verb", "role", "relation"), list(product(VERBS, ROLES, ("", *RELATIONS)))
)
def test_each_cell_follows_from_its_rule(verb: str, role: str, relation: str) -> None:
    rule = BY_VERB[verb]
    by_relation = relation in rule.relations and role in rule.counts_for
    assert can(person(role), verb, thing_for(relation, 1)) == (role in rule.roles or by_relation)


@pytest.mark.parametrize(("verb", "role", "relation"), list(product(VERBS, ROLES, RELATIONS)))
def test_being_it_of_another_thing_gives_nothing(verb: str, role: str, relation: str) -> None:
    of_somebody_else = can(person(role), verb, thing_for(relation, 2))
    assert of_somebody_else == can(person(role), verb)


def test_who_is_new_and_has_no_number_yet_owns_nothing_that_nobody_owns() -> None:
    new = Person(name="New", created_at=MONDAY)
    for verb in VERBS:
        for nobodys in (Thing(), new):
            assert can(new, verb, nobodys) == can(new, verb)


@pytest.mark.parametrize(("verb", "role"), list(product(VERBS, ROLES)))
def test_who_has_left_may_nothing(verb: str, role: str) -> None:
    for relation in ("", *RELATIONS):
        assert not can(person(role, gone_at=MONDAY), verb, thing_for(relation, 1))


def test_a_verb_that_nobody_thought_of_is_denied_to_all() -> None:
    assert not any(
        can(person(role), "fly", thing_for(one, 1)) for role in ROLES for one in RELATIONS
    )


def test_a_role_that_nobody_thought_of_is_a_guest() -> None:
    assert rights.role_of(person("king")) == "guest"


def test_an_auditor_changes_nothing() -> None:
    may = {
        verb for verb in VERBS if any(can(person("auditor"), verb, thing_for(one, 1))
                                      for one in ("", *RELATIONS))
    }  # fmt: skip
    assert may == {"ask", "read", "see people", "stop", "join accounts", "export", "record"}


def test_a_guest_asks_and_votes_where_invited_and_no_more() -> None:
    may = {
        verb for verb in VERBS if any(can(person("guest"), verb, thing_for(one, 1))
                                      for one in ("", *RELATIONS))
    }  # fmt: skip
    assert may == {"ask", "vote", "stop"}
    assert not can(person("guest"), "vote")


def test_only_the_person_asked_accepts_not_even_an_admin() -> None:
    for verb in ("accept", "not me"):
        assert {role for role in ROLES if can(person(role), verb)} == set()
        assert can(person("member"), verb, Thing(asked_id=1))
        assert not can(person("admin"), verb, Thing(asked_id=2, owner_id=1, author_id=1))


def test_only_an_admin_changes_roles_and_only_the_operator_operates() -> None:
    assert {role for role in ROLES if can(person(role), "role")} == {"operator", "admin"}
    assert {role for role in ROLES if can(person(role), "operate")} == {"operator"}


# refusals say who may, by name


def refused(chat: Chat, verb: str, thing: object = None, who: str = "ana") -> str:
    with chat.looking() as session:
        session.me = session.exec(select(Person).where(Person.email == f"{who}@acme.example")).one()
        return rights.refusal(session, verb, thing)


def give(chat: Chat, role: str, *names: str) -> None:
    with chat.changing() as session:
        for name in names:
            session.exec(select(Person).where(Person.name == name)).one().role = role


def test_a_refusal_names_who_keeps_the_map(chat: Chat) -> None:
    only = "Only Lee, who keeps the map, can add or change priorities. Ask them."
    assert refused(chat, "priority") == only
    give(chat, "facilitator", "Dana Brandt")
    both = "Only Dana or Lee, who keep the map, can add or change priorities. Ask one of them."
    assert refused(chat, "priority") == both
    give(chat, "facilitator", "Omar Haddad", "Sam Ode", "Sam Petrov")
    assert refused(chat, "priority").startswith("Only Dana, Lee, Omar or 2 others, who keep")


def test_a_refusal_names_whose_thing_it_is(chat: Chat) -> None:
    with chat.looking() as session:
        dana = session.exec(select(Person.id).where(Person.name == "Dana Brandt")).one()
    assert refused(chat, "close", Thing(author_id=dana)) == (
        "Only Dana, or Lee, who keeps the map, can close a poll. Ask one of them."
    )
    asked = "Only Dana can accept a decision. Ask them."
    assert refused(chat, "accept", Thing(asked_id=dana)) == asked
    assert refused(chat, "accept", Thing()).startswith("Only the person concerned can accept")


def test_a_refusal_names_nobody_who_has_left(chat: Chat) -> None:
    give(chat, "facilitator", "Dana Brandt")
    chat.types("lee", "gone @dana")
    assert refused(chat, "priority").startswith("Only Lee, who keeps the map,")


def test_where_nobody_keeps_the_map_the_admins_are_named_else_how_to_begin(chat: Chat) -> None:
    give(chat, "member", "Lee Novak")
    assert refused(chat, "rank").startswith("Only Omar, who looks after me here, can say in which")
    give(chat, "member", "Omar Haddad")
    assert 'throughline do "role @name facilitator"' in refused(chat, "rank")


def test_auditors_and_guests_are_told_what_they_are(chat: Chat) -> None:
    give(chat, "auditor", "Ana Sousa")
    assert "As an auditor you read everything" in refused(chat, "decide")
    give(chat, "guest", "Ana Sousa")
    assert refused(chat, "decide") == (
        "Guests can ask me, but not log a decision. Ask Lee, who keeps the map."
    )
    assert refused(chat, "operate") == (
        "Only whoever runs me, at the terminal, can back up, restore, verify and check."
    )


# every verb that a handler uses is in the table


def _asked_rights(root: Path) -> Iterator[tuple[str, str | None]]:
    for file in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name("can" | "demand" as name)
                    | ast.Attribute(ast.Name("rights"), "can" | "demand" as name)
                ) if file.name != "rights.py":
                    verb = node.args[1] if len(node.args) > 1 else None
                    where = f"{file.name}:{node.lineno} {name}"
                    yield from ((where, said) for said in _strings(verb))


def _strings(node: ast.expr | None) -> list[str | None]:
    match node:
        case ast.Constant(value=str(said)):
            return [said]
        case ast.IfExp(body=one, orelse=other):
            return [*_strings(one), *_strings(other)]
    return [None]


def unknown(root: Path) -> list[str]:
    return [f"{where} {verb}" for where, verb in _asked_rights(root) if verb not in BY_VERB]


def test_every_verb_that_a_handler_uses_is_in_the_table() -> None:
    assert unknown(HANDLERS) == []
    assert len(list(_asked_rights(HANDLERS))) > 8


def test_a_verb_outside_the_table_is_found(tmp_path: Path) -> None:
    (tmp_path / "fly.py").write_text(
        "from handlers import rights\n"
        "rights.demand(session, 'fly', thing)\n"
        "rights.can(session.me, 'side')\n"
        "can(session.me, verb)\n"
        "demand(session, 'side' if mine else 'swim')\n"
    )
    assert unknown(tmp_path) == ["fly.py:2 demand fly", "fly.py:4 can None",
                                 "fly.py:5 demand swim"]  # fmt: skip


def test_every_command_that_changes_something_asks_for_the_right_to() -> None:
    for route in routes():
        if route.kind == "changes":
            source = inspect.getsource(route.handler)
            assert "rights.demand(session" in source, f"{route.name} asks for no right"


# the README prints it


def test_the_readme_says_who_may() -> None:
    readme = (HANDLERS.parent / "README.md").read_text(encoding="utf-8")
    assert rights.table() in readme
