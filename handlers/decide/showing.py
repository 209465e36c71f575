"""The card of a decision, composed from how it stands: what was decided, by whom, what is open."""

from dataclasses import dataclass
from datetime import date

from bot import messages
from bot.messages import Button, Card, Quiet, Text
from handlers import saying
from handlers.saying import card, mention, moment, writer
from storage import channels, decisions, people, rooms
from storage.channels import Channel
from storage.database import Session
from storage.decisions import Standing
from storage.initiatives import Initiative
from storage.people import Person
from storage.priorities import Priority

SIDES = {"business": "the business", "it": "IT"}


@dataclass(frozen=True, slots=True)
class Flag:
    """A quiet line about what a decision lacks, and the one tap that mends it."""

    text: Text
    remedy: Button


def compose(key: str, session: Session) -> Card | None:
    """The card as it stands now."""
    standing = decisions.one(session, int(key.partition("/")[2]))
    return shown(session, standing) if standing else None


def may_see(key: str, at: messages.Channel, session: Session) -> bool:
    """Whether what was said in one place may be shown in another.

    It may where it was said, in the same room, and anywhere once it was shared or said in public;
    a room is as private as its stricter part.
    """
    if not key.startswith(f"{decisions.NOUN}/"):
        return True  # a notice to one person about a message of theirs
    standing = decisions.one(session, int(key.partition("/")[2]))
    if standing is None:
        return False
    home = session.get_one(Channel, standing.decision.channel_id)
    there = channels.known(session, at.platform, at.tenant, at.id)
    is_private = (
        rooms.is_private(session, home.room_id) if home.room_id else home.is_private is not False
    )
    if standing.is_shared or not is_private:
        return True
    return there is not None and (
        there.id == home.id or (home.room_id is not None and there.room_id == home.room_id)
    )


def shown(session: Session, standing: Standing) -> Card:
    """The card of one decision."""
    decision = standing.decision
    found = flags(session, standing) if standing.is_open and standing.status != "needed" else []
    notes = tuple(Quiet(flag.text) for flag in found)
    return card(
        "decide/decision",
        name=decision.name,
        title=decision.title,
        status=standing.status,
        priority=_name(session, Priority, standing.priority_id),
        serves_nothing=standing.serves_nothing,
        because=standing.because,
        due=_weekday(standing.due_on, session),
        review=_weekday(standing.review_on, session),
        owner=mention(_person(session, standing.owner_id)),
        asked_at=moment(standing.owner_asked_at) if standing.owner_asked_at else None,
        answered_at=moment(standing.owner_answered_at) if standing.owner_answered_at else None,
        by=mention(_person(session, decision.by_id)),
        at=moment(decision.at),
        asked=[mention(_person(session, id)) for id in standing.asked],
        told=list(standing.told),
        accepts_risk=standing.accepts_risk,
        blocks=[_name(session, Initiative, id) for id in standing.blocks],
        expects=standing.expects,
        replaces=_decision_name(session, standing.replaces),
        replaced_by=_decision_name(session, standing.replaced_by),
        why=standing.why,
        refused_by=[mention(_person(session, id)) for id in standing.refused_by],
        key=f"{decisions.NOUN}/{decision.number}",
        parts=notes,
        buttons=(*_buttons(session, standing), *(flag.remedy for flag in found)),
    )


def flags(session: Session, standing: Standing) -> list[Flag]:
    """What a decision lacks, the weightiest first."""
    name = standing.decision.name
    found: list[Flag] = []
    if standing.priority_id is None and not standing.serves_nothing:
        remedy = Button("Say which priority", "which priority", name)
        found.append(Flag(writer().write("decide/no_priority").text, remedy))
    if missing := _missing_side(session, standing):
        remedy = Button(f"Ask someone in {SIDES[missing]}", "whom to ask", f"{name} {missing}")
        said = writer().write("decide/one_sided", side=SIDES[missing])
        found.append(Flag(said.text, remedy))
    if (owner := _passed_over(session, standing)) is not None:
        values = {"person": str(owner.id)}
        remedy = Button(f"Ask {owner.name.split()[0]}", "ask of", name, values)
        said = writer().write("decide/delegated", owner=mention(owner))
        found.append(Flag(said.text, remedy))
    return found


def _missing_side(session: Session, standing: Standing) -> str:
    """The side of which nobody owns it, logged it or was asked."""
    heard = {standing.decision.by_id, standing.owner_id, *standing.asked}
    sides = {person.side for id in heard if (person := _person(session, id))}
    if "both" in sides:
        return ""
    return next((side for side in SIDES if side not in sides and sides - {None}), "")


def _passed_over(session: Session, standing: Standing) -> Person | None:
    """The priority's owner, who neither owns the decision nor logged it nor was asked."""
    priority = session.get(Priority, standing.priority_id) if standing.priority_id else None
    if priority is None or priority.owner_id is None:
        return None
    heard = {standing.decision.by_id, standing.owner_id, *standing.asked}
    return None if priority.owner_id in heard else _person(session, priority.owner_id)


def _buttons(session: Session, standing: Standing) -> list[Button]:
    name = standing.decision.name
    match standing.status:
        case "wish":
            return [
                Button("I own it", "accept", name, is_main=True),
                Button("Name an owner", "name an owner", name),
                *_why(standing),
            ]
        case "asked":
            owner = _person(session, standing.owner_id)
            first = owner.name.split()[0] if owner else ""
            return [
                Button(f"{first}: I own it", "accept", name, is_main=True),
                Button("Not me", "not me", name),
                *_why(standing),
            ]
        case "accepted":
            return [Button("Done", "done", name), *_why(standing)]
        case "needed":
            return [Button("Decide it", "decide it", name, is_main=True)]
    return []


def _why(standing: Standing) -> list[Button]:
    return [] if standing.because else [Button("Add why", "add why", standing.decision.name)]


def _person(session: Session, id: int | None) -> Person | None:
    return people.who(session, id) if id else None


def _name(session: Session, table: type[Priority] | type[Initiative], id: int | None) -> str:
    row = session.get(table, id) if id else None
    return row.name if isinstance(row, Priority | Initiative) else ""


def _decision_name(session: Session, id: int | None) -> str:
    found = session.get(decisions.Decision, id) if id else None
    return found.name if found else ""


def _weekday(on: date | None, session: Session) -> str:
    return f"{on:%a} {saying.day(on, session.now.date())}" if on else ""
