"""Makes the rows of decisions durable by plain SQL, and does nothing else."""

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import psycopg
from psycopg.types.json import Json

from storage.database import PRAGMAS, Database
from tests.bench.deciding import Deciding

FIRST = 1_000_000  # id: far from those that the product gives
ROW = "CREATE TABLE bare (id INTEGER PRIMARY KEY, name TEXT)"
OF_A_DECISION = {  # the rows of one decision, in the order in which they may be written
    "inbox": "key LIKE '%' || :delivery",
    "decisions": "number = :number",
    "decision_events": "decision_id = (SELECT id FROM decisions WHERE number = :number)",
    "decision_states": "decision_id = (SELECT id FROM decisions WHERE number = :number)",
    "decision_parties": "decision_id = (SELECT id FROM decisions WHERE number = :number)",
    "records": "(noun = 'decisions' AND row_id = (SELECT id FROM decisions WHERE number = :number))"
    " OR (noun = 'decision_events' AND row_id IN (SELECT id FROM decision_events"
    " WHERE decision_id = (SELECT id FROM decisions WHERE number = :number)))",
    "outbox": "key = :key",
}
HEADED = "UPDATE record_heads SET number = :number WHERE organisation_id = 1"
COUNTED = "UPDATE counters SET last = :number WHERE organisation_id = 1 AND noun = 'bare'"
Values = Mapping[str, Any]
Run = Callable[[str, Values], Any]


class Bare:
    """One connection that commits the rows of a decision, which it was shown once."""

    def __init__(self, run: Run, begin: str, told: tuple[str, str]) -> None:
        self._run, self._begin = run, begin
        self._made = 0
        self.wait = 0.0  # seconds more for each commit, as a slower disk takes
        delivery, key = told
        like = {"delivery": delivery, "key": key, "number": int(key.partition("/")[2])}
        self._rows: list[tuple[str, dict[str, Any]]] = []
        for table, where in OF_A_DECISION.items():
            found = run(f"SELECT * FROM {table} WHERE {where}", like)
            columns = [column[0] for column in found.description]
            for row in found.fetchall():
                self._rows.append((table, dict(zip(columns, map(_kept, row), strict=True))))
        assert [table for table, _ in self._rows] == [
            *("inbox", "decisions", "decision_events", "decision_events", "decision_states"),
            *("decision_parties", "decision_parties"),
            *("records", "records", "records"),
            *("outbox", "outbox"),
        ]
        self._inserts = [
            f"INSERT INTO {table} ({', '.join(row)}) VALUES (:{', :'.join(row)})"
            for table, row in self._rows
        ]
        run(ROW, {})
        run("INSERT INTO counters (organisation_id, noun, last) VALUES (1, 'bare', 0)", {})

    @classmethod
    def beside(cls, deciding: Deciding, file: Path | None = None) -> "Bare":
        """Into a copy of what SQLite holds, or into the same database on a server."""
        told = deciding.another()
        if file is None:
            return cls(_postgresql(deciding.database), "BEGIN", told)
        with deciding.database.reader.connect() as reading:
            reading.exec_driver_sql("ROLLBACK")
            reading.exec_driver_sql("PRAGMA query_only=OFF")
            reading.exec_driver_sql("VACUUM INTO ?", (str(file),))
            reading.invalidate()
        return cls(_sqlite(file), "BEGIN IMMEDIATE", told)

    def rows(self, count: int) -> float:
        """Single rows a second, one commit each."""
        began = perf_counter()
        for _ in range(count):
            self._made += 1
            self._run(self._begin, {})
            self._run("INSERT INTO bare VALUES (:id, 'Name')", {"id": self._made})
            self._commit()
        return count / (perf_counter() - began)

    def decisions(self, count: int) -> float:
        """Decisions a second, one commit each."""
        began = perf_counter()
        for _ in range(count):
            self._made += 1
            self._run(self._begin, {})
            for at, (insert, (table, like)) in enumerate(
                zip(self._inserts, self._rows, strict=True)
            ):
                self._run(insert, {**like, **_anew(table, FIRST + self._made, at)})
            self._run(COUNTED, {"number": self._made})
            self._run(HEADED, {"number": FIRST + self._made})
            self._commit()
        return count / (perf_counter() - began)

    def _commit(self) -> None:
        if self.wait:
            sleep(self.wait)
        self._run("COMMIT", {})


def _anew(table: str, number: int, at: int) -> Values:
    """What must be another for another decision."""
    match table:
        case "inbox":
            return {"key": f"slack/acme/delivery-{number}"}
        case "decisions":
            return {"id": number, "number": number}
        case "decision_events":
            return {"id": 10 * number + at, "decision_id": number}
        case "decision_states":
            return {"id": number, "decision_id": number}
        case "decision_parties":
            return {"id": 20 * number + at, "decision_id": number}
        case "records":
            return {"number": 20 * number + at, "row_id": number}
    return {"id": f"{number:032}-{at}", "key": f"decision/{number}"}


def _kept(value: Any) -> Any:
    return Json(value) if isinstance(value, dict | list) else value


def _sqlite(file: Path) -> Run:
    module = import_module("pysqlite3" if find_spec("pysqlite3") else "sqlite3")
    connection = module.connect(file, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    run: Run = connection.execute
    return run


def _postgresql(database: Database) -> Run:
    told = database.url.set(drivername="postgresql")
    connection = psycopg.connect(told.render_as_string(hide_password=False), autocommit=True)
    spelled: dict[str, bytes] = {}

    def run(statement: str, values: Values) -> Any:
        if statement not in spelled:
            doubled = statement.replace("%", "%%")
            spelled[statement] = re.sub(r":(\w+)", r"%(\1)s", doubled).encode()
        return connection.execute(spelled[statement], values or None, prepare=True)

    return run
