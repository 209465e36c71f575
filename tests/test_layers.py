"""The drawing in DESIGN.md, held by reading the sources: imports only point down."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOF = "bot/__main__.py"
RAFTERS = "bot/roof"  # what it is made of; nobody else looks in
ROOFED = ("bot.__main__.", "bot.roof.")
MAY_IMPORT = {
    "storage": {"storage"},
    "bot": {"bot"},
    "digests": {"digests", "storage", "bot"},
    "handlers": {"handlers", "digests", "storage", "bot"},
}
HOMES = {  # of each SDK: the only places that may know it
    "slack_bolt": ("bot/slack",),
    "slack_sdk": ("bot/slack",),
    "botbuilder": ("bot/teams",),
    "botframework": ("bot/teams",),
    "apscheduler": ("bot/ticking",),
    "aiohttp": ("bot/web", "bot/slack", "bot/teams", ROOF, RAFTERS),
}
PLATFORMS = {"slack", "teams", "sandbox", "terminal"}
PLATFORM_FREE = ("handlers", "digests", "storage")

Source = tuple[str, ast.Module]
Check = Callable[[Path], list[str]]


def sources(root: Path, *folders: str) -> Iterator[Source]:
    """Every source below these folders: its path from the root, and its tree."""
    for folder in folders or MAY_IMPORT:
        for file in sorted((root / folder).rglob("*.py")):
            yield file.relative_to(root).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def imported(path: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every module that a source may load, with its line; `from a import b` may load `a.b`."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, one.name) for one in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                here = Path(path).parent.parts
                above = here[: len(here) - level + 1] if level else ()
                whole = ".".join((*above, *((module,) if module else ())))
                yield node.lineno, whole
                yield from ((node.lineno, f"{whole}.{one.name}") for one in names)
            case ast.Call(
                func=ast.Name("import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[first, *_],
            ):
                for part in ast.walk(first):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield node.lineno, part.value


def upward(root: Path) -> list[str]:
    """Imports of ours that do not point down, or that reach for the roof."""
    found = []
    for path, tree in sources(root):
        if path == ROOF or path.startswith(f"{RAFTERS}/"):
            continue
        may = MAY_IMPORT[path.partition("/")[0]]
        for line, module in imported(path, tree):
            top = module.partition(".")[0]
            if (top in MAY_IMPORT and top not in may) or f"{module}.".startswith(ROOFED):
                found.append(f"{path}:{line} imports {module}")
    return found


def hidden(root: Path) -> list[str]:
    """Imports that do not stand at the top of their file."""
    found = []
    for path, tree in sources(root):
        top: list[ast.stmt] = []
        for statement in tree.body:
            is_docstring = not top and isinstance(statement, ast.Expr)
            if not is_docstring and not isinstance(statement, ast.Import | ast.ImportFrom):
                break
            top.append(statement)
        found += [
            f"{path}:{node.lineno} imports below the top"
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom) and node not in top
        ]
    return found


def astray(root: Path) -> list[str]:
    """SDKs outside their one module."""
    found = []
    for path, tree in sources(root):
        for line, module in imported(path, tree):
            homes = HOMES.get(module.partition(".")[0])
            at_home = homes and any(
                path == home or path == f"{home}.py" or path.startswith(f"{home}/")
                for home in homes
            )
            if homes and not at_home:
                found.append(f"{path}:{line} imports {module}")
    return found


def partial(root: Path) -> list[str]:
    """Names and values that name a platform where none may be known. Prose is free."""
    found = []
    for path, tree in sources(root, *PLATFORM_FREE):
        found += [f"{path} names a platform" for _ in _platforms_in(path.removesuffix(".py"))]
        prose = set(_docstrings(tree))
        for node in ast.walk(tree):
            for said in _said(node):
                found += [f"{path}:{_line(node)} names {word}" for word in _platforms_in(said)]
            match node:
                case ast.Constant(value=str(said)) if node not in prose:
                    if said.strip().lower() in PLATFORMS:
                        found.append(f"{path}:{node.lineno} says {said!r}")
    return found


def _said(node: ast.AST) -> Iterator[str]:
    """The identifiers that a node brings; module paths come whole."""
    for field, value in ast.iter_fields(node):
        if field in ("id", "attr", "arg", "name", "asname", "module", "rest", "names", "kwd_attrs"):
            yield from (one for one in (value if isinstance(value, list) else [value])
                        if isinstance(one, str))  # fmt: skip


def _platforms_in(identifier: str) -> list[str]:
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)
    return [word for word in (one.lower() for one in words) if word in PLATFORMS]


def _docstrings(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            match node.body:
                case [ast.Expr(value=ast.Constant(value=str()) as said), *_]:
                    yield said


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


CHECKS: dict[str, Check] = {
    "upward": upward, "hidden": hidden, "astray": astray, "partial": partial,
}  # fmt: skip


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_the_layers_hold(check: Check) -> None:
    assert check(ROOT) == []


def test_the_sources_are_really_read() -> None:
    read = [path for path, _ in sources(ROOT)]
    assert {path.partition("/")[0] for path in read} == set(MAY_IMPORT)
    assert ROOF in read
    assert "storage/migrations/versions/0001_the_map.py" in read


WRONG: tuple[tuple[str, str, str, list[str]], ...] = (
    ("upward", "storage/map.py", "from handlers import home", ["handlers", "handlers.home"]),
    ("upward", "storage/map.py", "import bot.messages", ["bot.messages"]),
    ("upward", "bot/words.py", "from storage.people import Person",
     ["storage.people", "storage.people.Person"]),
    ("upward", "bot/slack/edge.py", "from digests import plan", ["digests", "digests.plan"]),
    ("upward", "digests/plan.py", "import handlers.home as h", ["handlers.home"]),
    ("upward", "handlers/home.py", "from bot.__main__ import House",
     ["bot.__main__", "bot.__main__.House"]),
    ("upward", "handlers/home.py", "from bot import __main__", ["bot.__main__"]),
    ("upward", "bot/sender.py", "from bot.roof import house", ["bot.roof", "bot.roof.house"]),
    ("upward", "bot/words.py", "from .__main__ import House",
     ["bot.__main__", "bot.__main__.House"]),
    ("upward", "storage/names/index.py", "from ...bot import words", ["bot", "bot.words"]),
    ("upward", "storage/map.py", "def f():\n    import handlers", ["handlers"]),
    ("upward", "storage/map.py",
     "from importlib import import_module\nimport_module('bot.words')", ["bot.words"]),
    ("astray", "handlers/home.py", "import slack_sdk.web", ["slack_sdk.web"]),
    ("astray", "bot/teams/edge.py", "from slack_bolt import App", ["slack_bolt", "slack_bolt.App"]),
    ("astray", "bot/web/pages.py", "import botbuilder.core", ["botbuilder.core"]),
    ("astray", "bot/slack.py", "import botframework.connector", ["botframework.connector"]),
    ("astray", "bot/terminal.py", "import aiohttp", ["aiohttp"]),
    ("astray", "digests/plan.py", "import apscheduler.triggers", ["apscheduler.triggers"]),
    ("astray", "bot/webbing.py", "import aiohttp", ["aiohttp"]),
)  # fmt: skip


@pytest.mark.parametrize(("check", "path", "source", "modules"), WRONG)
def test_a_wrong_import_is_found(
    tmp_path: Path, check: str, path: str, source: str, modules: list[str]
) -> None:
    _write(tmp_path, path, source)
    assert [finding.split(" imports ")[1] for finding in CHECKS[check](tmp_path)] == modules


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    import json",
        "class A:\n    import json",
        "try:\n    import json\nexcept ImportError:\n    pass",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import json",
        "A = 1\nimport json",
        '"""Says."""\nimport os\n"""Says again."""\nimport json',
    ],
)
def test_an_import_below_the_top_is_found(tmp_path: Path, source: str) -> None:
    _write(tmp_path, "bot/words.py", source)
    assert len(hidden(tmp_path)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "slack = 1",
        "def to_slack(): ...",
        "def f(teams): ...",
        "class SlackCard: ...",
        "class ForTEAMSOnly: ...",
        "x.is_terminal = 1",
        "f(sandbox=1)",
        "from bot import terminal",
        "import bot.slack.edge",
        "from bot.teams import edge",
        "import json as slack_json",
        "async def slack(): ...",
        "match x:\n    case {'a': 1, **teams}: ...",
        "match x:\n    case Card() as slack: ...",
        "match x:\n    case Card(slack=1): ...",
        "try: ...\nexcept ValueError as slack: ...",
        "def f():\n    global teams",
        "if platform == 'slack': ...",
        "PLATFORMS = ('Teams',)",
        "x = f'{y}slack'",
    ],
)
@pytest.mark.parametrize("folder", PLATFORM_FREE)
def test_a_platforms_name_is_found(tmp_path: Path, folder: str, source: str) -> None:
    _write(tmp_path, f"{folder}/home.py", source)
    assert len(partial(tmp_path)) >= 1


def test_a_file_named_after_a_platform_is_found(tmp_path: Path) -> None:
    _write(tmp_path, "handlers/slack.py", "")
    _write(tmp_path, "digests/teams/post.py", "")
    assert len(partial(tmp_path)) == 2


def test_what_is_right_is_not_found(tmp_path: Path) -> None:
    _write(tmp_path, "handlers/home.py", '''
"""Slack and Teams, in prose."""
import json
from bot.messages import Card
from digests import plan
from storage.people import Person

def f(steams, steamship, terminals):
    """teams"""
    return "our teams meet in Slack"  # slack
''')  # fmt: skip
    _write(tmp_path, "digests/plan.py", "from storage import people\nfrom bot import words")
    _write(tmp_path, "bot/slack/edge.py", "import slack_bolt\nimport aiohttp\nslack = 'slack'")
    _write(tmp_path, "bot/teams.py", "import botbuilder.core\nfrom . import messages")
    _write(tmp_path, ROOF, "from handlers import router\nimport aiohttp\nimport storage")
    _write(tmp_path, "storage/names/index.py", "from . import name\nfrom .. import people")
    assert {name: check(tmp_path) for name, check in CHECKS.items()} == {
        name: [] for name in CHECKS
    }


def _write(root: Path, path: str, source: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source)
