"""A real browser, and a real server for it: started as a newcomer would start them."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect, sync_playwright

from tests.postgres import missing

QUIET = [  # it must not look for anything outside this machine
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The installed Chromium, without a window."""
    program = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
    if program is None:
        missing("no Chromium is installed")
    expect.set_options(timeout=15_000)  # a machine that is busy is slow, and nothing is broken
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


class Served:
    """`throughline serve` as a process of its own, on a free port and its own database."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder, self._settings = folder, settings
        self.start()

    def start(self) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME")},
            "DATABASE_URL": f"sqlite:///{self._folder / 'served.db'}",
            "PORT": "0",
            **self._settings,
        }
        with (self._folder / "served.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"],
                env=environment,
                cwd=Path(__file__).parent.parent,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout
        said = self._process.stdout.readline()
        assert " at http" in said, f"it said {said!r}; see {self._folder / 'served.log'}"
        self.address = said.split(" at ")[1].split()[0]

    def stop(self, name: signal.Signals = signal.SIGTERM) -> int:
        self._process.send_signal(name)
        assert self._process.stdout
        code = self._process.wait(timeout=10)
        self._process.stdout.close()
        return code

    @property
    def pid(self) -> int:
        return self._process.pid

    def log(self) -> str:
        return (self._folder / "served.log").read_text(encoding="utf-8")


def knock(
    served: Served, method: str, path: str, headers: dict[str, str], body: str | bytes = ""
) -> tuple[int, str]:
    """Ask as any program on this machine could; gives the status and what was said."""
    where = urlsplit(served.address)
    assert where.hostname
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=5)
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    return answer.status, said


def token_of(served: Served) -> str:
    """The token that its pages carry."""
    page = knock(served, "GET", "/", {})[1]
    return page.split('name="throughline-token" content="')[1].split('"')[0]


def ours(served: Served) -> dict[str, str]:
    """The headers that a page of ours sends."""
    return {
        "Origin": served.address,
        "X-Throughline-Token": token_of(served),
        "Content-Type": "application/json",
    }
