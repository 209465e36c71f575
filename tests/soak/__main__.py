"""All big counts, one after the other: `make soak`, or a share of them: `make soak SHARE=0.02`."""

import os
import subprocess
import sys

PROGRAMS = (
    "ask",
    "questions",
    "typed",
    "outbox",
    "occurrences",
    "decisions",
    "canaries",
    "routes",
    "power",
    "renders",
    "slack_crowd",
)


def main() -> int:
    share = os.environ.get("SHARE", "1")
    failed = []
    for program in PROGRAMS:
        command = [sys.executable, "-m", f"tests.soak.{program}", "--share", share]
        if subprocess.run(command, check=False).returncode:
            failed.append(program)
    print(f"soak: {len(PROGRAMS) - len(failed)} passed, {len(failed)} failed", *failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
