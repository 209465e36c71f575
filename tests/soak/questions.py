"""Asks whole questions of the real handler, as people word them: `python -m tests.soak.questions`.

Every question goes the whole way: typed, heard, read, found, answered from the database. A project
is answered when the first card's title is its stored name; an unknown one is refused when no
card's title is a stored name and none is asked about.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from bot import plain, terminal
from bot.answering import Answering
from bot.messages import Card
from handlers import router
from storage.database import Database, Session
from storage.initiatives import Initiative
from storage.links import Link
from storage.migrations import migrate
from storage.organisations import touch_map
from storage.priorities import Priority
from storage.store import Store
from tests.soak import options, portfolios
from tests.soak.ask import HELD_BACK, OTHERS_FITTING, REFUSED, RIGHT, RIGHT_OR_FIRST, WRONG, reaches
from tests.soak.companies import Company, content
from tests.soak.typed_forms import FORMS

WORDINGS = (
    "which priority does {} support?",
    "Which priority does {} support",
    "what priority does the {} support?",
    "which goal does {} serve?",
    "what business priority is {} for?",
    "does {} support any priority?",
    "why are we doing {}",
    "why are we doing {}?",
    "Why do we need {}?",
    "what is {} for",
    "what's {} for?",
    "what is the point of {}?",
    "who owns {}",
    "who owns {}?",
    "who is responsible for {}",
    "what breaks if we drop {}",
    "what happens if we stop {}?",
    "what did we decide about {}?",
    "how much does {} cost?",
    "can you tell me which priority {} supports?",
    "tell me about {}",
    "{}",
    "{}?",
)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass
class Count:
    asked: int = 0
    right: int = 0
    first: int = 0
    wrong: int = 0
    unknown: int = 0
    refused: int = 0
    misses: list[str] = field(default_factory=list)

    def rate(self, part: int, whole: int) -> float:
        return part / whole if whole else 1.0


class Asked:
    """A company on a real map, asked in words."""

    def __init__(self, company: Company, folder: Path) -> None:
        self.company = company
        self.titles = {name.text for name in company.stored}
        self.database = Database(f"sqlite:///{folder / 'asked.db'}")
        migrate(self.database)
        store = Store(self.database, lambda: NOW)
        organisation = store.found("Asked", "UTC")
        with self.database.writing(organisation.id) as session:
            session.add(organisation)
            goal = Priority(name="Grow revenue from customers we have", created_at=NOW)
            session.add(goal)
            session.flush()
            for name in company.stored:
                one = Initiative(id=name.id, name=name.text, created_at=NOW)
                session.add(one)
                session.flush()
                session.add(Link(initiative_id=one.id, priority_id=goal.id, said_at=NOW))
            touch_map(session, organisation)
        self._answering: Answering[Session] = Answering(router(), store)

    def ask(self, typed: str) -> tuple[Card, ...]:
        heard = self._answering.router.hear(typed)
        by, at = terminal.account("dana@asked.example"), terminal.channel("soak")
        return self._answering.answer(terminal.command(heard, by, at, NOW)).cards

    def title(self, card: Card) -> str:
        return plain.plain(card.title, ZoneInfo("UTC"))


def count(asked: Asked, share: float, random: Random) -> Iterator[tuple[str, Count]]:
    for form in FORMS:
        counted = Count()
        for name in asked.company.stored:
            typed = form(name.text, random) if random.random() < share else None
            if typed:
                _ask_stored(asked, name.text, typed, random, counted)
        for text in asked.company.held:
            typed = form(text, random) if random.random() < share else None
            if typed:
                _ask_unknown(asked, text, typed, random, counted)
        yield form.__name__, counted


def _ask_stored(asked: Asked, name: str, typed: str, random: Random, counted: Count) -> None:
    company = asked.company
    fitting = company.fitting(typed) - {i.id for i in company.stored if i.text == name}
    if fitting and (len(fitting) > OTHERS_FITTING or company.is_whole(typed, fitting)):
        return
    question = random.choice(WORDINGS).format(typed)
    cards = asked.ask(question)
    title = asked.title(cards[0])
    labels = [button.label for button in cards[0].buttons]
    counted.asked += 1
    is_right = title == name or bool(fitting and title not in asked.titles and name in labels)
    counted.right += is_right
    counted.first += is_right or (title not in asked.titles and labels[:1] == [name])
    counted.wrong += not is_right and title in asked.titles
    if not is_right:
        counted.misses.append(f"{name!r} asked {question!r}: {title!r}, {labels[:3]}")


def _ask_unknown(asked: Asked, text: str, typed: str, random: Random, counted: Count) -> None:
    company = asked.company
    fitting = company.fitting(typed)
    if company.is_whole(typed, set()) or (fitting and len(content(typed)) < len(content(text))):
        return
    question = random.choice(WORDINGS).format(typed)
    title = asked.title(asked.ask(question)[0])
    is_refused = title not in asked.titles and not title.startswith("Which one")
    counted.unknown += 1
    counted.refused += is_refused
    if not is_refused:
        counted.misses.append(f"unknown {text!r} asked {question!r}: {title!r}")


def main() -> int:
    parser = options.parser(__doc__)
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    random = Random(given.seed)
    is_well = True
    for title, names in _portfolios(random):
        total: Counter[str] = Counter()
        for _ in range(max(1, round(4 * given.share))):
            company = Company(*portfolios.held_back(names, HELD_BACK, random))
            with tempfile.TemporaryDirectory() as folder:
                asked = Asked(company, Path(folder))
                for _form, one in count(asked, max(given.share, 0.1), random):
                    total.update({k: v for k, v in vars(one).items() if k != "misses"})
                    for miss in one.misses if given.misses else ():
                        print("      ", miss)
                asked.database.close()
        right, first, wrong = (
            total[k] / max(total["asked"], 1) for k in ("right", "first", "wrong")
        )
        refused = total["refused"] / max(total["unknown"], 1)
        print(
            f"questions: seed {given.seed}, {title}: {total['asked']} asked, right {right:.1%}, "
            f"right or first {first:.1%}, wrong {wrong:.2%}; "
            f"{total['unknown']} unknown, refused {refused:.1%}"
        )
        is_well &= reaches(total["right"], RIGHT, total["asked"], given.share)
        is_well &= reaches(total["first"], RIGHT_OR_FIRST, total["asked"], given.share)
        is_well &= reaches(total["asked"] - total["wrong"], 1 - WRONG, total["asked"], given.share)
        is_well &= reaches(total["refused"], REFUSED, total["unknown"], given.share)
    return 0 if is_well else 1


def _portfolios(random: Random) -> Iterator[tuple[str, list[str]]]:
    halves = portfolios.real()
    if halves:
        yield "2022 data (reported half)", halves[1]
    yield "company of 350", portfolios.company(350, random)


if __name__ == "__main__":
    sys.exit(main())
