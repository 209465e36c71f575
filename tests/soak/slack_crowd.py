"""Lets 200 people act in Slack at once, each commit 50 ms: `python -m tests.soak.slack_crowd`.

They type, mention, write directly and ask, over HTTP and then by Socket Mode, to a real server over
a fake Slack. Every acknowledgement comes in three seconds, what is called saved is in the database
at that moment, and nothing is lost. Then they do it again, and the server is told to stop in the
middle: whatever was acknowledged is in the database when it has ended.
"""

import argparse
import asyncio
import os
import signal
import sqlite3
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random, SystemRandom
from statistics import quantiles

from sqlalchemy import Connection, event

from bot.__main__ import main as throughline
from storage import database
from tests.slack.carrying import By
from tests.slack.server import Slack
from tests.slack.world import Channel, User

PEOPLE = 200
COMMIT = 0.05  # seconds
IN_TIME = 3.0
ENDED = 20.0  # seconds that the server may take to stop
AFTER = 5.0  # seconds for those who find nobody any more
SLOW = "--slow"


@dataclass
class Told:
    """What came of all that was done."""

    seconds: list[float] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)  # decisions that the transport took
    saved: set[str] = field(default_factory=set)  # of which somebody was told that they are
    wrong: list[str] = field(default_factory=list)


class Crowd:
    """All that act, and what they were told."""

    def __init__(self, slack: Slack, people: list[User], rooms: list[Channel], file: Path) -> None:
        self.slack, self.people, self.rooms, self.file = slack, people, rooms, file
        self.told = Told()

    def titles(self) -> set[str]:
        """What is committed, as another program sees it."""
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10) as connection:
            return {title for (title,) in connection.execute("SELECT title FROM decisions")}

    async def act(self, wave: int, random: Random) -> None:
        await asyncio.gather(*(
            self._does(wave, number, one, random.choice(self.rooms), random.randrange(4))
            for number, one in enumerate(self.people)
        ))  # fmt: skip

    async def _does(self, wave: int, number: int, who: User, room: Channel, way: int) -> None:
        title = f"tent {wave} of {number}"
        typed, slack = f"decide {title}", self.slack
        match way:
            case 0 | 1:
                shown = await slack.types(who, room, typed, waits=False)
            case 2:
                bot = who.of.bot
                shown = await slack.says(who, room, f"{bot} {typed}", waits=False, twin=True)
            case _:
                title = ""
                asked = "which priority does One login support?"
                shown = await slack.types(who, room, asked, waits=False)
        if shown.status != 200:
            return
        self.told.seconds.append(shown.seconds)
        if shown.seconds >= IN_TIME:
            self.told.wrong.append(f"acknowledged after {shown.seconds:.1f} s")
        if title:
            self.told.acknowledged.add(title)
        if title and "Saved." in shown:
            self.told.saved.add(title)
            if title not in await asyncio.to_thread(self.titles):
                self.told.wrong.append(f"{title} is called saved and is not")


async def crowd(by: By, count: int, random: Random, folder: Path) -> list[str]:
    """One server, two waves, one end. Gives what went wrong."""
    file = folder / f"{by}.db"
    async with Slack.start(by=by, burst=10 * count) as slack:
        slack.web.is_limited = False
        acme = slack.workspace("Acme")
        people = [acme.person(f"Person {number}") for number in range(count)]
        rooms = [acme.channel(f"room-{number}", *people) for number in range(5)]
        one = Crowd(slack, people, rooms, file)
        server = await _serving(slack, acme.token, by, file)
        try:
            await one.act(1, random)
            wrong = await _all_there(one, "after the first wave")
            half = asyncio.create_task(one.act(2, random))
            await asyncio.sleep(random.uniform(0.1, 0.8))
            server.send_signal(signal.SIGTERM)
            began = time.monotonic()
            async with asyncio.timeout(ENDED):
                code = await server.wait()
            took = time.monotonic() - began
            await asyncio.wait({half}, timeout=AFTER)
            half.cancel()  # by socket, what came too late waits for another connection
            await asyncio.wait({half})
        finally:
            if server.returncode is None:
                server.kill()
                await server.wait()
        slack.faults.clear()  # a transport that ends acknowledges nothing
    told = one.told
    wrong += told.wrong + ([f"it ended with {code}"] if code else [])
    lost = told.acknowledged - one.titles()
    wrong += [f"{title} was acknowledged and is lost" for title in sorted(lost)]
    p99 = quantiles(told.seconds, n=100)[-1]
    print(
        f"slack_crowd by {by}: {len(told.seconds)} acknowledged, the slowest after "
        f"{max(told.seconds):.2f} s, p99 {p99:.2f} s; {len(told.acknowledged)} decisions taken, "
        f"{len(told.saved)} called saved at once; stopped in {took:.1f} s; {len(wrong)} wrong"
    )
    return wrong


async def _all_there(one: Crowd, when: str) -> list[str]:
    """What was acknowledged is there in a while."""
    until = time.monotonic() + 60
    while (lost := one.told.acknowledged - one.titles()) and time.monotonic() < until:
        await asyncio.sleep(0.2)
    if len(one.told.seconds) < len(one.people):
        return [f"only {len(one.told.seconds)} of {len(one.people)} acknowledged {when}"]
    return [f"{title} is not there {when}" for title in sorted(lost)]


async def _serving(slack: Slack, token: str, by: By, file: Path) -> asyncio.subprocess.Process:
    settings = {
        "DATABASE_URL": f"sqlite:///{file}", "PORT": "0", "SLACK_API_URL": slack.api,
        "SLACK_BOT_TOKEN": token,
    }  # fmt: skip
    if by == "http":
        settings["SLACK_SIGNING_SECRET"] = slack.signing_secret
    else:
        settings["SLACK_APP_TOKEN"] = slack.app_token
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.soak.slack_crowd", SLOW,
        env={**os.environ, **settings}, stdout=asyncio.subprocess.PIPE,
        stderr=(file.with_suffix(".log")).open("wb"),
    )  # fmt: skip
    assert server.stdout
    address = ""
    async with asyncio.timeout(60):
        while "http://" not in address:
            address = (await server.stdout.readline()).decode()
            assert address, file.with_suffix(".log").read_text()[-3000:]

        slack.listens(f"http://{address.split('http://')[1].split()[0]}/slack/events")
        while by == "socket" and not slack.sockets.connections:
            await asyncio.sleep(0.05)
    return server


def _slowly() -> int:
    """The server, on a disk that takes its time."""

    def wait(_connection: Connection) -> None:
        time.sleep(COMMIT)

    made = database.Database.__init__

    def make(self: database.Database, address: str) -> None:
        made(self, address)
        event.listen(self.writer, "commit", wait)

    database.Database.__init__ = make  # type: ignore[method-assign]  # the disk is the experiment
    return throughline(["serve"])


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--share", type=float, default=1.0)
    options.add_argument("--seed", type=int, default=SystemRandom().randrange(2**32))
    options.add_argument(SLOW, action="store_true")
    asked = options.parse_args()
    if asked.slow:
        return _slowly()
    count, random = max(10, round(PEOPLE * asked.share)), Random(asked.seed)
    print(f"slack_crowd: {count} people, seed {asked.seed}")
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for by in ("http", "socket"):
            wrong += asyncio.run(crowd(by, count, random, Path(folder)))
    for one in wrong[:20]:
        print(f"slack_crowd: {one}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
