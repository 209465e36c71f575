"""What people are called in an export: by name, and told apart only where two have the same."""

from collections import Counter

from sqlmodel import select

from handlers.exports.entries import order
from handlers.exports.shape import OPERATOR
from storage import people
from storage.database import Session
from storage.people import Alias, Person

NAMELESS = "somebody"


def by_id(session: Session) -> tuple[list[tuple[str, Person]], dict[int, str]]:
    """Everybody under their label, in order; and the label of every id, also of those joined."""
    everybody = sorted(people.everybody(session), key=_order)
    count = Counter(one.name for one in everybody) + Counter([OPERATOR])
    taken = {one.name for one in everybody if count[one.name] == 1} | {OPERATOR}
    labels: dict[int, str] = {}
    for one in everybody:
        label = one.name
        if count[one.name] > 1 or not one.name:
            label = _told_apart(one, taken)
            taken.add(label)
        labels[one.id] = label
    told = sorted(((labels[one.id], one) for one in everybody), key=lambda pair: order(pair[0]))
    for operator in session.exec(select(Person.id).where(Person.is_operator)):
        labels[operator] = OPERATOR
    for was_id in session.exec(select(Alias.was_id)):
        if was_id not in labels and (now := people.who(session, was_id)):
            labels[was_id] = labels[now.id]
    return told, labels


def _order(one: Person) -> tuple[str, bool, str, str, int]:
    return one.name, one.email is None, one.email or "", one.created_at.isoformat(), one.id


def _told_apart(one: Person, taken: set[str]) -> str:
    if one.email and one.email not in taken:
        return one.email
    number = 1
    while f"{one.name or NAMELESS} #{number}" in taken:
        number += 1
    return f"{one.name or NAMELESS} #{number}"
