"""Each section is one function and one template of its name, and no template is left over."""

import re
from pathlib import Path

import digests
from digests.sections import NEWS, ORDER, SECTIONS
from tests.bot.test_words import refused

HERE = Path(digests.__file__).parent


def test_every_section_has_its_template_and_every_template_is_asked_for() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in HERE.glob("*.py"))
    named = set(re.findall(r'write\(\s*"(\w+)"', code)) | set(SECTIONS)
    assert named == {file.stem for file in (HERE / "templates").glob("*.md")}
    assert len(named) > 10


def test_both_lenses_know_every_section() -> None:
    assert all(set(order) == set(SECTIONS) for order in ORDER.values())
    assert set(NEWS) < set(SECTIONS)


def test_no_template_of_a_digest_escapes_twice_or_never() -> None:
    assert refused(HERE / "templates") == []
