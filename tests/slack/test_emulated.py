"""Throughline itself, as a process, in a Slack that none of us wrote: what that covers."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import Served
from tests.slack.emulator import Emulated, emulator

Story = Callable[[Emulated], Coroutine[Any, Any, None]]
Tell = Callable[[Story], None]
ROOT = Path(__file__).parents[2]
MAP = ('priority "Faster onboarding"', 'project "One login" for "Faster onboarding"')


@pytest.fixture(scope="module")
def tell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tell]:
    """One company for all the stories: each begins something of its own."""
    folder = tmp_path_factory.mktemp("emulated")
    with emulator("Dana", "Lee", channels=("steering",)) as slack:
        asyncio.run(slack.meet())
        for command in MAP:
            _do(folder, command)
        served = Served(
            folder,
            SLACK_BOT_TOKEN=slack.token,
            SLACK_SIGNING_SECRET=slack.signing_secret,
            SLACK_API_URL=slack.api,
        )
        slack.listens(f"{served.address}/slack/events")
        try:
            yield lambda story: asyncio.run(story(slack))
        finally:
            assert served.stop() == 0
        assert "Traceback" not in served.log()


def _do(folder: Path, command: str) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{folder / 'served.db'}", "PATH": ""}
    done = [sys.executable, "-m", "bot", "do", command]
    subprocess.run(done, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


async def until(read: Callable[[], Awaitable[str]], *words: str) -> str:
    """What is there to read once all these words are."""
    said = ""
    for _ in range(200):
        said = await read()
        if all(one in said for one in words):
            return said
        await asyncio.sleep(0.05)  # another process has the next word
    raise AssertionError(f"nobody said {words}, but:\n{said}")


def test_a_question_in_a_channel_is_answered_to_whoever_asked(tell: Tell) -> None:
    async def story(slack: Emulated) -> None:
        asked = f"<@{slack.bot}> which priority does One login support?"
        await slack.says("Dana", "steering", asked)
        await until(lambda: slack.shows("steering"), "ephemeral", "Supports *Faster onboarding*")
        assert await slack.reads("steering") == [asked]

    tell(story)


def test_a_decision_in_one_line_is_posted_once_and_its_owner_asked(tell: Tell) -> None:
    async def story(slack: Emulated) -> None:
        lee = slack.people["Lee"]
        await slack.says("Dana", "steering", f"<@{slack.bot}> decide buy the CRM <@{lee}> fri")
        await until(lambda: slack.shows("steering"), "Saved.")

        async def read() -> str:
            return "\n".join(await slack.reads("steering"))

        said = await until(read, f"Owner: <@{lee}>, asked")
        assert said.count("Owner: ") == 1
        assert slack.bot in (await slack.client.conversations_members(
            channel=slack.channels["steering"]
        ))["members"]  # fmt: skip

    tell(story)


def test_a_direct_message_is_answered_there(tell: Tell) -> None:
    async def story(slack: Emulated) -> None:
        direct = await slack.direct("Dana")
        await slack.says("Dana", direct, "what are our priorities")

        async def read() -> str:
            history = await slack.as_("Dana").conversations_history(channel=direct)
            return "\n".join(str(one["text"]) for one in history["messages"])

        await until(read, "Faster onboarding")

    tell(story)


def test_the_chosen_emoji_offers_to_log_a_message(tell: Tell) -> None:
    async def story(slack: Emulated) -> None:
        here = slack.channels["steering"]
        await slack.client.conversations_join(channel=here)
        text = "we keep the old portal until May"
        ts = await slack.says("Lee", "steering", text)
        await slack.as_("Dana").reactions_add(channel=here, name="memo", timestamp=ts)
        await until(lambda: slack.shows("steering"), f"“{text}”")

    tell(story)


def test_the_home_page_follows_what_somebody_does(tell: Tell) -> None:
    async def story(slack: Emulated) -> None:
        keep = f"<@{slack.bot}> decide keep the portal <@{slack.people['Lee']}>"
        await slack.opens_home("Lee")
        await until(lambda: slack.shows("steering"), "App Home", "This is")
        await slack.says("Lee", "steering", keep)
        await until(lambda: slack.shows("steering"), "keep the portal", "App Home", "This is")

    tell(story)
