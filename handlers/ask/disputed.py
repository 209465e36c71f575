"""Says in every answer that somebody objects to what it stands on, and offers to object."""

from bot.messages import Button, Quiet
from handlers.saying import mention, moment, writer
from storage import lines, links, objections, people
from storage.database import Session
from storage.links import Link
from storage.metrics import Metric
from storage.objections import Objection
from storage.things import ends


def statement(session: Session, key: str) -> str:
    """What a link says, in words: "One login serves Grow revenue"."""
    both = ends(session, key)
    if len(both) != 2:
        return " and ".join(one.name for one in both)
    serves = "shows" if isinstance(both[0], Metric) else "serves"
    return f"{both[0].name} {serves} {both[1].name}"


def beneath(session: Session, noun: str, id: int) -> list[Link]:
    """The links on which an answer about this thing stands."""
    match noun:
        case "initiative":
            ways = lines.up(session, [id])[id]
            both = [link for way in ways for link in (way.lower, way.upper) if link]
            return list({link.id: link for link in both}.values())
        case "priority":
            own = links.touching(session, "priority", {id})
            through = {link.capability_id for link in own if link.capability_id}
            return [*own, *links.touching(session, "capability", through, other="initiative")]
        case "capability" | "metric":
            return links.touching(session, noun, {id})
    return []


def marks(session: Session, noun: str, id: int) -> tuple[Quiet, ...]:
    """A line for each of these links that somebody objects to."""
    disputed = objections.open_ones(session)
    if not any(">" in about for about in disputed):
        return ()
    keys = (links.key_of(link) for link in beneath(session, noun, id))
    return tuple(_mark(session, key, disputed[key]) for key in keys if key in disputed)


def _mark(session: Session, key: str, found: list[Objection]) -> Quiet:
    line = writer().write(
        "objection/mark",
        statement=statement(session, key),
        by=[mention(people.who(session, one.by_id)) for one in found],
        at=moment(found[0].at),
        reasons=[one.reason for one in found if one.reason],
    )
    return Quiet(line.text)


def objecting(noun: str, id: int, *, is_link: bool = True) -> Button:
    """[That's not right]: what it serves, else any other fact."""
    values = {"about": f"{noun}/{id}", **({} if is_link else {"else": "yes"})}
    return Button("That's not right", "not right", values=values)
