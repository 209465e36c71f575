"""Who somebody in Slack is follows Slack, in whatever order it tells, and however often."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.messages import Refusal
from storage import outbox
from storage.people import Person
from tests.chat import Chat
from tests.slack.office import Office, office
from tests.slack.world import User

Story = Callable[[Office], Coroutine[Any, Any, None]]
Tell = Callable[[Story], None]


@pytest.fixture
def tell(chat: Chat) -> Tell:
    """Plays a story in the company's Slack."""

    def tell(story: Story) -> None:
        async def whole() -> None:
            async with office(chat) as one:
                await story(one)

        asyncio.run(whole())

    return tell


def known(one: Office, who: User) -> Person:
    person = one.person(who)
    assert person is not None, f"nobody has met {who.name}"
    return person


# Who they are


def test_an_address_that_slack_vouches_for_joins_two_persons_later(tell: Tell) -> None:
    async def story(one: Office) -> None:
        dana = one.acme.person("Dana Brandt", email="Dana@acme.example")
        await one.types(dana, one.slack.direct(dana), "home")
        assert known(one, dana).email is None
        await one.ticks()
        person = known(one, dana)
        told = ("dana@acme.example", "Dana Brandt", "business")
        assert (person.email, person.name, person.side) == told
        one.chat.types("lee", "who owns CRM replacement").sees("lee", "Dana Brandt")
        await one.types(dana, one.slack.direct(dana), "what do I own?")
        one.chat.sees(dana.handle, "CRM replacement")

    tell(story)


@pytest.mark.parametrize(
    "told", [{"is_confirmed": False}, {"is_guest": True}, {"is_bot": True}, {"email": ""}]
)
def test_no_address_is_taken_that_slack_does_not_vouch_for(tell: Tell, told: Any) -> None:
    async def story(one: Office) -> None:
        who = one.acme.person("Dana Brandt", **{"email": "dana@acme.example", **told})
        await one.types(who, one.slack.direct(who), "home")
        await one.ticks()
        assert known(one, who).email is None

    tell(story)


def test_a_guest_is_known_before_anything_is_answered(tell: Tell) -> None:
    async def story(one: Office) -> None:
        guest = one.acme.person("Gil Guest", is_guest=True)
        await one.types(guest, one.slack.direct(guest), "decide buy the CRM")
        one.chat.refused(guest.handle, "Guests can ask me")
        await one.types(guest, one.slack.direct(guest), "stop")  # what was refused keeps nobody
        assert known(one, guest).role == "guest"
        await one.ticks()
        one.clock.wind(seconds=5)
        await one.slack.changes(guest, is_guest=False)
        await one.hears()
        assert known(one, guest).role == "member"
        await one.types(guest, one.slack.direct(guest), "decide buy the CRM")
        one.chat.sees(guest.handle, "buy the CRM")
        one.clock.wind(seconds=5)
        await one.slack.changes(guest, is_guest=True)
        await one.hears()
        await one.types(guest, one.slack.direct(guest), "decide buy another CRM")
        one.chat.refused(guest.handle, "Guests can ask me")

    tell(story)


def test_somebody_of_another_company_is_a_stranger_and_is_never_written_to(tell: Tell) -> None:
    async def story(one: Office) -> None:
        other = one.slack.workspace("Supplier")
        sam = other.person("Sam Supplier", email="sam@acme.example")
        shared = one.acme.channel("shared", sam)
        account = await one.known(sam)
        assert (account.tenant, account.standing, account.email) == (other.id, "stranger", "")
        await one.types(sam, shared, "home")
        await one.ticks()
        person = known(one, sam)
        assert (person.role, person.email) == ("guest", None)
        with one.store.writing_home() as session:
            outbox.to_person(session, person.id, "welcome/1", person.id, session.now)
        await one.ticks(2)
        assert one.rows("welcome/1")[0].state == "failed"
        assert not one.slack.called("conversations.open")

    tell(story)


def test_nobody_is_answered_whom_slack_does_not_name(tell: Tell) -> None:
    async def story(one: Office) -> None:
        gil = one.acme.person("Gil Guest", is_guest=True)
        one.slack.next("users.info", "429", "user_not_found")
        for _ in range(2):
            with pytest.raises(Refusal, match="does not tell me just now who you are"):
                await one.known(gil)
        assert (await one.known(gil)).standing == "guest"
        asked = len(one.slack.called("users.info"))
        assert (await one.known(gil)).standing == "guest"
        assert len(one.slack.called("users.info")) == asked

    tell(story)


# What changes


def test_names_and_zones_follow_slack_but_not_what_somebody_said_themselves(tell: Tell) -> None:
    async def story(one: Office) -> None:
        dana = await one.colleague("Dana Brandt", zone="America/New_York")
        assert known(one, dana).zone == "America/New_York"
        one.clock.wind(seconds=5)
        await one.slack.changes(dana, name="Dana Novak", zone="Europe/Paris")
        one.clock.wind(seconds=5)
        await one.slack.changes(dana, name="Dana Novak-Brandt")
        await one.hears()
        now = known(one, dana)
        assert (now.name, now.zone) == ("Dana Novak-Brandt", "Europe/Paris")
        with one.store.writing_home() as session:
            session.get_one(Person, known(one, dana).id).zone = "Asia/Tokyo"
        one.clock.wind(seconds=5)
        await one.slack.changes(dana, zone="Europe/Rome")
        await one.hears()
        assert known(one, dana).zone == "Asia/Tokyo"

    tell(story)


def test_whoever_was_not_heard_of_for_a_week_is_asked_about(tell: Tell) -> None:
    async def story(one: Office) -> None:
        dana = await one.colleague("Dana Brandt")
        dana.name = "Dana Novak"
        await one.ticks(3600)
        assert known(one, dana).name == "Dana Brandt"
        await one.ticks(7 * 24 * 3600)
        assert known(one, dana).name == "Dana Novak"

    tell(story)


def test_a_closed_account_is_a_departure_and_an_opened_one_a_return(tell: Tell) -> None:
    async def story(one: Office) -> None:
        lee, dana = await one.colleague("Lee Novak"), await one.colleague("Dana Brandt")
        one.clock.wind(seconds=5)
        await one.slack.changes(dana, is_deactivated=True)
        await one.hears()
        assert known(one, dana).gone_at is not None
        await one.ticks(2)
        await one.ticks(2)
        read = one.reads(lee, one.slack.direct(lee)).replace("*", "")
        assert f"@{dana.id}'s account in Slack was closed on 23 Nov" in read
        assert "Open with them: 1 priority, 1 ability, 1 project and 1 number" in read
        assert "All to Lee" in read
        one.clock.wind(seconds=5)
        await one.slack.changes(dana, is_deactivated=False)
        await one.hears()
        assert known(one, dana).gone_at is None
        await one.ticks(2)
        assert "account in Slack is open again" in one.reads(lee, one.slack.direct(lee))

    tell(story)


def test_who_was_said_to_have_left_does_not_come_back_by_an_account(tell: Tell) -> None:
    async def story(one: Office) -> None:
        dana = await one.colleague("Dana Brandt")
        one.chat.types("lee", "gone @dana")
        for is_deactivated in (True, False):
            one.clock.wind(seconds=5)
            await one.slack.changes(dana, is_deactivated=is_deactivated)
            await one.hears()
        assert known(one, dana).gone_at is not None

    tell(story)


def test_whoever_is_still_in_another_chat_has_not_left(tell: Tell) -> None:
    async def story(one: Office) -> None:
        lee = await one.colleague("Lee Novak")
        dana = await one.colleague("Dana Brandt")
        one.chat.types("dana", "home")  # in the other chat, where they are known by their address
        one.chat.types("dana", "side business")
        one.clock.wind(seconds=5)
        await one.slack.changes(dana, is_deactivated=True)
        await one.hears()
        assert known(one, dana).gone_at is None
        await one.ticks(2)
        read = one.reads(lee, one.slack.direct(lee))
        assert "Another account of theirs is open" in read
        assert "Dana has left" in read

    tell(story)


def test_an_address_given_to_somebody_new_makes_nobody_of_the_old_one(tell: Tell) -> None:
    async def story(one: Office) -> None:
        dana = await one.colleague("Dana Brandt")
        one.clock.wind(seconds=5)
        await one.slack.changes(dana, is_deactivated=True)
        await one.hears()
        other = await one.colleague("Dana Berg")
        assert known(one, other).id != known(one, dana).id
        assert known(one, other).gone_at is None
        assert known(one, other).email is None

    tell(story)
