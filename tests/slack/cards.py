"""Made-up cards and forms: every part, long and hostile text, many rows and buttons."""

from datetime import UTC, datetime
from typing import Literal

from hypothesis import strategies as st

from bot.messages import (
    Bar,
    Bars,
    Button,
    Card,
    Fact,
    Facts,
    Form,
    Input,
    Link,
    Moment,
    Part,
    Path,
    Person,
    Quiet,
    Step,
    Table,
    Text,
    Typed,
    Words,
)
from bot.words import finalize
from tests.slack.hostile import TOKENS

Kind = Literal["text", "lines", "choice", "date"]
anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6)
typed = st.lists(st.one_of(st.sampled_from(TOKENS), anything), max_size=6).map("".join)
long = st.builds(lambda text, times: text * times, typed, st.integers(1, 12))
text = st.one_of(typed, typed, typed, typed, typed, long)
named = text.filter(lambda one: bool(one.strip()))
moments = st.builds(
    Moment,
    st.datetimes(datetime(1960, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["day", "time"]),
)
marks = st.one_of(
    st.builds(Person, st.integers(1, 50), typed),
    moments,
    st.builds(Typed, typed),
    st.builds(
        Link, typed, st.one_of(typed, typed.map(lambda path: f"https://acme.example/{path}"))
    ),
)
pieces = st.one_of(
    text.map(finalize),
    text.map(lambda said: f"**{finalize(said)}**"),
    text.map(lambda said: f"__{finalize(said)}__"),
    marks.map(finalize),
    marks.map(lambda mark: f"__by {finalize(mark)}.__"),
    st.sampled_from(["\n", "\n\n", "\n- ", " ", "a"]),
)
ours = st.lists(pieces, max_size=5).map(lambda some: Words("".join(some)))
texts: st.SearchStrategy[Text] = st.one_of(text, ours)


def tuples(of: st.SearchStrategy[object], most: int) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=most).map(tuple)


short = typed.map(lambda said: said[:50])
marked = st.lists(st.one_of(marks, short), max_size=3).map(
    lambda some: Words(" ".join(finalize(one) for one in some))
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Rows by the hundred are the same row again and again, but for their number."""
    width = draw(st.one_of(st.integers(1, 5), st.integers(1, 25)))
    row = draw(st.lists(st.one_of(short, marked), min_size=width, max_size=width))
    count = draw(st.sampled_from([0, 1, 3, 3, 3, 40, 99, 100, 210]))
    rows = tuple((f"row {number}", *row[1:]) for number in range(count))
    headers = draw(st.lists(short, min_size=width, max_size=width))
    return Table(draw(text), tuple(headers), rows)


parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Path, tuples(st.builds(Step, typed, text, texts), 5)),
    st.builds(Facts, tuples(st.builds(Fact, short, texts), 14)),
    tables(),
    st.builds(Bars, text, tuples(st.builds(Bar, text, st.floats(-1, 2), typed), 12)),
    st.builds(Quiet, texts),
)
buttons = st.builds(
    Button, named, named, text, st.dictionaries(typed, text, max_size=3), st.booleans()
)
cards = st.builds(
    Card,
    texts,
    texts,
    tuples(parts, 4),
    st.one_of(tuples(buttons, 4), tuples(buttons, 60)),
)


@st.composite
def inputs(draw: st.DrawFn) -> Input:
    kind: Kind = draw(st.sampled_from(("text", "lines", "choice", "date")))
    count = draw(st.sampled_from([0, 1, 3, 10, 11, 100, 101, 250]))
    options: tuple[tuple[str, str], ...] = ()
    value = draw(text)
    if kind == "choice":
        options = tuple((f"{number}/{draw(typed)}", draw(text)) for number in range(min(count, 4)))
        options += tuple((f"option/{number}", f"Option {number}") for number in range(4, count))
        value = draw(st.sampled_from([value, *(value for value, _ in options)]))
    if kind == "date":
        value = draw(st.one_of(st.just(value), st.dates().map(str)))
    return Input(draw(typed), draw(named), kind, value, options, draw(st.booleans()))


forms = st.builds(
    Form,
    texts,
    named,
    st.lists(inputs(), max_size=6, unique_by=lambda one: one.name).map(tuple),
    text,
    st.dictionaries(typed.map(lambda name: f"hidden {name}"), text, max_size=3),
    named,
)
