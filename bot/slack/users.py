"""Reads what Slack tells of a user: who they are to us, and whether their address counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import available_timezones

from bot.slack.workspaces import NAME

Standing = Literal["", "guest", "stranger"]
LONGEST = 80  # characters of a name, as in Slack
ZONES = frozenset(available_timezones())


@dataclass(frozen=True, slots=True)
class Home:
    """What tells a colleague from a stranger: the ids of our workspace and of its organisation."""

    tenant: str
    team: str = ""
    enterprise: str = ""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody, as Slack told `as_of` then. `email` only of a verified, ordinary colleague."""

    tenant: str
    id: str
    name: str
    email: str
    zone: str
    standing: Standing
    is_closed: bool
    is_bot: bool
    as_of: datetime
    platform: str = NAME


def user(told: Mapping[str, Any], home: Home) -> User | None:
    """Of a user as `users.info` and events describe them; nothing of what is none."""
    id = told.get("id")
    if not isinstance(id, str) or not id:
        return None
    profile = told.get("profile")
    profile = profile if isinstance(profile, dict) else {}
    is_stranger = _is_stranger(told, home)
    is_guest = bool(told.get("is_restricted") or told.get("is_ultra_restricted"))
    is_closed, is_bot = bool(told.get("deleted")), _is_bot(told, id)
    is_verified = told.get("is_email_confirmed") is True
    is_ordinary = is_verified and not (is_stranger or is_guest or is_closed or is_bot)
    name = told.get("real_name") or profile.get("real_name") or told.get("name") or ""
    zone = told.get("tz")
    return User(
        tenant=str(told.get("team_id")) if is_stranger and told.get("team_id") else home.tenant,
        id=id,
        name="".join(c for c in " ".join(str(name).split()) if c.isprintable())[:LONGEST],
        email=str(profile.get("email") or "") if is_ordinary else "",
        zone=zone if isinstance(zone, str) and zone in ZONES else "",
        standing="stranger" if is_stranger else "guest" if is_guest else "",
        is_closed=is_closed,
        is_bot=is_bot,
        as_of=_moment(told.get("updated")),
    )


def _is_bot(told: Mapping[str, Any], id: str) -> bool:
    """Slackbot says of itself that it is none."""
    return bool(told.get("is_bot") or told.get("is_workflow_bot")) or id == "USLACKBOT"


def _is_stranger(told: Mapping[str, Any], home: Home) -> bool:
    """Of another company, in a channel that we share; another workspace of our own is none."""
    if told.get("is_stranger"):
        return True
    ours = {home.tenant, home.team, home.enterprise} - {""}
    of = told.get("enterprise_user")
    enterprise = of.get("enterprise_id") if isinstance(of, dict) else told.get("enterprise_id")
    team = told.get("team_id")
    return bool(team) and team not in ours and enterprise not in ours


def _moment(seconds: object) -> datetime:
    if isinstance(seconds, int | float) and 0 <= seconds < 32503680000:  # the year 3000
        return datetime.fromtimestamp(seconds, UTC)
    return datetime.fromtimestamp(0, UTC)
