"""Whoever operates it types what README says, in its order, and each of it works."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8").split("## Operating it")[1]
LIST = "Project,Owner,Goal\nWeb shop,dana@acme.example,Sell more\n"
SHELL = f'throughline() {{ {shlex.quote(sys.executable)} -m bot "$@"; }}\n'
STEPS: tuple[
    tuple[str, dict[str, str], str], ...
] = (  # what README says, what is typed for its placeholders, and what is then read
    ("throughline import FILE", {"FILE": "projects.csv"}, "1 new"),
    ('throughline do "TEXT"', {"TEXT": "decide buy the CRM @me"}, "D-1 buy the CRM"),
    ("throughline check", {}, "The newest on record is record"),
    ("throughline export FILE", {"FILE": "map.yaml"}, "map.yaml is written"),
    ("throughline export FILE", {"FILE": "map.xlsx"}, "map.xlsx is written"),
    ("throughline verify", {}, "the record is whole"),
    ('throughline backup "/backups/$(date +%F).db"', {"/backups/": ""}, "I read it again"),
    ("DATABASE_URL=sqlite:///trial.db throughline restore FILE", {"FILE": "20*.db"}, "Restored"),
    ("throughline restore FILE", {"FILE": "20*.db"}, "Name an empty one in DATABASE_URL"),
    ("throughline restore FILE", {"FILE": "20*.db --replace"}, "backed up first|What stood there"),
    ('throughline verify --head "record 214 · 7f3a91c2"', {"214 · 7f3a91c2": "HEAD"}, "is whole"),
    ("throughline erase EMAIL", {"EMAIL": "dana@acme.example"}, "has not left"),
)


def test_readme_is_followed_word_for_word(tmp_path: Path) -> None:
    (tmp_path / "projects.csv").write_text(LIST)
    head = "none"
    for said, given, read in STEPS:
        assert f"{said}`" in README, f"README does not say {said}"
        typed = said
        for placeholder, what in given.items():
            typed = typed.replace(placeholder, what.replace("HEAD", head))
        told = _types(typed, tmp_path)
        assert re.search(read, told), f"{typed}\n{told}"
        if found := re.search(r"record (\d+ · [0-9a-f]{8})", told):
            head = found[1]
    (backup,) = tmp_path.glob("20*-??.db")
    assert backup.stat().st_mode & 0o077 == 0


def _types(typed: str, folder: Path) -> str:
    ran = subprocess.run(
        ["/bin/sh", "-c", f"{SHELL}{typed}"], cwd=folder, capture_output=True, text=True,
        timeout=60, check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return ran.stdout + ran.stderr


def test_the_line_for_a_container_dumps_as_backup_does() -> None:
    ours, theirs = re.findall(r"pg_dump (--format[^`]*?)(?: --file=FILE| --username)", README)
    assert ours == theirs
