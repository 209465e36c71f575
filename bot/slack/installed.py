"""Remembers for a moment who we are in each workspace: nobody is asked for every request."""

from collections.abc import Callable

from bot.slack.doings import Here
from bot.slack.workspaces import Workspaces

BELIEVED = 10.0  # seconds


class Installed:
    """`elapsed` is in seconds and never goes back."""

    def __init__(self, workspaces: Workspaces, elapsed: Callable[[], float]) -> None:
        self._workspaces, self._elapsed = workspaces, elapsed
        self._found: dict[str, tuple[float, Here, bool]] = {}

    async def here(self, team: str, enterprise: str, is_org_wide: bool) -> Here | None:
        """The workspace's own installation, or that of all of its organisation's workspaces."""
        tenants = (enterprise, team) if is_org_wide else (team, enterprise)
        for tenant in filter(None, tenants):
            found = await self._one(tenant)
            if found and (tenant == team or found[1]):
                return found[0]
        return None

    async def _one(self, tenant: str) -> tuple[Here, bool] | None:
        until, here, is_org_wide = self._found.get(tenant, (0.0, Here(""), False))
        if here.tenant and self._elapsed() < until:
            return here, is_org_wide
        found = await self._workspaces.one(tenant)
        if found is None or found.is_gone:
            self._found.pop(tenant, None)
            return None
        here = Here(found.tenant, found.bot_id)
        self._found[tenant] = (self._elapsed() + BELIEVED, here, found.is_org_wide)
        return here, found.is_org_wide

    def forget(self, tenant: str) -> None:
        """Something was said of this one."""
        self._found.pop(tenant, None)
