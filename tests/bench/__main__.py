"""All measurements, one after the other: `make bench`. Ratios hold where machines differ."""

import subprocess
import sys

PROGRAMS = ("ask", "start", "writes", "slack")


def main() -> int:
    failed = [
        name
        for name in PROGRAMS
        if subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False).returncode
    ]
    print(f"bench: {len(PROGRAMS) - len(failed)} passed, {len(failed)} failed", *failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
