"""Slack as the roof wires it: let in by OAuth, asked something, removed, checked."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.roof.connecting import print_first_codes
from bot.roof.house import House
from bot.roof.slack import findings, in_slack
from bot.settings import Settings
from bot.web import server
from storage import installations
from storage.installations import Installation
from tests.slack.server import Slack
from tests.storage.test_sealing import key

EITHER = ("app_uninstalled", "tokens_revoked")


def settings(slack: Slack, address: str, pages: str) -> Settings:
    return Settings(
        _env_file=None,
        database_url=address,
        public_url=pages,
        slack_client_id=slack.client_id,
        slack_client_secret=SecretStr(slack.client_secret),
        slack_signing_secret=SecretStr(slack.signing_secret),
        slack_api_url=slack.api,
        throughline_key=SecretStr(key()),
    )  # type: ignore[call-arg]  # an argument of pydantic-settings' own


@asynccontextmanager
async def served(slack: Slack, address: str) -> AsyncIterator[tuple[House, str]]:
    """All of it behind one door; the house, and where its pages are."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    pages = f"http://127.0.0.1:{port}"
    with closing(House(settings(slack, address, pages))) as house, ThreadPoolExecutor(4) as pool:
        here = await in_slack(house, pool, threading.Event())
        runner = web.AppRunner(server.application(here.routes), shutdown_timeout=0.1)
        listening = await server.listen(runner, "127.0.0.1", port)
        slack.listens(f"{pages}/slack/events")
        try:
            yield house, pages
        finally:
            listening.close()
            await runner.cleanup()
            await here.end(5)


def kept(house: House) -> list[Installation]:
    with house.store.at_home() as session:
        return installations.every(session)


@pytest.mark.parametrize("order", [EITHER, EITHER[::-1], EITHER * 2])
def test_removed_in_either_order_and_twice_nothing_is_left_of_the_token(
    address: str, order: tuple[str, ...]
) -> None:
    async def story() -> None:
        async with Slack.start() as slack, served(slack, address) as (house, pages):
            acme = slack.workspace("Acme", installed=False)
            dana = acme.person("Dana Brandt", is_admin=True)
            for _ in range(2):
                browser = await slack.installs(dana, f"{pages}/slack/install")
                assert browser.status == 200, browser.text
                (one,) = kept(house)
                assert (one.gone_at, bool(one.token)) == (None, True)
                await slack.uninstalls(acme, order=order)
                (one,) = kept(house)
                assert (one.gone_at is not None, one.token) == (True, "")
                await asyncio.sleep(0)

    asyncio.run(story())


def test_two_workspaces_are_two_companies_through_the_door(address: str) -> None:
    async def story() -> None:
        async with Slack.start() as slack, served(slack, address) as (_house, pages):
            for name, project in (("Acme", "Lift"), ("Birch", "Boat")):
                of = slack.workspace(name, installed=False)
                boss = of.person("Boss", is_admin=True)
                await slack.installs(boss, f"{pages}/slack/install")
                hall = of.channel("hall", boss)
                shown = await slack.types(boss, hall, f'project "{project}"')
                assert project in str(shown)
            (acme, birch) = slack.world.workspaces
            for of, has, has_not in ((acme, "Lift", "Boat"), (birch, "Boat", "Lift")):
                boss, hall = of.people[0], of.channels[0]
                for project, knows in ((has, True), (has_not, False)):
                    await slack.types(boss, hall, f"who owns {project}?")
                    told = slack.last(boss).text
                    assert ("I don't know" not in told) == knows, told

    asyncio.run(story())


def test_check_says_how_it_stands_and_never_prints_a_token(address: str) -> None:
    async def begin(slack: Slack) -> None:
        async with served(slack, address) as (_house, pages):
            acme = slack.workspace("Acme", installed=False)
            await slack.installs(acme.person("Dana", is_admin=True), f"{pages}/slack/install")

    async def story() -> None:
        async with Slack.start() as slack:
            await begin(slack)
            other = settings(slack, address, "http://127.0.0.1:9")
            with closing(House(other)) as house:
                (found,) = await asyncio.to_thread(findings, house)
            assert (found.state, "encrypted with another key" in found.remedy) == ("wrong", True)

    asyncio.run(story())


def test_who_may_be_the_first_admin_is_printed_where_nobody_is(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def story() -> None:
        async with Slack.start() as slack, served(slack, address) as (house, pages):
            print_first_codes(house)
            assert "has no admin yet" in capsys.readouterr().out
            acme = slack.workspace("Acme", installed=False)
            await slack.installs(acme.person("Dana", is_admin=True), f"{pages}/slack/install")
            print_first_codes(house)
            assert capsys.readouterr().out == ""

    asyncio.run(story())
