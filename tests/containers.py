"""Does what the Containerfile says, step by step, without an engine: `python -m tests.containers`.

Its folders are made below a temporary one, everything else runs as it stands there: the packages
are installed from the lock, the program is started as that ordinary user, asked, and stopped.
"""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
OURS = ("/app", "/data")  # of the image's folders, those that its steps write
STARTS, ENDS = 30.0, 12.0  # seconds


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction, and what stands after it."""

    does: str
    what: str


@dataclass(slots=True)
class Image:
    """What the steps have come to so far."""

    root: Path
    folder: str = "/"
    user: int | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def here(self, text: str) -> str:
        """With our own folders where they are here."""
        for folder in OURS:
            text = re.sub(rf"(?<![\w.]){folder}\b", f"{self.root}{folder}", text)
        return text

    @property
    def inside(self) -> Path:
        return Path(self.here(self.folder))


def steps(text: str) -> Iterator[Step]:
    """The instructions of a Containerfile, lines that go on put together."""
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip() and not line.startswith("#"):
            does, _, what = line.strip().partition(" ")
            yield Step(does.upper(), what.strip())


def do(step: Step, image: Image) -> None:
    """One step. What only an engine can do is left to it."""
    match step.does:
        case "WORKDIR":
            image.folder = step.what
            image.inside.mkdir(parents=True, exist_ok=True)
        case "COPY":
            *sources, to = shlex.split(step.what)
            for source in sources:
                _copy(ROOT / source, image.inside / to)
        case "ENV":
            image.environment |= dict(pair.split("=", 1) for pair in shlex.split(step.what))
        case "USER":
            image.user = int(step.what)
        case "RUN":
            subprocess.run(
                ["/bin/sh", "-ec", image.here(step.what)], cwd=image.inside, check=True,
                env=os.environ | {"PATH": f"{image.root / 'bin'}:{os.environ['PATH']}"},
                stdout=subprocess.DEVNULL,
            )  # fmt: skip


def _copy(source: Path, to: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, to / source.name if to.is_dir() else to)


def starts(command: list[str], check: list[str], image: Image) -> str:
    """Run it as its user until its own health check says that it is well; then stop it."""
    variables = {name: image.here(value) for name, value in image.environment.items()}
    variables |= {"HOST": "127.0.0.1", "PORT": str(_free_port()), "PATH": "/usr/bin:/bin"}
    before = _written(image)
    process = subprocess.Popen(
        [image.here(part) for part in command], cwd=image.inside, env=variables,
        user=image.user, group=image.user, extra_groups=[], umask=0o022,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        _wait_until_well([image.here(part) for part in check], variables, process)
        with urllib.request.urlopen(f"http://127.0.0.1:{variables['PORT']}/") as page:
            assert page.status == 200
    finally:
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        try:
            said, _ = process.communicate(timeout=ENDS)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
    assert process.returncode == 0, said
    written = _written(image) - before
    outside = {path for path in written if not path.startswith(f"{image.root}/data/")}
    assert not outside, f"it wrote outside of /data: {sorted(outside)}"
    assert written, "it kept nothing in /data"
    return f"well, stopped in {time.monotonic() - began:.1f} s"


def _wait_until_well(
    check: list[str], variables: dict[str, str], process: "subprocess.Popen[str]"
) -> None:
    until = time.monotonic() + STARTS
    while subprocess.run(check, env=variables, capture_output=True, check=False).returncode:
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < until, "its health check never said that it is well"
        time.sleep(0.2)


def _written(image: Image) -> set[str]:
    return {str(path) for path in image.root.rglob("*") if path.is_file()}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def python_for_all() -> str:
    """A Python that an ordinary user can run too: another one's home folder is closed to them."""
    for found in (sys.base_prefix + "/bin/python3", "/usr/bin/python3"):
        parents = Path(found).resolve().parents
        if Path(found).exists() and all(one.stat().st_mode & stat.S_IXOTH for one in parents):
            return found
    raise SystemExit("No Python here can be run by an ordinary user.")


def main() -> None:
    """All steps, one line each."""
    wanted = list(steps((ROOT / "Containerfile").read_text()))
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        image = Image(Path(folder))
        (image.root / "bin").mkdir()
        (image.root / "bin" / "python").symlink_to(python_for_all())
        try:
            for step in wanted:
                began = time.monotonic()
                do(step, image)
                print(
                    f"{time.monotonic() - began:6.1f} s  {step.does} {step.what[:70]}", flush=True
                )
            (command,) = (json.loads(one.what) for one in wanted if one.does == "CMD")
            (check,) = (one.what for one in wanted if one.does == "HEALTHCHECK")
            print(f"         {starts(command, json.loads(check.partition(' CMD ')[2]), image)}")
        finally:
            subprocess.run(["userdel", "throughline"], capture_output=True, check=False)


if __name__ == "__main__":
    main()
