"""Tokens: given, renewed, taken away; and where a socket is."""

import base64
import secrets
from dataclasses import replace

from tests.slack.api import Call, Error
from tests.slack.methods.shared import JSON, OURS, answers
from tests.slack.world import Grant, User, Workspace


@answers("auth.revoke")
def _revoke(call: Call) -> JSON:
    assert call.grant is not None
    if not call.args.get("test"):
        call.grant.is_revoked = True
    return {"revoked": not call.args.get("test")}


@answers("apps.connections.open")
def _connect(call: Call) -> JSON:
    token = call.args.pop("_authorization").removeprefix("Bearer ")
    return {"url": call.api.ticket(token)}


@answers("oauth.v2.access")
def _token(call: Call) -> JSON:
    args, api = call.args, call.api
    kind, _, basic = args.pop("_authorization").partition(" ")
    id, secret = args.get("client_id"), args.get("client_secret")
    if kind == "Basic":
        id, _, secret = base64.b64decode(basic).decode().partition(":")
    if (id, secret) != (api.client_id, api.client_secret):
        raise Error("invalid_client_id" if id != api.client_id else "bad_client_secret")
    if args.get("grant_type") == "refresh_token":
        return _refreshed(call)
    code = api.codes.pop(str(args.get("code", "")), None)
    if code is None:
        raise Error("invalid_code")
    if call.world.now() - code.at >= 600:
        raise Error("code_expired")
    if args.get("redirect_uri", code.redirect) != code.redirect:
        raise Error("bad_redirect_uri")
    return told_of(grant(code.of, code.scopes, call.world.now()), code.by)


def _refreshed(call: Call) -> JSON:
    given = str(call.args.get("refresh_token", ""))
    for one in list(call.world.grants.values()):
        if one.refresh and one.refresh == given:
            if one.is_revoked:
                raise Error("token_revoked")
            one.refresh = ""  # it serves once; the token itself lives on until its end
            return told_of(grant(one.of, one.scopes, call.world.now()), None)
    raise Error("invalid_refresh_token")


def grant(of: Workspace, scopes: frozenset[str], now: float) -> Grant:
    """A new token for our bot there."""
    if of.own_bot is None:
        of.own_bot = User(of.world.id("U"), "Throughline", of, is_bot=True)
        of.people.append(of.own_bot)
    secret = f"{of.world.id('')}-{secrets.token_hex(8)}"
    made = Grant(f"xoxb-{secret}", of, scopes)
    if of.rotates:
        made = replace(made, token=f"xoxe.xoxb-{secret}", ends_at=now + 43_200,
                       refresh=f"xoxe-1-{secret}")  # fmt: skip
    of.grant = of.world.grants[made.token] = made
    return made


def told_of(made: Grant, by: User | None) -> JSON:
    of = made.of
    assert of.own_bot is not None
    org = of if of.is_org else of.org
    told: JSON = {
        "access_token": made.token, "token_type": "bot", "scope": ",".join(sorted(made.scopes)),
        "bot_user_id": of.own_bot.id, "app_id": OURS, "is_enterprise_install": of.is_org,
        "team": None if of.is_org else {"id": of.id, "name": of.name},
        "enterprise": {"id": org.id, "name": org.name} if org else None,
        "authed_user": {"id": by.id} if by else {},
    }  # fmt: skip
    if made.refresh:
        told |= {"refresh_token": made.refresh, "expires_in": 43_200}
    return told
