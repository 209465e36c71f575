"""A room gets a digest: when somebody types it, when its time comes, and what it says."""

import time

from sqlmodel import col, select

from bot import plain
from bot.messages import Button
from digests.planning import Planning
from storage import editions, occurrences
from storage.health import Health
from storage.occurrences import Occurrence
from storage.outbox import Message
from tests.chat import Chat


def plans(chat: Chat) -> int:
    """One tick of `plan`."""
    return Planning(chat.store, time.monotonic).plan()


def keys(chat: Chat) -> list[str]:
    with chat.looking() as session:
        wanted = select(Message.key).where(col(Message.key).startswith("digest/"))
        return list(session.exec(wanted.order_by(col(Message.created_at), col(Message.key))))


def became(chat: Chat) -> list[tuple[str, str]]:
    """Each date that was seen to, and why it was skipped, if it was."""
    with chat.looking() as session:
        rows = session.exec(select(Occurrence).order_by(col(Occurrence.day)))
        return [(one.day.isoformat(), one.why) for one in rows]


def reads(chat: Chat, key: str, at: str = "general") -> str:
    """What stands there."""
    return plain.card(chat.standing(key, at), chat.zone)


def test_a_digest_is_typed_planned_and_said_once(chat: Chat) -> None:
    chat.types("lee", "digest every Mon 9:00")
    chat.sees("lee", "general gets a digest every Mon 9:00", "Europe/Berlin")
    chat.sees("lee", "Mon 30 Nov 09:00 CET, in 7 days", "Lee Novak hears of it")
    assert plans(chat) == 0
    chat.clock.wind(days=7, hours=-1)
    assert plans(chat) == 1
    assert plans(chat) == 0
    assert keys(chat) == ["digest/1/2026-11-30"]
    said = reads(chat, "digest/1/2026-11-30")
    assert said.startswith("general · week to Mon 30 Nov · nothing waits for the business\n")
    assert "Days to onboard 12 → 11 days (goal 8); New customers: nobody has told me yet" in said
    assert "[More] [Useful] [Not for me]" in said


def shown(chat: Chat, key: str, label: str) -> Button:
    """A button on what stands there."""
    return next(one for one in chat.standing(key).buttons if one.label == label)


def weekly(chat: Chat) -> None:
    """From now on general has one every Monday, and the first week has passed."""
    chat.types("lee", "digest every Mon 9:00")
    chat.clock.wind(days=7, hours=-1)
    plans(chat)


def _news(said: str) -> str:
    return said.partition("Numbers:")[2].partition("\n[")[0]


def test_it_asks_first_and_an_answer_changes_only_the_ask(chat: Chat) -> None:
    chat.types("dana", 'needs "Choose payroll vendor" from @omar by Fri')
    chat.types("dana", 'D-1 blocks "CRM replacement"')
    chat.types("dana", "decide buy the CRM @dana")
    weekly(chat)
    key = "digest/1/2026-11-30"
    before = reads(chat, key)
    assert before.startswith("general · week to Mon 30 Nov · 1 thing needs a business answer\n")
    asks = "“Choose payroll vendor”: undecided for 7 days; 1 project (€500k) waits."
    assert f"1. {asks} Asked of Omar Haddad." in before
    assert "[1: Decide] [1: Pass on]" in before
    chat.does("omar", chat.command("omar", "decided so", "D-1", {"title": "Payco", "because": ""}))
    after = reads(chat, key)
    assert "nothing waits for the business" in after
    assert "1. ✓ “Choose payroll vendor”: decided and done." in after
    assert _news(before) == _news(after)
    with chat.looking() as session:
        row = session.exec(select(Message).where(Message.key == key)).one()
        assert row.wanted > 1


def test_the_second_one_says_what_changed_and_a_quiet_one_says_so(chat: Chat) -> None:
    weekly(chat)
    chat.clock.wind(hours=1)
    chat.types("lee", 'move One login to 14 Dec "supplier late"')
    chat.types("dana", 'number "Days to onboard" 9')
    chat.clock.wind(days=7)
    plans(chat)
    second = reads(chat, "digest/1/2026-12-07")
    assert "Days to onboard 11 → 9 days (goal 8)" in second
    assert "Moved: One login 30 Oct → 14 Dec, “supplier late” (Lee Novak)" in second
    assert "New customers" not in second  # it said so last time
    chat.clock.wind(days=7)
    plans(chat)
    third = reads(chat, "digest/1/2026-12-14")
    assert "nothing changed" in third.partition("\n")[0]
    assert "Quiet week. I looked at 6 projects, 2 numbers and 0 decisions: nothing changed" in third
    chat.types("lee", "digest quiet silent").sees("lee", "no digest comes")
    chat.clock.wind(days=7)
    assert plans(chat) == 0
    assert became(chat)[-1] == ("2026-12-21", "quiet")


def test_a_month_of_outage_gives_one_digest_that_says_what_was_not_sent(chat: Chat) -> None:
    weekly(chat)
    chat.clock.wind(days=29)
    assert plans(chat) == 1
    assert keys(chat) == ["digest/1/2026-11-30", "digest/1/2026-12-28"]
    said = reads(chat, "digest/1/2026-12-28")
    assert "The digests of 7 Dec, 14 Dec and 21 Dec were not sent: I was not running." in said
    chat.types("ana", "digest log").sees("ana", "Mon 21 Dec | skipped: I was not running")


def test_what_is_older_than_three_days_waits_for_the_next(chat: Chat) -> None:
    weekly(chat)
    chat.clock.wind(days=11)
    assert plans(chat) == 0
    assert became(chat)[-1] == ("2026-12-07", "late")
    chat.clock.wind(days=3)
    assert plans(chat) == 1
    assert "The digest of 7 Dec was not sent" in reads(chat, "digest/1/2026-12-14")


def test_the_next_is_skipped_and_sent_after_all(chat: Chat) -> None:
    chat.types("lee", "digest every Mon 9:00").types("lee", "digest skip next")
    chat.sees("lee", "I skip the digest of Mon 30 Nov", "The one after it: Mon 7 Dec")
    chat.clicks("lee", "Send it after all").sees("lee", "The next digest: Mon 30 Nov")
    chat.types("lee", "digest skip next")
    chat.clock.wind(days=7)
    assert plans(chat) == 0
    assert became(chat) == [("2026-11-30", "asked")]
    chat.types("ana", "digest log").sees("ana", "skipped: Lee Novak asked for it")


def test_paused_it_is_silent_and_the_log_knows_why(chat: Chat) -> None:
    chat.types("lee", "digest every Mon 9:00").types("lee", "digest pause until 2 Jan")
    chat.sees("lee", "No digest here until Sat 2 Jan", "The next one: Mon 4 Jan 2027")
    chat.clock.wind(days=21)
    assert plans(chat) == 0
    assert became(chat) == [(f"2026-{day}", "paused") for day in ("11-30", "12-07", "12-14")]
    chat.types("lee", "digest resume").sees("lee", "The next one: Mon 21 Dec")
    chat.types("lee", "digest pause").sees("lee", "until somebody resumes it")
    chat.types("ana", "digest").sees("ana", "It is paused")


def test_a_change_on_the_day_makes_no_second_one(chat: Chat) -> None:
    weekly(chat)
    chat.types("lee", "digest every Mon 17:00").sees(
        "lee", "Mon 7 Dec 17:00", "It was every Mon 9:00"
    )
    chat.types("lee", "zone America/New_York")
    chat.clock.wind(hours=20)
    assert plans(chat) == 0
    chat.types("lee", "digest every Tue 8:00").types("lee", "digest every Tue 3:00")
    assert became(chat)[0] == ("2026-11-30", "")
    assert len(keys(chat)) == 1


def test_only_who_keeps_the_map_sets_one_and_everybody_may_look(chat: Chat) -> None:
    chat.types("ana", "digest every Mon 9:00").refused("ana", "Only Lee, who keeps the map")
    chat.types("ana", "digest preview").sees("ana", "A preview, for you alone: nothing is sent")
    assert keys(chat) == []
    chat.types("ana", "digest preview as of 1 Nov").sees("ana", "week to Sun 1 Nov")
    chat.types("ana", "digest log").refused("ana", "There is no digest here yet")
    chat.types("lee", "digest every full moon").refused("lee", "I can't read “full moon”")


def test_one_that_is_asked_for_comes_now_and_counts_for_nothing(chat: Chat) -> None:
    weekly(chat)
    chat.clock.wind(days=1)
    chat.types("lee", "digest now")
    assert keys(chat) == ["digest/1/2026-11-30", "digest/now/1"]
    assert [day for day, _ in became(chat)] == ["2026-11-30"]


def test_each_place_reads_it_through_its_own_lens(chat: Chat) -> None:
    chat.types("lee", "room Steering")
    code = chat.text("lee").partition("`room join ")[2][:6]
    chat.types("lee", f"room join {code}", at="elsewhere")
    chat.types("lee", "digest lens it", at="elsewhere").sees("lee", "reads digests as IT")
    chat.types("lee", 'project "Old lake" owner @ana cost 600k EUR')
    weekly(chat)
    assert keys(chat) == ["digest/1/2026-11-30"] * 2
    assert "Steering · week to Mon 30 Nov · nothing waits" in reads(chat, "digest/1/2026-11-30")
    it = reads(chat, "digest/1/2026-11-30", at="elsewhere")
    assert "1 thing needs you" in it
    assert "1. Old lake (€600k) serves no priority. Ana Sousa: which one?" in it


def test_what_people_think_of_it_is_counted_once_each(chat: Chat) -> None:
    weekly(chat)
    key = "digest/1/2026-11-30"
    for who, label in (
        ("dana", "Useful"),
        ("dana", "Useful"),
        ("ana", "Useful"),
        ("sam", "Not for me"),
    ):
        chat.does(who, chat.pressed(who, shown(chat, key, label)))
    chat.does("ana", chat.pressed("ana", shown(chat, key, "Not for me")))
    chat.types("lee", "digest log").sees("lee", "Mon 30 Nov | waiting to be sent | 1 | 2")
    chat.does("ana", chat.pressed("ana", shown(chat, key, "More"))).sees("ana", "Numbers:")


def test_a_holiday_holds_it_back_to_the_next_work_day(chat: Chat) -> None:
    chat.types("lee", "country Atlantis").refused("lee", "I know no holidays of “Atlantis”")
    chat.types("lee", "country DE").sees("lee", "I know the holidays of DE now", "25 Dec")
    chat.types("lee", "holiday 30 Nov").sees("lee", "Mon 30 Nov is a day off now")
    chat.types("lee", "digest every Mon 9:00").sees("lee", "The next one: Tue 1 Dec 09:00")
    chat.types("lee", "holiday 30 Nov").clicks("lee", "Take it back").sees(
        "lee", "a day like others"
    )
    chat.types("ana", "digest").sees("ana", "The next one: Mon 30 Nov 09:00")


def test_owners_of_stale_numbers_are_asked_a_work_day_before_and_answer_in_one_field(
    chat: Chat,
) -> None:
    chat.types("omar", "help").types("dana", "help").types("lee", "digest every Tue 9:00")
    chat.clock.wind(days=7, hours=-2)
    plans(chat)
    asked = [key for key in everything(chat) if key.startswith("fresh/")]
    assert asked == []
    chat.clock.wind(hours=2)
    plans(chat)
    plans(chat)
    asked = [key for key in everything(chat) if key.startswith("fresh/")]
    assert asked == ["fresh/2/2026-12-01"]
    assert "What is New customers today?" in reads(chat, asked[0])
    chat.does("omar", chat.pressed("omar", shown(chat, asked[0], "Say what it is")))
    assert chat.last("omar").form is not None
    chat.does("omar", chat.command("omar", "number is", "", {"value": "31", "metric": "2"}))
    assert "New customers: 31" in reads(chat, asked[0])


def everything(chat: Chat) -> list[str]:
    with chat.looking() as session:
        return sorted(session.exec(select(Message.key)))


def test_own_words_take_the_place_of_ours_or_say_why_not(chat: Chat) -> None:
    chat.types("lee", "digest words {{ title").refused("lee", "I can't use that: line 1:")
    chat.types("lee", "digest words A\n{{ nothing }}").refused(
        "lee", "line 2: 'nothing' is undefined"
    )
    chat.types("lee", "digest words {{ title.__class__ }}").refused(
        "lee", "I can't use that: line 1"
    )
    chat.types("lee", "digest words Hello: {{ money }}").sees("lee", "in your words from the next")
    chat.types("ana", "digest preview").sees("ana", "Hello: Money: €924k of €924k")
    with chat.changing() as session:
        editions.set_template(session, "{{ gone }}")
    chat.types("ana", "digest preview").sees("ana", "Your own template could not be used: line 1")
    chat.sees("ana", "Numbers:")
    chat.types("lee", "digest words off").sees("lee", "in my words again")


def test_a_digest_has_an_owner_who_may_be_another(chat: Chat) -> None:
    chat.types("lee", "digest every Mon 9:00").types("lee", "digest owner @dana")
    chat.types("ana", "digest").sees("ana", "It is Dana Brandt's")
    chat.types("lee", "gone @dana").sees("lee", "1 digest")
    chat.types("lee", "digest end").sees("lee", "gets no digest any more")
    chat.clock.wind(days=8)
    assert plans(chat) == 0


def test_nobody_has_seen_to_it_and_the_auditor_says_so(chat: Chat) -> None:
    chat.types("lee", "digest every Mon 9:00")
    chat.clock.wind(days=7, hours=-1)
    with chat.looking() as session:
        assert occurrences.audit(session, chat.clock.now()) == []
    chat.clock.wind(minutes=16)
    with chat.looking() as session:
        assert occurrences.unseen(session, chat.clock.now()) == ["digest/1/2026-11-30"]
    assert Health(chat.store, ("chat",)).late().unplanned == 1
    assert plans(chat) == 1
    assert Health(chat.store, ("chat",)).late().unplanned == 0
    chat.clock.wind(minutes=16)
    with chat.looking() as session:
        assert occurrences.audit(session, chat.clock.now()) == ["digest/1/2026-11-30"]
