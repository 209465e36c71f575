"""What we ask Slack to be allowed; `manifest.yaml` says the same."""

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "reactions:read",
    "users:read",
    "users:read.email",
)


def missing(granted: str) -> list[str]:
    """Those that were not given, of a list with commas."""
    given = {one.strip() for one in granted.split(",")}
    return [one for one in SCOPES if one not in given]
