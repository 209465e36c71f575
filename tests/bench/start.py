"""Times a start until `/` answers, and its memory, beside a process that only imports the packages.

The packages are those the product is built on by name; importing them all is what a program made
of them would do at least.
"""

import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median

from tests.browser import Served

RUNS = 5
IMPORTS = "import slack_bolt, botbuilder.core, apscheduler, sqlmodel, jinja2"
SLOWEST_FIRST, SLOWEST_SECOND = 10.0, 5.0  # seconds, once packages are installed


def _served(folder: Path) -> tuple[float, float]:
    began = time.perf_counter()
    server = Served(folder)
    with urllib.request.urlopen(server.address) as page:
        assert b"Throughline" in page.read()
    seconds = time.perf_counter() - began
    memory = _resident(server.pid)
    server.stop()
    return seconds, memory


def _resident(pid: int) -> float:
    """MB that only a running process can tell."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _imported() -> tuple[float, float]:
    program = f"{IMPORTS}; import resource as r; print(r.getrusage(r.RUSAGE_SELF).ru_maxrss)"
    began = time.perf_counter()
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return time.perf_counter() - began, int(said.stdout) / 1024


def main() -> int:
    if not Path("/proc/self/status").exists():
        print("start: this machine does not tell a process's memory; not measured")
        return 0
    first, second, memory, beside, beside_memory = ([0.0] * RUNS for _ in range(5))
    for run in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            first[run], _ = _served(Path(folder))
            second[run], memory[run] = _served(Path(folder))
        beside[run], beside_memory[run] = _imported()
    ours, theirs = median(second), median(beside)
    print(
        f"start: first {median(first):.2f} s, second {ours:.2f} s, {median(memory):.0f} MB; "
        f"importing the named packages alone {theirs:.2f} s, {median(beside_memory):.0f} MB; "
        f"ratio {ours / theirs:.2f} in time, {median(memory) / median(beside_memory):.2f} in memory"
    )
    return 0 if median(first) <= SLOWEST_FIRST and ours <= SLOWEST_SECOND else 1


if __name__ == "__main__":
    sys.exit(main())
