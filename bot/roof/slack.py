"""Wires Slack: who is heard by the door and by Socket Mode, what is said, and who is known."""

import asyncio
import threading
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

from bot.doctor import Finding
from bot.messages import Channel
from bot.roof.connecting import connected
from bot.roof.house import House
from bot.slack import payloads, peopling, placing
from bot.slack.calls import Calls
from bot.slack.doings import Here
from bot.slack.door import Door
from bot.slack.hearing import Hearing
from bot.slack.installed import Installed
from bot.slack.lately import NamedLately
from bot.slack.listening import Event, Listening
from bot.slack.mentioned import Mentioned
from bot.slack.outcomes import Outcomes
from bot.slack.payloads import Payload
from bot.slack.peopling import Peopling
from bot.slack.placing import Placing
from bot.slack.replies import Replies
from bot.slack.running import Running
from bot.slack.saying import Saying
from bot.slack.seen import Place
from bot.slack.sockets import Sockets
from bot.slack.workspaces import Workspaces
from bot.ticking import Tick
from bot.web.bodies import Route
from storage.hearsay import Hearsay
from storage.kept import Keeping
from storage.mentions import Mentions

GONE = ("app_uninstalled", "tokens_revoked")


class InSlack:
    """All of it, from the start to the end of the server."""

    def __init__(
        self,
        house: House,
        pool: ThreadPoolExecutor,
        workspaces: Workspaces,
        routes: Sequence[Route] = (),
        ticks: Sequence[Tick] = (),
    ) -> None:
        chosen, store = house.settings, house.store
        self._running = Running(pool)
        self._calls = Calls(workspaces, chosen.slack_api_url)
        self._replies = Replies(self._calls)
        self._workspaces = workspaces
        hearsay, naming = Hearsay(store), Mentions(store.database, store.whose)
        lately = NamedLately(naming, time.monotonic)
        keeping = Keeping(store.database, house.clock.now, store.whose)

        def see(at: Channel) -> Place:
            return Place(at, lately, keeping)

        self.platform = Saying(self._calls, see, hearsay, pool)
        people = Peopling(self._calls, hearsay, house.clock, pool)
        places = Placing(self._calls, self.platform, people, hearsay, house.clock, pool)
        hearing = Hearing(
            Outcomes(house.answering, house.standing, see, house.clock),
            self._replies,
            self._calls,
            Mentioned(people, naming, hearsay, self._running, time.monotonic),
            self.platform,
            self._running,
            chosen.slack_emoji,
        )
        self._installed = Installed(workspaces, time.monotonic)
        listening = Listening(hearing, self._installed, self._events(house, people, places))
        self.routes = list(routes)
        self.ticks = [
            *ticks,
            Tick("people", people.ask_anew, every=60, is_vital=False),
            Tick("places", places.list_anew, every=60, is_vital=False),
        ]
        if secret := chosen.slack_signing_secret.get_secret_value():
            door = Door(secret, lambda: house.clock.now().timestamp(), listening.hear)
            self.routes.append(door.route())
        self._sockets = None
        if token := chosen.slack_app_token.get_secret_value():
            api, hear = chosen.slack_api_url, listening.hear
            self._sockets = Sockets(token, api, hear, self._running, time.monotonic)
            self.ticks.append(Tick("socket", self._sockets.look, every=5))

    def _events(self, house: House, people: Peopling, places: Placing) -> dict[str, Event]:
        """What Slack tells of itself; it is done when it is kept."""

        async def of_people(payload: Payload, here: Here) -> None:
            await people.hear(here, payloads.inner(payload, "event"))

        async def of_places(payload: Payload, here: Here) -> None:
            await places.hear(here, payloads.inner(payload, "event"))

        async def gone(payload: Payload, here: Here) -> None:
            self._installed.forget(here.tenant)
            await self._workspaces.told_gone(here.tenant, payloads.told_at(payload))

        return {
            **dict.fromkeys(peopling.EVENTS, of_people),
            **dict.fromkeys(placing.EVENTS, of_places),
            **dict.fromkeys(GONE, gone),
        }

    def rest(self) -> None:
        """Hear nobody new by Socket Mode."""
        if self._sockets:
            self._sockets.rest()

    async def end(self, within: float) -> None:
        """What was acknowledged comes to its end."""
        await self._running.drain(within)
        if self._sockets:
            await self._sockets.close()
        await self._replies.close()
        await self._calls.close()


async def in_slack(house: House, pool: ThreadPoolExecutor, ending: threading.Event) -> InSlack:
    """Connected to every workspace that lets us in. Raises a `ValueError` that says why not."""
    chosen = house.settings
    token = chosen.slack_bot_token.get_secret_value()
    one = await connected(house, pool, token, chosen.slack_api_url, ending)
    return InSlack(house, pool, one.workspaces, one.routes, one.ticks)


def findings(house: House) -> Collection[Finding]:
    """What the platform says of itself, for whoever runs us; it is asked from outside a server."""

    async def ask(pool: ThreadPoolExecutor) -> Collection[Finding]:
        here = await in_slack(house, pool, threading.Event())
        try:
            return await here.platform.check()
        finally:
            await here.end(0)

    with ThreadPoolExecutor(2, thread_name_prefix="check") as pool:
        try:
            return asyncio.run(ask(pool))
        except ValueError as unusable:  # a key, a token or an address that is none
            return (Finding("wrong", "Slack cannot be used as it is set.", str(unusable)),)
