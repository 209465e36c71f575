"""OAuth in somebody's browser: from our page to Slack's and back to us, with the cookies kept."""

import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import aiohttp

from tests.slack.api import Api, Code
from tests.slack.scopes import asked_for
from tests.slack.world import User, Workspace


@dataclass
class Browser:
    """One person's browser; `status`, `text` and `cookies` are what it got last."""

    api: Api
    who: User
    status: int = 0
    text: str = ""
    back: str = ""  # the address that Slack sent it back to

    async def installs(
        self, address: str, *, agrees: bool = True, into: Workspace | None = None
    ) -> None:
        """Our install page, then Slack's, then ours again."""
        jar = aiohttp.CookieJar(unsafe=True)  # also for addresses without a name
        async with aiohttp.ClientSession(cookie_jar=jar) as http:
            async with http.get(address, allow_redirects=False) as begun:
                self.status, self.text = begun.status, await begun.text()
                onward = begun.headers.get("Location", "") or _link(self.text)
            if not onward:
                return
            self.back = self.agreed(onward, address, agrees=agrees, into=into)
            async with http.get(self.back, allow_redirects=False) as ended:
                self.status, self.text = ended.status, await ended.text()

    def agreed(self, onward: str, ours: str, *, agrees: bool, into: Workspace | None) -> str:
        """What Slack's page makes of the address it was opened with: where it sends people back."""
        asked = {key: found[0] for key, found in parse_qs(urlsplit(onward).query).items()}
        if not urlsplit(onward).path.endswith("/oauth/v2/authorize"):
            self.api.fault(f"people are sent to {urlsplit(onward).path}, which is not Slack's page")
        if asked.get("client_id") != self.api.client_id:
            self.api.fault(f"Slack's page is opened for client_id {asked.get('client_id')!r}")
        wanted = frozenset(asked.get("scope", "").split(","))
        if wanted != asked_for():
            differ = sorted(wanted ^ asked_for())
            self.api.fault(f"people are asked for other scopes than the manifest's: {differ}")
        if asked.get("user_scope"):
            self.api.fault("people are asked for their own tokens")
        if len(asked.get("state", "")) < 16:
            self.api.fault("the state is short or missing: anybody could finish this")
        told = {"state": asked.get("state", "")}
        if agrees:
            code = secrets.token_hex(16)
            of = into or self.who.of
            self.api.codes[code] = Code(of, self.who, wanted, asked.get("redirect_uri", ""),
                                        self.api.world.now())  # fmt: skip
            told["code"] = code
        else:
            told["error"] = "access_denied"
        path = urlsplit(asked.get("redirect_uri", "")).path or "/slack/oauth_redirect"
        return urljoin(ours, path) + "?" + urlencode(told)


def _link(page: str) -> str:
    """The link to Slack on a page that shows a button instead."""
    _, found, rest = page.partition('href="')
    return rest.partition('"')[0].replace("&amp;", "&") if found else ""
