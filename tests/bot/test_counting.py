"""What operators measure is measured: the figures, as Prometheus' own parser reads them."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.answering import Answering
from bot.counting import Counting
from handlers import router
from storage import outbox
from storage.health import Health
from storage.outbox import STATES
from tests.chat import Chat
from tests.saying import World

Figures = dict[tuple[str, ...], float]


def read(text: bytes) -> Figures:
    """Each sample by its name and the values of its labels."""
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_messages_are_counted_by_state_and_the_oldest_says_how_late_they_are(world: World) -> None:
    health = Health(world.store, ("chat",))
    world.post("decision/1")
    world.clock.wind(seconds=40)
    figures = read(Counting().text(health.figures(), {}))
    states = {state: figures["throughline_outbox_messages", state] for state in STATES}
    assert states == dict.fromkeys(STATES, 0) | {"pending": 1}
    assert figures["throughline_outbox_late_seconds",] == 40
    world.sends()
    figures = read(Counting().text(health.figures(), {}))
    assert figures["throughline_outbox_messages", "sent"] == 1
    assert figures["throughline_outbox_late_seconds",] == 0


def test_a_lost_answer_says_how_long_it_should_have_been_looked_for(world: World) -> None:
    health = Health(world.store, ("chat",))
    world.chat.script.append("reset after")
    world.post("decision/1")
    world.sends()
    world.clock.wind(seconds=world.patience.settle)
    assert health.figures().look_up == 0
    world.clock.wind(seconds=25)
    figures = read(Counting().text(health.figures(), {}))
    assert figures["throughline_outbox_messages", "unknown"] == 1
    assert figures["throughline_look_up_late_seconds",] == 25
    world.reconciles()
    assert health.figures().look_up == 0


def test_what_waits_for_a_chat_that_is_not_connected_makes_nothing_late(world: World) -> None:
    with world.database.writing(world.organisation.id) as session:
        now = world.clock.now()
        outbox.to_place(session, "terminal", "", "terminal", "", "decision/1", "", None, now)
    world.clock.wind(hours=2)
    figures = Health(world.store, ("chat",)).figures()
    assert (figures.outbox["pending"], figures.late) == (1, 0)
    assert Health(world.store, ("chat", "terminal")).figures().late == 2 * 3600


def test_commands_repeats_ticks_and_the_age_of_the_record_are_there(chat: Chat) -> None:
    counting = Counting()
    answering = Answering(router(), chat.store, count=counting.command)
    logged = chat.command("dana", "decide", "buy the CRM @dana")
    for _ in range(3):
        answering.answer(logged)
    answering.answer(chat.command("dana", "why", "D-7"))
    chat.clock.wind(seconds=90)
    health = Health(chat.store, ("chat",))
    figures = read(counting.text(health.figures(), {"send": 1.5, "reconcile": 2}))
    assert figures["throughline_commands_total", "decide", "answered"] == 1
    assert figures["throughline_commands_total", "decide", "repeated"] == 2
    assert figures["throughline_commands_total", "why", "refused"] == 1
    assert figures["throughline_deliveries_heard_again_total",] == 2
    assert figures["throughline_command_seconds_count",] == 4
    assert figures["throughline_tick_age_seconds", "send"] == 1.5
    assert figures["throughline_record_head_age_seconds", str(chat.organisation.id)] == 90
    assert figures["throughline_database_up",] == 1


def test_without_its_database_it_tells_what_it_still_knows() -> None:
    counting = Counting()
    counting.command("decide", "trouble", 0.2)
    figures = read(counting.text(None, {"send": 70}))
    assert figures["throughline_database_up",] == 0
    assert figures["throughline_commands_total", "decide", "trouble"] == 1
    assert figures["throughline_tick_age_seconds", "send"] == 70
    assert figures["throughline_outbox_late_seconds",] == pytest.approx(float("nan"), nan_ok=True)
    assert not [name for name, *_ in figures if name == "throughline_outbox_messages"]
