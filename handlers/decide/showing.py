"""The card of a decision, composed from how it stands: what was decided, by whom, what is open."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from bot import messages
from bot.messages import Button, Card, Quiet, Text, Typed
from handlers import saying
from handlers.saying import card, mention, moment, writer
from storage import decisions, people
from storage.channels import Channel
from storage.database import Session
from storage.decisions import Decision, Standing
from storage.initiatives import Initiative
from storage.people import Person
from storage.priorities import Priority
from storage.readers import Reader

SIDES = {"business": "the business", "it": "IT"}


@dataclass(frozen=True, slots=True)
class Flag:
    """A quiet line about what a decision lacks, and the one tap that mends it."""

    text: Text
    remedy: Button


def compose(key: str, session: Session) -> Card | None:
    """The card as it stands now; none where it may not be read."""
    standing = decisions.one(session, int(key.partition("/")[2]))
    return shown(session, standing) if standing else None


def may_see(key: str, at: messages.Channel, session: Session) -> bool:
    """Whether what was said in one place may be shown in another: the gate, for the place."""
    return _may_read(key, session, Reader(at))


def may_see_here(key: str, session: Session) -> bool:
    """Whether whoever this session answers may read what stands under a key."""
    return _may_read(key, session, session.reader)


def _may_read(key: str, session: Session, reader: Reader) -> bool:
    noun, _, number = key.partition("/")
    if noun != decisions.NOUN:
        return True  # a notice to one person about a message of theirs
    return decisions.one(session, int(number), reader) is not None


def shown(session: Session, standing: Standing, is_whole: bool = False) -> Card:
    """The card of one decision. A very long title is cut, unless `is_whole`."""
    decision = standing.decision
    is_cut = not is_whole and len(decision.title) > saying.LONG
    found = flags(session, standing) if standing.is_open and standing.status != "needed" else []
    notes = tuple(Quiet(flag.text) for flag in found)
    is_private = _is_between_two(session, standing)
    others = _names(session, standing.replaces, standing.replaced_by)
    return card(
        "decide/decision",
        name=decision.name,
        title=saying.title(decision.title) if is_cut else decision.title,
        rest=Typed(f"why {decision.name}") if is_cut else None,
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
        replaces=others.get(standing.replaces, ""),
        replaced_by=others.get(standing.replaced_by, ""),
        why=standing.why,
        refused_by=[mention(_person(session, id)) for id in standing.refused_by],
        key=f"{decisions.NOUN}/{decision.number}",
        parts=notes,
        is_private=is_private,
        buttons=(
            *_buttons(session, standing),
            *([Button("Share", "share", decision.name)] if is_private else []),
            *(flag.remedy for flag in found),
        ),
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
    heard = {standing.author_id, standing.owner_id, *standing.asked}
    sides = {person.side for id in heard if (person := _person(session, id))}
    if "both" in sides:
        return ""
    return next((side for side in SIDES if side not in sides and sides - {None}), "")


def _passed_over(session: Session, standing: Standing) -> Person | None:
    """The priority's owner, who neither owns the decision nor logged it nor was asked."""
    priority = session.get(Priority, standing.priority_id) if standing.priority_id else None
    if priority is None or priority.owner_id is None:
        return None
    heard = {standing.author_id, standing.owner_id, *standing.asked}
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


def _is_between_two(session: Session, standing: Standing) -> bool:
    """Made in a direct conversation, and nobody has shared it since."""
    home = session.get_one(Channel, standing.decision.channel_id)
    return home.is_direct and not standing.is_shared and standing.status != "withdrawn"


def _why(standing: Standing) -> list[Button]:
    return [] if standing.because else [Button("Add why", "add why", standing.decision.name)]


def _person(session: Session, id: int | None) -> Person | None:
    return people.who(session, id) if id else None


def _name(session: Session, table: type[Priority] | type[Initiative], id: int | None) -> str:
    row = session.get(table, id) if id else None
    return row.name if isinstance(row, Priority | Initiative) else ""


def _names(session: Session, *ids: int | None) -> dict[int | None, str]:
    """What these decisions are called, those that may be read beside this one."""
    wanted = [id for id in ids if id is not None]
    if not wanted:
        return {}
    found = select(Decision).where(col(Decision.id).in_(wanted), decisions.readable(session))
    return {one.id: one.name for one in session.exec(found)}


def _weekday(on: date | None, session: Session) -> str:
    return f"{on:%a} {saying.day(on, session.now.date())}" if on else ""
