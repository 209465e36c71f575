"""Our pages, as whoever signs in by a link from a chat sees them: over HTTP, in a real browser."""

import asyncio
import http.client
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from bot.roof.paging import pages, signing
from bot.web.bodies import Route
from bot.web.html import Html
from bot.web.links import Hosts
from handlers import board
from storage.store import Store
from tests.chat import Chat
from tests.knocking import standing

PUBLIC = "https://throughline.example"


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def cookies(self) -> list[str]:
        return self.headers.get_all("Set-Cookie") or []


@dataclass
class Site:
    """Where they are."""

    port: int
    chat: Chat

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def link(self, who: str, typed: str) -> str:
        """The link that somebody is given in a chat for what they typed, without our address."""
        self.chat.types(who, typed)
        (found,) = re.findall(r"/in/[\w-]{43}", self.chat.text(who))
        return str(found)

    def browser(self, who: str, typed: str = "record") -> "Browser":
        """A browser in which this person is signed in."""
        browser = Browser(self)
        assert browser.enters(self.link(who, typed)).status == 303
        return browser


@dataclass
class Browser:
    """As much of a browser as our door sees: it keeps cookies, and sends what pages hold."""

    site: Site
    cookies: dict[str, str] = field(default_factory=dict)
    host: str = ""

    def asks(self, method: str, path: str, body: str | bytes = "", **headers: str) -> Said:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=20)
        sent = {"Accept": "text/html", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.host:
            sent["Host"] = self.host
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        said = Said(answer.status, answer.headers, answer.read().decode("utf-8-sig"))
        connection.close()
        for cookie in said.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return said

    def sees(self, path: str) -> Said:
        """The page, once it is there: one that takes long says first how far it is."""
        said = self.asks("GET", path)
        while "data-look=" in said.text:
            said = self.asks("GET", path)
        return said

    def sends(self, path: str, values: dict[str, str], **headers: str) -> Said:
        """As a form of a page does."""
        kind = {"Content_Type": "application/x-www-form-urlencoded"}
        return self.asks("POST", path, urlencode(values), **kind, **headers)

    def enters(self, link: str) -> Said:
        """Opens a link, and presses its button."""
        return self.sends(link, {"seal": held(self.sees(link).text, "seal")})

    def token(self) -> str:
        """What the pages that are open here send with all they send."""
        page = self.sees("/decisions").text
        (found,) = re.findall(r'name="throughline-token" content="(\w+)"', page)
        return str(found)

    def ours(self) -> dict[str, str]:
        """The headers that a script of our page sends."""
        at = urlsplit(self.site.address).netloc
        return {"Origin": f"http://{at}", "X_Throughline_Token": self.token(), "Accept": "*/*"}


def held(page: str, name: str) -> str:
    """What a hidden field of a form on this page holds; nothing where there is no such form."""
    found = re.findall(rf'name="{name}" value="(\w+)"', page)
    return str(found[0]) if found else ""


@contextmanager
def site(chat: Chat, public: str = "") -> Iterator[Site]:
    """The pages of a company that talks to us in a chat."""
    ready, over = threading.Event(), threading.Event()
    ports: list[int] = []

    async def serve() -> None:
        with ThreadPoolExecutor(4) as pool:
            routes, closing = _routes(chat.store, pool, public)
            async with standing(*routes) as port:
                ports.append(port)
                ready.set()
                await asyncio.get_running_loop().run_in_executor(None, over.wait)
            for close in closing:
                close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield Site(ports[0], chat)
    finally:
        over.set()
        thread.join(10)


def _routes(
    store: Store, pool: ThreadPoolExecutor, public: str
) -> tuple[list[Route], list[Callable[[], None]]]:
    html = Html(ZoneInfo("UTC"), board.TEMPLATES)
    door, ways = signing(store, html, pool, Hosts(public, is_local=True))
    shown, closing = pages(html, pool, door, lambda: "Acme Lifts")
    return [*ways, *shown], closing
