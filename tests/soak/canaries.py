"""Says private things and looks for them elsewhere: `python -m tests.soak.canaries`.

Two organisations in one database, two people in each, and places of each privacy: open, private, a
room that is half private, one of which nobody knows, and direct conversations. Every text carries a
word that exists once. After every step, whatever was answered, composed, exported or logged is read
for those words, and each must be allowed there by the rule, written down here a second time.
"""

import argparse
import io
import logging
import re
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random, SystemRandom
from typing import Literal

from bot import logs, plain
from bot.answering import Answering
from bot.composing import Composing
from bot.messages import Account, Card, Channel, Command
from handlers import composers, decide, router
from handlers.exports import Fetching
from storage import channels, memberships, people, rooms
from storage.database import Database, Session
from storage.migrations import migrate
from storage.organisations import Organisation
from storage.store import Store
from tests.clock import Clock

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
EXPORTS = ("export decisions as csv", "export as yaml")


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
    number: int = 0
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
        self.log = io.StringIO()
        self.read = self.found = self.withheld = 0

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
        elif chance < 0.50 and company.numbers:
            self._compose(company)
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
            company.secrets[word].number = number
            company.numbers[number] = word

    def _share(self, company: Company, who: str, at: str) -> None:
        number, word = self.random.choice(list(company.numbers.items()))
        command = self._command(company, who, at, f"share D-{number}")
        answer = company.answering.answer(command)
        if answer.refusal is None:
            assert company.may(who, at, word, self._now()), "shared what they may not see"
            company.secrets[word].is_shared = True

    def _ask(self, company: Company, who: str, at: str) -> None:
        if self.random.random() < 0.004:  # each is a file of everything
            self._types(company, who, at, self.random.choice(EXPORTS))
            return
        known = list(self.random.choice(self.companies).secrets) or ["zq0000000000"]
        asked = self.random.choice(ASKS).format(
            word=self.random.choice(known[-60:]),
            number=self.random.randrange(1, len(company.numbers) + 3),
        )
        self._types(company, who, at, asked)

    def _types(self, company: Company, who: str, at: str, typed: str) -> tuple[str, ...]:
        answer = company.answering.answer(self._command(company, who, at, typed))
        told = [str(answer.form or ""), answer.refusal.text if answer.refusal else ""]
        buttons = [*(answer.refusal.buttons if answer.refusal else ())]
        for card in answer.cards:
            told.append(plain.card(card, self.clock.now().tzinfo))  # type: ignore[arg-type]
            buttons += card.buttons
        told += [f"{button.label} {button.text} {button.values}" for button in buttons]
        self._may(company, who, at, "\n".join(told), typed)
        for token in TOKEN.findall("\n".join(told)):
            file = Fetching(company.store).take(token)
            assert file is not None
            self._may(company, who, "", file.content.decode("latin-1"), typed)
        return answer.said

    def _may(self, company: Company, who: str, at: str, told: str, typed: str) -> None:
        echoed = set(WORD.findall(typed))
        for word in set(WORD.findall(told)) - echoed:
            assert company.may(who, at, word, self._now()), (
                f"{who} of {company.name} typed {typed!r} in {at or 'a file'} and read {word}, "
                f"which is {company.secrets.get(word, 'of the other company')}: {told}"
            )
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

    def _command(self, company: Company, who: str, at: str, typed: str) -> Command:
        heard = company.answering.router.hear(typed)
        place = company.places[at].at
        key = f"{self.random.random()}"
        return Command(
            heard.name, company.account(who), place, self.clock.now(), heard.text, key=key
        )

    def _now(self) -> float:
        return self.clock.now().timestamp()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = SystemRandom().randrange(10**9) if arguments.seed is None else arguments.seed
    steps, began = max(200, round(STEPS * arguments.share)), time.perf_counter()
    logs.to_stderr("INFO")
    logged = io.StringIO()
    for handler in logging.getLogger().handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(logged)
    with tempfile.TemporaryDirectory() as folder:
        days = Days(Path(folder), Random(seed))
        try:
            for _ in range(steps):
                days.step()
        except AssertionError:
            print(f"canaries: seed {seed}, a private text was read elsewhere")
            raise
        days.database.close()
    lines = logged.getvalue()
    assert lines.count("answered") > steps // 4, "nothing was logged"
    assert not WORD.search(lines), "a private text was logged"
    took = time.perf_counter() - began
    print(
        f"canaries: {steps:,} steps, {days.read:,} texts read, {days.found:,} words where they may "
        f"be, {days.withheld:,} cards withheld, none elsewhere, {len(lines):,} characters of logs "
        f"without one, {took:.0f} s, seed {seed}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
