"""What is exported comes back as it was, to the byte, whatever people called things."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, given, settings

from handlers import exports
from handlers.exports.gathering import Gathered, gather
from handlers.exports.seen import exported
from handlers.exports.writing import written
from storage.database import Database
from tests.clock import MONDAY
from tests.handlers.exports.generated import COMPANY, Build, enter, found

ALL_WELL = settings(
    max_examples=20,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def quiet(_done: int, _total: int) -> None:
    """Nobody looks at the progress."""


def out(database: Database, id: int) -> Gathered:
    with database.writing(id) as session:
        enter(session, MONDAY)
        return gather(session, exported(session, session.me))


@given(told=COMPANY)
@ALL_WELL
def test_a_map_comes_back_to_the_byte(
    database: Database, tmp_path: Path, told: dict[str, Any]
) -> None:
    one = found(database, told)
    with database.writing(one) as session:
        Build(enter(session, MONDAY), told)
    was = out(database, one)
    file = tmp_path / "map.yaml"
    file.write_text(written(was.map), encoding="utf-8")
    other = found(database, {"name": "Empty", "currency": "CHF"})
    with database.writing(other) as session:
        enter(session, MONDAY + timedelta(days=9))
        exports.bring(file, session, False, quiet)
    again = out(database, other)
    assert written(again.map) == file.read_text(encoding="utf-8")
    assert again.stand == was.stand


@given(told=COMPANY)
@ALL_WELL
def test_any_reader_of_yaml_finds_the_names_as_they_are(
    sqlite: Database, told: dict[str, Any]
) -> None:
    one = found(sqlite, told)
    with sqlite.writing(one) as session:
        Build(enter(session, MONDAY), told)
    read = yaml.safe_load(written(out(sqlite, one).map))
    assert read["company"]["name"] == told["name"]
    for section, kind in (("priorities", "priorities"), ("projects and tools", "initiatives"),
                          ("numbers", "metrics"), ("people", "people")):  # fmt: skip
        names = [entry["name"] for entry in read.get(section, [])]
        assert sorted(names) == sorted(entry["name"] for entry in told[kind])
    assert [entry["title"] for entry in read.get("decisions", [])] == [
        entry["title"] for entry in told["decisions"]
    ]
