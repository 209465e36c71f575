"""Sends 100,000 made-up requests to every route: `python -m tests.soak.routes --share 0.02`.

None gets a 5xx, none leaves a traceback in the log. Then it asks beside 200 callers that never
finish their headers, and prints how long that takes beside how long it takes without them.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from tests.browser import Served, ours
from tests.knocking import Said, call, knock
from tests.soak import options

REQUESTS = 100_000
AT_ONCE = 24
PATIENT = 0.4  # seconds, then a caller leaves: many requests are never whole
LEFT = Said(0, {}, "")
SLOW, TIMED = 200, 2_000  # callers that never finish, and requests whose time is taken
ROUNDS = 5
NOISE = 25.0  # milliseconds that a good request may take on a busy machine, whoever is beside it
PATHS = (
    "/", "/healthz", "/static/house.css", "/static/sandbox.js", "/sandbox/pane?pane=it",
    "/sandbox/pane?pane=business&as=dana@harnisfeld.example", "/sandbox/suggest?pane=it&text=which",
    "/sandbox/stream?business=&it=&last=0",
    "/sandbox/say", "/sandbox/press", "/sandbox/submit", "/import", "/import/file?name=list.csv",
    "/import/file/gone", "/import/file/gone/look", "/import/file/gone/bring",
    "/import/file/gone/stop", "/import/file/gone/problems.csv", "/x/" + "a" * 43, "/nothing",
    "/record", "/record?head=record+1", "/decisions", "/decisions/7", "/decisions/x",
    "/looking/gone", "/in/" + "a" * 43, "/j/" + "a" * 43, "/out", "/slack/events", "/readyz",
)  # fmt: skip
POSTED = (  # what a page of ours sends, most of it to the sandbox
    *("/sandbox/say", "/sandbox/press", "/sandbox/submit") * 4, "/import/file?name=list.csv",
    "/import/file/gone/look", "/import/file/gone/bring", "/import/file/gone/stop", "/x/" + "a" * 43,
)  # fmt: skip
METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "BREW",
    "",
)
TYPES = ("application/json", "text/plain", "application/octet-stream", "multipart/form-data",
         "application/x-www-form-urlencoded; charset=klingon", "a/b;;=", "")  # fmt: skip
JUNK = ("%00", "%ff", "%ed%a0%80", "..%2f", "//", "%", "%zz", "?a=%00", "?last=x", "?pane=", "#",
        "\udcff", "x" * 300, "x" * 9000, "[", "\t", "?file=%F0%9F%98%80", ";", "*")  # fmt: skip
HEADERS = (
    "Host: evil.example", "Host: [::1", "Host: \udcff", "Content-Length: -1", "Content-Length: 9x",
    "Transfer-Encoding: chunked", "Transfer-Encoding: gzip", "Content-Encoding: gzip",
    "Expect: 100-continue", "Expect: \udcff", "Cookie: throughline_link=\udcff; ;;=", "Origin: //[",
    "X-Throughline-Token: \udcff", "X-Throughline-Token: é",
    "Range: bytes=9-1,x", "Range: bytes=-0",
    "Last-Event-ID: 99999999999999999999", "If-Modified-Since: Mon, 99 Foo 99999 99:99:99 GMT",
    "If-None-Match: \udcff", "Upgrade: websocket\r\nConnection: Upgrade", "Connection: close",
    "Accept-Encoding: gzip, br;q=x", "X: " + "y" * 9000, "no colon", ": no name",
    "X-Forwarded-For: 192.0.2.1",
)  # fmt: skip
VALUES: tuple[object, ...] = (
    0, -1, 2**63, 1.5, None, True, "", "\u0000", "\ud800", "it", "business", [], {}, "99", "7",
    "x" * 5000,
)  # fmt: skip
TYPED = ("which priority does One login support?", "help", "'); --", "x" * 4000, "é")
FIELDS = ("pane", "as", "text", "line", "button", "values", "key")


class Made:
    """Makes them up: half are good requests of a page of ours with something changed."""

    def __init__(self, seed: int, page: dict[str, str]) -> None:
        self.random, self._page = Random(seed), page

    def request(self) -> bytes:
        pick = self.random.choice
        if self.random.random() < 0.02:
            return self.random.randbytes(self.random.randrange(1, 400)) + b"\r\n\r\n"
        is_ours = self.random.random() < 0.5
        path = pick(POSTED if is_ours else PATHS)
        method = "POST" if is_ours else pick(METHODS)
        body = self._body(path)
        headers = {"Host": urlsplit(self._page["Origin"]).netloc, "Content-Length": str(len(body))}
        if is_ours:
            headers |= self._page
            is_file = path.startswith("/import/file?")
            headers["Content-Type"] = "application/octet-stream" if is_file else "application/json"
            if path.startswith("/x/"):
                headers["Content-Type"] = "application/x-www-form-urlencoded"
        else:
            headers["Content-Type"] = pick(TYPES)
        lines = [f"{name}: {value}" for name, value in headers.items()]
        if self.random.random() < 0.3:
            self._change(lines)
        if self.random.random() < 0.1:
            path += pick(JUNK)
        version = pick(("1.1",) * 9 + ("1.0",)) if self.random.random() < 0.98 else pick(("9", "x"))
        head = "\r\n".join([f"{method} {path} HTTP/{version}", *lines, "", ""])
        return head.encode("utf-8", "surrogateescape") + body

    def _change(self, lines: list[str]) -> None:
        place = self.random.randrange(len(lines))
        match self.random.randrange(3):
            case 0:
                del lines[place]
            case 1:
                lines.insert(place, self.random.choice(HEADERS))
            case _:
                name = lines[place].partition(":")[0]
                lines[place] = f"{name}: {self.random.choice(JUNK)}"

    def _body(self, path: str) -> bytes:
        pick = self.random.choice
        fields = {name: pick(VALUES) for name in FIELDS if self.random.random() < 0.2}
        if self.random.random() < 0.8:
            fields |= {"pane": pick(("it", "business")), "as": "", "text": pick(TYPED)}
            fields |= {"line": self.random.randrange(40), "button": self.random.randrange(4)}
        said = json.dumps(fields).encode()
        match self.random.randrange(14):
            case 0:
                return b""
            case 1:
                return said[: self.random.randrange(len(said) + 1)]
            case 2:
                return self.random.randbytes(self.random.randrange(200))
            case 3 if path.startswith("/import/file?"):
                return b"Name,Goal\nCRM,Sell more\n"
        return said


async def send(port: int, made: Made, many: int, address: str, counts: Counter[int]) -> str:
    """So many of them, each on a connection of its own. Gives the first that got a 5xx."""
    for _ in range(many):
        sent = made.request()
        caller = await call(port, address)
        try:
            await caller.send(sent)
            said = await asyncio.wait_for(caller.hear(is_head=True), PATIENT)
        except (TimeoutError, ConnectionError):
            said = LEFT
        finally:
            await caller.close()
        counts[said.status] += 1
        is_busy = said.status == 503 and sent.startswith(b"POST /import/file?")  # files in hand
        if said.status >= 500 and not is_busy:
            return f"{said.status} to {sent!r}"
    return ""


async def timed(port: int, many: int) -> list[float]:
    """Milliseconds of each of so many good requests."""
    took = []
    for _ in range(many):
        start = time.perf_counter()
        said = await knock(port, b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
        took.append((time.perf_counter() - start) * 1000)
        assert said.status == 200, said
    return took


async def beside_the_slow(port: int, many: int) -> tuple[list[float], list[float]]:
    """Without them, and with: each sends a byte of a header every half second, and comes again."""

    async def drip() -> None:
        while True:
            caller = await call(port)
            try:
                await caller.send(b"GET / HTTP/1.1\r\nHost: here\r\nX-Slow: ")
                while True:
                    await asyncio.sleep(0.5)
                    await caller.send(b"x")
            except ConnectionError:
                continue
            finally:
                await caller.close()

    alone: list[float] = []
    beside: list[float] = []
    for _ in range(ROUNDS):  # by turns: what else the machine does then slows both
        alone += await timed(port, many // ROUNDS)
        slow = [asyncio.create_task(drip()) for _ in range(SLOW)]
        await asyncio.sleep(1)
        beside += await timed(port, many // ROUNDS)
        for one in slow:
            one.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
    return sorted(alone), sorted(beside)


async def run(served: Served, seed: int, many: int, tell: Callable[[str], None]) -> str:
    port = urlsplit(served.address).port
    assert port
    counts: Counter[int] = Counter()
    page, began = ours(served), time.perf_counter()
    each = -(-many // AT_ONCE)
    wrong = await asyncio.gather(
        *(send(port, Made(seed + one, page), each, f"127.1.0.{one + 1}", counts)
          for one in range(AT_ONCE))
    )  # fmt: skip
    if any(wrong):
        return next(filter(None, wrong))
    for line in served.log().splitlines():
        if "Traceback" in line or '"ERROR"' in line:
            return f"something failed in the log: {line}"
    told = ", ".join(
        f"{status or 'left or closed'} {count:,}" for status, count in sorted(counts.items())
    )
    tell(f"{counts.total():,} requests, no 5xx but where files are in hand, no traceback ({told}), "
         f"{time.perf_counter() - began:.0f} s")  # fmt: skip
    alone, beside = await beside_the_slow(port, max(200, min(TIMED, many)))
    tell("p50 and p99 in ms: " + " and ".join(
        f"{name} {took[len(took) // 2]:.1f} and {_p99(took):.1f}"
        for name, took in (("alone", alone), (f"beside {SLOW} that never finish,", beside))
    ))  # fmt: skip
    return "" if _p99(beside) < max(2 * _p99(alone), NOISE) else "that is twice as slow"


def _p99(took: list[float]) -> float:
    return took[len(took) * 99 // 100]


def main() -> int:
    given = options.parser(__doc__).parse_args()
    many = max(AT_ONCE, round(REQUESTS * given.share))
    with tempfile.TemporaryDirectory() as folder:
        served = Served(Path(folder))
        said: list[str] = []
        try:
            wrong = asyncio.run(run(served, given.seed, many, said.append))
        finally:
            served.stop()
    print(f"routes: {'; '.join([*said, *([wrong] if wrong else [])])}, seed {given.seed}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
