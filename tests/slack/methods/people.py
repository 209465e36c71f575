"""Who we are, and who everybody else is."""

from tests.slack.api import Call, Error
from tests.slack.methods.shared import JSON, OURS, answers, of_one_team, page
from tests.slack.world import User


@answers("auth.test")
def _who(call: Call) -> JSON:
    of, us = call.of, call.us
    told = {"url": f"https://{of.domain}.slack.com/", "team": of.name, "team_id": of.id}
    told |= {"user": us.handle, "user_id": us.id, "bot_id": "B0OURS", "app_id": OURS}
    org = of if of.is_org else of.org
    told |= {"enterprise_id": org.id, "enterprise_name": org.name} if org else {}
    return told | {"is_enterprise_install": of.is_org}


@answers("team.info")
def _team(call: Call) -> JSON:
    id = call.args.get("team") or call.of.id
    for one in call.world.workspaces:
        if one.id == id and call.of in (one, one.org):
            org = {"enterprise_id": one.org.id, "enterprise_name": one.org.name} if one.org else {}
            return {"team": {"id": one.id, "name": one.name, "domain": one.domain, **org}}
    raise Error("team_not_found")


def told_of_user(call: Call, one: User) -> JSON:
    """Somebody as our bot is told of them: of a stranger no address."""
    is_stranger = call.of not in (one.of, one.of.org)
    profile = {"real_name": one.name, "display_name": one.handle}
    grant = call.grant
    if not is_stranger and grant and "users:read.email" in grant.scopes and one.email:
        profile["email"] = one.email
    told: JSON = {
        "id": one.id, "team_id": one.of.id, "name": one.handle, "deleted": one.is_deactivated,
        "real_name": one.name, "profile": profile, "is_bot": one.is_bot, "is_app_user": False,
        "updated": int(call.world.now()), "is_email_confirmed": one.is_confirmed,
    }  # fmt: skip
    if is_stranger:
        told["is_stranger"] = True
    if not one.is_deactivated:
        told |= {"tz": one.zone, "is_admin": one.is_admin, "is_owner": False}
        told |= {"is_restricted": one.is_guest, "is_ultra_restricted": False}
    if one.of.org is not None:
        told["enterprise_user"] = {"id": one.id, "enterprise_id": one.of.org.id,
                                   "teams": [one.of.id]}  # fmt: skip
    return told


@answers("users.info")
def _user(call: Call) -> JSON:
    return {"user": told_of_user(call, call.user())}


@answers("users.list")
def _users(call: Call) -> JSON:
    of_one_team(call)
    team = call.args.get("team_id", call.of.id)
    ours = [each for each in call.world.workspaces if each.id == team]
    people = [one for each in ours for one in each.people]
    abroad = [one for each in ours for channel in each.channels for one in channel.members]
    known = list(dict.fromkeys([*people, *abroad]))
    return page(call, "members", [told_of_user(call, one) for one in known])


@answers("users.lookupByEmail")
def _by_email(call: Call) -> JSON:
    for each in call.world.workspaces:
        for one in each.people:
            is_ours = call.of in (each, each.org) and not one.is_deactivated
            if is_ours and one.email == call.args["email"]:
                return {"user": told_of_user(call, one)}
    raise Error("users_not_found")


@answers("bots.info")
def _bot(call: Call) -> JSON:
    return {"bot": {"id": call.args.get("bot", "B0OURS"), "name": "throughline", "app_id": OURS}}
