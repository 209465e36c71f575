"""What comes back to the fake Slack in an acknowledgement or by a `response_url`."""

from typing import Any

from tests.slack import limits
from tests.slack.api import Api, Error
from tests.slack.methods import with_ids
from tests.slack.screen import Shown
from tests.slack.world import View

JSON = dict[str, Any]
MAY = {"text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts",
       "unfurl_links", "unfurl_media", "mrkdwn"}  # fmt: skip


def checked(api: Api, said: JSON, by: str, *, is_edit: bool = False) -> None:
    """Raise what Slack answers if it does not take this."""
    faults = limits.of_message(said, api.world.mentionable(), is_edit=is_edit)
    faults += [f"it takes no {key!r}" for key in said.keys() - MAY]
    if said.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        faults.append(f"the response_type {said['response_type']!r}")
    for fault in faults:
        api.fault(f"{by}: {fault}")
    if faults:
        raise Error("invalid_blocks")


def submitted(api: Api, body: JSON, view: View, shown: Shown) -> None:
    """What a form's acknowledgement says: close it, show errors, or go on."""
    match body.get("response_action"):
        case None:
            if body:
                api.fault(f"a form's acknowledgement says {sorted(body)}")
            view.is_open = False
        case "clear":
            for one in api.world.views.values():
                if one.user is view.user:
                    one.is_open = False
        case "errors":
            shown.errors |= _errors(api, body.get("errors") or {}, view)
        case "update" | "push" as action:
            new = body.get("view") or {}
            for fault in limits.of_view(new, api.world.mentionable()):
                api.fault(f"{action}: {fault}")
            hash = f"{api.world.ts()}.next"
            if action == "update":
                view.shown, view.hash = with_ids(new), hash
            else:
                view = View(api.world.id("V"), view.user, with_ids(new), hash, view.channel)
                api.world.views[view.id] = view
            api.show(view)
        case other:
            api.fault(f"a form's acknowledgement says {other!r}")


def _errors(api: Api, errors: JSON, view: View) -> dict[str, str]:
    """By label: an error stands under a field, so it names a block that has one."""
    labels = {
        block["block_id"]: str(block["label"]["text"])
        for block in view.shown["blocks"]
        if block["type"] == "input"
    }
    if not errors:
        api.fault("a form's acknowledgement has errors, but none")
    for id, words in errors.items():
        if id not in labels:
            api.fault(f"an error under {id!r}, where no field is")
        if not isinstance(words, str) or not 0 < len(words) <= 3000:
            api.fault(f"an error that cannot be shown: {words!r:.80}")
    return {labels.get(id, id): str(words) for id, words in errors.items()}
