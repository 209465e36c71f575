"""Whoever talks to the fake Slack answers for what it found fault with."""

from collections.abc import Iterator

import pytest

from tests.slack.server import EVERY


@pytest.fixture(autouse=True)
def no_faults() -> Iterator[None]:
    """A test that ends with a fake Slack left open, or with faults in it, has failed."""
    yield
    left, EVERY[:] = EVERY[:], []
    for slack in left:
        slack.hold()
    assert not left, "a fake Slack was started and never left"
