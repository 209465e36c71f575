"""`throughline check` says how Slack answers us, and what does not work without a permission."""

import asyncio

from bot.slack.checking import WITHOUT
from bot.slack.scopes import SCOPES
from tests.chat import Chat
from tests.slack.office import office


def test_each_permission_that_is_asked_for_has_a_reason() -> None:
    assert set(WITHOUT) == set(SCOPES)


def test_it_names_what_is_missing_and_says_when_slack_refuses_us(chat: Chat) -> None:
    async def whole() -> None:
        async with office(chat) as one:
            (found,) = await one.saying.check()
            assert (found.state, found.text) == ("ok", "Slack: connected to Acme as throughline.")
            assert one.acme.grant is not None
            one.acme.grant.scopes -= {"users:read.email"}
            told = [each for each in await one.saying.check() if each.state == "wrong"]
            assert [each.text for each in told] == [
                f"Slack: users:read.email is missing, so {WITHOUT['users:read.email']}."
            ]
            one.acme.grant.is_revoked = True
            (refused,) = await one.saying.check()
            assert "I was removed from the workspace" in refused.remedy

    asyncio.run(whole())
