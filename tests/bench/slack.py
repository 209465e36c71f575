"""Times a question through the signed door of Slack beside a bare Bolt app: `make bench`.

Both are servers of their own. Ours knows 10,000 projects and answers `/align which priority does …
support?`; the other echoes what was typed. The same signed requests go to both, by as many
connections at once, in turns.
"""

import argparse
import asyncio
import hashlib
import hmac
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from statistics import median, quantiles
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack import ways
from tests.slack.server import Slack
from tests.slack.world import User
from tests.soak.companies import Company
from tests.soak.portfolios import company, held_back
from tests.soak.questions import Asked

PROJECTS = 10_000
CONNECTIONS = (16, 64, 256)
ROUNDS = 3  # of each, in turns
EACH = 512  # requests of one round
LEAST_RATE, MOST_P99 = 0.5, 2.5  # of the bare app's
BARE = "--bare"


async def main() -> int:
    random, failed = Random(1), False
    names = held_back(company(PROJECTS + PROJECTS // 4, random), 0.2, random)
    with tempfile.TemporaryDirectory() as folder:
        known = Company(*names)
        Asked(known, Path(folder)).database.close()
        titles = [name.text for name in random.sample(known.stored, 2000)]
        async with Slack.start() as slack:
            slack.web.is_limited = False
            acme = slack.workspace("Acme")
            dana = acme.person("Dana", email="dana@asked.example")
            at = acme.channel("steering", dana)
            asking = Asking(slack, dana, at.id, titles)
            settings = {
                "DATABASE_URL": f"sqlite:///{Path(folder) / 'asked.db'}",
                "SLACK_API_URL": slack.api,
                "SLACK_BOT_TOKEN": acme.token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "PORT": "0",
            }
            async with (
                _served(["-m", "bot", "serve"], settings) as ours,
                _served(["-m", "tests.bench.slack", BARE], settings) as bare,
            ):
                for address in (ours, bare):
                    await asking.round(address, 4, 64)  # they are met, names are read
                for connections in CONNECTIONS:
                    failed |= await _compared(asking, ours, bare, connections)
    return int(failed)


async def _compared(asking: "Asking", ours: str, bare: str, connections: int) -> bool:
    asking.late = 0
    rates: dict[str, list[float]] = {ours: [], bare: []}
    tails: dict[str, list[float]] = {ours: [], bare: []}
    for _ in range(ROUNDS):
        for address in (bare, ours):
            rate, taken = await asking.round(address, connections, max(EACH, 4 * connections))
            rates[address].append(rate)
            tails[address].append(quantiles(taken, n=100)[-1])
    rate = median(rates[ours]) / median(rates[bare])
    p99 = median(tails[ours]) / median(tails[bare])
    print(
        f"slack: {connections} connections: {median(rates[ours]):.0f} answers a second, p99 "
        f"{1000 * median(tails[ours]):.0f} ms; bare Bolt {median(rates[bare]):.0f}, "
        f"{1000 * median(tails[bare]):.0f} ms; ratio {rate:.2f} (at least {LEAST_RATE}) and "
        f"{p99:.2f} (at most {MOST_P99}); {asking.late} answered later"
    )
    return rate < LEAST_RATE or p99 > MOST_P99 or asking.late > 0


class Asking:
    """Sends slash commands, each signed and a delivery of its own."""

    def __init__(self, slack: Slack, who: User, at: str, titles: Sequence[str]) -> None:
        self._slack, self._who, self._titles = slack, who, titles
        (self._at,) = [one for one in who.of.channels if one.id == at]
        self._secret, self._number = slack.signing_secret.encode(), 0
        self.late = 0  # that were not answered at once, but later

    async def round(self, address: str, connections: int, count: int) -> tuple[float, list[float]]:
        """So many requests: answers a second, and the seconds that each took."""
        requests = [self._request(address) for _ in range(count)]
        taken: list[float] = []
        parts = urlsplit(address)

        async def caller() -> None:
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            while requests:
                sent, began = requests.pop(), time.perf_counter()
                writer.write(sent)
                head = await reader.readuntil(b"\r\n\r\n")
                size = int(head.lower().split(b"content-length:")[1].split()[0])
                body = await reader.readexactly(size)
                assert head.startswith(b"HTTP/1.1 200"), head
                self.late += b"Looking" in body
                taken.append(time.perf_counter() - began)
            writer.close()

        began = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(connections)))
        return count / (time.perf_counter() - began), taken

    def _request(self, address: str) -> bytes:
        self._number += 1
        text = f"which priority does {self._titles[self._number % len(self._titles)]} support?"
        trigger = f"{self._number}.bench"
        told = ways.slash("/align", text, self._who, self._at, trigger, "")
        body, at = urlencode(told).encode(), str(int(time.time()))
        whole = b"v0:" + at.encode() + b":" + body
        proof = hmac.new(self._secret, whole, hashlib.sha256).hexdigest()
        head = (
            f"POST /slack/events HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            f"X-Slack-Request-Timestamp: {at}\r\nX-Slack-Signature: v0={proof}\r\n\r\n"
        )
        return head.encode() + body


@asynccontextmanager
async def _served(program: Sequence[str], settings: dict[str, str]) -> AsyncIterator[str]:
    """A server in a process of its own; it prints its address."""
    server = await asyncio.create_subprocess_exec(
        sys.executable, *program, env={**os.environ, **settings},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert server.stdout
    try:
        line = (await server.stdout.readline()).decode()
        while "http://" not in line:
            assert line, f"{program} did not start"
            line = (await server.stdout.readline()).decode()
        yield f"http://{line.split('http://')[1].split()[0]}"
    finally:
        server.terminate()
        await server.wait()


def _bare() -> int:
    """A Bolt app as its first page shows it: it echoes, and does nothing else."""
    client = AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_API_URL"])
    app = AsyncApp(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])

    @app.command("/align")
    async def echo(ack, command) -> None:  # type: ignore[no-untyped-def]  # as its first page has it
        await ack(command["text"])

    async def serve() -> None:
        runner = web.AppRunner(app.web_app())
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        print(f"at http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        await asyncio.Event().wait()

    asyncio.run(serve())
    return 0


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument(BARE, action="store_true")
    sys.exit(_bare() if options.parse_args().bare else asyncio.run(main()))
