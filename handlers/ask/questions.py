"""Reads a question as people ask it: which kind it is, and the name it is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import OSA

Kind = Literal[
    "purpose",
    "supporters",
    "owner",
    "owned",
    "breaks",
    "priorities",
    "capabilities",
    "order",
    "changed",
    "late",
    "decided",
    "waits",
    "spend",
]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and about whom or what, as typed."""

    kind: Kind
    about: str = ""


# Spaces stand for any white space, N for the name; the first pattern that fits wins.
_OPENINGS = r"(?:(?:hi|hey|hello|please|ok|so|and|but|well|sorry)[ ,!.]+)*"
_POLITE = (
    r"(?:(?:can|could|would|will) (?:you|someone|anyone|anybody) (?:please )?"
    r"(?:tell|show|remind) (?:me|us) (?:please )?|(?:please )?(?:tell|show|remind) (?:me|us) "
    r"(?:about )?|do (?:you|we|any of you) know |does (?:anyone|anybody|someone) know "
    r"|i(?:'d| would) (?:like|love) to know |i (?:want|need) to know |any idea |remember )?"
)
_GOAL = (
    r"(?:(?:business |company |strategic |our )*"
    r"(?:priorit(?:y|ies)|goals?|objectives?|outcomes?|aims?|strateg(?:y|ies)|targets?)"
    r"(?: of ours)?)"
)
_SERVE = (
    r"(?:support(?:s|ing|ed)?|serv(?:e|es|ing)|help(?:s|ing)?(?: with)?|contribut(?:e|es|ing) to"
    r"|align(?:s|ed)? (?:to|with)|(?:link|tie|map)(?:s|ed|d)? to|belong(?:s)? to|fall(?:s)? under"
    r"|work(?:s|ing)? (?:for|on|towards?)|driv(?:e|es|ing)|enabl(?:e|es|ing)|deliver(?:s|ing)?(?: on)?"
    r"|advanc(?:e|es|ing)|further(?:s)?|part of|under|behind|for|back(?:s)?|move(?:s)?|improve(?:s)?)"
)
_TAIL = r"(?: (?:right )?now| today| again| at all| anyway| then| please| exactly| really)*"
_THINGS = r"(?:projects?|initiatives?|tools?|programmes?|programs?|work|things?|efforts?)"
_HAVE = r"(?:do|did) (?:we|you) (?:have|need|know|know of|track|follow)"

PATTERNS: tuple[tuple[Kind, str], ...] = (
    # what names no project
    ("priorities", rf"(?:(?:what|which) (?:are|is|were) )?(?:all )?(?:the |our |my |company )*{_GOAL}"),
    ("priorities", rf"(?:(?:what|which) {_GOAL} (?:are there|{_HAVE})|(?:list|show)(?: me| us)?(?: all)?(?: the| our)* {_GOAL})"),
    ("priorities", r"what (?:matters|counts|is important)(?: most)?(?: to us)?"),
    ("capabilities", r"(?:(?:what|which) (?:are|is) )?(?:all )?(?:the |our )*(?:capabilities|abilities)(?: (?:we|do we) (?:need|have))?"),
    ("capabilities", rf"(?:what|which) (?:capabilities|abilities) (?:are there|{_HAVE}|must we have)"),
    ("capabilities", r"(?:list|show)(?: me| us)?(?: all)?(?: the| our)* (?:capabilities|abilities)"),
    ("capabilities", r"what (?:must|should|do) we (?:need to )?be able to do"),
    ("order", rf"(?:in )?(?:what|which) order(?: (?:are|do|should|is|were).*)?|what (?:comes|is|goes) (?:first|next)|what is (?:the|our) (?:order|ranking)(?: of (?:the |our )*{_GOAL})?"),
    ("order", rf"how (?:are|do we rank|did we rank|have we ranked) (?:the |our )*{_GOAL}(?: ranked| ordered)?|(?:the |our )?(?:ranking|order)"),
    ("changed", r"what(?: has| is| was)?(?: been)? (?:changed|changes|new|happened|moved)(?: (?:since|in|on|over|during))?(?: (?P<n>.+))?"),
    ("late", rf"(?:what|which|who)(?: {_THINGS})? (?:is|are|runs|run) (?:running )?(?:late|overdue|behind(?: schedule)?|delayed|past due)"),
    ("late", rf"(?:(?:show|list)(?: me| us)? )?(?:the |all )*(?:late|overdue|delayed)(?: {_THINGS})?|anything (?:late|overdue)"),
    ("waits", r"what (?:waits|is waiting|is pending|is open) (?:for|on|with) me|what do i (?:owe|need to do|have to do)|what (?:is|are) my (?:tasks?|to-?dos?)|my (?:tasks?|to-?dos?)|what needs me"),
    # who and what
    ("owned", r"what do (?P<n>i) (?:own|run|lead|have)|what am (?P<n2>i) responsible for|what is (?P<n3>mine)"),
    ("owned", rf"(?:what|which)(?: {_THINGS})? (?:does|do|did) (?P<n>.+?) (?:own|owns|run|lead|manage|look after)"),
    ("owned", rf"(?:what|which)(?: {_THINGS})? (?:is|are) (?P<n>.+?) responsible for|(?:what|which)(?: {_THINGS})? (?:is|are) (?:owned|run|led|managed) by (?P<n2>.+)"),
    ("owned", r"what (?:is|are) (?P<n>@\S+) (?:doing|working on)"),
    ("owner", r"(?:who|whom) (?:owns|own|runs|leads|manages|is running|is leading|is doing|looks after|takes care of|decides(?: on| about)?|does) (?P<n>.+)"),
    ("owner", r"(?:who is|who are|who was)(?: the)? (?:owner|owners|lead|leader|manager|sponsor|head|boss)(?: of| for| on) (?P<n>.+)"),
    ("owner", r"who is (?:responsible|accountable|in charge|answerable)(?: for| of) (?P<n>.+)|whose (?:project |job |tool )?is (?P<n2>.+)|who (?:do|should|can) (?:i|we) (?:ask|talk to|speak to|contact) about (?P<n3>.+)"),
    ("owner", r"(?:the )?owner of (?P<n>.+)"),
    ("spend", r"(?:what|how much)(?: money)? (?:do|did|are|will) we (?:spend|spending|spent|pay|paying|invest|investing)(?: (?:on|for|in|into) (?P<n>.+))?"),
    ("spend", r"(?:what|how much) (?:does|do|did|will|would|is) (?P<n>.+?) cost(?: us)?|what is the (?:cost|budget|price|spend)(?: of| for| on) (?P<n2>.+)|how much is (?P<n3>.+)"),
    ("spend", r"(?:our )?(?:spend|spending|budget|cost)(?: (?:on|for|of) (?P<n>.+))?"),
    ("breaks", r"what (?:breaks|happens|suffers|is lost|goes wrong|do we lose|would break|would happen|would we lose|else breaks)(?: if| when) (?:we |you |someone )?(?:drop|stop|cancel|kill|lose|end|remove|switch off|turn off|shut down|pause|skip|give up|scrap|retire|postpone|delay)(?:s|ped|led)? (?P<n>.+)"),
    ("breaks", r"what (?:breaks|happens|do we lose|suffers) without (?P<n>.+)|(?:what|who) (?:depends|relies|hangs) on (?P<n2>.+)|(?:what if|can|could|may) we (?:drop|stop|cancel|kill) (?P<n3>.+)"),
    ("decided", r"(?:what|when|why) (?:did|have) (?:we|you|they) (?:decide|decided|agree|agreed)(?: (?:about|on|for|to do about|over|regarding))? (?P<n>.+)"),
    ("decided", r"what (?:was|is|were|has been) (?:decided|agreed)(?: (?:about|on|for|regarding))? (?P<n>.+)|(?:the )?decisions? (?:about|on|for) (?P<n2>.+)"),
    ("decided", r"why did (?:we|you|they) (?:buy|choose|pick|select|get|drop|stop|cancel|start|go (?:for|with)|decide(?: on)?) (?P<n>.+)"),
    # what a thing is for
    ("purpose", rf"(?:which|what|whose)(?: of (?:the|our))? {_GOAL} (?:does|do|did|is|are|was|will|would|has) (?P<n>.+) {_SERVE}"),
    ("purpose", rf"(?:which|what|whose)(?: of (?:the|our))? {_GOAL} (?:does|do|did|is|are|was|will|would) (?P<n>.+)"),
    ("purpose", rf"(?:which|what) {_GOAL} (?:stands |is )?(?:behind|for|supported by|served by) (?P<n>.+)"),
    ("purpose", rf"what (?:does|do|did|is|are|will|would) (?P<n>.+) {_SERVE}"),
    ("purpose", rf"(?:does|do|is|are|will|would) (?P<n>.+) {_SERVE}(?: (?:any|a|our|one of our|some|which|what))? (?:{_GOAL}|anything|something|what)"),
    ("purpose", r"why (?:are|do|did|would|should|must|were|have) (?:we|they|you) (?:still )?(?:doing|do|need|needing|have|having|running|run|building|build|want|paying for|pay for|working on|work on|using|use|starting|keeping|keep|got|invest in|investing in) (?P<n>.+)"),
    ("purpose", r"why (?:is|are|was) (?P<n>.+?) (?:being done|happening|running|there|needed|important|on the list|being built|necessary)"),
    ("purpose", r"(?:what is|whats) the (?:point|purpose|reason|goal|aim|idea|use|value|benefit)(?: of| for| behind) (?P<n>.+)"),
    ("purpose", r"who (?:needs|benefits from|wants|asked for|gains from) (?P<n>.+)"),
    ("supporters", rf"(?:what|which|who)(?: {_THINGS})?(?: (?:is|are|do we have))? {_SERVE} (?:the |our )?(?:{_GOAL} )?(?P<n>.+)"),
    ("supporters", rf"(?:what|which)(?: {_THINGS})? (?:are|do) we (?:doing|do|have|running)(?: going)? (?:for|about|towards?|on) (?P<n>.+)"),
    ("supporters", rf"(?:the |all )*{_THINGS} (?:for|supporting|behind|that (?:support|serve)) (?P<n>.+)|who works on (?P<n2>.+)"),
    ("purpose", rf"(?:which|what) {_GOAL} (?P<n>.+) {_SERVE}|what (?P<n2>.+) is for"),
    ("purpose", r"why (?:we|they) (?:are doing|do|are running|run|need|have|want|use|are building) (?P<n>.+)"),
    ("purpose", r"what (?:is|are|was) (?P<n>.+)"),
    ("purpose", r"why (?P<n>.+)"),
    ("purpose", r"(?:about|explain|describe|show|tell me about|info on|information on|details of|status of|find|look up) (?P<n>.+)"),
)  # fmt: skip

_READ = tuple(
    (kind, re.compile(rf"^{_OPENINGS}{_POLITE}{pattern}{_TAIL}$".replace(" ", r"\s+"), re.I))
    for kind, pattern in PATTERNS
)
_CONTRACTED = re.compile(r"\b(what|who|why|where|how|that|it)['’]?s\b(?!['’])", re.I)
_EDGE = " \t\r\n?!.,;:…"
_QUOTES = re.compile(r"[\"“”„«»‹›]\s*([^\"“”„«»‹›]+?)\s*[\"“”„«»‹›]")
_FILLERS = frozenset(
    [
        "which",
        "what",
        "why",
        "who",
        "whose",
        "how",
        "when",
        "where",
        "is",
        "are",
        "was",
        "do",
        "does",
        "did",
        "the",
        "our",
        "a",
        "an",
        "this",
        "that",
        "it",
        "for",
        "of",
        "to",
        "we",
        "us",
        "i",
        "me",
        "tell",
        "about",
        "priority",
        "priorities",
        "goal",
        "goals",
        "objective",
        "support",
        "supports",
        "serve",
        "serves",
        "doing",
        "own",
        "owns",
        "please",
        "know",
        "any",
        "in",
        "on",
        "with",
        "behind",
        "supported",
        "business",
        "strategic",
        "supporting",
        "aligned",
        "linked",
        "purpose",
        "point",
    ]
)


def read(typed: str) -> tuple[Question, ...]:
    """The ways to read what was typed, the likeliest first.

    What no pattern knows is read as a name: as it is, then with question words taken from both
    ends, misspelt ones too, then only what stands in quotes.
    """
    text = _CONTRACTED.sub(r"\1 is", " ".join(typed.split())).strip(_EDGE)
    found = tuple(_fitting(text))
    if found:
        return found[:2]
    quoted = _QUOTES.search(text)
    names = dict.fromkeys((text, _bare(text), quoted[1] if quoted else ""))
    return tuple(Question("purpose", name) for name in names if name)


def _fitting(text: str) -> Iterator[Question]:
    for kind, pattern in _READ:
        if fits := pattern.match(text):
            names = [name for name in fits.groupdict().values() if name]
            yield Question(kind, _name(names[0]) if names else "")


def _name(said: str) -> str:
    quoted = _QUOTES.fullmatch(said.strip(_EDGE))
    return quoted[1] if quoted else said.strip(_EDGE)


def _bare(text: str) -> str:
    words = text.split()
    while len(words) > 1 and _is_filler(words[0]):
        words.pop(0)
    while len(words) > 1 and _is_filler(words[-1]):
        words.pop()
    return " ".join(words)


def _is_filler(word: str) -> bool:
    word = word.strip(_EDGE).lower()
    return word in _FILLERS or (
        len(word) >= 4 and any(OSA.distance(word, filler) == 1 for filler in _FILLERS)
    )
