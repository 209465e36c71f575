"""Workspaces let us in and remove us, by the real pages and database, and a fake Slack."""

import asyncio
import logging
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp import web
from sqlmodel import select

from bot.platforms import NotSent
from bot.slack.calls import Calls
from bot.slack.checking import check
from bot.slack.installing import Installing
from bot.slack.owning import NoWorkspace, own
from bot.slack.workspaces import App, Workspaces
from bot.web import server
from bot.web.html import Html
from bot.web.joins import Joins, Way
from handlers.connecting import Founding, Joining
from storage import installations, tickets
from storage.connections import Connection, Connections
from storage.database import Database
from storage.people import Person
from storage.sealing import Sealing
from storage.store import Store
from tests.chat import guarded
from tests.clock import Clock
from tests.scene import of_the_company
from tests.slack.oauth import Browser
from tests.slack.server import Slack
from tests.slack.world import User, Workspace
from tests.storage.test_sealing import key

TOKENS = re.compile(r"xox[a-z.-]+-[\w-]+|gAAAA[\w=-]+")


@dataclass
class Ours:
    """Our server over one database, and the Slack it talks to."""

    slack: Slack
    address: str
    store: Store
    clock: Clock
    kept: Connections
    workspaces: Workspaces
    app: App

    async def installs(self, who: User, **told: Any) -> Browser:
        return await self.slack.installs(who, f"{self.address}/slack/install", **told)

    def one(self, of: Workspace) -> Connection:
        found = self.kept.one("slack", of.id)
        assert found
        return found

    def company(self, of: Workspace) -> tuple[str, int]:
        """The name and the number of the company that a workspace belongs to."""
        with self.store.database.reading() as session:
            whose = installations.whose(session, "slack", of.id)
        assert whose
        with self.store.at(whose) as session:
            return session.organisation.name, whose


@asynccontextmanager
async def ours(database: Database, clock: Clock, **app: str) -> AsyncIterator[Ours]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    store = Store(database, clock.now)
    store.found("", "")
    store.pages = address
    sealing = Sealing(key())
    kept = Connections(store, sealing, lambda _seconds: True)
    founding, html = Founding(store, sealing, lambda: None), Html(ZoneInfo("UTC"))
    async with Slack.start(now=clock.elapsed) as slack:
        with ThreadPoolExecutor(4) as pool, guarded(database):
            told = {"client_id": slack.client_id, "client_secret": slack.client_secret,
                    "api": slack.api, **app}  # fmt: skip
            ourselves = App(**told)
            workspaces = Workspaces(kept, ourselves, clock, pool, lambda: None)
            installing = Installing(ourselves, kept, founding, html, clock, pool, address)
            way = Way("slack", "Connect a Slack workspace", installing.origin, installing.begin)
            joins = Joins(Joining(store), [way], html, pool, address, True)
            runner = web.AppRunner(server.application([*installing.routes(), *joins.routes()]))
            listening = await server.listen(runner, "127.0.0.1", int(address.rpartition(":")[2]))
            try:
                yield Ours(slack, address, store, clock, kept, workspaces, ourselves)
            finally:
                listening.close()
                await runner.cleanup()


Story = Callable[[Ours], Awaitable[None]]


@pytest.fixture
def told(database: Database, clock: Clock) -> Callable[..., None]:
    """Runs a story over each database."""

    def run(story: Story, **app: str) -> None:
        async def all_of_it() -> None:
            async with ours(database, clock, **app) as here:
                await story(here)

        asyncio.run(all_of_it())

    return run


Told = Callable[..., None]


# In


def test_an_admin_lets_us_in_and_each_workspace_is_a_company(told: Told) -> None:
    async def story(here: Ours) -> None:
        for name in ("Acme", "Birch"):
            workspace = here.slack.workspace(name, installed=False)
            dana = workspace.person("Dana Brandt", is_admin=True)
            browser = await here.installs(dana)
            assert browser.status == 200, browser.text
            assert f"I am in {name} now" in browser.text
            assert "first admin" in browser.text
            assert here.company(workspace)[0] == name
            assert await here.workspaces.token(workspace.id) == workspace.token
        assert len(await here.workspaces.every()) == 2

    told(story)


def test_again_it_is_the_same_company_with_the_newest_token(told: Told) -> None:
    async def story(here: Ours) -> None:
        acme = here.slack.workspace("Acme", installed=False)
        dana = acme.person("Dana", is_admin=True)
        await here.installs(dana)
        before, first = here.company(acme), acme.token
        browser = await here.installs(dana)
        assert "connected again" in browser.text
        assert here.company(acme) == before
        assert await here.workspaces.token(acme.id) == acme.token != first

    told(story)


def test_a_whole_organisation_lets_us_in_at_once(told: Told) -> None:
    async def story(here: Ours) -> None:
        group = here.slack.enterprise("Group", installed=False)
        acme = here.slack.workspace("Acme", of=group, installed=False)
        boss = acme.person("Boss", is_admin=True)
        browser = await here.installs(boss, into=group)
        assert browser.status == 200, browser.text
        one = here.one(group)
        assert (one.name, one.is_org_wide, one.enterprise_id) == ("Group", True, group.id)
        assert here.kept.one("slack", acme.id) is None

    told(story)


def test_who_is_no_admin_of_the_workspace_is_none_of_the_company(told: Told) -> None:
    async def story(here: Ours) -> None:
        acme = here.slack.workspace("Acme", installed=False)
        browser = await here.installs(acme.person("Dana"))
        assert "Whoever runs me has a code" in browser.text

    told(story)


# Not in


def test_who_cancels_is_told_that_nothing_was_changed(told: Told) -> None:
    async def story(here: Ours) -> None:
        acme = here.slack.workspace("Acme", installed=False)
        browser = await here.installs(acme.person("Dana"), agrees=False)
        assert browser.status == 400
        assert "You pressed Cancel at Slack" in browser.text
        assert "Begin again" in browser.text
        assert await here.workspaces.every() == []

    told(story)


def test_another_browser_or_a_second_time_lets_nobody_in(told: Told) -> None:
    async def story(here: Ours) -> None:
        acme = here.slack.workspace("Acme", installed=False)
        browser = Browser(here.slack.web, acme.person("Dana"))
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as mine, aiohttp.ClientSession() as other:
            begun = await mine.get(f"{here.address}/slack/install", allow_redirects=False)
            assert "Secure" not in begun.headers["Set-Cookie"]  # this one is no https
            for flag in ("HttpOnly", "SameSite=Lax", "Path=/slack", "Max-Age=600"):
                assert flag in begun.headers["Set-Cookie"]
            back = browser.agreed(begun.headers["Location"], here.address, agrees=True, into=acme)
            assert (await other.get(back)).status == 400
            assert (await mine.head(back)).status == 200  # a preview
            assert await here.workspaces.every() == []
            assert (await mine.get(back)).status == 200
            again = await mine.get(back)
            assert again.status == 400
            assert "in the browser where you began" in await again.text()
            late = await mine.get(f"{here.address}/slack/install", allow_redirects=False)
            back = browser.agreed(late.headers["Location"], here.address, agrees=True, into=acme)
            here.clock.wind(minutes=10)
            assert (await mine.get(back)).status == 400
            for junk in ("", "?code=x", "?state=x&code=x", "?error=<script>", "?state=%00"):
                answer = await mine.get(f"{here.address}/slack/oauth_redirect{junk}")
                assert answer.status == 400
                assert "<script>" not in await answer.text()

    told(story)


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ("invalid_code", 400, "The code from Slack was over"),
        ("bad_redirect_uri", 400, "/slack/oauth_redirect under OAuth"),
        ("something_new", 400, "Slack refused it (something_new)"),
        ("5xx before", 502, "Slack does not answer"),
        ("reset before", 502, "Slack does not answer"),
    ],
)
def test_where_slack_refuses_or_is_silent_a_page_says_what_to_do(
    told: Told, fault: str, status: int, words: str
) -> None:
    async def story(here: Ours) -> None:
        here.slack.next("oauth.v2.access", fault)
        acme = here.slack.workspace("Acme", installed=False)
        browser = await here.installs(acme.person("Dana"))
        assert (browser.status, words in browser.text) == (status, True), browser.text
        assert await here.workspaces.every() == []

    told(story)


def test_a_wrong_secret_is_said_and_printed_nowhere(told: Told) -> None:
    async def story(here: Ours) -> None:
        acme = here.slack.workspace("Acme", installed=False)
        browser = await here.installs(acme.person("Dana"))
        assert "SLACK_CLIENT_SECRET" in browser.text
        assert "canary" not in browser.text

    told(story, client_secret="canary-secret")


# By an admin's link


def test_a_workspace_joins_by_the_link_and_the_press_of_its_installer(
    told: Told, database: Database, clock: Clock
) -> None:
    of_the_company(database, clock)

    async def story(here: Ours) -> None:
        acme = here.slack.workspace("Acme", installed=False)
        browser = Browser(here.slack.web, acme.person("Dana", is_admin=True))
        with here.store.writing_home() as session:
            omar = session.exec(select(Person).where(Person.role == "admin")).one()
            token = tickets.make(session, "join link", omar.id, session.now)
        address = f"{here.address}/j/{token}"
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as http:
            page = await http.get(address)
            text = await page.text()
            assert "Join Acme Lifts" in text
            assert (
                f"form-action 'self' {here.slack.address};"
                in page.headers["Content-Security-Policy"]
            )
            seal = re.search(r'name="seal" value="(\w+)"', text)
            assert seal
            asked = {"seal": seal[1], "way": "slack"}
            async with aiohttp.ClientSession() as stranger:
                assert (await stranger.post(address, data=asked)).status == 403
            gone = await http.post(address, data=asked, allow_redirects=False)
            assert gone.status == 303
            back = browser.agreed(gone.headers["Location"], here.address, agrees=True, into=acme)
            done = await http.get(back)
            assert "belongs to Acme Lifts from now on" in await done.text()
            assert here.company(acme) == ("Acme Lifts", here.store.home)
            over = await http.get(address)
            assert (over.status, "This link is over" in await over.text()) == (410, True)

    told(story)


# Tokens that end


def test_a_token_is_renewed_before_it_ends_once_by_however_many(told: Told) -> None:
    async def story(here: Ours) -> None:
        acme = here.slack.workspace("Acme", installed=False, rotates=True)
        await here.installs(acme.person("Dana", is_admin=True))
        first = acme.token
        assert await here.workspaces.renew_all() == 0
        here.clock.wind(hours=10, minutes=1)
        done = await asyncio.gather(*(here.workspaces.renew_all() for _ in range(4)))
        assert sum(done) == 1
        assert await here.workspaces.token(acme.id) == acme.token != first
        here.clock.wind(hours=12)  # and on use, where no tick came
        second = acme.token
        assert await here.workspaces.token(acme.id) == acme.token != second

    told(story)


def test_while_slack_is_silent_a_token_is_used_to_its_end_and_then_waited_for(told: Told) -> None:
    async def story(here: Ours) -> None:
        acme = here.slack.workspace("Acme", installed=False, rotates=True)
        await here.installs(acme.person("Dana", is_admin=True))
        first = acme.token
        here.clock.wind(hours=11)
        here.slack.next("oauth.v2.access", "5xx before")
        assert await here.workspaces.renew_all() == 0
        assert await here.workspaces.token(acme.id) == first
        here.clock.wind(hours=1)
        here.slack.next("oauth.v2.access", "reset before")
        with pytest.raises(NotSent):
            await here.workspaces.token(acme.id)
        here.clock.wind(minutes=1)
        assert await here.workspaces.token(acme.id) == acme.token != first

    told(story)


def test_a_token_that_cannot_be_renewed_is_a_workspace_to_connect_again(told: Told) -> None:
    async def story(here: Ours) -> None:
        acme = here.slack.workspace("Acme", installed=False, rotates=True)
        dana = acme.person("Dana", is_admin=True)
        await here.installs(dana)
        here.clock.wind(hours=11)
        here.slack.next("oauth.v2.access", "invalid_refresh_token")
        assert await here.workspaces.renew_all() == 0
        assert await here.workspaces.token(acme.id) is None
        await here.installs(dana)
        assert await here.workspaces.token(acme.id) == acme.token

    told(story)


# Out


@pytest.mark.parametrize("times", [1, 2])
def test_removed_nothing_is_left_of_the_token_and_let_in_again_it_goes_on(
    told: Told, times: int
) -> None:
    async def story(here: Ours) -> None:
        acme = here.slack.workspace("Acme", installed=False)
        dana = acme.person("Dana", is_admin=True)
        await here.installs(dana)
        company = here.company(acme)
        for _ in range(times):
            await here.workspaces.told_gone(acme.id, here.clock.now())
        assert (here.one(acme).token, here.one(acme).is_gone) == ("", True)
        assert await here.workspaces.token(acme.id) is None
        assert [one.is_gone for one in await here.workspaces.every()] == [True]
        here.clock.wind(minutes=1)
        await here.installs(dana)
        assert (await here.workspaces.token(acme.id), here.company(acme)) == (acme.token, company)
        await here.workspaces.told_gone(acme.id, here.clock.now() - timedelta(minutes=1))
        assert await here.workspaces.token(acme.id) == acme.token  # that was the old news

    told(story)


def test_of_a_workspace_that_nobody_knows_no_removal_is_heard(told: Told) -> None:
    async def story(here: Ours) -> None:
        await here.workspaces.told_gone("T9", here.clock.now())
        assert await here.workspaces.every() == []

    told(story)


# The operator's own, and what `check` says


def test_the_operators_workspace_is_asked_who_it_is(told: Told) -> None:
    async def story(here: Ours) -> None:
        acme = here.slack.workspace("Acme")
        found = await own(here.app, acme.token)
        assert (found.tenant, found.name, found.bot_id) == (acme.id, "Acme", acme.bot.id)
        assert "chat:write" in found.scopes
        assert found.token == ""
        with pytest.raises(NoWorkspace, match="Slack does not know SLACK_BOT_TOKEN") as refused:
            await own(here.app, "xoxb-canary")
        assert "canary" not in str(refused.value)
        with pytest.raises(NoWorkspace, match=r"does not answer at http://127\.0\.0\.1:9/api/"):
            await own(App(api="http://127.0.0.1:9/api/"), acme.token)

    told(story)


def test_check_asks_every_workspace_and_names_what_is_missing(told: Told) -> None:
    async def story(here: Ours) -> None:
        acme = here.slack.workspace("Acme", installed=False)
        await here.installs(acme.person("Dana", is_admin=True))
        calls = Calls(here.workspaces, here.slack.api)
        assert [one.state for one in await check(calls)] == ["ok"]
        await calls.close()

    told(story)


def test_no_log_holds_a_token(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def story(here: Ours) -> None:
        acme = here.slack.workspace("Acme", installed=False, rotates=True)
        await here.installs(acme.person("Dana", is_admin=True))
        here.clock.wind(hours=11)
        here.slack.next("oauth.v2.access", "invalid_refresh_token")
        await here.workspaces.renew_all()

    told(story)
    ours_alone = [one for one in caplog.records if one.name.startswith(("bot", "storage"))]
    assert ours_alone
    assert not [one for one in ours_alone if TOKENS.search(f"{one.getMessage()} {vars(one)}")]
