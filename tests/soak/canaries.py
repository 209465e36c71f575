"""Says private things and looks for them elsewhere: `python -m tests.soak.canaries`.

Two organisations in one database, two people in each, and places of each privacy: open, private, a
room that is half private, one of which nobody knows, and direct conversations. Every text carries a
word that exists once. After every step, whatever was answered, composed, exported or logged is read
for those words, and each must be allowed there by the rule, written down here a second time. An
export is of everything, and the more there is, the rarer it is taken.
"""

import io
import logging
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Literal

from sqlmodel import col, select

from bot import logs, plain
from bot.answering import Answering
from bot.composing import Composing
from bot.messages import Account, Button, Card, Channel, Command
from handlers import composers, decide, router
from handlers.exports import Fetching
from storage import channels, memberships, people, rooms
from storage.database import Database, Session
from storage.migrations import migrate
from storage.organisations import Organisation
from storage.outbox import Message
from storage.store import Store
from tests.clock import Clock
from tests.soak import options

STEPS = 50_000
Told = Literal["", "open", "private", "direct"]
WORD = re.compile(r"zq[0-9a-f]{10}")
TOKEN = re.compile(r"/x/([A-Za-z0-9_-]{43})")
PEOPLE = {"ada": "facilitator", "bob": "member"}
FRESH = timedelta(hours=1)
ASKS = (
    "decisions", "decisions mine", "decisions open", "decisions all", "decisions {word}",
    "why D-{number}", "D-{number}", "what did we decide?", "what did we decide about {word}?",
    "why did we buy the {word}?", "what waits for me?", "what do I own?", "home", "why me?",
    "which priority does {word} support?", "who owns {word}?", "{word}", "map {word}",
    "what changed this week?", "people", "people @ada", "last", "sort", "confirm",
    'decide "x" replaces D-{number}', 'D-{number} blocks "no such"', 'because D-{number} ""',
    "gone @ada",
)  # fmt: skip
EXPORTS = ("export", "export as csv", "export as yaml", "export decisions as csv")
FEW = 50  # decisions, until which exports are not rarer than 1 in 25 questions
RECENT = 60  # words that somebody might still ask about


@dataclass(frozen=True, slots=True)
class Place:
    """A channel. `told` is what its chat says of it."""

    at: Channel
    told: Told
    room: str = ""
    members: tuple[str, ...] = ()


@dataclass(slots=True)
class Secret:
    """What a word is about, and who has part in it."""

    home: str
    parts: set[str]
    is_shared: bool = False
    is_map: bool = False


@dataclass
class Company:
    """One organisation, as it was made, and all that was said in it."""

    id: int
    name: str
    store: Store
    answering: Answering[Session]
    places: dict[str, Place]
    secrets: dict[str, Secret] = field(default_factory=dict)
    heard: dict[tuple[str, str], float] = field(default_factory=dict)  # by place and person
    numbers: dict[int, str] = field(default_factory=dict)

    def account(self, who: str) -> Account:
        return Account("chat", self.name, who, who.title(), f"{who}@{self.name}.example", "it")

    def together(self, place: str) -> list[str]:
        room = self.places[place].room
        inside = [name for name, one in self.places.items() if room and one.room == room]
        return inside or [place]

    def may(self, who: str, at: str, word: str, now: float) -> bool:
        """Whether somebody may be answered with this word there."""
        if word not in self.secrets:
            return False
        secret = self.secrets[word]
        if secret.is_map or secret.is_shared or who in secret.parts:
            return True
        homes = self.together(secret.home)
        return (
            at in homes
            or all(self.places[home].told == "open" for home in homes)
            or any(now - self.heard.get((home, who), 0) <= FRESH.total_seconds() for home in homes)
        )

    def may_stand(self, at: str, word: str, now: float) -> bool:
        """Whether a card with this word may stand there."""
        if word not in self.secrets:
            return False
        if at.startswith("direct/"):
            return self.may(at.removeprefix("direct/"), at, word, now)
        secret = self.secrets[word]
        homes = self.together(secret.home)
        is_open = all(self.places[home].told == "open" for home in homes)
        return secret.is_map or secret.is_shared or is_open or at in homes


class Days:
    """Goes on from step to step."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.random, self.clock = random, Clock()
        self.database = Database(f"sqlite:///{folder / 'canaries.db'}")
        migrate(self.database)
        self.composing: Composing[Session] = Composing(composers(), decide.may_see)
        self.companies = [self._company(name) for name in ("acme", "birch")]
        self.read = self.found = self.withheld = self.files = 0

    def _company(self, name: str) -> Company:
        store = Store(self.database, self.clock.now)
        store.found(name, "UTC")
        with self.database.writing() as session:
            ours = Organisation(name=name, zone="UTC", created_at=self.clock.now())
            session.add(ours)
        store._home = ours.id  # a process serves several; who installs one will say so
        store.pages = "http://127.0.0.1"
        direct: dict[str, tuple[Told, str, tuple[str, ...]]] = {
            f"direct/{who}": ("direct", "", (who,)) for who in PEOPLE
        }
        kinds: dict[str, tuple[Told, str, tuple[str, ...]]] = {
            "open": ("open", "", ()),
            "secret": ("private", "", ("ada",)),
            "hall": ("open", "Steering", ()),
            "den": ("private", "Steering", ("bob",)),
            "unknown": ("", "", ()),
            **direct,
        }
        places = {
            place: Place(Channel("chat", name, f"{name}/{place}", place, told), told, room, members)
            for place, (told, room, members) in kinds.items()
        }
        company = Company(ours.id, name, store, Answering(router(), store), places)
        self._settle(company)
        return company

    def _settle(self, company: Company) -> None:
        with company.store.writing_home() as session:
            for who, role in PEOPLE.items():
                one = company.account(who)
                met = people.meet(
                    session, one.platform, one.tenant, one.id, name=one.name, email=one.email,
                    side="it", at=session.now,
                )  # fmt: skip
                met.role = role
            for place in company.places.values():
                channel = channels.here(session, place.at)
                if place.room:
                    rooms.found(session, place.room, channel)
        for name in company.places:
            self._hear(company, name)

    def _hear(self, company: Company, name: str) -> None:
        """The chat tells again who is there."""
        place = company.places[name]
        with company.store.writing_home() as session:
            channel = channels.here(session, place.at)
            members = [(company.name, who) for who in place.members]
            memberships.replace(session, channel.id, members, session.now)
        for who in place.members:
            company.heard[name, who] = self.clock.now().timestamp()

    def step(self) -> None:
        """Somebody does something somewhere, and all that comes of it is read."""
        company = self.random.choice(self.companies)
        who = self.random.choice(list(PEOPLE))
        others = {f"direct/{other}" for other in PEOPLE} - {f"direct/{who}"}
        at = self.random.choice([one for one in company.places if one not in others])
        chance = self.random.random()
        if chance < 0.03:
            self.clock.wind(minutes=self.random.choice((1, 20, 50)))
        elif chance < 0.06:
            self._hear(company, at)
        elif chance < 0.20:
            self._decide(company, who, at)
        elif chance < 0.24:
            self._types(company, who, at, f'project "{self._word(company, at, who, is_map=True)}"')
        elif chance < 0.28:
            self._types(company, who, at, f"who owns {self._word(company, at, who)}?")
        elif chance < 0.32 and company.numbers:
            self._share(company, who, at)
        elif chance < 0.45 and company.numbers:
            self._compose(company)
        elif chance < 0.50:
            self._say(company)
        else:
            self._ask(company, who, at)

    def _word(self, company: Company, at: str, who: str, *, is_map: bool = False) -> str:
        word = f"zq{self.random.randrange(16**10):010x}"
        company.secrets[word] = Secret(at, {who}, is_map=is_map)
        return word

    def _decide(self, company: Company, who: str, at: str) -> None:
        word = self._word(company, at, who)
        other = self.random.choice(list(PEOPLE))
        owner, asked = (self.random.choice(("", f" {how} @{other}")) for how in ("owner", "asked"))
        if owner or asked:
            company.secrets[word].parts.add(other)
        why = f' because "{word}"' if self.random.random() < 0.3 else ""
        said = self._types(company, who, at, f'decide "buy the {word}"{owner}{asked}{why}')
        for number in {int(key.partition("/")[2]) for key in said if key.startswith("decision/")}:
            company.numbers[number] = word

    def _share(self, company: Company, who: str, at: str) -> None:
        number, word = self.random.choice(list(company.numbers.items()))
        command = self._command(company, who, at, f"share D-{number}")
        answer = company.answering.answer(command)
        if answer.refusal is None:
            assert company.may(who, at, word, self._now()), "shared what they may not see"
            company.secrets[word].is_shared = True

    def _ask(self, company: Company, who: str, at: str) -> None:
        if self.random.random() < 2 / (FEW + len(company.numbers)):
            self._types(company, who, at, self.random.choice(EXPORTS))
            return
        known = list(islice(reversed(self.random.choice(self.companies).secrets), RECENT))
        asked = self.random.choice(ASKS).format(
            word=self.random.choice(known or ["zq0000000000"]),
            number=self.random.randrange(1, len(company.numbers) + 3),
        )
        self._types(company, who, at, asked)

    def _types(self, company: Company, who: str, at: str, typed: str) -> tuple[str, ...]:
        answer = company.answering.answer(self._command(company, who, at, typed))
        told = [str(answer.form or ""), answer.refusal.text if answer.refusal else ""]
        told += _buttons(answer.refusal.buttons if answer.refusal else ())
        told += [self._text(card) for card in answer.cards]
        self._may(company, who, at, "\n".join(told), typed)
        for token in TOKEN.findall("\n".join(told)):
            self._take(company, who, token, typed)
        return answer.said

    def _take(self, company: Company, who: str, token: str, typed: str) -> None:
        """The page behind a link is looked at, and its file taken."""
        fetching = Fetching(company.store)
        self._may(company, who, "", self._text(fetching.look(token).card), typed)
        file = fetching.take(token)
        assert file is not None
        self._may(company, who, "", f"{file.name}\n" + "\n".join(_texts(file.content)), typed)
        self.files += 1

    def _text(self, card: Card) -> str:
        """All that a card says, and all that its buttons would send."""
        shown = plain.card(card, self.clock.now().tzinfo)  # type: ignore[arg-type]
        return "\n".join([shown, *_buttons(card.buttons)])

    def _may(self, company: Company, who: str, at: str, told: str, typed: str) -> None:
        now, context = self._now(), f"{who} of {company.name} typed {typed!r} in {at or 'a file'}"
        self._holds(company, told, lambda word: company.may(who, at, word, now), context, typed)

    def _holds(
        self, company: Company, told: str, may: Callable[[str], bool], context: str, typed: str = ""
    ) -> None:
        for word in set(WORD.findall(told)) - set(WORD.findall(typed)):
            about = company.secrets.get(word, "of the other company")
            assert may(word), f"{context} and {word} was read, which is {about}: {told[:4000]}"
            self.found += 1
        self.read += 1

    def _compose(self, company: Company) -> None:
        """A card is composed for a place, as the sender does; perhaps one where it may not be."""
        number, word = self.random.choice(list(company.numbers.items()))
        name = self.random.choice(list(company.places))
        at = company.places[name].at
        with company.store.at(company.id, at) as session:
            card = self.composing.card(f"decision/{number}", at, session)
        may = company.may_stand(name, word, self._now())
        assert isinstance(card, Card) == may, f"D-{number} in {name}: {card}"
        self.withheld += not may
        self.read += 1

    def _say(self, company: Company) -> None:
        """Something that was to be said is composed anew, for where it is said."""
        after = f"{self.random.randrange(16**8):08x}"
        with company.store.at_home() as session:
            row = session.exec(
                select(Message.key, channels.Channel.external_id, people.Account.external_id)
                .join(
                    channels.Channel,
                    col(Message.channel_id) == col(channels.Channel.id),
                    isouter=True,
                )
                .join(
                    people.Account,
                    col(Message.person_id) == col(people.Account.person_id),
                    isouter=True,
                )
                .where(Message.id >= after)
                .order_by(Message.id)
            ).first()
        if row is None:
            return
        key, channel, account = row
        name = channel.partition("/")[2] if channel else f"direct/{account}"
        at, now = company.places[name].at, self._now()
        with company.store.at(company.id, at) as session:
            card = self.composing.card(key, at, session)
        told = self._text(card) if isinstance(card, Card) else card
        self._holds(company, told, lambda word: company.may_stand(name, word, now), f"{key} {name}")

    def _command(self, company: Company, who: str, at: str, typed: str) -> Command:
        heard = company.answering.router.hear(typed)
        place = company.places[at].at
        key = f"{self.random.random()}"
        return Command(
            heard.name, company.account(who), place, self.clock.now(), heard.text, key=key
        )

    def _now(self) -> float:
        return self.clock.now().timestamp()


def _buttons(buttons: tuple[Button, ...]) -> list[str]:
    return [f"{one.label} {one.text} {one.values}" for one in buttons]


def _texts(content: bytes) -> Iterator[str]:
    """What stands in a file, and in every file that it holds."""
    if not content.startswith(b"PK"):
        yield content.decode("utf-8")
        return
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            yield packed.read(name).decode("utf-8")


def main() -> int:
    given = options.parser(__doc__).parse_args()
    steps, began = max(200, round(STEPS * given.share)), time.perf_counter()
    logs.to_stderr("INFO")
    logged = io.StringIO()
    for handler in logging.getLogger().handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(logged)
    with tempfile.TemporaryDirectory() as folder:
        days = Days(Path(folder), Random(given.seed))
        try:
            for _ in range(steps):
                days.step()
        except AssertionError:
            print(f"canaries: seed {given.seed}, a private text was read elsewhere")
            raise
        days.database.close()
    lines = logged.getvalue()
    assert lines.count("answered") > steps // 4, "nothing was logged"
    assert not WORD.search(lines), "a private text was logged"
    took = time.perf_counter() - began
    print(
        f"canaries: {steps:,} steps, {days.read:,} texts read, {days.found:,} words where they may "
        f"be, {days.files} exports, {days.withheld:,} cards withheld, none elsewhere, "
        f"{len(lines):,} characters of logs without one, {took / 60:.1f} minutes "
        f"({time.process_time() / 60:.1f} of the processor), seed {given.seed}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
