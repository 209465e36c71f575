"""Renders all that people are shown, with hostile text in it, on every surface, and reads it back:
`python -m tests.soak.renders --share 0.02 --seed 1`.

Whatever a card or form says is replaced by what somebody might type who wants to call everybody or
to break out: on plain text, on a page and in Slack it must be text and nothing else.
"""

import argparse
import re
import sys
import tempfile
import time
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from random import Random, SystemRandom
from typing import Any
from zoneinfo import ZoneInfo

from bot import plain, words
from bot.messages import Form, Link, Moment, Person, Typed, Words
from bot.slack import blocks, views
from bot.web.html import Html
from bot.words import finalize
from tests.slack import hostile, limits
from tests.slack.mrkdwn import World
from tests.slack.seen import BERLIN, Seen
from tests.slack.shown import Shown, everything

RENDERS = 100_000
FIXED = {"part", "what", "kind", "key", "sends", "values"}  # never typed by anybody
HERE = World(users={f"U{number:05}" for number in range(100)})
ZONE = ZoneInfo("Europe/Berlin")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ue000\ue001]")
TAGS = {
    "article", "h3", "p", "ul", "li", "ol", "dl", "div", "dt", "dd", "table", "caption", "thead",
    "tbody", "tr", "th", "td", "figure", "figcaption", "svg", "rect", "button", "span", "strong",
    "code", "a", "time", "form", "label", "textarea", "select", "option", "input",
}  # fmt: skip
ATTRIBUTES = {
    "class", "aria-label", "aria-hidden", "tabindex", "role", "scope", "viewbox",
    "preserveaspectratio", "width", "height", "type", "data-button", "href", "target", "rel",
    "datetime", "name", "rows", "maxlength", "required", "value", "selected",
}  # fmt: skip


def spoilt(shown: Any, random: Random, name: str = "") -> Any:
    """The same with other words, wherever there are words."""
    match shown:
        case Words():
            return Words("\n".join(_line(line, random) for line in words.lines(shown)))
        case str() if name not in FIXED:
            return hostile.text(random) if shown else shown
        case tuple():
            return tuple(spoilt(one, random, name) for one in shown)
    if not is_dataclass(shown) or isinstance(shown, type):
        return shown
    names = [field.name for field in fields(shown)]
    return replace(shown, **{one: spoilt(getattr(shown, one), random, one) for one in names})


def _line(line: words.Line, random: Random) -> str:
    return ("- " if line.is_item else "") + "".join(_run(run, random) for run in line.runs)


def _run(run: words.Run | words.Mark, random: Random) -> str:
    said = hostile.text(random)
    match run:
        case Person():
            return finalize(Person(run.id, said))
        case Moment():
            return finalize(run)
        case Typed():
            return finalize(Typed(said))
        case Link():
            return finalize(Link(said, random.choice((said, f"https://acme.example/{said}"))))
    voice = ("**" if run.strong else "") + ("__" if run.quiet else "")
    return voice + finalize(said) + voice[::-1]


class Page(HTMLParser):
    """What is no tag and no attribute of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults += [] if tag in TAGS else [f"the tag {tag}"]
        for name, value in attrs:
            self.faults += [] if name in ATTRIBUTES else [f"the attribute {name}"]
            is_page = re.match(r"https?://|/", value or "")
            self.faults += [f"leads to {value!r}"] if name == "href" and not is_page else []


def faults(shown: Shown, html: Html) -> list[str]:
    """What is wrong with it on any surface."""
    seen, page = Seen(BERLIN), Page()
    if isinstance(shown, Form):
        page.feed(html.fill("form", form=shown, line=None))
        return page.faults + limits.of_view(views.view(shown, seen), HERE)
    page.feed(html.fill("card", card=shown, pages={}))
    read = plain.card(shown, ZONE)
    found = [f"plain text with {one!r}" for one in CONTROL.findall(read)]
    found += limits.of_message(blocks.message(shown, seen), HERE, is_edit=True)
    found += limits.of_message(blocks.message(shown, seen, "a/1", 2), HERE, is_edit=True)
    return page.faults + found + limits.of_view(blocks.home(shown, seen), HERE)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = SystemRandom().randrange(10**9) if arguments.seed is None else arguments.seed
    random, many = Random(seed), max(1, round(RENDERS * arguments.share))
    html, began = Html(ZONE), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        every = everything(Path(folder))
    names = list(every)
    for number in range(many):
        name = names[number % len(names)]
        shown = spoilt(every[name], random)
        found = faults(shown, html)
        if found:
            print(f"renders: seed {seed}, {name}: {found[:5]} of {shown!r}")
            return 1
    took = time.perf_counter() - began
    print(
        f"renders: {many:,} of {len(names)} cards and forms, on three surfaces, nothing escaped, "
        f"{took:.0f} s, seed {seed}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
