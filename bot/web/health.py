"""Tells machines how we are: `/readyz` for who sends us work, `/metrics` for who measures."""

import json
import secrets
from collections.abc import Callable, Iterable, Mapping

from aiohttp import web

from bot.counting import Counting, Figures
from bot.looking import Looking
from bot.readiness import Readiness
from bot.web import front
from bot.web.bodies import Route, Takes, get
from bot.web.doorkeeper import FORWARDED

METRICS = "text/plain; version=0.0.4; charset=utf-8"
FRESH = {"Cache-Control": "no-store"}


class Health:
    """Two pages. Neither asks anything of the event loop but its time.

    `token` is who may read the figures from elsewhere; without one, only this machine may.
    """

    def __init__(
        self,
        readiness: Readiness,
        counting: Counting,
        figures: Looking[Figures],
        ages: Callable[[], Mapping[str, float]],
        token: str,
        is_local: bool,
    ) -> None:
        self._readiness, self._counting = readiness, counting
        self._figures, self._ages = figures, ages
        self._token, self._is_local = token, is_local

    def routes(self) -> Iterable[Route]:
        """What the server must know."""
        takes = Takes(is_counted=False)  # machines ask often, and are answered from what is known
        return (get("/readyz", self.ready, takes), get("/metrics", self.metrics, takes))

    async def ready(self, _request: web.Request) -> web.Response:
        """A line for each thing looked at; 503 where anything is wrong."""
        findings = await self._readiness.look()
        lines = [
            {"check": one.about, "state": one.state, "text": one.text, "remedy": one.remedy}
            for one in findings
        ]
        return web.Response(
            text="".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines),
            status=503 if any(one.state == "wrong" for one in findings) else 200,
            content_type="application/jsonl",
            headers=FRESH,
        )

    async def metrics(self, request: web.Request) -> web.Response:
        """The figures, for whoever may read them."""
        self._check(request)
        try:
            figures = await self._figures.ask()
        except Exception:  # noqa: BLE001  also then the process has something to tell
            figures = None
        text = self._counting.text(figures, self._ages())
        return web.Response(body=text, headers={"Content-Type": METRICS, **FRESH})

    def _check(self, request: web.Request) -> None:
        if self._token:
            given = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if not secrets.compare_digest(given.encode(), self._token.encode()):
                raise web.HTTPUnauthorized(
                    text="Send METRICS_TOKEN as: Authorization: Bearer …\n",
                    headers={"WWW-Authenticate": "Bearer"},
                )
            return
        is_forwarded = any(name in request.headers for name in FORWARDED)
        here = front.is_loopback(front.hostname(request))
        if is_forwarded or not self._is_local or not here:
            raise web.HTTPForbidden(text="Set METRICS_TOKEN to read this from elsewhere.\n")
