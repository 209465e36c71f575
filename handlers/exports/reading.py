"""Reads an exported map back, and says by line what cannot be read.

Only what an export holds is accepted: no references that copy what they name (a small file could
unfold into a huge one), no objects, no depth beyond our own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from handlers.exports.entries import Entry
from handlers.exports.shape import FORMAT, MAP, Fields, Many, Spec, Texts, text
from handlers.imports.problems import Unclear, Unreadable

BYTES = 64 * 2**20
DEEPEST = 12  # an export has 8
TOLD = 10  # problems named at once
CORE = "tag:yaml.org,2002:"


class Line(dict[str, Any]):
    """An entry that knows on which line it began."""

    line: int = 0


class _Trouble(Exception):  # noqa: N818  it becomes an `Unreadable` that names the file
    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line, self.text = line, text


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML has no types
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Trouble(line, "it refers to another part of the file; write it out there")
        if self.depth >= DEEPEST:
            raise _Trouble(line, "it is nested deeper than a map ever is")
        self.depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read(path: Path) -> Entry:
    """The map in this file. Raises `Unreadable` with the lines, and what is wrong there."""
    problems: list[str] = []
    try:
        root = _composed(_content(path))
        found = _value(root, MAP, problems) if root else None
    except _Trouble as told:
        raise Unreadable(f"{path.name}, line {told.line}: {told.text}.") from told
    except yaml.MarkedYAMLError as broken:
        at = broken.problem_mark or broken.context_mark
        line = f", line {at.line + 1}" if at else ""
        why = " ".join(str(broken.problem or "it is no YAML").split())
        raise Unreadable(f"{path.name}{line}: {why}. Mend it there, and import again.") from broken
    except yaml.YAMLError as broken:
        raise Unreadable(f"{path.name} holds characters that no YAML has.") from broken
    if problems:
        more = [f"and {len(problems) - TOLD} more"] if len(problems) > TOLD else []
        listed = "\n".join([*problems[:TOLD], *more])
        raise Unreadable(f"I cannot read {path.name}, and imported nothing.\n{listed}")
    if not isinstance(found, Line):
        raise Unreadable(f"{path.name} is empty. Name a file that “throughline export” wrote.")
    if found["throughline"] > FORMAT:
        raise Unreadable(f"{path.name} was written by a newer Throughline. Import it with that.")
    return found


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > BYTES:
            raise Unreadable(
                f"{path.name} is larger than {BYTES // 2**20} MB, more than I read. "
                "Bring a backup instead."
            )
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Unreadable(
            f"There is no file {path}. Check the name, or give the whole path."
        ) from None
    except OSError as problem:
        why = problem.strerror or "the system refused"
        raise Unreadable(f"I could not open {path}: {why}. Check that I may read it.") from problem
    except UnicodeDecodeError as problem:
        raise Unreadable(
            f"{path.name} is not UTF-8 text. Save it so, and import again."
        ) from problem


def _composed(content: str) -> yaml.Node | None:
    loader = _Loader(content)
    try:
        root: yaml.Node | None = loader.get_single_node()
        return root
    finally:
        loader.dispose()


def _value(node: yaml.Node, spec: Spec, problems: list[str]) -> Any:
    """What a node says, or None with a problem noted."""
    line = node.start_mark.line + 1
    try:
        match spec, node:
            case Fields(), yaml.MappingNode():
                return _entry(node, spec, problems)
            case Many(), yaml.SequenceNode():
                found = (_value(one, spec.of, problems) for one in node.value)
                return [one for one in found if one is not None]
            case Texts(), yaml.MappingNode():
                return {text(name): text(str(one.value)) for name, one in _pairs(node, problems)}
            case ((Fields() | Texts()), _):
                raise Unclear("here should be fields, each with its name")
            case Many(), _:
                raise Unclear("here should be a list")
            case _, yaml.ScalarNode() if callable(spec):
                if not node.tag.startswith(CORE):
                    raise Unclear(f"{node.tag} is nothing that a map holds")
                return spec(node.value)
        raise Unclear("here should be one value")
    except Unclear as unclear:
        problems.append(f"line {line}: {unclear.reason}")
        return None


def _entry(node: yaml.MappingNode, spec: Fields, problems: list[str]) -> Line:
    entry = Line()
    entry.line = node.start_mark.line + 1
    for name, one in _pairs(node, problems):
        if name not in spec.of:
            problems.append(f"line {one.start_mark.line + 1}: I don't know “{name[:60]}” here")
        elif one.tag != CORE + "null":
            entry[name] = _value(one, spec.of[name], problems)
    missing = [name for name in spec.needed if name not in entry]
    problems += [f"line {entry.line}: “{name}” is missing" for name in missing]
    return entry


def _pairs(node: yaml.MappingNode, problems: list[str]) -> Iterator[tuple[str, yaml.Node]]:
    seen: set[str] = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            problems.append(f"line {line}: a name should stand here")
        elif key.value in seen:
            problems.append(f"line {line}: “{key.value[:60]}” stands here twice")
        else:
            seen.add(key.value)
            yield key.value, value
