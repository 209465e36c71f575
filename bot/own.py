"""A company's own words for its digests: a template that can say, and can do nothing.

It is filled from plain texts in a sandbox without calls, assignments or filters that make much out
of little; so however it is written, it ends soon, says little, and reaches nothing.
"""

import traceback
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST = 4000  # characters of a template
MOST_WORDS, MOST_CHARACTERS = 150, 1500
DEEPEST = 2  # loops within each other
FILTERS = ("join", "length", "upper", "lower", "title", "capitalize", "first", "last", "default")
NAMES = (
    "title", "lens", "news", "asks", "numbers", "money", "proven", "moved", "blocked", "next",
    "twice", "questions",
)  # fmt: skip
MAY_HOLD: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr,
    nodes.Getitem, nodes.For, nodes.If, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.CondExpr,
)  # fmt: skip


class Wrong(Exception):  # noqa: N818  it is an answer to who wrote the template
    """What is the matter with it, and in which line."""


class _Plain(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset(("*", "**", "%", "+", "-", "/", "//"))

    def call_binop(self, _context: Any, operator: str, _left: Any, _right: Any) -> Any:
        raise SecurityError(f"“{operator}” is not for templates")


@lru_cache(maxsize=1)
def _environment() -> _Plain:
    made = _Plain(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
    made.filters = {name: made.filters[name] for name in FILTERS}
    made.globals.clear()
    return made


@lru_cache(maxsize=64)
def _read(text: str) -> Template:
    """The template. Raises `Wrong`."""
    if len(text) > LONGEST:
        raise Wrong(f"it has {len(text):,} characters, and I read {LONGEST:,}")
    try:
        tree = _environment().parse(text)
        for line, told in _refused(tree):
            raise Wrong(f"line {line}: {told}")
        return _environment().from_string(text)
    except TemplateSyntaxError as wrong:
        raise Wrong(f"line {wrong.lineno}: {wrong.message}") from None


def _refused(tree: nodes.Node, deep: int = 0) -> Iterator[tuple[int, str]]:
    for one in tree.iter_child_nodes():
        inside = deep + isinstance(one, nodes.For)
        if not isinstance(one, MAY_HOLD):
            yield one.lineno, f"{type(one).__name__.lower()} is not for templates"
        elif inside > DEEPEST:
            yield one.lineno, "that is one loop within another too many"
        elif isinstance(one, nodes.Filter) and one.name not in FILTERS:
            yield one.lineno, f"I know no filter “{one.name}”"
        yield from _refused(one, inside)


def write(text: str, told: Mapping[str, Any]) -> str:
    """What the template says of this; sections of which there is nothing are empty. Raises `Wrong`.

    It keeps to the limits of every digest: what is beyond them is left away.
    """
    template = _read(text)
    try:
        said = template.render({**dict.fromkeys(NAMES, ""), "news": [], "asks": [], **told})
    except (UndefinedError, SecurityError, TypeError, ValueError, LookupError) as wrong:
        raise Wrong(f"line {_line(wrong)}: {wrong}") from None
    return _short("\n".join(line.rstrip() for line in said.strip().splitlines()))


def _line(wrong: Exception) -> int:
    """Jinja names the lines of the template in the traceback."""
    frames = traceback.extract_tb(wrong.__traceback__)
    return next((one.lineno or 1 for one in reversed(frames) if one.filename == "<template>"), 1)


def _short(said: str) -> str:
    lines: list[str] = []
    left = MOST_WORDS
    for line in said.splitlines():
        words = line.split()
        if len(words) > left:
            lines.append(" ".join((*words[: max(left - 1, 0)], "…")))
            break
        left -= len(words)
        lines.append(line)
    text = "\n".join(lines)
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


EXAMPLE = {
    "title": "Steering · week to Mon 30 Nov · 1 thing needs a business answer",
    "lens": "business",
    "news": ["This is the first digest here."],
    "asks": ["Who owns “Buy the CRM”? Dana was asked 7 days ago."],
    "numbers": "Numbers: Days to onboard 12 → 11 days (goal 8)",
    "money": "Money: €4.7M of €6.1M serves a priority.",
}


def check(text: str) -> None:
    """Try it on an example. Raises `Wrong`."""
    write(text, EXAMPLE)
