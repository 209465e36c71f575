"""Slack is answered in time, whatever the database does; and nothing acknowledged is lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from threading import Event

import pytest
from sqlmodel import col, select

from storage.decisions import Decision
from tests.chat import Chat
from tests.slack.server import Slack
from tests.slack.talking import By, Company, talking

Says = Callable[[Company], Awaitable[None]]
PATIENCE = 0.3


@pytest.fixture(params=["http", "socket"])
def by(request: pytest.FixtureRequest) -> By:
    return request.param  # type: ignore[no-any-return]


def run(chat: Chat, by: By, says: Says, patience: float = PATIENCE) -> None:
    async def live() -> None:
        async with talking(chat, by, patience) as company:
            await says(company)

    asyncio.run(live())


@asynccontextmanager
async def nobody_can_write(company: Company) -> AsyncIterator[None]:
    """Somebody holds the database's one writer, until this ends."""
    begun, over = Event(), Event()

    def hold() -> None:
        with company.chat.changing():
            begun.set()
            over.wait(20)

    holding = asyncio.get_running_loop().run_in_executor(company.holding, hold)
    await asyncio.get_running_loop().run_in_executor(company.holding, begun.wait)
    try:
        yield
    finally:
        over.set()
        await holding


def titles(company: Company) -> list[str]:
    with company.chat.looking() as session:
        return list(session.exec(select(Decision.title).order_by(col(Decision.id))))


def test_a_late_commit_is_acknowledged_as_it_is_and_the_outcome_follows(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana = company.slack, company.dana
        await slack.types(dana, company.steering, "help")
        async with nobody_can_write(company):
            shown = await slack.types(dana, company.steering, "decide buy the CRM", waits=False)
            assert "Saving…" in shown
            assert "Saved" not in slack.reads(dana, company.steering)
            assert PATIENCE <= shown.seconds < 2
        await slack.sees(dana, "Saved. It is posted here.", company.steering)
        assert titles(company) == ["buy the CRM"]

    run(chat, by, says)


def test_an_event_is_acknowledged_once_it_is_saved_or_late(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana, us = company.slack, company.dana, company.acme.bot
        await slack.types(dana, company.steering, "help")
        async with nobody_can_write(company):
            said = f"{us} decide buy the CRM"
            shown = await slack.says(dana, company.steering, said, waits=False)
            assert shown.status == 200
            assert PATIENCE <= shown.seconds < 2
        await slack.sees(dana, "Saved. It is posted here.", company.steering)

    run(chat, by, says)


def test_a_form_that_is_saved_late_says_so_in_its_place(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana = company.slack, company.dana
        said = slack.posts(company.steering, company.lee, "We buy the CRM")
        await slack.uses(dana, "Log as decision", on=said)
        async with nobody_can_write(company):
            shown = await slack.fills(dana, {})
            assert "Saving…" in shown
        await slack.sees(dana, "Saved.")
        await slack.sees(dana, "We buy the CRM", company.steering)

    run(chat, by, says)


def test_what_was_typed_into_a_form_is_there_again_when_it_is_refused_late(
    chat: Chat, by: By
) -> None:
    async def says(company: Company) -> None:
        slack, dana = company.slack, company.dana
        said = slack.posts(company.steering, company.lee, "We buy the CRM")
        await slack.uses(dana, "Log as decision", on=said)
        async with nobody_can_write(company):
            owner = {"Who owns it? @dana, or an address": "@nobody", "Why?": "It is cheaper."}
            assert "Saving…" in await slack.fills(dana, owner)
        shown = await slack.sees(dana, "I don't know anybody called “@nobody”")
        begun = [
            block["element"].get("initial_value")
            for block in shown.form.shown["blocks"]
            if block["type"] == "input"
        ]
        assert begun == ["We buy the CRM", "@nobody", None, None, "It is cheaper."]

    run(chat, by, says)


def test_a_form_that_cannot_be_opened_any_more_waits_behind_a_button(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana = company.slack, company.dana
        said = slack.posts(company.steering, company.lee, "We buy the CRM")
        slack.next("views.open", "expired_trigger_id")
        shown = await slack.uses(dana, "Log as decision", on=said)
        assert "What you gave me is kept" in shown
        shown = await slack.clicks(dana, "Continue")
        assert "What was decided?" in shown.fields
        await slack.fills(dana, {})
        await slack.sees(dana, "We buy the CRM", company.steering)

    run(chat, by, says)


def test_whoever_cannot_be_answered_by_the_commands_own_address_is_answered_there(
    chat: Chat, by: By
) -> None:
    async def says(company: Company) -> None:
        slack, dana = company.slack, company.dana
        await slack.types(dana, company.steering, "help")
        slack.next("response_url", "429")
        async with nobody_can_write(company):
            await slack.types(dana, company.steering, "decide buy the CRM", waits=False)
        await slack.sees(dana, "Saved. It is posted here.", company.steering)
        assert slack.called("chat.postEphemeral")

    run(chat, by, says)


def test_four_deliveries_at_once_and_more_later_have_one_effect(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana, us = company.slack, company.dana, company.acme.bot
        slack.times = 4
        await slack.types(dana, company.steering, "decide buy the CRM")
        await slack.again(2)
        await slack.says(dana, company.steering, f"{us} decide sell the CRM", twin=True)
        await slack.again(2)
        await slack.says(dana, slack.direct(dana), "decide paint the CRM")
        await slack.again(2)
        await company.settles()
        assert titles(company) == ["buy the CRM", "sell the CRM", "paint the CRM"]
        said = slack.posts(company.steering, company.lee, "We rent the CRM")
        await slack.uses(dana, "Log as decision", on=said)
        await slack.fills(dana, {})
        await slack.again(2)
        await company.settles()
        assert titles(company)[3:] == ["We rent the CRM"]
        before = len(slack.called("chat.postEphemeral"))
        await slack.reacts(dana, "memo", said)
        await slack.again(2)
        await company.settles()
        assert len(slack.called("chat.postEphemeral")) == before + 1

    run(chat, by, says, patience=2.0)


def test_a_replay_has_no_effect_after_a_restart_either(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana = company.slack, company.dana
        await slack.says(dana, slack.direct(dana), "decide buy the CRM")
        await company.settles()
        company.hearing._heard.clear()  # as a process that has just begun
        before = len(slack.calls)
        (ack,) = await slack.again()
        await company.settles()
        assert ack.is_good
        assert titles(company) == ["buy the CRM"]
        said = [name for name, _ in slack.calls[before:] if name.startswith("chat.")]
        assert said == []

    run(chat, by, says, patience=2.0)


def test_what_was_acknowledged_is_done_when_we_are_told_to_stop(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana = company.slack, company.dana
        await slack.types(dana, company.steering, "help")
        async with nobody_can_write(company):
            for number in range(20):
                said = f"{company.acme.bot} decide buy tent {number}"
                shown = await slack.says(dana, company.steering, said, waits=False)
                assert shown.status == 200
            company.sockets.rest()
            assert len(company.running) >= 20
            draining = asyncio.create_task(company.running.drain(20))
            await asyncio.sleep(0)
        assert await draining == 0
        assert set(titles(company)) == {f"buy tent {number}" for number in range(20)}

    run(chat, by, says, patience=0.01)


def test_what_is_nothing_that_somebody_said_is_let_be(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana, us = company.slack, company.dana, company.acme.bot
        slack.posts(company.steering, us, "decide buy the CRM")
        assert not await slack.says(us, company.steering, f"{us} decide a", waits=False)
        assert not await slack.says(dana, company.steering, "decide b", waits=False, twin=True)
        await slack.joins(company.acme.person("Sam Ode"), company.steering)
        await company.settles()
        assert titles(company) == []

    run(chat, by, says)


def test_a_connection_that_is_lost_is_made_anew(chat: Chat) -> None:
    async def says(company: Company) -> None:
        slack, dana = company.slack, company.dana
        for lose in (slack.sockets.disconnect, slack.sockets.drop):
            before = [socket for socket, _ in slack.sockets.connections]
            await lose()
            await until(partial(has_another, slack, before))
            await company.is_connected()
            assert "Faster onboarding" in await slack.types(
                dana, company.steering, "which priority does One login support?"
            )

    run(chat, "socket", says, patience=2.0)


def has_another(slack: Slack, before: Sequence[object]) -> bool:
    now = [socket for socket, _ in slack.sockets.connections]
    return bool(now) and not any(socket in before for socket in now)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not is_so():
            await asyncio.sleep(0.02)
