"""Companies that nobody would invent: every field, and names that look like something else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from storage import channels, decisions, people
from storage.capabilities import STATES, Capability
from storage.database import Database, Session
from storage.decisions import Decision, What
from storage.initiatives import KINDS, PHASES, STATUSES, Initiative
from storage.links import Link
from storage.metrics import DIRECTIONS, Metric, Reading
from storage.organisations import Organisation
from storage.people import ROLES, SIDES, WANTS, Person
from storage.priorities import CATEGORIES, Priority

NASTY = (
    "yes", "no", "null", "~", "1e3", "1_000", "0x1f", "0o7", ".5", "-", "- a", "2026-01-01",
    "2026-01-01T00:00:00Z", "=1+1", "+1", "@x", "a: b", "a #b", "#", "'", '"', "\\", "''", '""',
    "[a]", "{a: b}", "&a", "*a", "!x", "!!str x", "%TAG", "|", ">", "|-\n x", "<<", "?", ": ",
    "a\nb", "a\n\n b\n", "\n", " ", " a", "a ", "\ta", "a\t", "\r", "a\r\nb", "\x85", "\u2028",
    "\ufeff", "\u200f", "\x07", "\x7f", "Über — 漢字 😀", "é" * 90, "x" * 500, "a b " * 60,
    "---", "...",
    "(operator)", "(left out)", "D-7", "Infinity", ".nan", "1:30", "on", "y", "=", "a\n---\nb",
)  # fmt: skip
TEXT = st.sampled_from(NASTY) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40
)
NAME = TEXT.filter(bool)  # of a person a chat may tell none
WORDS = st.just("") | TEXT
AT = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
DAY = st.dates(date(1, 1, 1), date(9999, 12, 31))
NUMBER = st.floats(-1e300, 1e300) | st.integers(-(10**6), 10**6).map(float)
WHOLE = st.integers(-1000, 10**6)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


PERSON = st.fixed_dictionaries({
    "name": TEXT, "side": maybe(st.sampled_from(SIDES)), "role": st.sampled_from(ROLES),
    "title": WORDS, "zone": maybe(st.just("Europe/Berlin")), "wants": st.sampled_from(WANTS),
    "away_until": maybe(DAY), "gone_at": maybe(AT), "created_at": AT, "has_email": st.booleans(),
})  # fmt: skip
PRIORITY = st.fixed_dictionaries({
    "name": NAME, "category": maybe(st.sampled_from(CATEGORIES)), "rank": maybe(WHOLE),
    "because": WORDS, "retired_at": maybe(AT), "created_at": AT,
})  # fmt: skip
CAPABILITY = st.fixed_dictionaries({
    "name": NAME, "state": maybe(st.sampled_from(STATES)), "plain": WORDS, "created_at": AT,
})  # fmt: skip
INITIATIVE = st.fixed_dictionaries({
    "name": NAME, "kind": st.sampled_from(KINDS), "aliases": st.lists(TEXT, max_size=2),
    "area": WORDS, "plain": WORDS, "phase": maybe(st.sampled_from(PHASES)),
    "status": maybe(st.sampled_from(STATUSES)), "starts_on": maybe(DAY), "ends_on": maybe(DAY),
    "vendor": WORDS, "renews_on": maybe(DAY),
    "unclear": st.dictionaries(TEXT, TEXT, max_size=2),
    "imported": st.dictionaries(TEXT, WORDS, max_size=2), "created_at": AT,
    "money": maybe(st.tuples(st.integers(-(2**63) + 1, 2**63 - 1),
                             st.sampled_from(["EUR", "JPY", "KWD"]))),
})  # fmt: skip
METRIC = st.fixed_dictionaries({
    "name": NAME, "unit": WORDS, "direction": maybe(st.sampled_from(DIRECTIONS)),
    "baseline": maybe(NUMBER), "target": maybe(NUMBER), "every_days": st.integers(0, 9999),
    "created_at": AT,
})  # fmt: skip
PICK = st.integers(0, 99)  # one of what there is
LINK = st.tuples(PICK, PICK, PICK, st.integers(1, 3), maybe(PICK), AT, WORDS, maybe(PICK), AT)
EVENT = st.tuples(st.sampled_from(get_args(What)), PICK, AT, PICK, WORDS, DAY)
DECISION = st.fixed_dictionaries({
    "title": TEXT, "is_needed": st.booleans(), "by": PICK, "at": AT, "source": WORDS,
    "link": WORDS, "place": WORDS, "events": st.lists(EVENT, max_size=5), "skip": st.integers(0, 3),
})  # fmt: skip


def several(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(strategy, max_size=3, unique_by=lambda one: one["name"])


COMPANY = st.fixed_dictionaries({
    "name": TEXT, "currency": st.sampled_from(["EUR", "JPY"]),
    "people": st.lists(PERSON, max_size=4), "priorities": several(PRIORITY),
    "capabilities": several(CAPABILITY), "initiatives": several(INITIATIVE),
    "metrics": several(METRIC), "links": st.lists(LINK, max_size=6),
    "readings": st.lists(st.tuples(PICK, DAY, NUMBER, maybe(PICK), AT), max_size=3),
    "decisions": st.lists(DECISION, max_size=3),
})  # fmt: skip


def found(database: Database, told: dict[str, Any]) -> int:
    """A company with nothing on its map, but for its name."""
    with database.writing() as session:
        one = Organisation(name=told["name"], zone="Europe/Berlin", currency=told["currency"],
                           created_at=datetime(2026, 1, 1, tzinfo=UTC))  # fmt: skip
        session.add(one)
        session.flush()
        return one.id


def enter(session: Session, now: datetime) -> Session:
    """As the operator."""
    session.organisation = session.get_one(Organisation, session.info["organisation_id"])
    session.now, session.indexes = now, {}
    tenant = str(session.organisation.id)
    session.me = people.meet(session, "chat", tenant, "operator", name="Operator", email="",
                             side="", at=now, standing="operator")  # fmt: skip
    session.flush()
    return session


class Build:
    """Writes a generated company into the database, past all rules of the handlers."""

    def __init__(self, session: Session, told: dict[str, Any]) -> None:
        self.session, self.told = session, told
        self.people = [session.me, *(self._person(*one) for one in enumerate(told["people"]))]
        self.of: dict[str, list[Any]] = {
            "priority": [self._kept(Priority(**one, **self._owner(n)))
                         for n, one in enumerate(told["priorities"])],
            "capability": [self._kept(Capability(**one, **self._owner(n)))
                           for n, one in enumerate(told["capabilities"])],
            "initiative": [self._initiative(n, one) for n, one in enumerate(told["initiatives"])],
            "metric": [self._kept(Metric(**one, **self._owner(n)))
                       for n, one in enumerate(told["metrics"])],
        }  # fmt: skip
        self._links()
        self._readings()
        self._decisions()

    def _kept(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def _owner(self, number: int) -> dict[str, Any]:
        return {"owner_id": self.people[number % len(self.people)].id if number else None}

    def _person(self, number: int, one: dict[str, Any]) -> Any:
        fields = {name: value for name, value in one.items() if name != "has_email"}
        return self._kept(Person(email=f"p{number}@x.example" if one["has_email"] else None,
                                 **fields))  # fmt: skip

    def _initiative(self, number: int, one: dict[str, Any]) -> Any:
        cost, currency = one["money"] or (None, None)
        fields = {name: value for name, value in one.items() if name != "money"}
        return self._kept(Initiative(cost=cost, currency=currency, **self._owner(number),
                                     **fields))  # fmt: skip

    def _one(self, noun: str, pick: int) -> Any:
        rows = self.people if noun == "person" else self.of[noun]
        return rows[pick % len(rows)] if rows else None

    def _links(self) -> None:
        pairs = (("initiative", "capability"), ("initiative", "priority"),
                 ("capability", "priority"), ("metric", "priority"))  # fmt: skip
        seen = set()
        for kind, low, up, strength, by, at, source, confirmed_by, confirmed in self.told["links"]:
            lower, upper = pairs[kind % 4]
            one, other = self._one(lower, low), self._one(upper, up)
            if one is None or other is None or (lower, one.id, upper, other.id) in seen:
                continue
            seen.add((lower, one.id, upper, other.id))
            ends = {f"{lower}_id": one.id, f"{upper}_id": other.id}
            self._kept(Link(
                **ends, strength=strength, said_at=at, source=source,
                said_by_id=self._one("person", by).id if by is not None else None,
                confirmed_by_id=self._one("person", confirmed_by).id if confirmed_by else None,
                confirmed_at=confirmed if confirmed_by else None,
            ))  # fmt: skip

    def _readings(self) -> None:
        for metric, day, value, by, at in self.told["readings"]:
            if (one := self._one("metric", metric)) is not None:
                by_id = self._one("person", by).id if by is not None else None
                self._kept(Reading(metric_id=one.id, day=day, value=value, said_by_id=by_id,
                                   said_at=at))  # fmt: skip

    def _decisions(self) -> None:
        self.decisions: list[Decision] = []
        for told in self.told["decisions"]:
            tenant = str(self.session.organisation.id)
            place = channels.place(
                self.session, "chat", tenant, told["place"] or "x", told["place"]
            )
            channels.told_private(self.session, place, False)
            self.session.refresh(place)
            last = self.decisions[-1].number if self.decisions else 0
            self.decisions.append(decisions.make(
                self.session, title=told["title"], by_id=self._one("person", told["by"]).id,
                channel_id=place.id, at=told["at"], is_needed=told["is_needed"],
                source=told["source"], link=told["link"], number=last + 1 + told["skip"],
            ))  # fmt: skip
        for one, told in zip(self.decisions, self.told["decisions"], strict=True):
            said: list[int] = []
            for what, by, at, pick, words, day in told["events"]:
                data = self._data(what, pick, words, day, said)
                if data is not None:
                    by_id = self._one("person", by).id
                    said.append(decisions.say(self.session, one, what, by_id, at, **data).id)

    def _data(
        self, what: str, pick: int, words: str, day: date, said: list[int]
    ) -> dict[str, Any] | None:
        other = self.decisions[pick % len(self.decisions)].id
        match what:
            case "owner":
                return {"person": self._one("person", pick).id if pick % 3 else None}
            case "refused" | "reversed":
                return {"why": words}
            case "superseded" | "decided":
                return {"by": other}
            case "replaces":
                return {"decision": other}
            case "because" | "expects":
                return {"text": words}
            case "due" | "review":
                return {"day": (day + timedelta()).isoformat()}
            case "for" | "blocks":
                noun = "priority" if what == "for" else "initiative"
                thing = self._one(noun, pick)
                return {noun: thing.id} if thing else None
            case "asked":
                return {"people": [self._one("person", pick + n).id for n in range(pick % 3)]}
            case "told":
                return {"text": [words, "x"] if words else []}
            case "undone":
                return {"event": said[pick % len(said)]} if said else None
        return {}
