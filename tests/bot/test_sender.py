"""A message is said once, however the network, the platform and we ourselves fail."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.doctor import Finding
from bot.messages import Account, Card, Channel
from bot.platforms import NotSent, Platform
from bot.sender import Patience
from storage import outbox
from storage.delivering import Delivering
from tests.saying import HANG, World


class Died(BaseException):
    """The process was killed here."""


class Through(Platform):
    """The world's chat, with something of a test's own around a post."""

    def __init__(self, world: World) -> None:
        self.name, self.can_find = "chat", True
        self.behind = world.client
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None
        self.waits: Awaitable[object] | None = None

    async def post(self, channel: Channel, under: str, card: Card, uid: str) -> str:
        self.before()
        if self.waits:
            await self.waits
        message_id = await self.behind.post(channel, under, card, uid)
        self.after()
        return message_id

    async def edit(self, channel: Channel, message_id: str, card: Card) -> None:
        await self.behind.edit(channel, message_id, card)

    async def find(self, channel: Channel, uid: str, under: str, since: datetime) -> str | None:
        return await self.behind.find(channel, uid, under, since)

    async def private(self, account: Account) -> Channel:
        return await self.behind.private(account)

    def lane(self, channel: Channel, is_edit: bool) -> tuple[str, float]:
        return self.behind.lane(channel, is_edit)

    async def members(self, channel: Channel) -> Collection[Account]:
        return ()

    async def check(self) -> Collection[Finding]:
        return ()


def _die() -> None:
    raise Died


def _dies(world: World, platform: Through) -> None:
    with pytest.raises(BaseExceptionGroup) as told:
        world.sends(platform)
    assert told.group_contains(Died)


def test_what_was_saved_is_said_once(world: World) -> None:
    id = world.post("decision/7")
    assert world.sends() == 1
    assert world.sends() == 0
    assert world.reads() == ["decision/7"]
    row = world.row(id)
    assert (row.state, row.said, row.message_id) == ("sent", 1, "m1")


def test_the_same_thing_wanted_twice_in_a_channel_is_one_message(world: World) -> None:
    assert world.post("decision/7") == world.post("decision/7")
    world.sends()
    world.post("decision/7")
    world.sends()
    assert world.reads() == ["decision/7"]


def test_four_processes_at_once_say_each_message_once(world: World) -> None:
    keys = [f"decision/{number}" for number in range(12)]
    for key in keys:
        world.post(key)

    async def all_at_once() -> int:
        return sum(await asyncio.gather(*(world.sender().send() for _ in range(4))))

    assert world.run(all_at_once()) == len(keys)
    assert sorted(world.reads()) == sorted(keys)


# (a) The claim is committed before the post, and so is what it says (f)


def test_the_claim_and_the_card_are_committed_before_the_post(world: World) -> None:
    id = world.post("decision/7")
    platform, seen = Through(world), []
    platform.before = lambda: seen.append(world.row(id))
    world.sends(platform)
    (row,) = seen
    assert (row.state, row.fence, row.frozen) == ("sending", 1, 1)
    assert "decision/7" in row.card


# (b) Every write after it carries the fence


def test_who_was_frozen_for_long_changes_nothing_when_it_thaws(world: World) -> None:
    id = world.post("decision/7")
    frozen = Through(world)

    async def story() -> None:
        thawed = asyncio.get_running_loop().create_future()
        frozen.waits = thawed
        began = asyncio.Event()
        frozen.before = began.set
        sending = asyncio.create_task(world.sender(frozen).send())
        await began.wait()
        for seconds in (46, 31, 31):
            world.clock.wind(seconds=seconds)
            await world.sender().reconcile()
        await world.sender().send()
        thawed.set_exception(NotSent(60))
        await sending

    world.run(story())
    row = world.row(id)
    assert (row.state, row.fence, row.message_id) == ("sent", 2, "m1")
    assert world.reads() == ["decision/7"]


def test_a_late_answer_counts_as_long_as_nobody_acted_since(world: World) -> None:
    id = world.post("decision/7")
    slow = Through(world)

    def late() -> None:
        world.clock.wind(seconds=46)
        Delivering(world.store, world.pause).expire(world.clock.now(), 30)
        assert world.row(id).state == "unknown"

    slow.after = late
    world.sends(slow)
    assert world.row(id).state == "sent"


# (c) Just before the post, too late is too late


def test_who_took_too_long_to_get_ready_gives_up_before_the_post(world: World) -> None:
    id = world.post("decision/7")

    def slow(_key: str, _channel: Channel, _session: object) -> bool:
        if not world.row(id).card and world.row(id).fence == 1:
            world.clock.wind(seconds=15.5)
        return True

    world.may_see = slow
    world.sends()
    assert (world.row(id).state, world.row(id).why) == ("pending", "it took too long")
    assert world.chat.calls == []
    world.passes(2)
    assert world.reads() == ["decision/7"]
    assert world.chat.calls == [("post", id)]


def test_who_was_frozen_inside_the_adapter_gives_up_too(world: World) -> None:
    id = world.post("decision/7")
    frozen = Through(world)
    frozen.before = lambda: world.clock.wind(seconds=15.5)
    world.sends(frozen)
    assert (world.row(id).state, world.row(id).why) == ("pending", "it took too long")
    assert world.chat.calls == []


# (d) HTTP timeout, lease and settle stand in order


def test_a_patience_that_could_post_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="first third"):
        Patience(http=16, lease=45)


# (e) A result that is known is written until the database answers


def test_a_known_result_is_written_until_the_database_answers(world: World) -> None:
    id = world.post("decision/7")
    platform, left = Through(world), [0]

    def down(*_statement: object) -> None:
        if left[0]:
            left[0] -= 1
            raise OperationalError("the database is gone", {}, Exception())

    def goes_down() -> None:
        left[0] = 3

    platform.after = goes_down
    event.listen(world.database.writer, "before_cursor_execute", down)
    world.sends(platform)
    event.remove(world.database.writer, "before_cursor_execute", down)
    assert world.pauses == [0.05, 0.1, 0.2]
    assert (world.row(id).state, world.row(id).message_id) == ("sent", "m1")


# (f) What is said


def test_it_says_what_is_true_when_it_is_sent(world: World) -> None:
    world.words["decision/7"] = "We buy"
    world.post("decision/7")
    world.words["decision/7"] = "We build"
    world.sends()
    assert world.reads() == ["We build"]


def test_a_retry_of_the_same_revision_says_the_same(world: World) -> None:
    world.words["decision/7"] = "We buy"
    world.post("decision/7")
    world.chat.script.append("429")
    world.sends()
    world.words["decision/7"] = "We build"
    world.passes(2)
    assert world.reads() == ["We buy"]


def test_a_change_before_the_retry_is_said_at_once(world: World) -> None:
    world.post("decision/7")
    world.chat.script.append("429")
    world.sends()
    world.change("decision/7", "We build")
    world.passes(2)
    assert world.reads() == ["We build"]
    assert world.chat.standing["m1"].edits == 0


def test_a_change_edits_the_message_wherever_it_stands(world: World) -> None:
    world.post("decision/7", "steering")
    world.post("decision/7", "board")
    world.sends()
    world.change("decision/7", "We build")
    world.sends()
    assert world.reads("steering") == world.reads("board") == ["We build"]


def test_quick_changes_coalesce_into_one_edit(world: World) -> None:
    world.post("decision/7")
    world.sends()
    for number in range(5):
        world.change("decision/7", f"Vote {number}")
    world.sends()
    assert world.reads() == ["Vote 4"]
    assert world.chat.standing["m1"].edits == 1


def test_a_change_while_it_is_being_posted_is_edited_in_afterwards(world: World) -> None:
    id = world.post("decision/7")
    platform = Through(world)
    platform.before = lambda: world.change("decision/7", "We build")
    world.sends(platform)
    assert world.reads() == ["We build"]
    assert world.chat.standing["m1"].edits == 1
    assert (world.row(id).said, world.row(id).wanted) == (2, 2)


def test_what_may_not_be_seen_there_is_not_said_there(world: World) -> None:
    world.may_see = lambda _key, channel, _session: channel.id == "board"
    secret, open_to_all = world.post("decision/7", "lobby"), world.post("decision/7", "board")
    world.sends()
    assert world.reads("lobby") == []
    assert world.reads("board") == ["decision/7"]
    assert world.row(secret).state == "failed"
    assert world.row(secret).why == "It may not be seen there."
    assert world.row(secret).card == ""
    assert world.row(open_to_all).state == "sent"


def test_what_is_no_more_is_not_said(world: World) -> None:
    id = world.post("decision/7")
    world.words["decision/7"] = None
    world.sends()
    assert world.reads() == []
    assert world.row(id).why == "There is nothing to say any more."


# Lost answers, where we may look


@pytest.mark.parametrize("fault", ["5xx after", "reset after"])
def test_a_lost_answer_is_looked_for_and_not_posted_again(world: World, fault: str) -> None:
    id = world.post("decision/7")
    world.chat.script.append(fault)
    world.sends()
    assert world.row(id).state == "unknown"
    world.passes(29)
    assert ("find", id) not in world.chat.calls
    world.passes(1)
    assert (world.row(id).state, world.row(id).message_id) == ("sent", "m1")
    assert world.reads() == ["decision/7"]


@pytest.mark.parametrize("fault", ["5xx before", "reset before"])
def test_what_two_looks_do_not_find_is_posted(world: World, fault: str) -> None:
    id = world.post("decision/7")
    world.chat.script.append(fault)
    world.sends()
    world.passes(30)
    assert world.row(id).state == "unknown"
    world.passes(30)
    assert world.reads() == ["decision/7"]
    assert [call for call, _ in world.chat.calls] == ["post", "find", "find", "post"]


@pytest.mark.parametrize("fault", ["hang before", "hang after"])
def test_a_platform_that_does_not_answer_is_not_waited_for(world: World, fault: str) -> None:
    id = world.post("decision/7")
    world.chat.script.append(fault)
    world.patience = replace(world.patience, http=HANG)
    world.sends()
    world.patience = replace(world.patience, http=10)
    assert (world.row(id).state, world.row(id).why) == ("unknown", "no answer")
    for _ in range(2):
        world.passes(30)
    assert world.reads() == ["decision/7"]


def test_a_history_that_lags_is_looked_at_twice(world: World) -> None:
    id = world.post("decision/7")
    world.chat.lag = 45
    world.chat.script.append("5xx after")
    world.sends()
    world.passes(30)
    assert world.row(id).state == "unknown"
    world.passes(30)
    assert world.row(id).state == "sent"
    assert world.reads() == ["decision/7"]


def test_two_who_look_at_the_same_moment_count_as_one_look(world: World) -> None:
    id = world.post("decision/7")
    world.chat.script.append("5xx before")
    world.sends()
    world.clock.wind(seconds=30)

    async def both() -> None:
        await asyncio.gather(world.sender().reconcile(), world.sender().reconcile())

    world.run(both())
    assert (world.row(id).state, world.row(id).looks) == ("unknown", 1)


def test_a_look_that_is_not_answered_is_no_look(world: World) -> None:
    id = world.post("decision/7")
    world.chat.script.append("5xx after")
    world.sends()
    world.run(world.server.gone())
    for _ in range(3):
        world.passes(31)
    assert world.row(id).state == "unknown"
    world.run(world.server.back())
    world.passes(31)
    assert world.row(id).state == "sent"
    assert world.reads() == ["decision/7"]


# Crashes


def test_a_process_killed_after_the_post_leaves_one_message(world: World) -> None:
    id = world.post("decision/7")
    platform = Through(world)
    platform.after = _die
    _dies(world, platform)
    world.passes(44)
    assert world.row(id).state == "sending"
    world.passes(1)
    assert world.row(id).state == "unknown"
    world.passes(30)
    assert world.row(id).state == "sent"
    assert world.reads() == ["decision/7"]


def test_a_process_killed_before_the_post_leaves_one_message_too(world: World) -> None:
    id = world.post("decision/7")
    platform = Through(world)
    platform.before = _die
    _dies(world, platform)
    world.passes(45)
    assert world.row(id).state == "unknown"
    for _ in range(2):
        world.passes(30)
    assert world.reads() == ["decision/7"]


def test_a_bug_in_one_message_does_not_stop_its_neighbours(world: World) -> None:
    world.patience = replace(world.patience, at_once=2)

    def may_see(key: str, _channel: Channel, _session: object) -> bool:
        if key == "decision/1":
            raise ZeroDivisionError
        return True

    world.may_see = may_see
    for number in range(4):
        world.post(f"decision/{number}")
    with pytest.raises(ExceptionGroup) as told:
        world.sends()
    assert told.group_contains(ZeroDivisionError)
    assert sorted(world.reads()) == ["decision/0", "decision/2", "decision/3"]


# Never connected, and never again


def test_while_nobody_listens_it_waits_and_then_is_said(world: World) -> None:
    id = world.post("decision/7")
    world.run(world.server.gone())
    world.sends()
    assert (world.row(id).state, world.row(id).why) == ("pending", "nobody listens")
    world.run(world.server.back())
    world.passes(2)
    assert world.reads() == ["decision/7"]
    assert ("find", id) not in world.chat.calls


def test_a_permanent_error_fails_it_and_tells_who_caused_it_why(world: World) -> None:
    dana = world.person("Dana", account="dana")
    id = world.post("decision/7", "forbidden-channel", dana)
    world.sends()
    assert (world.row(id).state, world.row(id).why) == ("failed", "is_archived")
    assert world.reads("direct-dana") == [f"failed/{id}"]
    world.passes(3600)
    assert world.chat.calls.count(("post", id)) == 1


def test_without_anybody_who_caused_it_the_facilitators_are_told(world: World) -> None:
    world.person("Omar", "facilitator", "omar")
    world.person("Sam", "member", "sam")
    world.post("decision/7", "forbidden-channel")
    world.sends()
    assert len(world.reads("direct-omar")) == 1
    assert world.reads("direct-sam") == []


# (h) Unknown is only for a first post


@pytest.mark.parametrize("fault", ["5xx before", "5xx after", "reset before", "reset after"])
def test_an_edit_whose_answer_was_lost_is_simply_made_again(world: World, fault: str) -> None:
    id = world.post("decision/7")
    world.sends()
    world.change("decision/7", "We build")
    world.chat.script.append(fault)
    world.sends()
    assert world.row(id).state == "pending"
    world.passes(2)
    assert (world.row(id).state, world.row(id).said) == ("sent", 2)
    assert world.reads() == ["We build"]
    assert ("find", id) not in world.chat.calls


def test_a_process_killed_in_an_edit_leaves_it_pending(world: World) -> None:
    id = world.post("decision/7")
    world.sends()
    world.change("decision/7", "We build")
    rows = Delivering(world.store, world.pause)
    claimed = rows.claim(world.clock.now(), 45, ["chat"], world.client_lane)
    assert claimed is not None
    world.clock.wind(seconds=45)
    world.reconciles()
    assert world.row(id).state == "pending"
    world.sends()
    assert world.reads() == ["We build"]


def test_a_message_somebody_deleted_is_posted_anew_once(world: World) -> None:
    id = world.post("decision/7")
    world.sends()
    world.chat.standing["m1"].is_deleted = True
    world.change("decision/7", "We build")
    world.sends()
    assert world.reads() == ["We build"]
    assert world.row(id).message_id == "m2"
    assert world.chat.standing["m2"].uid != id
    world.chat.standing["m2"].is_deleted = True
    world.change("decision/7", "We wait")
    world.sends()
    assert (world.row(id).state, world.row(id).why) == ("failed", "It was deleted twice.")
    assert world.reads() == []


# (i) Lanes


def test_a_429_holds_the_whole_lane_for_every_process(world: World) -> None:
    first, second = world.post("decision/1"), world.post("decision/2")
    other = world.post("decision/3", "board")
    world.chat.script.append("429")
    world.chat.retry_after = 30
    world.sends()
    assert [world.row(id).state for id in (first, second, other)] == ["pending", "pending", "sent"]
    world.passes(29)
    assert world.reads("steering") == []
    world.passes(1)
    assert sorted(world.reads("steering")) == ["decision/1", "decision/2"]


def test_edits_go_one_after_the_other_as_their_lane_allows(world: World) -> None:
    world.client._every = 5
    for number in range(3):
        world.post(f"decision/{number}")
    for said in (1, 2, 3):
        world.sends()
        assert len(world.reads()) == said
        world.clock.wind(seconds=5)
    for number in range(3):
        world.change(f"decision/{number}", f"New {number}")
    world.sends()
    assert len([one for one in world.reads() if one.startswith("New")]) == 1
    world.passes(5)
    world.passes(5)
    assert world.reads() == ["New 0", "New 1", "New 2"]


# (j) Where nobody may look, a person is asked


def test_where_we_may_not_look_it_is_held_and_who_caused_it_is_asked(world: World) -> None:
    dana = world.person("Dana", account="dana")
    id = world.post("decision/7", by=dana)
    world.client.can_find = False
    world.chat.script.append("reset after")
    world.sends()
    world.passes(30)
    assert world.row(id).state == "held"
    assert world.reads("direct-dana") == [f"held/{id}"]
    for _ in range(5):
        world.passes(3600)
    assert world.reads() == ["decision/7"]


def test_the_question_about_a_held_one_is_asked_until_it_arrives(world: World) -> None:
    dana = world.person("Dana", account="dana")
    world.post("decision/7", by=dana)
    world.client.can_find = False
    world.chat.script.extend(["reset after", "reset after", "5xx before"])
    world.sends()
    states = []
    for seconds in (30, 2, 2):
        world.passes(seconds)
        (asked,) = world.rows(f"held/{world.rows('decision/7')[0].id}")
        states.append(asked.state)
    assert states == ["pending", "pending", "sent"]
    assert len(world.reads("direct-dana")) == 2


@pytest.mark.parametrize("is_there", [True, False])
def test_what_a_person_says_of_a_held_one_decides(world: World, is_there: bool) -> None:
    id = world.post("decision/7")
    world.client.can_find = False
    world.chat.script.append("reset after" if is_there else "reset before")
    world.sends()
    world.passes(30)
    with world.database.writing(world.organisation.id) as session:
        decide = outbox.is_there if is_there else outbox.post_it
        assert decide(session, id, world.clock.now())
        assert not decide(session, id, world.clock.now())
    world.sends()
    assert world.row(id).state == "sent"
    assert world.reads() == ["decision/7"]


def test_a_message_confirmed_by_eye_is_never_posted_again_by_a_change(world: World) -> None:
    id = world.post("decision/7")
    world.client.can_find = False
    world.chat.script.append("reset after")
    world.sends()
    world.passes(30)
    with world.database.writing(world.organisation.id) as session:
        outbox.is_there(session, id, world.clock.now())
    world.change("decision/7", "We build")
    world.passes(30)
    assert world.reads() == ["decision/7"]


# To somebody alone


def test_what_is_for_one_person_goes_to_their_direct_conversation(world: World) -> None:
    dana = world.person("Dana", account="dana")
    with world.database.writing(world.organisation.id) as session:
        outbox.to_person(session, dana.id, "decision/7", None, world.clock.now())
    world.sends()
    assert world.reads("direct-dana") == ["decision/7"]
    (row,) = world.rows("decision/7")
    assert (row.state, row.person_id) == ("sent", dana.id)


def test_who_is_in_no_chat_of_ours_cannot_be_told(world: World) -> None:
    dana = world.person("Dana")
    with world.database.writing(world.organisation.id) as session:
        id = outbox.to_person(session, dana.id, "decision/7", None, world.clock.now())
    world.sends()
    assert world.row(id).state == "failed"
    assert world.row(id).why == "There is no chat in which they can be reached."
