"""One thing on the map, and the line it stands on."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from bot.messages import Button, Card, Fact, Facts, Part, Path, Quiet, Step, Text
from handlers import saying
from handlers.ask.disputed import marks, objecting
from handlers.saying import card, mention, moment, writer
from storage import confirmations, initiatives, lines, links, metrics, people, sorting
from storage.capabilities import Capability
from storage.database import Session
from storage.initiatives import Initiative
from storage.lines import Way
from storage.links import Link
from storage.metrics import Metric
from storage.names import Name
from storage.people import Person
from storage.priorities import Priority
from storage.remembered import remembered
from storage.things import Thing, find

MOST_WAYS = 3  # of one project, drawn; the rest is said to exist
MOST_NAMES = 8  # in a list that is read aloud

TODAY = {"works": "works today", "workaround": "by workaround today", "missing": "missing today"}


def shown(session: Session, name: Name) -> Card:
    """The card of any thing."""
    return replace(_shown(session, name), key=key_of(name))


def key_of(name: Name) -> str:
    """How a card says what it is about."""
    return f"{name.noun}/{name.id}"


def _shown(session: Session, name: Name) -> Card:
    key = ("thing", name.noun, name.id)
    match remembered(session, key, partial(find, session, name.noun, name.id)):
        case Initiative() as one:
            return project(session, one)
        case Priority() as one:
            return priority(session, one)
        case Capability() as one:
            return capability(session, one)
        case Metric() as one:
            return number(session, one)
    return card("ask/gone")


def project(session: Session, one: Initiative) -> Card:
    """A project or tool, and which priorities it supports, by whose word."""
    line = lines.line(session, one.id)
    ways, numbers, today = line.ways, line.numbers, session.now.date()
    trends = {
        number.id: saying.trend(number, line.readings[number.id], today)
        for several in numbers.values()
        for number in several
    }
    _known = people.named(session, _who_is_in(one, ways))  # while it is held, nobody asks again
    reached = [way for way in ways if way.priority]
    paths = tuple(
        Path(tuple(_steps(one, way, numbers, trends))) for way in (reached or ways)[:MOST_WAYS]
    )
    return card(
        "ask/project",
        project=one,
        priorities=list(dict.fromkeys(way.priority.name for way in reached if way.priority)),
        through=list(dict.fromkeys(way.capability.name for way in reached if way.capability)),
        serves=_serves(ways),
        none_said=None if reached else _none_said(session, one),
        parts=(
            *paths,
            *_facts(session, one, reached),
            *_words_of(session, ways),
            *marks(session, "initiative", one.id),
        ),
        buttons=(*_next(one, reached), objecting("initiative", one.id)),
    )


def _who_is_in(one: Initiative, ways: list[Way]) -> set[int]:
    owners = {one.owner_id, *(way.priority.owner_id for way in ways if way.priority)}
    said = {id for way in ways for id in (way.lower.said_by_id, way.lower.confirmed_by_id)}
    return {id for id in owners | said if id is not None}


def _none_said(session: Session, one: Initiative) -> dict[str, object] | None:
    """Who said that it serves no priority, and when, if their word is enough for that."""
    said = sorting.none_said(session, one.id)
    if said is None:
        return None
    return {"by": mention(people.who(session, said.person_id)), "at": moment(said.at)}


def _serves(ways: list[Way]) -> list[str]:
    """What it serves without a word on which priority that is for."""
    return [way.capability.name for way in ways if way.capability and not way.priority]


def _steps(
    one: Initiative, way: Way, numbers: dict[int, list[Metric]], trends: dict[int, str]
) -> Iterable[Step]:
    yield Step(one.kind, one.name)
    if way.capability:
        state = {
            "works": "works today",
            "workaround": "by workaround today",
            "missing": "missing today",
        }
        yield Step("ability", way.capability.name, state.get(way.capability.state or "", ""))
    if way.priority:
        yield Step("priority", way.priority.name, _rank(way.priority))
        known = numbers[way.priority.id]
        if len(known) == 1:
            yield Step("number", known[0].name, trends[known[0].id])
        elif known:  # nobody has said which of them this moves
            yield Step("number", f"{len(known)} numbers", "watch this priority")


def _rank(one: Priority) -> str:
    return f"our {saying.ordinal(one.rank)} priority" if one.rank else ""


def _facts(session: Session, one: Initiative, ways: list[Way]) -> Iterable[Part]:
    rows = [Fact("Owner", _owner_of(session, one))]
    for way in ways[:MOST_WAYS]:
        assert way.priority is not None
        label = "Owner of the priority" if len(ways) == 1 else f"Owner of {way.priority.name}"
        rows.append(Fact(label, _owner_of(session, way.priority)))
    if standing := saying.standing(one, session.now.date()):
        rows.append(Fact("Status", standing))
    if cost := saying.cost(one):
        rows.append(Fact("Cost", cost))
    elif "cost" in one.unclear:
        rows.append(Fact("Cost", f"not known; the list says “{saying.short(one.unclear['cost'])}”"))
    if one.vendor or one.renews_on:
        renews = f"renews {saying.day(one.renews_on, session.now.date())}" if one.renews_on else ""
        rows.append(Fact("Vendor", " · ".join(part for part in (one.vendor, renews) if part)))
    yield Facts(tuple(dict.fromkeys(rows)))


def _owner_of(session: Session, one: Thing) -> Text:
    person = session.get(Person, one.owner_id) if one.owner_id else None
    return writer().write("ask/owner_line", owner=mention(person)).text


def _words_of(session: Session, ways: list[Way]) -> Iterable[Part]:
    for link in list(dict.fromkeys(way.lower.id for way in ways))[:1]:
        said = next(way.lower for way in ways if way.lower.id == link)
        yield Quiet(word_on(session, said))


def word_on(session: Session, link: Link) -> Text:
    """Who said so and when, and who confirmed it."""
    by = session.get(Person, link.said_by_id) if link.said_by_id else None
    asked_id = confirmations.waits_for(session, links.key_of(link))
    confirmed = session.get(Person, link.confirmed_by_id) if link.confirmed_by_id else None
    return (
        writer()
        .write(
            "ask/word",
            by=mention(by),
            at=moment(link.said_at),
            source=link.source,
            asked=mention(session.get(Person, asked_id) if asked_id else None),
            confirmed_by=mention(confirmed),
            confirmed_at=moment(link.confirmed_at) if link.confirmed_at else None,
        )
        .text
    )


def _next(one: Initiative, ways: list[Way]) -> tuple[Button, ...]:
    found = []
    if ways and (priority := ways[0].priority):
        found.append(
            Button(
                f"What else supports {priority.name}",
                "ask",
                f"what supports {priority.name}?",
                {"noun": "priority", "id": str(priority.id), "kind": "supporters"},
            )
        )
        found.append(
            Button(
                f"What breaks without {one.name}",
                "ask",
                f"what breaks if we drop {one.name}?",
                {"noun": "initiative", "id": str(one.id), "kind": "breaks"},
            )
        )
    else:
        found.append(Button("What are our priorities", "ask", "what are our priorities?"))
    return tuple(found)


def priority(session: Session, one: Priority) -> Card:
    """A priority: its owner, its numbers, and what supports it."""
    serving = initiatives.of_ids(session, lines.serving(session, one.id))
    numbers = lines.numbers(session, [one.id])[one.id]
    return card(
        "ask/priority",
        priority=one,
        owner=mention(session.get(Person, one.owner_id) if one.owner_id else None),
        rank=saying.ordinal(one.rank) if one.rank else "",
        serving=serving,
        most=MOST_NAMES,
        money=saying.total(serving),
        parts=(*_numbers(session, numbers), *marks(session, "priority", one.id)),
        buttons=(*_about_each(serving), objecting("priority", one.id)),
    )


def _numbers(session: Session, numbers: list[Metric]) -> tuple[Part, ...]:
    readings = metrics.readings_of(session, {one.id for one in numbers})
    today = session.now.date()
    rows = tuple(Fact(one.name, saying.trend(one, readings[one.id], today)) for one in numbers)
    return (Facts(rows),) if rows else ()


def _about_each(serving: list[Initiative]) -> tuple[Button, ...]:
    return tuple(
        Button(one.name, "ask", one.name, {"noun": "initiative", "id": str(one.id)})
        for one in serving[:4]
    )


def capability(session: Session, one: Capability) -> Card:
    """Something the business must be able to do: for what, and what serves it."""
    uppers = links.touching(session, "capability", {one.id}, other="priority")
    towards = [session.get(Priority, link.priority_id) for link in uppers]
    serving = lines.supporters(session, one.id)
    return card(
        "ask/capability",
        capability=one,
        state=one.state or "",
        owner=mention(session.get(Person, one.owner_id) if one.owner_id else None),
        priorities=[found.name for found in towards if found],
        serving=serving,
        most=MOST_NAMES,
        parts=marks(session, "capability", one.id),
        buttons=(*_about_each(serving), objecting("capability", one.id)),
    )


def number(session: Session, one: Metric) -> Card:
    """A number: where it stands, and for which priority."""
    uppers = links.touching(session, "metric", {one.id})
    towards = [session.get(Priority, link.priority_id) for link in uppers]
    readings = metrics.readings_of(session, {one.id})[one.id]
    return card(
        "ask/number",
        metric=one,
        trend=saying.trend(one, readings, session.now.date()),
        owner=mention(session.get(Person, one.owner_id) if one.owner_id else None),
        priorities=[found.name for found in towards if found],
        last=moment(readings[-1].said_at) if readings else None,
        parts=marks(session, "metric", one.id),
        buttons=(objecting("metric", one.id),),
    )


def owner(session: Session, name: Name) -> Card:
    """Who owns a thing, and since when that is known."""
    thing = find(session, name.noun, name.id)
    if thing is None:
        return card("ask/gone")
    person = session.get(Person, thing.owner_id) if thing.owner_id else None
    return card(
        "ask/owner",
        name=thing.name,
        owner=mention(person),
        title=person.title if person else "",
        buttons=(
            *(_about_each([thing]) if isinstance(thing, Initiative) else ()),
            objecting(name.noun, name.id, is_link=False),
        ),
    )


def breaks(session: Session, id: int) -> Card:
    """What loses its support if a project is dropped: wholly, or one of several."""
    one = session.get_one(Initiative, id)
    ways = lines.up(session, [id])[id]
    served: dict[str, list[str]] = {}
    for ability in {way.capability.id: way.capability for way in ways if way.capability}.values():
        served[ability.name] = [s.name for s in lines.supporters(session, ability.id) if s.id != id]
    for aim in {way.priority.id: way.priority for way in ways if way.priority}.values():
        others = lines.serving(session, aim.id) - {id}
        served[aim.name] = [other.name for other in initiatives.of_ids(session, others)]
    return card(
        "ask/breaks",
        name=one.name,
        alone=[name for name, others in served.items() if not others],
        shared=[(name, others) for name, others in served.items() if others],
        status=one.status or "",
        cost=saying.cost(one),
        parts=(*_words_of(session, ways), *marks(session, "initiative", id)),
        buttons=(*_about_each([one]), objecting("initiative", id)),
    )


def cost(session: Session, id: int) -> Card:
    """What one project costs."""
    one = session.get_one(Initiative, id)
    return card(
        "ask/cost",
        name=one.name,
        cost=saying.cost(one),
        unclear=saying.short(one.unclear.get("cost", "")),
        status=one.status or "",
        buttons=(*_about_each([one]), objecting("initiative", id, is_link=False)),
    )


def decided(session: Session, name: Name) -> Card:
    """What was decided about a thing: nothing that anybody logged."""
    thing = find(session, name.noun, name.id)
    return card(
        "ask/decided",
        name=name.text,
        buttons=_about_each([thing]) if isinstance(thing, Initiative) else (),
    )
