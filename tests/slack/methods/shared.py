"""What methods share: how one is answered, long lists, ids of blocks."""

import copy
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from tests.slack.api import Call, Error
from tests.slack.world import Channel

JSON = dict[str, Any]


ANSWERS: dict[str, Callable[[Call], JSON]] = {}


OURS = "A0OURS"


def answers(method: str) -> Callable[[Callable[[Call], JSON]], Callable[[Call], JSON]]:
    """This function answers that method."""

    def keep(answer: Callable[[Call], JSON]) -> Callable[[Call], JSON]:
        ANSWERS[method] = answer
        return answer

    return keep


def with_ids(said: JSON) -> JSON:
    """Slack gives each block an id that has none."""
    said, number = copy.deepcopy(said), count(1)
    for block in said.get("blocks") or []:
        block.setdefault("block_id", f"slack-{next(number)}")
    return said


def permalink(channel: Channel, ts: str) -> str:
    return f"https://{channel.of.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"


def page(call: Call, name: str, found: Sequence[Any]) -> JSON:
    """A page of them; where the next begins is told as Slack tells it."""
    begin = int(call.args.get("cursor") or 0)
    most = int(call.args.get("limit") or 100)
    if not 1 <= most <= 1000:
        call.api.fault(f"{call.method} with limit={most}")
        raise Error("invalid_limit")
    end = min(begin + min(most, call.api.page), len(found))
    following = str(end) if end < len(found) else ""
    return {name: list(found[begin:end]), "response_metadata": {"next_cursor": following}}


def of_one_team(call: Call) -> None:
    """With a token for a whole organisation Slack wants to know which workspace is meant."""
    if call.of.is_org and not call.args.get("team_id"):
        raise Error("missing_argument", response_metadata={"messages": ["team_id"]})
