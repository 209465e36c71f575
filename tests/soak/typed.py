"""Takes a million made-up commands apart: `python -m tests.soak.typed --share 0.02 --seed 1`.

None may raise, and every word of every one is found again in its pieces.
"""

import re
import sys
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

from handlers.typed.pieces import AND, EXPECT, NEEDS, Kind, Pieces, take_apart
from tests.soak import options

INPUTS = 1_000_000
NOW = datetime(2026, 11, 25, 9, 42, tzinfo=UTC)
ZONES = tuple(ZoneInfo(zone) for zone in ("Europe/Berlin", "America/New_York", "Asia/Kolkata"))
DECIDE: Mapping[str, Kind] = {
    "owner": "person", "for": "name", "because": "text", "due": "date", "by": "date",
    "review": "date", "replaces": "id", "asked": "people", "told": "people",
    "accepts risk": "none", "expect": EXPECT, "needs": NEEDS, "blocks": "name",
}  # fmt: skip
POLL: Mapping[str, Kind] = {
    "rank": "none", "until": "date", "for": "name", "dots": "number", "anonymous": "none",
    "rated by": "word", "by": "date",
}  # fmt: skip
MAP: Mapping[str, Kind] = {
    "owner": "person", "for": "name", "category": "word", "vendor": "text", "renews": "date",
    "cost": "number", "to": "name", "from": "name", "by": "date", "workaround": "none",
}  # fmt: skip
COMMANDS: tuple[Mapping[str, Kind], ...] = (DECIDE, POLL, MAP, {"to": "date"}, {})
SPOKEN = """
buy the CRM One login don't Lee's 24" is late ask help design second phase may march sat now
owner for because due by review in replaces asked told accepts risk expect needs from to blocks rank
until dots anonymous rated --due --owner —for category growth vendor renews cost workaround
@dana @lee, dana@acme.example @ana. fri Fri 17:00 tomorrow noon 15 Dec 15.12. 3/4/2027 12/11/26
2026-12-15 in 90d 2w next Friday end of month EOD Q1 March Freitag 17 Uhr vendredi 29 Feb
D-7 d7 7 last 84k EUR €1.2m 6.5 2.0 12 1,200 99999d 31/31/2031 25:99
"Grow revenue" “Cut cost” „Kauf“ «Croître» 'One login' " “ ” « » ' ’ „ , | ; : . ? ! -- — @ = ( )
"A", "B" and & und é ß İ ſ 🙂 ١٢ 中文
"""
WORDS = (*SPOKEN.split(), "\t", "\r\n", "\x00", "\u200b", "\u2028", "\u00a0", "\\")


def made_up(random: Random) -> str:
    if random.random() < 0.1:  # anything at all
        return "".join(chr(random.choice((random.randrange(32, 127), random.randrange(0xD800))))
                       for _ in range(random.randrange(40)))  # fmt: skip
    size = random.choice((3, 6, 10, 20)) if random.random() < 0.999 else 2000
    glue = (" ", " ", " ", " ", "", "\n", ", ")
    return "".join(
        random.choice(WORDS).strip("\n") + random.choice(glue)
        for _ in range(random.randrange(size))
    )


def lost(text: str, known: Mapping[str, Kind], pieces: Pieces) -> Counter[str]:
    """Words that were typed and are in no piece. A flag's own word is its name among the flags, and
    an "and" between two people is a comma."""
    spoken = {word for name in (*known, "by", "to", "from", *AND) for word in name.split()}
    values = [value for some in pieces.flags.values() for value in some]
    date = pieces.date.text if pieces.date else ""
    told = "\n".join((pieces.words, *pieces.quoted, *values, *pieces.mentions, date))
    missing = _words(text) - _words(told)
    return Counter({word: count for word, count in missing.items() if word not in spoken})


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def main() -> int:
    given = options.parser(__doc__).parse_args()
    random, many = Random(given.seed), max(1, round(INPUTS * given.share))
    began, slowest = time.perf_counter(), 0.0
    for _ in range(many):
        text, known, zone = made_up(random), random.choice(COMMANDS), random.choice(ZONES)
        start = time.perf_counter()
        try:
            pieces = take_apart(text, known, NOW, zone)
        except Exception:
            print(f"typed: seed {given.seed}, raised for {text!r}")
            raise
        slowest = max(slowest, time.perf_counter() - start)
        gone = lost(text, known, pieces)
        if gone:
            print(f"typed: seed {given.seed}, lost {dict(gone)} of {text!r}: {pieces}")
            return 1
    took = time.perf_counter() - began
    print(
        f"typed: {many:,} commands, none raised, nothing lost, "
        f"{took:.0f} s, slowest {slowest * 1000:.0f} ms, seed {given.seed}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
