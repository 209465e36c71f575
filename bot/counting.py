"""What operators measure: counted here as it happens, or asked of the database, as Prometheus
reads it. Numbers only: no text, and no name but those of commands and ticks.
"""

from collections.abc import Mapping
from typing import Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)  # after 2 s a chat says Saving…


class Figures(Protocol):
    """What the database knows; seconds, and ages by organisation."""

    @property
    def outbox(self) -> Mapping[str, int]: ...
    @property
    def late(self) -> float: ...
    @property
    def look_up(self) -> float: ...
    @property
    def heads(self) -> Mapping[int, float]: ...
    @property
    def skipped(self) -> Mapping[str, int]: ...


class Counting:
    """One process's counts, since its start."""

    def __init__(self) -> None:
        self._registry = of = CollectorRegistry()
        ProcessCollector(registry=of)
        self._commands = Counter(
            "throughline_commands", "Commands by what became of them.", ("command", "outcome"),
            registry=of,
        )  # fmt: skip
        self._seconds = Histogram(
            "throughline_command_seconds", "How long a command took.", buckets=BUCKETS, registry=of
        )
        self._again = Counter(
            "throughline_deliveries_heard_again", "Deliveries that came twice.", registry=of
        )
        self._is_up = Gauge("throughline_database_up", "Whether the database answers.", registry=of)
        self._outbox = Gauge(
            "throughline_outbox_messages", "Messages by state.", ("state",), registry=of
        )
        self._late = Gauge(
            "throughline_outbox_late_seconds", "How long the oldest message is due.", registry=of
        )
        self._look_up = Gauge(
            "throughline_look_up_late_seconds",
            "How long the oldest message with a lost answer should have been looked for.",
            registry=of,
        )
        self._heads = Gauge(
            "throughline_record_head_age_seconds", "Since the newest entry on record.",
            ("organisation",), registry=of,
        )  # fmt: skip
        self._skipped = Gauge(
            "throughline_digests_skipped", "Digests that were left out, by reason.", ("why",),
            registry=of,
        )  # fmt: skip
        self._ticks = Gauge(
            "throughline_tick_age_seconds", "Since a tick last succeeded.", ("tick",), registry=of
        )

    def command(self, name: str, outcome: str, seconds: float) -> None:
        """A command came to its end; safe from any thread."""
        self._commands.labels(name, outcome).inc()
        self._seconds.observe(seconds)
        if outcome == "repeated":
            self._again.inc()

    def text(self, figures: Figures | None, ticks: Mapping[str, float]) -> bytes:
        """All of it; without `figures` where the database does not answer."""
        self._is_up.set(figures is not None)
        for gauge in (self._outbox, self._heads, self._skipped, self._ticks):
            gauge.clear()
        self._late.set(figures.late if figures else float("nan"))
        self._look_up.set(figures.look_up if figures else float("nan"))
        for tick, age in ticks.items():
            self._ticks.labels(tick).set(age)
        if figures:
            for state, count in figures.outbox.items():
                self._outbox.labels(state).set(count)
            for why, count in figures.skipped.items():
                self._skipped.labels(why).set(count)
            for organisation_id, age in figures.heads.items():
                self._heads.labels(str(organisation_id)).set(age)
        return generate_latest(self._registry)
