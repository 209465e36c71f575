"""The files that run it for others say what the program says."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from bot.settings import Settings
from tests.containers import steps
from tests.postgres import binaries, missing

ROOT = Path(__file__).parents[1]
STEPS = list(steps((ROOT / "Containerfile").read_text()))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
NAMES = {name.upper() for name in Settings.model_fields}


def _what(does: str) -> list[str]:
    return [step.what for step in STEPS if step.does == does]


def test_every_folder_of_the_program_is_in_the_image() -> None:
    copied = {source for what in _what("COPY") for source in what.split()[:-1]}
    packages = {found.parent.name for found in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages < copied
    assert all((ROOT / one).exists() for one in copied)
    let_in = {
        line[1:] for line in (ROOT / ".containerignore").read_text().split() if line[0] == "!"
    }
    assert let_in == copied


def test_it_runs_as_an_ordinary_user_and_writes_in_one_folder() -> None:
    order = [step.does for step in STEPS]
    (user,) = _what("USER")
    assert int(user) > 1000
    assert order.index("USER") > max(at for at, does in enumerate(order) if does == "RUN")
    assert _what("VOLUME") == ["/data"]
    assert json.loads(_what("CMD")[0])[-1] == "serve"


def test_settings_in_the_files_are_settings() -> None:
    (variables,) = _what("ENV")
    in_image = {one.split("=")[0] for one in variables.split()}
    ours = COMPOSE["services"]["throughline"]
    assert in_image - {"PYTHONDONTWRITEBYTECODE"} <= NAMES
    assert set(ours["environment"]) <= NAMES


def test_the_composed_one_may_do_little_and_waits_for_its_database() -> None:
    ours, theirs = (COMPOSE["services"][name] for name in ("throughline", "postgres"))
    assert ours["read_only"] is True
    assert ours["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in ours["security_opt"]
    assert all(port.startswith("127.0.0.1:") for port in ours["ports"])
    assert ours["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert theirs["environment"]["POSTGRES_USER"] in ours["environment"]["DATABASE_URL"]
    assert set(COMPOSE["volumes"]) == {"data", "postgres"}


def test_the_databases_health_check_is_a_command_of_its() -> None:
    programs = binaries()
    if programs is None:
        missing("no PostgreSQL server is installed")
    assert programs is not None
    check = COMPOSE["services"]["postgres"]["healthcheck"]["test"][1].split()
    ran = subprocess.run(
        [programs / check[0], *check[1:], "--host", "/nowhere"], capture_output=True, check=False
    )
    assert ran.returncode == 2, ran.stderr  # it understood us, and nobody answered


def test_the_unit_is_one_that_systemd_reads() -> None:
    if not shutil.which("systemd-analyze"):
        missing("systemd is not installed")
    ran = subprocess.run(
        ["systemd-analyze", "verify", "./throughline.service"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = [line for line in ran.stderr.splitlines() if "is not executable" not in line]
    assert not said
