"""Makes somebody nobody: their name and accounts go, what they decided stays on record.

The record holds numbers of people and no names, so it is as whole afterwards as before. What
people typed themselves (a title, a reason) is on record and stays.
"""

from sqlmodel import col, delete, or_, select, update

from storage import kept, outbox
from storage.database import Session
from storage.decisions import Decision, DecisionEvent
from storage.history import Said
from storage.installations import Installation
from storage.outbox import Message
from storage.people import Account, Alias, Person
from storage.questions import Question


def erase(session: Session, person: Person) -> list[str]:
    """Erase them, and every person they were joined from. Gives the decisions that name them."""
    names = {person.name, person.email or person.name}
    ids = [person.id]
    for alias in session.exec(select(Alias).where(Alias.person_id == person.id)):
        ids.append(alias.was_id)
        alias.moved = {}
    for id in ids:
        one = session.get_one(Person, id)
        names |= {one.name, one.email or one.name}
        names |= set(session.exec(select(Account.name).where(Account.person_id == id)))
        one.name, one.email, one.title = f"Person {id}", None, ""
        one.gone_at = one.gone_at or session.now
    theirs = select(Account.external_id).where(col(Account.person_id).in_(ids))
    let_in = update(Installation).where(col(Installation.installed_by).in_(theirs))
    session.execute(let_in.values(installed_by="").execution_options(synchronize_session=False))
    session.exec(delete(Account).where(col(Account.person_id).in_(ids)))
    session.exec(delete(Said).where(or_(col(Said.by_id).in_(ids), col(Said.seen_by_id).in_(ids))))
    session.exec(delete(Question).where(col(Question.asked_by_id).in_(ids)))
    session.flush()
    for name in names - {""}:
        _say_anew(session, name)
        kept.forget_naming(session, name)
    return _naming(session, names - {""})


def _say_anew(session: Session, name: str) -> None:
    """Messages that show the name are composed again, and edited where they stand."""
    showing = col(Message.card).contains(name, autoescape=True)
    for key in set(session.exec(select(Message.key).where(showing))):
        outbox.changed(session, key, session.now)
    session.execute(update(Message).where(showing).values(card="", frozen=0))


def _naming(session: Session, names: set[str]) -> list[str]:
    """The decisions whose own words name them. Read here: a database keeps JSON escaped."""
    numbers = {one.id: one.number for one in session.exec(select(Decision))}
    said = [(one.id, f"{one.title} {one.source}") for one in session.exec(select(Decision))]
    said += [(one.decision_id, str(one.data)) for one in session.exec(select(DecisionEvent))]
    wanted = [name.casefold() for name in names]
    found = {numbers[id] for id, text in said if any(one in text.casefold() for one in wanted)}
    return [f"D-{number}" for number in sorted(found)]
