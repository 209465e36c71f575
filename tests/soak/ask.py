"""Asks for names as people type them and counts the answers: `python -m tests.soak.ask`.

What is fair: a typed form may fit other stored names as well (they have all its words, or these
initials). Then asking with the right one among the offered is right; where more than two others
fit, or the form is another name to its end, it is not asked. A form of an unknown name that lost
words and now fits a stored name is not asked either, for nobody could refuse it. Unknown names
that wholly are part of a stored one ("Data lake" beside "Data lake governance") look the same as
that one with a word left out: they are asked, and the figure in brackets, with them, is the one
that must reach the target.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from math import sqrt
from random import Random

from storage.names import Found
from tests.soak import options, portfolios
from tests.soak.companies import Company, content
from tests.soak.typed_forms import FORMS, Form

HELD_BACK = 0.2
OTHERS_FITTING = 2
RIGHT, RIGHT_OR_FIRST, WRONG, REFUSED = 0.975, 0.99, 0.005, 0.97


@dataclass
class Tally:
    """What came of some forms: `part` counts the unknown names that are part of a stored one."""

    asked: int = 0
    ambiguous: int = 0
    right: int = 0
    first: int = 0
    wrong: int = 0
    unknown: int = 0
    refused: int = 0
    part: int = 0
    part_refused: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        for counted in fields(self):
            setattr(self, counted.name, getattr(self, counted.name) + getattr(other, counted.name))

    def reaches_targets(self, share: float) -> bool:
        refused, unknown = self.refused + self.part_refused, self.unknown + self.part
        return (
            reaches(self.right, RIGHT, self.asked, share)
            and reaches(self.first, RIGHT_OR_FIRST, self.asked, share)
            and reaches(self.asked - self.wrong, 1 - WRONG, self.asked, share)
            and reaches(refused, REFUSED, unknown, share)
        )

    @property
    def rates(self) -> tuple[str, str, str, str, str]:
        return (
            _rate(self.right, self.asked),
            _rate(self.first, self.asked),
            _rate(self.wrong, self.asked),
            _rate(self.refused, self.unknown),
            _rate(self.refused + self.part_refused, self.unknown + self.part),
        )

    def __str__(self) -> str:
        return (
            "right {}, right or first {}, wrong {}, unknown refused {} "
            "({} with those that are part of a stored name)".format(*self.rates)
        )


def ask(company: Company, share: float, random: Random) -> dict[str, Tally]:
    """One tally per form, over a share of the stored and of the held-back names."""
    tallies: dict[str, Tally] = {}
    for form in FORMS:
        tally = tallies[form.__name__] = Tally()
        texts = [name.text for name in company.stored]
        for place, typed in _typed(texts, form, share, random):
            _ask_stored(company, place, typed, tally)
        for place, typed in _typed(company.held, form, share, random):
            _ask_held_back(company, company.held[place], typed, tally)
    return tallies


def _typed(
    texts: Iterable[str], form: Form, share: float, random: Random
) -> Iterator[tuple[int, str]]:
    for place, text in enumerate(texts):
        if random.random() < share:
            typed = form(text, random)
            if typed is not None:
                yield place, typed


def _ask_stored(company: Company, place: int, typed: str, tally: Tally) -> None:
    name = company.stored[place]
    fitting = company.fitting(typed) - {name.id}
    if fitting and (len(fitting) > OTHERS_FITTING or company.is_whole(typed, fitting)):
        return
    found = company.index.find(typed)
    tally.asked += 1
    tally.ambiguous += bool(fitting)
    if found.one == name or (fitting and name in found.several):
        tally.right += 1
        tally.first += 1
        return
    offered = found.several or found.nearest
    tally.first += offered[:1] == (name,)
    tally.wrong += found.one is not None
    kind = "wrong" if found.one else "not answered"
    tally.misses.append(f"{kind}: {name.text!r} typed {typed!r}, {_said(found)}")


def _ask_held_back(company: Company, text: str, typed: str, tally: Tally) -> None:
    fitting = company.fitting(typed)
    lost_words = len(content(typed)) < len(content(text))
    if company.is_whole(typed, set()) or (lost_words and fitting):
        return
    found = company.index.find(typed)
    is_refused = found.one is None and not found.several
    if company.fitting(text):
        tally.part += 1
        tally.part_refused += is_refused
        return
    tally.unknown += 1
    tally.refused += is_refused
    if not is_refused:
        tally.misses.append(f"not refused: {text!r} typed {typed!r}, {_said(found)}")


def _said(found: Found) -> str:
    if found.one:
        return f"answered {found.one.text!r}"
    offered = [name.text for name in found.several or found.nearest]
    return f"{'asked which of' if found.several else 'refused, near'} {offered}"


def reaches(part: int, target: float, whole: int, share: float) -> bool:
    """The whole count is held to the target; a share of it may miss what chance alone does."""
    chance = 3 * sqrt(whole * target * (1 - target)) + 1 if share < 1 else 0.0
    return part >= target * whole - chance


def _rate(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _portfolios(random: Random) -> Iterator[tuple[str, list[str], int, float]]:
    """Title, names, how often names are held back anew, and the share of the names asked for."""
    halves = portfolios.real()
    if halves:
        yield "2022 data (tuned half)", halves[0], 4, 1.0
    else:
        print("ask: ../shared/data/gmpp_2022.csv is absent; asking made-up companies only")
    yield "written company", portfolios.WRITTEN, 3, 1.0
    yield "company of 350", portfolios.company(350, random), 2, 1.0
    yield "company of 10,000", portfolios.company(10_000, random), 1, 0.05
    if halves:
        yield "2022 data (reported half)", halves[1], 4, 1.0


def main() -> int:
    parser = options.parser(__doc__)
    parser.add_argument("--misses", action="store_true", help="show what was missed")
    given = parser.parse_args()
    random = Random(given.seed)
    lines: list[str] = []
    reached = True
    row = "{:26}{:18}{:>6}{:>7}{:>9}{:>9}{:>8}{:>9}{:>9}{:>11}".format
    print(
        row(
            "",
            "",
            "asked",
            "ambig.",
            "right",
            "or first",
            "wrong",
            "unknown",
            "refused",
            "(with part)",
        )
    )
    for title, names, draws, share in _portfolios(random):
        total = Tally()
        for form, tally in _drawn(names, draws, share * given.share, random).items():
            total.add(tally)
            right, first, wrong, refused, strictly = tally.rates
            counted = tally.asked, tally.ambiguous, right, first, wrong, tally.unknown
            print(row(title, form, *counted, refused, strictly))
            for miss in tally.misses if given.misses else ():
                print("      ", miss)
        reached &= total.reaches_targets(given.share)
        lines.append(f"ask: seed {given.seed}, {title}: {total}")
    print("\n".join(lines))
    return 0 if reached else 1


def _drawn(names: list[str], draws: int, share: float, random: Random) -> dict[str, Tally]:
    summed: dict[str, Tally] = {form.__name__: Tally() for form in FORMS}
    for _ in range(draws):
        company = Company(*portfolios.held_back(names, HELD_BACK, random))
        for form, tally in ask(company, share, random).items():
            summed[form].add(tally)
    return summed


if __name__ == "__main__":
    sys.exit(main())
