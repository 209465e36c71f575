"""Nothing that is not Slack's gets in, and nothing that gets in makes us fail."""

import asyncio
import copy
import json
from contextlib import AsyncExitStack
from random import Random
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.chat import Chat
from tests.slack.delivering import JSON, Ack
from tests.slack.talking import Company, talking

FORM, AS_JSON = "application/x-www-form-urlencoded", "application/json"
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**80, 1.5, "", " ", "x" * 5000, "\u0000", "\ud800", [], {}, [[]], [None],
    [{}], {"id": None}, {"id": {}}, {"type": []}, "T000000001", "U000000004", "{",
    '[{"a":1},"kept/x"]',
    "view", "home", "message", "app_mention", "block_actions", "view_submission", "<@U000000004>",
)  # fmt: skip
FEW = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Street:
    """Whoever stands before the door, one knock after the other, for a whole test."""

    def __init__(self, chat: Chat) -> None:
        self._chat, self._runner, self._stack = chat, asyncio.Runner(), AsyncExitStack()
        self.company: Company = self._runner.run(self._move_in())
        self.payloads: list[JSON] = self._runner.run(self._every_way())

    async def _move_in(self) -> Company:
        return await self._stack.enter_async_context(talking(self._chat, "http"))

    async def _every_way(self) -> list[JSON]:
        """What Slack sends for each way in, as it was sent."""
        company = self.company
        slack, dana = company.slack, company.dana
        said = slack.posts(company.steering, company.lee, "We buy the CRM")
        await slack.types(dana, company.steering, "what are our priorities?")
        await slack.sees(dana, "Faster onboarding")
        await slack.clicks(dana, "Faster onboarding")
        await slack.says(dana, company.steering, f"{company.acme.bot} help", twin=True)
        await slack.says(dana, slack.direct(dana), "help")
        await slack.uses(dana, "Ask Throughline")
        await slack.sees(dana, "Ask me, or tell me what was decided")
        await slack.fills(dana, {"Ask me, or tell me what was decided": "help"})
        await slack.uses(dana, "Log as decision", on=said)
        await slack.sees(dana, "What was decided?")
        await slack.fills(dana, {})
        await slack.opens_home(dana)
        await slack.reacts(dana, "memo", said)
        await company.settles()
        return [one.payload for one in slack.delivered]

    def knock(self, body: bytes, kind: str, *, is_signed: bool = True, **headers: str) -> Ack:
        sent = {"Content-Type": kind, **{name.replace("_", "-"): v for name, v in headers.items()}}
        return self._runner.run(self.company.slack.knock(body, sent, is_signed=is_signed))

    def leave(self) -> None:
        self._runner.run(self.company.settles())
        self.company.slack.faults.clear()  # junk may name what Slack does not know
        self._runner.run(self._stack.aclose())
        self._runner.close()


@pytest.fixture
def street(chat: Chat) -> Any:
    street = Street(chat)
    yield street
    street.leave()


def test_what_is_not_signed_by_slack_gets_no_further(
    street: Street, caplog: pytest.LogCaptureFixture
) -> None:
    slash = urlencode(street.payloads[0]).encode()
    now = str(int(street.company.slack.world.now()))
    right = street.company.slack.by_http.signed(slash)
    for proof in (
        {},
        {"X-Slack-Request-Timestamp": now},
        {**right, "X-Slack-Signature": ""},
        {**right, "X-Slack-Signature": "v0=é"},
        {**right, "X-Slack-Signature": right["X-Slack-Signature"][:-1] + "x"},
        {**right, "X-Slack-Request-Timestamp": "now"},
        {**right, "X-Slack-Request-Timestamp": "²"},
        {**right, "X-Slack-Request-Timestamp": "-5"},
        {**right, "X-Slack-Request-Timestamp": str(int(now) - 301)},
        {**right, "X-Slack-Request-Timestamp": "9" * 400},
    ):
        ack = street.knock(slash, FORM, is_signed=False, **proof)
        assert ack.status == 401, proof
    assert street.knock(b"", FORM, is_signed=False).status == 401
    assert street.knock(slash, "text/plain", is_signed=False).status == 415
    assert street.knock(b"x" * 300_000, AS_JSON, is_signed=False).status == 413
    assert not [one for one in caplog.records if one.name.startswith("bot.slack")]


def test_a_recording_is_not_let_in(street: Street) -> None:
    slack = street.company.slack
    slash, before = urlencode(street.payloads[0]).encode(), slack.by_http.now
    slack.by_http.now = lambda: before() - 301
    assert street.knock(slash, FORM).status == 401
    slack.by_http.now = before
    assert street.knock(slash, FORM).status == 200


NEVER_SENT: tuple[tuple[bytes, str], ...] = (
    (b"", FORM),
    (b"", AS_JSON),
    (b"{", AS_JSON),
    (b"\xff\xfe", AS_JSON),
    (b"[]", AS_JSON),
    (b"null", AS_JSON),
    (b'"x"', AS_JSON),
    (b"{}", AS_JSON),
    (b"[" * 100_000, AS_JSON),
    (b'{"a":' * 40 + b"1" + b"}" * 40, AS_JSON),
    (b"payload=", FORM),
    (b"payload=%7B", FORM),
    (b"payload=%ff", FORM),
    (b"payload=[]", FORM),
    (b"a=1&" * 5000, FORM),
    (b'{"text":"\\u0000"}', AS_JSON),
    (b'{"text":"\\ud800"}', AS_JSON),
    (b"text=%00", FORM),
)


def test_a_body_that_slack_never_sends_is_refused(street: Street) -> None:
    for body, kind in NEVER_SENT:
        assert street.knock(body, kind).status == 400, body[:40]


def test_whatever_is_signed_never_makes_us_fail(
    street: Street, caplog: pytest.LogCaptureFixture
) -> None:
    answered: set[int] = set()

    @FEW
    @given(st.randoms(use_true_random=False))
    def knock(random: Random) -> None:
        payload = changed(random.choice(street.payloads), random)
        sent = json.dumps(payload)
        body, kind = sent.encode(), AS_JSON
        if "command" in payload and all(isinstance(one, str) for one in payload.values()):
            body, kind = urlencode(payload, errors="replace").encode(), FORM
        elif payload.get("type") != "event_callback":
            body, kind = b"payload=" + quote_plus(sent).encode(), FORM
        status = street.knock(body, kind).status
        answered.add(status)
        assert status in (200, 400), payload

    knock()
    street._runner.run(street.company.settles())
    assert answered == {200, 400}
    broken = [one for one in caplog.records if one.levelname == "ERROR"]
    assert not broken, broken[0].exc_info


def changed(payload: JSON, random: Random) -> JSON:
    """The same with one to three places in it changed, dropped or doubled."""
    found: JSON = copy.deepcopy(payload)
    for _ in range(random.randint(1, 3)):
        at: Any = found
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                break
            key = random.choice(keys)
            if isinstance(at[key], dict | list) and random.random() < 0.7:
                at = at[key]
                continue
            if random.random() < 0.25:
                del at[key]
            else:
                at[key] = copy.deepcopy(random.choice(ODD))
            break
    return found
