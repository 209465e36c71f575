"""Forms and home pages."""

import secrets

from tests.slack import limits
from tests.slack.api import Call, Error
from tests.slack.methods.shared import JSON, answers, with_ids
from tests.slack.world import View

TRIGGER_LIVES = 3.0


def _seen(call: Call) -> JSON:
    view = call.args["view"]
    faults = limits.of_view(view, call.world.mentionable())
    wanted = "home" if call.method == "views.publish" else "modal"
    if view.get("type") != wanted:
        faults.append(f"{call.method} takes a {wanted}")
    external = view.get("external_id")
    if external and call.method != "views.update":
        others = [one for one in call.world.views.values() if one.is_open]
        if any(one.shown.get("external_id") == external for one in others):
            faults.append(f"the external_id {external!r} stands elsewhere")
    if faults:
        for fault in faults:
            call.api.fault(f"{call.method}: {fault}")
        raise Error("invalid_arguments", response_metadata={"messages": faults})
    return with_ids(view)


@answers("views.open")
@answers("views.push")
def _form(call: Call) -> JSON:
    id = str(call.args.get("trigger_id", ""))
    trigger = call.api.triggers.get(id)
    if trigger is None:
        call.api.fault(f"{call.method} with no trigger of ours: {id!r}")
        raise Error("invalid_trigger_id")
    if call.world.now() - trigger.at >= TRIGGER_LIVES:
        raise Error("expired_trigger_id")
    if trigger.is_used:
        call.api.fault("a trigger serves once")
        raise Error("exchanged_trigger_id")
    shown = _seen(call)
    trigger.is_used = True
    open_ones = [
        one for one in call.world.views.values() if one.user is trigger.user and one.is_open
    ]
    if call.method == "views.push" and len(open_ones) >= 3:
        raise Error("push_limit_reached")
    if call.method == "views.open":
        for one in open_ones:
            one.is_open = False
    return {"view": _opened(call, View(call.world.id("V"), trigger.user, shown, _hash(call),
                                       trigger.channel)).as_json()}  # fmt: skip


def _opened(call: Call, view: View) -> View:
    call.world.views[view.id] = view
    call.api.show(view)
    return view


def _hash(call: Call) -> str:
    return f"{call.world.ts()}.{secrets.token_hex(4)}"


@answers("views.update")
def _change(call: Call) -> JSON:
    wanted = (call.args.get("view_id"), call.args.get("external_id"))
    for one in call.world.views.values():
        if one.is_open and (one.id == wanted[0] or one.shown.get("external_id", "") == wanted[1]):
            if call.args.get("hash", one.hash) != one.hash:
                raise Error("hash_conflict")
            one.shown, one.hash = _seen(call), _hash(call)
            call.api.show(one)
            return {"view": one.as_json()}
    raise Error("not_found")


@answers("views.publish")
def _home(call: Call) -> JSON:
    one = call.user("user_id")
    before = call.world.homes.get(one.id)
    if before and call.args.get("hash", before.hash) != before.hash:
        raise Error("hash_conflict")
    view = View(before.id if before else call.world.id("V"), one, _seen(call), _hash(call))
    call.world.homes[one.id] = view
    call.api.show(view)
    return {"view": view.as_json()}
