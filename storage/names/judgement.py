"""Holds one stored form against a question and counts what speaks for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from storage.names.evidence import (
    A_PHRASE,
    ALIKE,
    ENOUGH,
    INITIALS,
    KIND,
    LEFT_OUT,
    LEFT_OUT_ORDER,
    NEAR_ALIKE,
    PLURAL,
    UNEXPLAINED,
    WHOLE,
)
from storage.names.form import Form
from storage.names.question import Part, Question
from storage.names.vocabulary import BETWEEN, KINDS


@dataclass(frozen=True, slots=True)
class Judgement:
    """`missing` is the weight of what was not typed, `unexplained` counts typed words left over.

    Doubtful is a former name with a slip, and a phrase that could well be another thing's name.
    """

    points: float
    missing: float
    unexplained: int
    alike: float
    is_doubtful: bool

    @property
    def is_enough(self) -> bool:
        return not self.is_doubtful and self.points >= ENOUGH + LEFT_OUT * self.missing

    @property
    def rank(self) -> float:
        """Orders the forms that explain everything."""
        return self.points + ALIKE * self.alike - LEFT_OUT_ORDER * self.missing

    @property
    def nearness(self) -> float:
        """Orders the forms that do not."""
        told = self.points - UNEXPLAINED * self.unexplained
        return told + NEAR_ALIKE * self.alike - LEFT_OUT_ORDER * self.missing


def judged(
    question: Question, form: Form, weights: Mapping[str, float], far: bool = False
) -> Judgement:
    """Reads the question word by word, the surest reading first; far allows doubtful ones."""
    said = explained = 0
    points = 0.0
    in_words = True
    slipped = False
    for cost, places, handle in sorted(
        reading for part in question.parts if (reading := _reading(part, form, far))
    ):
        if places & ~explained:
            explained |= places
            said |= form.handles[handle]
            in_words &= not form.shortens(handle)
            slipped |= cost > PLURAL and handle not in form.initials
            points += max(0.0, _told(form, handle, weights) - cost)
    missing = form.mass - _weight_of(form, said)
    if in_words and missing <= 2 * KIND:
        points += WHOLE
    unexplained = (question.needed & ~explained).bit_count()
    doubtful = (form.is_former and slipped) or (missing > A_PHRASE and _is_phrase(form, said))
    return Judgement(points, missing, unexplained, _alike(question, form), doubtful)


def _is_phrase(form: Form, said: int) -> bool:
    """Whether what was typed is one whole phrase of a name of several, and no small word more."""
    between = sum(1 << place for place, word in enumerate(form.words) if word in BETWEEN)
    kinds = sum(1 << place for place, word in enumerate(form.words) if word in KINDS)
    is_project = form.owner.noun == "initiative"  # priorities are few, and each is well known
    return is_project and not said & between and said & ~kinds in form.phrases


def _reading(part: Part, form: Form, far: bool) -> tuple[float, int, str] | None:
    """The cheapest handle of a form that a part of the question may stand for."""
    best: tuple[float, int, str] | None = None
    for readings in (part.handles, part.far) if far else (part.handles,):
        for handle, cost in readings.items():
            if handle in form.handles:
                if handle in form.initials:
                    cost += INITIALS.get(len(handle), 0.0)
                if best is None or cost < best[0]:
                    best = (cost, part.places, handle)
    return best


def _told(form: Form, handle: str, weights: Mapping[str, float]) -> float:
    """What a handle tells; words run together tell what each of them does."""
    if handle in form.words or handle in form.initials:
        return weights[handle]
    return _weight_of(form, form.handles[handle])


def _weight_of(form: Form, said: int) -> float:
    return sum(told for place, told in enumerate(form.weights) if said >> place & 1)


def _alike(question: Question, form: Form) -> float:
    """How much of what was typed the form has in the same order, from 0 to 1."""
    return LCSseq.similarity(question.joined, form.joined) / len(question.joined)
