"""Every way in gives what a person should see, over both transports."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

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
        shown = await slack.types(dana, company.steering, "which priority does One login support?")
        assert "Faster onboarding" in shown
        assert "Faster onboarding" not in slack.reads(company.lee, company.steering)

    run(chat, by, says)
