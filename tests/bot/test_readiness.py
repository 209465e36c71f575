"""`/readyz` turns red when this process cannot do its work, and green again by itself."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.doctor import Finding
from bot.readiness import Home, Readiness
from bot.ticking import Tick, Ticking
from storage import trouble
from storage.health import Health, Heartbeat, Late
from tests.clock import Clock
from tests.saying import World

HOUR = 3600.0


class Patient:
    """One process's readiness over the world's database; `last` is when its ticks succeeded."""

    def __init__(self, world: World, platforms: tuple[str, ...] = ("chat",)) -> None:
        self.world = world
        self.last: dict[str, datetime] = {"send": world.clock.now()}
        self.health = Health(world.store, platforms)
        self.pool = ThreadPoolExecutor(2)
        home = Home("SQLite 3.53.4", (3, 53, 4), world.database.file, self.health.revision())
        self.readiness = Readiness(
            self.health,
            home,
            lambda: self.last,
            trouble.kind,
            world.clock,
            world.clock.elapsed,
            self.pool,
        )

    def looks(self) -> list[Finding]:
        self.world.clock.wind(seconds=3)  # what was asked before is not fresh any more
        return self.world.run(self.readiness.look())

    def wrong(self) -> list[str]:
        return [one.about for one in self.looks() if one.state == "wrong"]


@pytest.fixture
def patient(world: World) -> Iterator[Patient]:
    patient = Patient(world)
    yield patient
    patient.pool.shutdown()


def test_a_process_that_is_well_says_so_of_everything(patient: Patient) -> None:
    assert {(one.about, one.state) for one in patient.looks()} >= {
        ("ticks", "ok"),
        ("write", "ok"),
        ("schema", "ok"),
        ("late", "ok"),
    }
    assert patient.wrong() == []


def test_what_it_wrote_is_there_once_however_often_it_looks(patient: Patient) -> None:
    for _ in range(3):
        assert patient.wrong() == []
    with patient.world.database.reading(patient.world.organisation.id) as session:
        rows = session.exec(select(Heartbeat.room)).all()
    assert rows == [""]


def test_a_tick_that_was_killed_turns_it_red_within_a_minute_and_one_that_runs_green(
    patient: Patient,
) -> None:
    patient.world.clock.wind(seconds=50)
    assert patient.wrong() == []
    patient.world.clock.wind(seconds=4)
    assert patient.wrong() == ["ticks"]
    patient.last["send"] = patient.world.clock.now()
    assert patient.wrong() == []


@pytest.mark.parametrize("kind", ["hung", "refused"])
def test_a_tick_that_hangs_or_is_refused_turns_it_red(world: World, kind: str) -> None:
    patient = Patient(world)
    release, began = asyncio.Event(), asyncio.Event()
    is_ill = True

    async def body() -> None:
        began.set()
        if is_ill and kind == "refused":
            raise ConnectionRefusedError
        if is_ill:
            await release.wait()

    async def forget() -> None: ...

    async def story() -> None:
        nonlocal is_ill
        ticking = Ticking(
            [Tick("send", body, HOUR), Tick("forget", forget, HOUR, is_vital=False)], world.clock
        )
        ticking.start()
        await began.wait()
        world.clock.wind(seconds=61)
        patient.last = ticking.vital()
        found = await patient.readiness.look()
        assert [one.about for one in found if one.state == "wrong"] == ["ticks"]
        assert ["send" in one.text for one in found if one.about == "ticks"] == [True]
        is_ill = False
        release.set()
        while ticking.last()["send"] < world.clock.now():
            ticking.wake("send")
            await asyncio.sleep(0)
        patient.last = ticking.vital()
        world.clock.wind(seconds=3)
        found = await patient.readiness.look()
        assert [one for one in found if one.state == "wrong"] == []
        await ticking.stop()

    world.run(story())
    patient.pool.shutdown()


def test_the_hourly_tick_does_not_count(clock: Clock) -> None:
    async def never() -> None: ...

    async def story() -> None:
        ticks = [Tick("forget", never, HOUR, is_vital=False), Tick("send", never, 5)]
        ticking = Ticking(ticks, clock)
        ticking.start()
        assert set(ticking.last()) == {"forget", "send"}
        assert set(ticking.vital()) == {"send"}
        await ticking.stop()

    asyncio.run(story())


def test_a_message_that_is_late_for_no_reason_turns_it_red_until_it_is_said(
    patient: Patient,
) -> None:
    patient.world.post("decision/1")
    patient.world.clock.wind(minutes=14)
    patient.last["send"] = patient.world.clock.now()
    assert patient.wrong() == []
    patient.world.clock.wind(minutes=1)
    patient.last["send"] = patient.world.clock.now()
    assert patient.wrong() == ["late"]
    patient.world.sends()
    assert patient.wrong() == []


def test_a_message_nobody_knows_of_turns_it_red_until_somebody_knows(patient: Patient) -> None:
    world = patient.world
    world.chat.script.append("reset after")
    world.post("decision/1")
    world.sends()
    world.clock.wind(minutes=16)
    patient.last["send"] = world.clock.now()
    assert patient.wrong() == ["unknown"]
    world.reconciles()
    patient.last["send"] = world.clock.now()
    assert patient.wrong() == []


def test_what_waits_for_a_chat_that_is_elsewhere_is_told_and_not_red(world: World) -> None:
    patient = Patient(world, ("another",))
    world.post("decision/1")
    world.clock.wind(minutes=20)
    patient.last["send"] = world.clock.now()
    found = patient.looks()
    assert [one.text[-2:] for one in found if one.state == "careful"] == ["1."]
    assert [one for one in found if one.state == "wrong"] == []
    patient.pool.shutdown()


def test_a_schema_that_another_program_moved_turns_it_red(patient: Patient) -> None:
    def move(to: str) -> None:
        with patient.world.database.writer.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": to})

    ours = patient.health.revision()
    move("9999")
    try:
        assert patient.wrong() == ["schema"]
    finally:
        move(ours)
    assert patient.wrong() == []


class Hung(Health):
    """A database that does not answer until it is let go."""

    def __init__(self, world: World) -> None:
        super().__init__(world.store, ("chat",))
        self.go = Event()
        self.asked = 0

    def beat(self) -> None:
        self.asked += 1
        self.go.wait(10)

    def late(self) -> Late:
        self.go.wait(10)
        return super().late()


def test_a_database_that_hangs_holds_up_nobody_and_takes_one_thread_for_each_question(
    world: World,
) -> None:
    patient = Patient(world)
    hung = Hung(world)
    home = Home("PostgreSQL 16", (16,), None, patient.health.revision())
    readiness = Readiness(
        hung, home, dict, trouble.kind, world.clock, world.clock.elapsed, patient.pool, 0.05
    )

    async def story() -> None:
        for _ in range(5):
            beats = 0

            async def beat() -> None:
                nonlocal beats
                while True:
                    await asyncio.sleep(0)
                    beats += 1

            beating = asyncio.create_task(beat())
            found = await readiness.look()
            beating.cancel()
            assert [one.about for one in found if one.state == "wrong"] == ["write", "database"]
            assert beats > 10
            world.clock.wind(seconds=30)
        assert hung.asked == 1
        hung.go.set()
        await asyncio.to_thread(patient.pool.submit(int).result)
        world.clock.wind(seconds=30)
        found = await readiness.look()
        assert [one for one in found if one.state == "wrong"] == []

    world.run(story())
    patient.pool.shutdown()


def test_an_old_sqlite_is_a_warning_and_a_low_disk_is_one_too(
    sqlite_world: Callable[[], Patient], monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = sqlite_world()
    free = {"now": 100 * 1024**2}

    class Usage:
        @property
        def free(self) -> int:
            return free["now"]

    monkeypatch.setattr("shutil.disk_usage", lambda _folder: Usage())
    states = {one.about: one.state for one in patient.looks()}
    assert (states["version"], states["disk"]) == ("careful", "careful")
    free["now"] = 1024**2
    assert patient.wrong() == ["disk"]
    patient.pool.shutdown()


@pytest.fixture
def sqlite_world(world: World, tmp_path: Path) -> Callable[[], Patient]:
    def made() -> Patient:
        patient = Patient(world)
        home = Home("SQLite 3.40.1", (3, 40, 1), tmp_path / "a.db", patient.health.revision())
        patient.readiness = Readiness(
            patient.health,
            home,
            dict,
            trouble.kind,
            world.clock,
            world.clock.elapsed,
            patient.pool,
        )
        return patient

    return made
