"""How sure we are that a typed name means a stored one.

Each typed word that the stored name explains speaks for it: a word that no other name has with one
point, a word that many names share, or that is frequent everywhere, with less. A slip of spelling
takes points away, the more the shorter the word; and a word that would need more than DOUBTED is
not explained at all. A typed word that the name does not explain speaks for another project nobody
told us about, whatever else they share: such a name is never the answer, at most near.

What was left out lifts the bar the points must reach, by the weight of what is missing: two rare
words of a long name are enough, one common word of it never is. A name said to its end is meant
even if its words are common. Names within APART of the best are asked about.
"""

from math import log

from storage.names.vocabulary import COMMON, KINDS, SMALL

ENOUGH = 0.5  # the bar for a name with nothing left out: half a rare word
LEFT_OUT = 0.4  # lifts the bar, for each word of full weight that was not typed
LEFT_OUT_ORDER = 0.03  # lowers the rank: of two names that both go on, the shorter comes first
WHOLE = 0.3  # a name said to its end, in words
APART = 0.12  # closer than that, people could mean either
ALIKE = 0.4  # for typed letters in the same order, none to all: settles twins of the same words
COMMON_AT_MOST = 0.45  # what a word that is frequent everywhere can weigh
ASIDE = 0.3  # of its weight, when left out: words in brackets and single letters are rarely typed
A_PHRASE = 0.5  # left out beside a whole phrase: "Data lake" may be another than "Data lake for HR"
KIND = 0.02  # tells "Crossing project" from "Crossing programme" where both exist, nothing more
UNHEARD = 20  # projects nobody told us about; keeps short lists from being too sure
UNEXPLAINED = 0.3  # taken from a near name for each typed word it does not have
NEAR_ALIKE = 0.5  # to a near name, for all typed letters in the same order
NEAR = 0.3  # the bar for an offer: a rare word shared, or most letters

DOUBTED = 0.5  # a reading of a word that costs more is only good for an offer
SLIP = 1.0  # over the letters of the word: a quarter point in four, a tenth in ten
TWO_SLIPS = 4.0  # over its letters: half a point in eight; rarer than two slips in two words
PLURAL = 0.03  # "voucher" for "vouchers" is hardly a slip
KNOWN_WORD = 0.35  # a word that is known as it stands is probably meant as it stands
ANOTHER_WORD = 1.0  # two letters more or fewer: build, rebuild
RUN_TOGETHER = 0.02  # two words for one
INITIALS = {2: 0.3, 3: 0.1}  # by their number: few letters are soon another project's too


def weight(word: str, bearers: int, names: int) -> float:
    """What a word tells, from 0 (every name has it) to 1 (one name has it)."""
    if word in SMALL:
        return 0.0
    if word in KINDS:
        return KIND
    told = 1.0 - log(bearers) / log(names + UNHEARD)
    return min(told, COMMON_AT_MOST) if word in COMMON else told


def slip_cost(typed: str, meant: str, slips: int) -> float:
    """What it takes to read a typed word as another one."""
    if typed == meant + "s" or meant == typed + "s":
        return PLURAL
    if abs(len(typed) - len(meant)) > 1:
        return ANOTHER_WORD
    return (SLIP if slips == 1 else TWO_SLIPS) / max(len(typed), len(meant))
