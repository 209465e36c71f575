"""The one workspace whose token the operator has set: which it is, asked when we start."""

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.slack.workspaces import App, Installed, said

REFUSED = (
    "Slack does not know SLACK_BOT_TOKEN ({why}). It begins with xoxb- and stands under OAuth & "
    "Permissions on api.slack.com/apps, once the app is installed in the workspace."
)
SILENT = (
    "Slack does not answer at {api} ({why}). Can this machine reach it, and is SLACK_API_URL, "
    "where it is set, right?"
)


class NoWorkspace(ValueError):  # noqa: N818  it is told to the operator in words
    """We cannot say anything there; the text says why, and what to do."""


async def own(app: App, token: str) -> Installed:
    """What `auth.test` says of it; the token itself is kept nowhere. Raises `NoWorkspace`."""
    try:
        told = await app.client(token).auth_test()
    except SlackApiError as refused:
        if why := said(refused):
            raise NoWorkspace(REFUSED.format(why=why)) from refused
        status = f"status {refused.response.status_code}"
        raise NoWorkspace(SILENT.format(api=app.api, why=status)) from refused
    except (ClientError, TimeoutError, OSError, ValueError) as silent:
        raise NoWorkspace(SILENT.format(api=app.api, why=type(silent).__name__)) from silent
    is_org_wide = bool(told.get("is_enterprise_install"))
    enterprise, team = str(told.get("enterprise_id") or ""), str(told.get("team_id") or "")
    tenant = enterprise if is_org_wide else team
    if not tenant:
        raise NoWorkspace(SILENT.format(api=app.api, why="no answer that I know"))
    return Installed(
        tenant=tenant,
        name=str(told.get("team") or ""),
        enterprise_id=enterprise,
        is_org_wide=is_org_wide,
        bot_id=str(told.get("user_id") or ""),
        scopes=str(told.headers.get("x-oauth-scopes", "")),
    )
