"""Wires how workspaces come to companies: by the operator's own token, or by OAuth."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot import terminal
from bot.roof.house import House
from bot.slack.installing import Installing
from bot.slack.owning import own
from bot.slack.workspaces import App, Workspaces
from bot.ticking import Tick
from bot.web import front
from bot.web.bodies import Route
from bot.web.html import Html
from bot.web.joins import Joins, Way
from handlers import connecting
from handlers.connecting import Founding, Joining
from storage.connections import Connections
from storage.sealing import Sealing


@dataclass(frozen=True, slots=True)
class Connected:
    """What the server needs of it. `ticks` are empty where no token ends."""

    workspaces: Workspaces
    routes: Sequence[Route]
    ticks: Sequence[Tick]


async def connected(
    house: House, pool: ThreadPoolExecutor, token: str, api: str, ending: threading.Event
) -> Connected:
    """Every workspace that lets us in. `token` is SLACK_BOT_TOKEN, where it is set.

    Raises `NoKey`, `WrongKey` and `NoWorkspace`, each a `ValueError` with a sentence in it.
    """
    chosen = house.settings
    secret = chosen.slack_client_secret.get_secret_value()
    app = App(chosen.slack_client_id, secret, api)
    sealing = Sealing(chosen.throughline_key.get_secret_value()) if app.client_id else None
    kept = Connections(house.store, sealing, ending.wait)
    founding = Founding(house.store, sealing, lambda: house.wake())
    running, ours = asyncio.get_running_loop(), None
    if token:
        told = await own(app, token)
        await running.run_in_executor(pool, founding.connect_home, told)
        ours = told.tenant, token
    workspaces = Workspaces(kept, app, house.clock, pool, lambda: house.wake(), ours)
    if not app.client_id:
        return Connected(workspaces, (), ())
    await running.run_in_executor(pool, kept.reseal)
    html, public = Html(house.zone()), chosen.public_url
    installing = Installing(app, kept, founding, html, house.clock, pool, public)
    way = Way(workspaces.name, "Connect a Slack workspace", installing.origin, installing.begin)
    is_local = front.is_loopback(chosen.host)
    joins = Joins(Joining(house.store), [way], html, pool, public, is_local)
    routes = [*installing.routes(), *joins.routes()]
    return Connected(workspaces, routes, [Tick("renew", workspaces.renew_all, 300, 60, False)])


def print_first_codes(house: House) -> None:
    """Where nobody is admin yet, whoever types the code there is."""
    for company, code in connecting.first_codes(house.store, terminal.account("")):
        said = (
            f"{company} has no admin yet. Whoever types this in the chat within a day is the first:"
        )
        print(f"{said} claim {code}", flush=True)
