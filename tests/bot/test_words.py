"""Whatever people type stays text: it cannot become a voice, a mention or a line of its own."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import Environment, nodes

from bot import plain, words
from bot.messages import Moment, Person, Typed, Words
from bot.words import CLOSE, OPEN, Line, Run, Writer, finalize
from storage.people import Person as StoredPerson

HANDLERS = Path(__file__).parents[2] / "handlers"
TEMPLATES = HANDLERS / "templates"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")

marks = st.sampled_from(
    ["**", "__", "\\", "*", "_", "#", "# ", "- ", "[", "]", ">", "\n", "\r\n", "\u2028", "\x85",
     OPEN, CLOSE, "{{", "}}", "{%", '["person", 7, "Dana"]', "\u202e", "@channel", "<!here>"]
)  # fmt: skip
typed_text = st.lists(st.one_of(marks, st.text(max_size=4)), max_size=8).map("".join)


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Writer:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "alone.md").write_text("{{ typed }}")
    (folder / "held.md").write_text("«{{ typed }}»")
    (folder / "strong.md").write_text("- **{{ typed }}** after")
    (folder / "titled.md").write_text("# {{ typed }}\n{{ typed }}!")
    (folder / "twice.md").write_text("{{ typed }}{{ typed }}|")
    (folder / "marks.md").write_text("{{ person }} and {{ moment }} and {{ command }}")
    return Writer(folder)


def said(lines: tuple[Line, ...]) -> str:
    """The text of one line that is all plain runs."""
    (line,) = lines
    assert not line.is_item
    runs = [run for run in line.runs if isinstance(run, Run)]
    assert len(runs) == len(line.runs), "a mark was forged"
    assert not any(run.strong or run.quiet for run in runs), "a voice was forged"
    return "".join(run.text for run in runs)


@given(typed=typed_text)
@example(typed='\ue000["person", 7, "Dana"]\ue001')
@example(typed="**\\")
@example(typed="# title\n- item")
def test_typed_text_is_shown_as_it_was_typed_and_as_nothing_else(
    writer: Writer, typed: str
) -> None:
    cleaned = words.clean(typed)
    assert said(words.lines(writer.write("held", typed=typed).text)) == f"«{cleaned}»"
    alone = writer.write("alone", typed=typed)
    assert not alone.title
    assert said(words.lines(alone.text)) == cleaned.strip()
    assert said(words.lines(writer.write("twice", typed=typed).text)) == f"{cleaned * 2}|".lstrip()


@given(typed=typed_text)
def test_typed_text_stays_in_the_voice_the_template_gave_it(writer: Writer, typed: str) -> None:
    (line,) = words.lines(writer.write("strong", typed=f"x{typed}").text)
    assert line.is_item
    assert line.runs == (Run(words.clean(f"x{typed}"), strong=True), Run(" after"))


@given(typed=typed_text)
def test_typed_text_cannot_leave_a_title(writer: Writer, typed: str) -> None:
    written = writer.write("titled", typed=f"x{typed}x")
    cleaned = words.clean(f"x{typed}x")
    assert said(words.lines(written.title)) == cleaned
    assert said(words.lines(written.text)) == f"{cleaned}!"


@given(typed=st.text())
def test_cleaned_text_is_one_line_without_marks_and_overrides(typed: str) -> None:
    cleaned = words.clean(typed)
    assert len(cleaned.splitlines()) <= 1
    assert not set(cleaned) & {OPEN, CLOSE, "\u202e", "\u2066", "\x00", "\x1b", "\x7f"}
    assert words.clean(cleaned) == cleaned


@given(name=typed_text, text=typed_text, id=st.integers(min_value=1))
def test_marks_carry_any_name_and_command(writer: Writer, name: str, text: str, id: int) -> None:
    written = writer.write("marks", person=Person(id, name), moment=Moment(NOW, "time"),
                           command=Typed(text))  # fmt: skip
    (line,) = words.lines(written.text)
    assert line.runs == (
        Person(id, words.clean(name)),
        Run(" and "),
        Moment(NOW, "time"),
        Run(" and "),
        Typed(words.clean(text)),
    )


def test_a_plain_str_keeps_its_lines_and_gains_no_voice() -> None:
    first, second = words.lines("**a**\n- b\ue000")
    assert first == Line((Run("**a**"),))
    assert second == Line((Run("- b"),))


def test_a_mark_that_was_not_made_here_is_an_error() -> None:
    with pytest.raises(ValueError, match="not made here"):
        words.lines(Words(f'{OPEN}["channel", "all"]{CLOSE}'))


def test_words_do_not_turn_into_text_by_themselves() -> None:
    with pytest.raises(TypeError):
        str(Words("**strong**"))


@pytest.mark.parametrize(
    "value",
    [
        None, True, False, [], ["a"], (), {}, {"a": 1}, set(), b"bytes", NOW, date(2026, 11, 23),
        Decimal(1), 1j, StoredPerson(name="Dana", created_at=NOW),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_a_template_prints_nothing_that_nobody_has_thought_about(value: object) -> None:
    with pytest.raises(TypeError):
        finalize(value)


def test_a_template_prints_numbers_as_people_read_them() -> None:
    assert finalize(48200) == "48,200"
    assert said(words.lines(Words(finalize(-7)))) == "-7"
    assert finalize(6.5) == "6.5"


def test_a_name_that_a_template_was_not_given_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "greeting.md").write_text("Hello {{ nobody }}")
    with pytest.raises(Exception, match=r"nobody|StrictUndefined"):
        Writer(tmp_path).write("greeting")


def test_moments_are_read_in_the_readers_own_time(writer: Writer) -> None:
    written = writer.write("marks", person=Person(1, "Dana"), moment=Moment(NOW, "time"),
                           command=Typed("decide …"))  # fmt: skip
    assert plain.plain(written.text, ZoneInfo("Asia/Tokyo")) == (
        "Dana and 23 Nov 2026 18:00 JST and `decide …`"
    )


# our own templates


_RUNS_ON = re.compile(r"^#.*%\}\n(?!\n|\{%|$)", re.MULTILINE)  # a tag takes its line's end along


def refused(folder: Path) -> list[str]:
    """What the templates of a folder may not hold: it is escaped twice or never, or runs on."""
    found = []
    for file in sorted(folder.rglob("*.md")):
        source = file.read_text(encoding="utf-8")
        if _RUNS_ON.search(source):
            found.append(f"{file.name}: the title runs on")
        tree = Environment(autoescape=False).parse(source)
        for kind in (nodes.Macro, nodes.CallBlock, nodes.AssignBlock, nodes.FilterBlock):
            found += [f"{file.name}: {kind.__name__}" for _ in tree.find_all(kind)]
        for filtered in tree.find_all(nodes.Filter):
            if filtered.name in ("safe", "escape", "e", "forceescape"):
                found.append(f"{file.name}: | {filtered.name}")
    return found


def test_no_template_escapes_twice_or_never() -> None:
    assert refused(TEMPLATES) == []


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(1) }}", "Macro"),
        ("{% set x %}{{ y }}{% endset %}", "AssignBlock"),
        ("{{ x | safe }}", "| safe"),
        ("{% filter upper %}{{ x }}{% endfilter %}", "FilterBlock"),
        ("# {% if x %}Yes{% endif %}\nIt is so.", "the title runs on"),
        ("{% if x %}{% for y in x %}{{ y | upper | safe }}{% endfor %}{% endif %}", "| safe"),
    ],
)
def test_a_template_that_does_is_found(tmp_path: Path, source: str, why: str) -> None:
    (tmp_path / "noun").mkdir()
    (tmp_path / "noun" / "card.md").write_text(source)
    assert refused(tmp_path) == [f"card.md: {why}"]


def asked_for(folder: Path) -> Iterator[str]:
    """The templates that code asks for: the first argument of `card(…)` and of `….write(…)`."""
    for file in sorted(folder.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match call:
                case ast.Call(func=ast.Name("card") | ast.Attribute(attr="card" | "write")):
                    yield from _named(file, call)


def _named(file: Path, call: ast.Call) -> Iterator[str]:
    match call.args:
        case [ast.Constant(value=str(name)), *_]:
            yield name
        case [ast.Name("template"), *_] if file.name == "saying.py":
            return  # `card` itself, handing its template on
        case _:
            raise AssertionError(f"{file}:{call.lineno} names no template that can be read here")


def there(folder: Path) -> set[str]:
    return {str(file.relative_to(folder).with_suffix("")) for file in folder.rglob("*.md")}


def test_every_template_is_used_and_every_named_one_is_there() -> None:
    named = set(asked_for(HANDLERS))
    assert named == there(TEMPLATES)
    assert len(named) > 20


def test_a_template_that_nobody_can_name_is_found(tmp_path: Path) -> None:
    (tmp_path / "home.py").write_text('card("home/home", a=1)\nwriter().write("ask/word")\n')
    assert list(asked_for(tmp_path)) == ["home/home", "ask/word"]
    (tmp_path / "home.py").write_text("card(f'home/{x}')")
    with pytest.raises(AssertionError, match="names no template"):
        list(asked_for(tmp_path))
