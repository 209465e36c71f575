"""Wires the pages: who may come in, and what is behind that door."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bot import terminal
from bot.roof.house import House
from bot.web import links
from bot.web.bodies import Route
from bot.web.bringing import Bringing
from bot.web.doorkeeper import Doorkeeper
from bot.web.html import Html
from bot.web.links import Hosts, Links
from bot.web.pages import Door, Visitor
from bot.web.signed import Signed
from bot.web.viewing import Views
from handlers import board, exports
from handlers.pages import PATH
from storage.database import Session
from storage.store import Store


def files(store: Store, html: Html, pool: ThreadPoolExecutor, hosts: Hosts) -> list[Route]:
    """What somebody was given a link to take out."""
    return [*Links("/x", exports.Fetching(store), links.file, html, pool, hosts).routes()]


def signing(
    store: Store, html: Html, pool: ThreadPoolExecutor, hosts: Hosts
) -> tuple[Door[Session], list[Route]]:
    """The door for whoever signs in by a link of ours, and the routes by which they do."""
    entering = board.Entering(store)
    signed: Signed[Session] = Signed(entering, html, pool, hosts)
    ways = Links(PATH, entering, signed.enter, html, pool, hosts)
    return signed, [*ways.routes(), *signed.routes()]


def pages(
    html: Html, pool: ThreadPoolExecutor, door: Door[Session], company: Callable[[], str]
) -> tuple[list[Route], list[Callable[[], None]]]:
    """All pages behind this door, and what lets go of their work."""
    bringing = Bringing(board.IMPORTING, html, pool, door, company)
    views = Views(board.VIEWS, html, pool, door, company)
    return [*bringing.routes(), *views.routes()], [bringing.close, views.close]


def operator(house: House, door: Doorkeeper) -> Visitor[Session]:
    """Whoever sits at this machine."""
    by = terminal.account("")
    reading, writing = partial(house.store.reading, by), partial(house.store.writing, by)
    return Visitor("operator", door.token, reading, writing)
