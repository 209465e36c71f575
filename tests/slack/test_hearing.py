"""Every way in gives what a person should see, over both transports."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import col, select

from storage.channels import Channel as Place
from storage.decisions import Decision
from tests.chat import Chat
from tests.slack.talking import By, Company, talking

Says = Callable[[Company], Awaitable[None]]


@pytest.fixture(params=["http", "socket"])
def by(request: pytest.FixtureRequest) -> By:
    return request.param  # type: ignore[no-any-return]


def run(chat: Chat, by: By, says: Says, patience: float = 2.0) -> None:
    async def live() -> None:
        async with talking(chat, by, patience) as company:
            await says(company)

    asyncio.run(live())


def test_a_question_is_answered_to_whoever_asked_alone(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana = company.slack, company.dana
        await slack.types(dana, company.steering, "which priority does One login support?")
        await slack.sees(dana, "Faster onboarding")
        assert "Faster onboarding" not in slack.reads(company.lee, company.steering)

    run(chat, by, says)


def test_a_decision_in_one_line_stands_for_everybody(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana, lee = company.slack, company.dana, company.lee
        shown = await slack.types(dana, company.steering, "decide buy the CRM @Lee Novak fri")
        assert "Saved. It is posted here." in shown
        await slack.sees(lee, "buy the CRM", company.steering)
        shown = await slack.clicks(lee, "Lee: I own it")
        await slack.sees(dana, f"Owner: @{lee.id}, accepted", company.steering)

    run(chat, by, says)


def test_the_bare_command_is_the_home_card(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        shown = await company.slack.types(company.dana, company.steering, "")
        assert "What are our priorities" in shown.buttons

    run(chat, by, says)


def test_a_mention_is_answered_there_and_its_two_events_are_one(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana, us = company.slack, company.dana, company.acme.bot
        root = slack.posts(company.steering, company.lee, "What shall we do?")
        for text in (
            f"{us} decide buy the CRM {company.lee}",
            f"hey {us}, decide buy the CRM {company.lee}",
            f"{us} align decide buy the CRM {company.lee}",
            f"{us} /align decide buy the CRM {company.lee}",
        ):
            await slack.says(dana, company.steering, text, under=root.ts, twin=True)
        await company.settles()
        assert decisions(company) == [("buy the CRM", company.steering.id)] * 4
        await slack.says(dana, company.steering, f"{us} why D-1", under=root.ts, twin=True)
        await company.settles()
        answers = [one for one in slack.called("chat.postEphemeral") if one["user"] == dana.id]
        assert len(answers) == 5
        assert {one["thread_ts"] for one in answers} == {root.ts}
        assert "D-1" in answers[-1]["text"]

    run(chat, by, says)


def test_a_direct_message_needs_no_mention(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana = company.slack, company.dana
        direct = slack.direct(dana)
        shown = await slack.says(dana, direct, "which priority does One login support?")
        assert "Faster onboarding" in shown
        assert "Faster onboarding" in slack.reads(dana, direct)
        shown = await slack.says(dana, direct, "decide buy the CRM")
        await slack.sees(dana, "Private: only those who are named", direct)

    run(chat, by, says)


def test_a_button_opens_a_form_and_what_is_wrong_stands_under_its_field(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana = company.slack, company.dana
        await slack.types(dana, company.steering, "decide buy the CRM @Lee Novak")
        shown = await slack.sees(dana, "buy the CRM", company.steering)
        shown = await slack.clicks(dana, "Add why", shown)
        assert shown.form
        shown = await slack.fills(dana, {"Why was it decided?": "It is cheaper."}, waits=False)
        await slack.sees(dana, "Why: It is cheaper.", company.steering)

    run(chat, by, says)


def test_a_message_is_logged_by_its_menu_with_a_link_to_it(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana = company.slack, company.dana
        said = slack.posts(company.steering, company.lee, "We buy the CRM")
        shown = await slack.uses(dana, "Log as decision", on=said)
        assert "What was decided?" in shown.fields
        shown = await slack.fills(dana, {"Who owns it? @dana, or an address": "@nobody"})
        assert list(shown.errors) == ["Who owns it? @dana, or an address"]
        assert "I don't know anybody called" in shown
        await slack.fills(dana, {"Who owns it? @dana, or an address": "@lee"})
        shown = await slack.sees(dana, "We buy the CRM", company.steering)
        assert "Owner: Lee Novak, asked" in shown
        assert "this message" in shown

    run(chat, by, says)


def test_the_chosen_emoji_offers_to_log_the_message(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana = company.slack, company.dana
        said = slack.posts(company.steering, company.lee, "We buy the CRM")
        assert not await slack.reacts(company.omar, "tada", said, waits=False)
        shown = await slack.reacts(dana, "memo", said)
        assert "Log this as a decision?" in shown
        assert shown.message.only_for is dana
        shown = await slack.clicks(dana, "Log as decision")
        await slack.fills(dana, {})
        shown = await slack.sees(company.lee, "We buy the CRM", company.steering)
        assert "this message" in await slack.sees(dana, "A wish", company.steering)

    run(chat, by, says)


def test_anything_can_be_asked_from_anywhere(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, dana = company.slack, company.dana
        shown = await slack.uses(dana, "Ask Throughline")
        asked = {shown.fields[0]: "which priority does One login support?"}
        shown = await slack.fills(dana, asked)
        assert "Faster onboarding" in shown
        shown = await slack.clicks(dana, shown.buttons[0])
        assert shown.form.id == shown.form.id

    run(chat, by, says)


def test_the_home_page_is_the_home_card_and_follows_what_one_does(chat: Chat, by: By) -> None:
    async def says(company: Company) -> None:
        slack, lee = company.slack, company.lee
        shown = await slack.opens_home(lee)
        assert "What are our priorities" in shown.buttons
        before = slack.world.homes[lee.id].hash
        shown = await slack.clicks(lee, "What are our priorities")
        assert "Faster onboarding" in shown
        assert shown.form.is_open
        await slack.types(lee, company.steering, "decide buy the CRM @me")
        await until(lambda: slack.world.homes[lee.id].hash != before)

    run(chat, by, says)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not is_so():
            await asyncio.sleep(0.01)


def decisions(company: Company) -> list[tuple[str, str]]:
    with company.chat.looking() as session:
        found = session.exec(
            select(Decision, Place).join(Place, col(Place.id) == Decision.channel_id)
        )
        return [(one.title, place.external_id) for one, place in found]
