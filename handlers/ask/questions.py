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
    "projects",
    "tools",
    "unlinked",
    "at risk",
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
    r"|i(?:'d| would) (?:like|love) to know |i (?:want|need) to know |any idea |remember "
    r"|(?:i (?:was|am) (?:just )?)?wondering )?"
)
_GOAL = (
    r"(?:(?:business |company |strategic |our )*"
    r"(?:priorit(?:y|ies|ys|yes)|goals?|objectives?|outcomes?|aims?|strateg(?:y|ies)|targets?)"
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
    ("order", rf"(?:what|which) (?:is|are) (?:the |our )*(?:top|first|main|most important|biggest|number one) {_GOAL}"),
    ("unlinked", rf"(?:what|which|list|show)(?: me)?(?: all)?(?: {_THINGS})? (?:serves?|supports?|have|has|are for|is for|do not (?:serve|support)|does not (?:serve|support)|that serve) (?:no|nothing|without)(?: {_GOAL})?"),
    ("unlinked", rf"(?:what|which)(?: {_THINGS})? (?:is|are) not linked(?: to (?:a|any) {_GOAL})?|(?:unlinked|orphan(?:ed)?)(?: {_THINGS})?"),
    ("at risk", rf"(?:what|which)(?: {_THINGS})? (?:is|are) (?:at risk|in trouble|red|amber|off track)|(?:{_THINGS} )?at risk"),
    ("tools", r"(?:(?:what|which) (?:tools|applications|systems|software) (?:do we (?:have|use|run|pay for)|are there|are running)|(?:list|show)(?: me)?(?: all)?(?: the| our)* (?:tools|applications|systems)|(?:our |all )?tools)"),
    ("projects", r"(?:(?:what|which) (?:projects|initiatives) (?:do we (?:have|run|do)|are there|are running|are we (?:doing|running))|(?:list|show)(?: me)?(?: all)?(?: the| our)* (?:projects|initiatives|everything)|(?:our |all )?(?:projects|initiatives))"),
    ("waits", r"what (?:waits|is waiting|is pending|is open) (?:for|on|with) me|what do i (?:owe|need to do|have to do)|what (?:is|are) my (?:tasks?|to-?dos?)|my (?:tasks?|to-?dos?)|what needs me"),
    # who and what
    ("owned", r"what do (?P<n>i) (?:own|run|lead|have)|what am (?P<n2>i) responsible for|what is (?P<n3>mine)"),
    ("owned", rf"(?P<n>my) {_THINGS}"),
    ("owned", rf"(?:what|which)(?: {_THINGS})? (?:does|do|did) (?P<n>.+?) (?:own|owns|run|lead|manage|look after)"),
    ("owned", rf"(?:what|which)(?: {_THINGS})? (?:is|are) (?P<n>.+?) responsible for|(?:what|which)(?: {_THINGS})? (?:is|are) (?:owned|run|led|managed) by (?P<n2>.+)"),
    ("owned", r"what (?:is|are) (?P<n>@\S+) (?:doing|working on)"),
    ("owner", r"(?:who|whom) (?:owns|own|runs|leads|manages|is running|is leading|is doing|looks after|takes care of|decides(?: on| about)?|does) (?P<n>.+)"),
    ("owner", r"(?:who is|who are|who was)(?: the)? (?:owner|owners|lead|leader|manager|sponsor|head|boss)(?: of| for| on) (?P<n>.+)"),
    ("owner", r"who is (?:responsible|accountable|in charge|answerable)(?: for| of) (?P<n>.+)|whose (?:project |job |tool )?is (?P<n2>.+)|who (?:do|should|can) (?:i|we) (?:ask|talk to|speak to|contact) about (?P<n3>.+)"),
    ("owner", r"(?:the )?owner (?:of )?(?P<n>.+)|(?:what|who) is (?P<n2>.+?)(?:['’]s)? owner|(?P<n3>.+?)(?:['’]s)? owner"),
    ("owner", r"who (?P<n>.+) belongs to|(?:who|whose) (?:does|is) (?P<n2>.+) (?:belong to|responsibility)"),
    ("spend", r"(?:what|how much)(?: money)? (?:do|did|are|will) we (?:spend|spending|spent|pay|paying|invest|investing)(?: (?:on|for|in|into) (?P<n>.+))?"),
    ("spend", r"(?:what|how much) (?:does|do|did|will|would|is) (?P<n>.+?) cost(?: us)?|what is the (?:cost|budget|price|spend)(?: of| for| on) (?P<n2>.+)|how much is (?P<n3>.+)"),
    ("spend", r"(?:what|how much) (?P<n>.+?) costs?|(?P<n2>.+?)(?:['’]s)? (?:costs?|budget|price)"),
    ("spend", r"(?:our )?(?:spend|spending|budget|cost)(?: (?:on|for|of) (?P<n>.+))?"),
    ("breaks", r"what (?:breaks|happens|suffers|is lost|goes wrong|do we lose|would break|would happen|would we lose|else breaks)(?: if| when) (?:we |you |someone )?(?:drop|stop|cancel|kill|lose|end|remove|switch off|turn off|shut down|pause|skip|give up|scrap|retire|postpone|delay)(?:s|ped|led)? (?P<n>.+)"),
    ("breaks", r"what (?:breaks|happens|do we lose|suffers) without (?P<n>.+)|(?:what|who) (?:depends|relies|hangs) on (?P<n2>.+)|(?:what if|can|could|may) we (?:drop|stop|cancel|kill) (?P<n3>.+)"),
    ("decided", r"(?:what|when|why) (?:did|have) (?:we|you|they) (?:decide|decided|agree|agreed)(?: (?:about|on|for|to do about|over|regarding))? (?P<n>.+)"),
    ("decided", r"what (?:was|is|were|has been) (?:decided|agreed)(?: (?:about|on|for|regarding))? (?P<n>.+)|(?:the )?decisions? (?:about|on|for) (?P<n2>.+)"),
    ("decided", r"why did (?:we|you|they) (?:buy|choose|pick|select|get|drop|stop|cancel|start|go (?:for|with)|decide(?: on)?) (?P<n>.+)"),
    ("decided", r"what (?:did|have) (?:we|you|they) (?:decide|decided|agree|agreed)"),
    # what a thing is for
    ("purpose", r"(?:when|where) (?:is|will|does|do|did|was) (?P<n>.+?) (?:be |been |get )?(?:late|done|ready|finished|finish|renewed|renew|end|ended|start|started|due|live|completed?|delivered|over|up for renewal)"),
    ("purpose", r"(?:is|are|was|will) (?P<n>.+?) (?:be |still )?(?:late|done|ready|finished|on track|at risk|delayed|running|live|over|behind(?: schedule)?|important|needed|necessary)"),
    ("purpose", rf"(?:does|do|is|are|will) (?P<n>.+) {_SERVE} .+"),
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
    ("purpose", r"(?:what is )?(?:the )?(?:about|explain|describe|show|tell me about|info on|information on|details of|status of|state of|find|look up) (?P<n>.+)|how is (?P<n2>.+?)(?: doing| going)?"),
)  # fmt: skip

_READ = tuple(
    (kind, re.compile(rf"^{_OPENINGS}{_POLITE}(?:{pattern}){_TAIL}$".replace(" ", r"\s+"), re.I))
    for kind, pattern in PATTERNS
)
_CONTRACTED = re.compile(r"\b(what|who|why|where|how|that|it)['’]?s\b(?!['’])", re.I)
_EDGE = " \t\r\n?!.,;:…"
_QUOTES = re.compile(r"[\"“”„«»‹›]\s*([^\"“”„«»‹›]+?)\s*[\"“”„«»‹›]")
_ASKING = (  # the likelier comes first: what a slip is mended to
    "what which who why is are does do the our we priority priorities support supports goal goals "
    "owns own how when where whose was did a an this that it for of to us i me tell about "
    "objective serve serves doing please know any in on with behind supported business strategic "
    "supporting aligned linked purpose point late changed change order breaks break drop stop "
    "decide decided decision decisions waits cost costs capabilities capability spend week month "
    "today owner responsible need needs happens risk"
)
_ASKED = tuple(_ASKING.split())
_FILLERS = frozenset(_ASKED[: _ASKED.index("late")])


def read(typed: str) -> tuple[Question, ...]:
    """The ways to read what was typed, the likeliest first.

    What no pattern knows is read once more with its question words spelt right; then as a name: as
    it is, with question words taken from both ends, then only what stands in quotes. Nothing at all
    comes back for what is only question words: "who owns".
    """
    text = " ".join(typed.split()).strip(_EDGE)
    found = tuple(_fitting(text, text)) or tuple(_fitting(_spelt(text), text))
    if found:
        return (*found[:2], Question("purpose", text))
    quoted = _QUOTES.search(text)
    bare = _bare(text)
    names = dict.fromkeys((text, bare, quoted[1] if quoted else "")) if bare else {}
    return tuple(Question("purpose", name) for name in names if name)


def _fitting(spelt: str, typed: str) -> Iterator[Question]:
    """The patterns that fit; a name is taken as it was typed, whatever its spelling was mended to."""
    said, original = _CONTRACTED.sub(r"\1 is", spelt), _CONTRACTED.sub(r"\1 is", typed)
    words = original.split()
    for kind, pattern in _READ:
        if fits := pattern.match(said):
            group = next((name for name, found in fits.groupdict().items() if found), None)
            if group is None:
                yield Question(kind)
                continue
            first = len(said[: fits.start(group)].split())
            count = len(fits[group].split())
            yield Question(kind, _name(" ".join(words[first : first + count])))


def _spelt(text: str) -> str:
    """The text with its slips in question words mended."""
    return " ".join(_mended(word) for word in text.split())


def _mended(word: str) -> str:
    low = word.lower().strip(_EDGE)
    if len(low) < 2 or low in _ASKED:
        return word
    near = (one for one in _ASKED if len(one) > 1 and OSA.distance(one, low, score_cutoff=1) == 1)
    found = next((one for one in near if len(one) > 2 or len(low) > 2), word)
    return found if len(low) > 2 or found[0] == low[0] else word


def _name(said: str) -> str:
    quoted = _QUOTES.fullmatch(said.strip(_EDGE))
    return quoted[1] if quoted else said.strip(_EDGE)


def _bare(text: str) -> str:
    words = text.split()
    while words and _is_filler(words[0]):
        words.pop(0)
    while words and _is_filler(words[-1]):
        words.pop()
    return " ".join(words)


def _is_filler(word: str) -> bool:
    word = word.strip(_EDGE).lower()
    return not word or word in _FILLERS or (len(word) >= 4 and _mended(word) in _FILLERS)
