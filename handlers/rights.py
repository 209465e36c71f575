"""Who may do what: one table, one question, and a refusal that says whom to ask.

Everything is refused that the table does not allow. A relation counts for colleagues who may
change things; an auditor or a guest has one only where the rule names them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from bot.messages import Refusal
from storage import people
from storage.database import Session
from storage.people import Person

Role = Literal["operator", "admin", "facilitator", "member", "auditor", "guest"]
Relation = Literal["self", "owner", "author", "asked", "invited"]

ROLES: tuple[Role, ...] = ("operator", "admin", "facilitator", "member", "auditor", "guest")
RELATIONS: tuple[Relation, ...] = ("self", "owner", "author", "asked", "invited")

OPERATOR: frozenset[Role] = frozenset({"operator"})
HEADS: frozenset[Role] = OPERATOR | {"admin"}
KEEPERS: frozenset[Role] = HEADS | {"facilitator"}
WORKERS: frozenset[Role] = KEEPERS | {"member"}
COLLEAGUES: frozenset[Role] = WORKERS | {"auditor"}
EVERYBODY: frozenset[Role] = COLLEAGUES | {"guest"}
NOBODY: frozenset[Role] = frozenset()


@runtime_checkable
class Owned(Protocol):
    """A thing with one owner."""

    owner_id: int | None


@runtime_checkable
class Authored(Protocol):
    """A thing that somebody began."""

    author_id: int | None


@runtime_checkable
class Asked(Protocol):
    """A thing that was asked of one person."""

    asked_id: int | None


@runtime_checkable
class Inviting(Protocol):
    """A thing that says which people may take part, though their role would not let them."""

    def invites(self, person: Person) -> bool: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may: by role for any thing, or by what they are to this thing."""

    verb: str
    about: str
    roles: frozenset[Role]
    relations: tuple[Relation, ...] = ()
    counts_for: frozenset[Role] = WORKERS
    is_told: bool = True  # in the README: what nobody can do yet is decided, and not told


RULES: tuple[Rule, ...] = (
    Rule("ask", "ask, and read what is public to them", EVERYBODY),
    Rule("read", "read what is not private", COLLEAGUES),
    Rule("see people", "see who is who", COLLEAGUES),
    Rule("change the map", "change projects, tools, abilities, numbers and links", WORKERS),
    Rule("priority", "add or change priorities", KEEPERS),
    Rule("rank", "say in which order priorities come", KEEPERS),
    Rule("retire", "retire what is on the map", KEEPERS),
    Rule("serves none", "settle that a project serves no priority", KEEPERS, ("owner",)),
    Rule("ask owners", "ask each owner to sort their projects", KEEPERS),
    Rule("confirm", "confirm a link that somebody else made", NOBODY, ("owner",)),
    Rule("object", "say that an answer is not right", WORKERS),
    Rule("settle", "settle what somebody says is not right", KEEPERS, ("owner",)),
    Rule("tell", "say what a name means that I do not know", WORKERS),
    Rule("decide", "log a decision", WORKERS),
    Rule("accept", "accept a decision", NOBODY, ("asked",)),
    Rule("not me", "say that a decision is not theirs", NOBODY, ("asked",)),
    Rule("supersede", "replace a decision with another", KEEPERS, ("owner",)),
    Rule("reverse", "reverse a decision", KEEPERS, ("owner",)),
    Rule("own", "take a decision that nobody owns", WORKERS),
    Rule("pass on", "name another owner of a decision", KEEPERS, ("owner", "author", "asked")),
    Rule("done", "say that a decision is done", KEEPERS, ("owner", "author")),
    Rule("add", "say more of a decision: why, for what, who was asked", WORKERS),
    Rule("share", "share what was decided in private", KEEPERS, ("owner", "author")),
    Rule("poll", "open a poll", WORKERS, is_told=False),
    Rule("vote", "vote", WORKERS, ("invited",), WORKERS | {"guest"}, is_told=False),
    Rule("close", "close a poll", KEEPERS, ("author",), is_told=False),
    Rule("meet", "start a meeting", WORKERS, is_told=False),
    Rule("schedule", "say when digests are due, and which days are free", KEEPERS),
    Rule("side", "say which side somebody is on", KEEPERS, ("self",)),
    Rule("room", "say which places are one room, and their time zone", KEEPERS),
    Rule("role", "change roles", HEADS),
    Rule("claim", "become the first admin, by the code that I printed", WORKERS),
    Rule("join link", "let another workspace join the company", HEADS),
    Rule("workspace side", "say which side a workspace speaks for", HEADS),
    Rule("gone", "say that somebody has left or is back", KEEPERS),
    Rule("admin gone", "say that an admin has left or is back", HEADS),
    Rule("away", "say how long somebody is away", KEEPERS, ("self",)),
    Rule("stop", "choose how often they are written to", NOBODY, ("self",), EVERYBODY),
    Rule("join accounts", "join two accounts of theirs", NOBODY, ("self",), COLLEAGUES - OPERATOR),
    Rule("export", "take out as a file what they may see", COLLEAGUES),
    Rule("record", "look at the record, and print a decision", COLLEAGUES),
    Rule("import", "bring a list onto the map", KEEPERS),
    Rule("operate", "back up, restore, verify and check", OPERATOR, is_told=False),
)
BY_VERB = {rule.verb: rule for rule in RULES}


def role_of(person: Person) -> Role:
    """The role somebody acts in; whoever sits at our terminal has an admin's rights and more."""
    if person.is_operator:
        return "operator"
    return next((role for role in ROLES if role == person.role), "guest")


def can(person: Person, verb: str, thing: object = None) -> bool:
    """Whether somebody may do this, to this thing if it has one. No, unless a rule says so."""
    rule = BY_VERB.get(verb)
    if rule is None or person.gone_at:
        return False
    role = role_of(person)
    if role in rule.roles:
        return True
    return role in rule.counts_for and any(_IS[one](person, thing) for one in rule.relations)


def demand(session: Session, verb: str, thing: object = None) -> None:
    """Nothing where the person of this session may; else a `Refusal` that says who may."""
    if not can(session.me, verb, thing):
        raise Refusal(refusal(session, verb, thing))


def _is_self(person: Person, thing: object) -> bool:
    return isinstance(thing, Person) and thing.id is not None and thing.id == person.id


def _is_owner(person: Person, thing: object) -> bool:
    return isinstance(thing, Owned) and _same(person, thing.owner_id)


def _is_author(person: Person, thing: object) -> bool:
    return isinstance(thing, Authored) and _same(person, thing.author_id)


def _is_asked(person: Person, thing: object) -> bool:
    return isinstance(thing, Asked) and _same(person, thing.asked_id)


def _is_invited(person: Person, thing: object) -> bool:
    return isinstance(thing, Inviting) and thing.invites(person)


def _same(person: Person, id: int | None) -> bool:
    return id is not None and id == person.id


_IS: dict[Relation, Callable[[Person, object], bool]] = {
    "self": _is_self,
    "owner": _is_owner,
    "author": _is_author,
    "asked": _is_asked,
    "invited": _is_invited,
}


# Saying who may


def refusal(session: Session, verb: str, thing: object) -> str:
    """ "Only Lee or Hana, who keep the map, can change roles. Ask one of them." """
    rule = BY_VERB[verb]
    me = role_of(session.me)
    if session.me.gone_at:
        return f"I was told that you have left. {_ask(session, KEEPERS)}"
    if "member" in rule.roles and me == "auditor":
        return "As an auditor you read everything that is not private, and change nothing."
    if "member" in rule.roles or verb == "join accounts":
        return f"Guests can ask me, but not {rule.about}. {_ask(session, KEEPERS)}"
    if rule.roles == OPERATOR:
        return f"Only whoever runs me, at the terminal, can {rule.about}."
    nearest = _nearest(session, rule, thing)
    group, names = _group(session, rule.roles)
    if not nearest and not names:
        return _nobody(rule)
    only = ", or ".join(one for one in (_listed(nearest), group) if one)
    them = "Ask one of them." if len(nearest) + len(names) > 1 else "Ask them."
    return f"Only {only} can {rule.about}. {them}"


def _nearest(session: Session, rule: Rule, thing: object) -> list[str]:
    ids = {
        "self": thing.id if isinstance(thing, Person) else None,
        "owner": thing.owner_id if isinstance(thing, Owned) else None,
        "author": thing.author_id if isinstance(thing, Authored) else None,
        "asked": thing.asked_id if isinstance(thing, Asked) else None,
    }
    wanted = [ids.get(relation) for relation in rule.relations]
    found = [people.who(session, id) for id in wanted if id is not None]
    return [one.name.partition(" ")[0] for one in found if one and one.id != session.me.id]


def _group(session: Session, roles: frozenset[Role]) -> tuple[str, list[str]]:
    """Those of the least of these roles that anybody has, as part of a sentence."""
    present = [one for one in people.everybody(session) if not one.gone_at]
    for role, are in (("facilitator", "keep the map"), ("admin", "look after me here")):
        names = [one.name.partition(" ")[0] for one in present if one.role == role]
        if role in roles and names:
            is_one = len(names) == 1
            do = f"{are.partition(' ')[0]}{'s' if is_one else ''} {are.partition(' ')[2]}"
            return f"{_listed(names)}, who {do},", names
    return "", []


def _ask(session: Session, roles: frozenset[Role]) -> str:
    group, _ = _group(session, roles)
    return f"Ask {group.removesuffix(',')}." if group else "Ask whoever set me up."


def _nobody(rule: Rule) -> str:
    if not rule.roles:
        return f"Only the person concerned can {rule.about}."
    lowest = "a facilitator" if "facilitator" in rule.roles else "an admin"
    word = lowest.split()[-1]
    return (
        f"Only {lowest} can {rule.about}, and there is none yet. Whoever runs me can name one: "
        f'throughline do "role @name {word}"'
    )


def _listed(names: Sequence[str]) -> str:
    if len(names) > 4:
        return f"{', '.join(names[:3])} or {len(names) - 3} others"
    return " or ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def table() -> str:
    """The rules for people to read, in Markdown, as README prints them."""
    rows = [f"| {rule.about} | {_who(rule)} |" for rule in RULES if rule.is_told]
    return "\n".join(["| to | may |", "|---|---|", *rows])


def _who(rule: Rule) -> str:
    named = {
        EVERYBODY: "everybody",
        COLLEAGUES: "everybody but guests",
        WORKERS: "members, facilitators, admins",
        KEEPERS: "facilitators, admins",
        HEADS: "admins",
        OPERATOR: "the operator",
    }
    told = {
        "self": "oneself",
        "owner": "its owner",
        "author": "its author",
        "asked": "only the person asked",
        "invited": "guests where it says so",
    }
    relations = [told[one] for one in rule.relations]
    return ", ".join(relations + ([named[rule.roles]] if rule.roles else []))
