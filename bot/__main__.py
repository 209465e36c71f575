"""The roof: puts the pieces together, and offers them as the command `throughline`."""

import argparse
import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DatabaseError, OperationalError

from bot import doctor, logs, plain, settings, terminal
from bot.answering import Answering
from bot.clock import SharedClock
from bot.composing import Composing
from bot.counting import Counting, Figures
from bot.looking import Looking
from bot.messages import Account, Card, Command, Refusal
from bot.platforms import Platform
from bot.readiness import Home, Readiness
from bot.sender import Sender
from bot.settings import Settings, Unset
from bot.ticking import Tick, Ticking
from bot.web import front, links, seats, server
from bot.web.bodies import Route
from bot.web.bringing import Bringing
from bot.web.doorkeeper import Doorkeeper, Local
from bot.web.front import Front
from bot.web.health import Health as HealthPages
from bot.web.html import Html
from bot.web.links import Hosts, Links
from bot.web.pages import Door, Visitor
from bot.web.sandbox import Sandbox
from bot.web.server import PortTaken
from bot.web.signed import Signed
from bot.web.viewing import Views
from handlers import (
    backups,
    board,
    composers,
    decide,
    erase,
    exports,
    imports,
    record,
    router,
    sorting,
    suggesting,
)
from handlers.pages import PATH
from storage import chain, initiatives, trouble
from storage.database import Database, Session
from storage.delivering import Delivering
from storage.forgetting import Forgetting
from storage.health import Health
from storage.history import History
from storage.migrations import TooNew, migrate
from storage.store import Store

ROOM = "Steering"  # of the sandbox: it stands in both panes
ENDING = 8.0  # seconds from a signal to stop until what is being said is left to the next start


class House:
    """Everything wired, over one database."""

    def __init__(self, chosen: Settings) -> None:
        self.settings = chosen
        self.database = Database(chosen.database_url)
        self.revision = migrate(self.database)
        self.clock = SharedClock(self.database.now)
        self.store = Store(self.database, self.clock.now)
        self.store.found(chosen.organisation, chosen.tz)
        self.store.pages = chosen.public_url or f"http://{chosen.host}:{chosen.port}"
        self.store.pages_are_open = self.has_sandbox
        self.wake: Callable[[], None] = lambda: None
        self.counting = Counting()
        self.answering: Answering[Session] = Answering(
            router(), self.store, lambda: self.wake(), trouble.kind, self.counting.command
        )
        self.composing: Composing[Session] = Composing(composers(), decide.may_see)

    @property
    def has_sandbox(self) -> bool:
        """Whether whoever sits at this machine is who runs us, and everybody they want to be."""
        return front.is_loopback(self.settings.host)

    def standing(self, command: Command, keys: Sequence[str]) -> list[tuple[str, Card]]:
        """The cards of these keys as they stand, for whoever gave this command."""
        with self.store.reading(command.by, command.at) as session:
            found = [(key, self.composing.stand(key, session)) for key in keys]
        return [(key, card) for key, card in found if card]

    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        with self.store.at_home() as session:
            return ZoneInfo(session.organisation.zone)

    def company(self) -> str:
        """The company's name."""
        with self.store.at_home() as session:
            return session.organisation.name

    def suggest(self, by: Account, typed: str) -> tuple[str, ...]:
        """What this person might be about to type."""
        with self.store.reading(by) as session:
            return suggesting.suggest(typed, session)

    def stands_at(self, address: str) -> None:
        """Say where it is, and let links point there, unless the operator says where else."""
        self.store.pages = self.settings.public_url or address
        print(f"Throughline is at {address}  (stop it with Ctrl-C)", flush=True)

    def stands_with_sandbox_at(self, address: str) -> None:
        """The same, and where one brings one's own list."""
        self.stands_at(address)
        print(f"Your own projects instead of the invented ones: {address}/import", flush=True)

    def healthy(
        self, platforms: Sequence[Platform], ticking: Ticking, pool: ThreadPoolExecutor
    ) -> HealthPages:
        """The pages for machines, with a `pool` of their own: what hangs there holds up nobody."""
        health = Health(self.store, [one.name for one in platforms])
        home = Home(*self.database.version(), self.database.file, self.revision)
        clock, elapsed = self.clock, time.monotonic
        readiness = Readiness(health, home, ticking.vital, trouble.kind, clock, elapsed, pool)
        figures: Looking[Figures] = Looking(health.figures, pool, elapsed)

        def ages() -> dict[str, float]:
            now = self.clock.now()
            return {name: (now - at).total_seconds() for name, at in ticking.last().items()}

        token = self.settings.metrics_token.get_secret_value()
        is_local = front.is_loopback(self.settings.host)
        return HealthPages(readiness, self.counting, figures, ages, token, is_local)

    def close(self) -> None:
        self.database.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line. Gives the exit code: 0, 1 where a person was refused, 2 if unusable."""
    asked = parser().parse_args(arguments)
    logs.to_stderr("INFO" if asked.program == "serve" else "WARNING")
    try:
        chosen = settings.read(
            **{k: v for k, v in vars(asked).items() if k in ("host", "port") and v}
        )
        return PROGRAMS[asked.program](chosen, asked)
    except Refusal as refusal:
        print(refusal.text, file=sys.stderr)
        return 1
    except (Unset, TooNew, PortTaken, ValueError) as told:
        print(told, file=sys.stderr)
        return 2
    except DatabaseError as broken:
        print(f"DATABASE_URL: {_why(broken)}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read it has read enough
        sys.stderr.close()
        return 1


def _why(broken: DatabaseError) -> str:
    said = " ".join(str(broken.orig).split())
    if "not a database" in said:
        return "that file is not a Throughline database. Name another, or restore a backup."
    if trouble.kind(broken) == "full":
        return "the disk is full. Make room, then start me again."
    if isinstance(broken, OperationalError):
        return f"the database does not answer. Is it running, and is the address right? ({said})"
    raise broken


def _do(chosen: Settings, asked: argparse.Namespace) -> int:
    house = House(chosen)
    zone = house.zone()
    refused = False
    for typed in terminal.typed_lines(asked.text, asked.stdin):
        command = terminal.command(
            house.answering.router.hear(typed),
            terminal.account(getattr(asked, "as")),
            terminal.channel(asked.channel),
            house.clock.now(),
        )
        answer = house.answering.answer(command)
        refused = refused or answer.refusal is not None
        write = terminal.as_json if asked.json else terminal.as_text
        print(write(answer, house.standing(command, answer.said), zone), flush=True)
    house.close()
    return 1 if refused else 0


def _serve(chosen: Settings, _asked: argparse.Namespace) -> int:
    logs.uncaught()
    house = House(chosen)
    looking = ThreadPoolExecutor(3, thread_name_prefix="health")
    with ThreadPoolExecutor(8, thread_name_prefix="command") as pool:
        asyncio.run(_serving(house, pool, looking))
    looking.shutdown(wait=False)
    house.close()
    return 0


async def _serving(house: House, pool: ThreadPoolExecutor, looking: ThreadPoolExecutor) -> None:
    chosen = house.settings
    hosts = Hosts(chosen.public_url, front.is_loopback(chosen.host))
    html = Html(house.zone(), board.TEMPLATES)
    given = Links("/x", exports.Fetching(house.store), links.file, html, pool, hosts)
    door: Door[Session]
    routes: list[Route] = [*given.routes()]
    platforms: list[Platform] = []
    started, closing = house.stands_at, list[Callable[[], None]]()
    if house.has_sandbox:
        house.store.seed_demo(rename=not chosen.organisation, rezone=not chosen.tz)
        keeper = Doorkeeper()
        sandbox = _sandbox(house, html, pool, keeper)
        house.store.open_room(ROOM, seats.channels())
        platforms.append(sandbox)
        closing.append(sandbox.close)
        routes += sandbox.routes()
        door = Local(keeper, _operator(house, keeper))
        started = house.stands_with_sandbox_at
    else:
        door, ways = signing(house.store, html, pool, hosts)
        routes += [*ways, server.no_chat_yet()]
    shown, close = pages(html, pool, door, house.company)
    routes += shown
    closing.append(close)
    async with _saying(house, platforms, pool) as (ticking, rest):
        routes += house.healthy(platforms, ticking, looking).routes()
        app = server.application(routes, Front(why=trouble.kind))
        await server.run(app, chosen.host, chosen.port, started, partial(_all, [*closing, rest]))


def _all(calls: Iterable[Callable[[], None]]) -> None:
    for call in calls:
        call()


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
) -> tuple[list[Route], Callable[[], None]]:
    """All pages behind this door, and what lets go of their work."""
    bringing = Bringing(board.IMPORTING, html, pool, door, company)
    views = Views(board.VIEWS, html, pool, door, company)
    return [*bringing.routes(), *views.routes()], partial(_all, [bringing.close, views.close])


def _operator(house: House, door: Doorkeeper) -> Visitor[Session]:
    by = terminal.account("")
    reading, writing = partial(house.store.reading, by), partial(house.store.writing, by)
    return Visitor("operator", door.token, reading, writing)


def _sandbox(house: House, html: Html, pool: ThreadPoolExecutor, door: Doorkeeper) -> Sandbox:
    return Sandbox(
        house.answering,
        History(house.store),
        house.suggest,
        html,
        house.clock,
        pool,
        house.company,
        house.standing,
        door,
    )


@asynccontextmanager
async def _saying(
    house: House, platforms: Sequence[Platform], pool: ThreadPoolExecutor
) -> AsyncIterator[tuple[Ticking, Callable[[], None]]]:
    """The sender and its metronome, while the server runs; and what lets them begin no more."""
    ending, ends_at = threading.Event(), list[float]()
    sender = Sender(
        Delivering(house.store, ending.wait),
        platforms,
        house.composing,
        house.clock,
        time.monotonic,
        pool,
    )
    forgetting = Forgetting(house.store)

    async def forget() -> None:
        await asyncio.get_running_loop().run_in_executor(pool, forgetting.forget)

    ticks = [Tick("forget", forget, every=3600, is_vital=False)]
    if platforms:  # where there is no chat, what is to be said waits for one
        ticks.append(Tick("send", sender.send, every=5))
        ticks.append(Tick("reconcile", sender.reconcile, every=15))
    ticking = Ticking(ticks, house.clock)
    ticking.start()
    if platforms:
        house.wake = partial(ticking.wake, "send")

    def rest() -> None:
        ends_at.append(time.monotonic() + ENDING)
        sender.rest()
        ticking.rest()

    try:
        yield ticking, rest
    finally:
        if not ends_at:
            rest()
        await ticking.stop(within=max(ends_at[0] - time.monotonic(), 0.5))
        ending.set()


def _import(chosen: Settings, asked: argparse.Namespace) -> int:
    with closing(House(chosen)) as house:
        file, tell = Path(asked.file), terminal.Progress("Importing")
        with house.store.writing(terminal.account("")) as session:
            if exports.is_map(file):
                if asked.preview or asked.map:
                    raise Refusal(
                        "An exported map says itself what it means: leave --preview and --map away."
                    )
                told: list[Card | None] = [exports.bring(file, session, asked.replace_demo, tell)]
            else:
                told = _list(chosen, asked, session, tell)
        _print(*told, zone=house.zone())
    return 0


def _list(
    chosen: Settings, asked: argparse.Namespace, session: Session, tell: terminal.Progress
) -> list[Card | None]:
    found = imports.look(Path(asked.file), asked.map, session)
    told = [imports.proposal(found), imports.unread(found)]
    if not asked.preview:
        if asked.replace_demo:
            imports.replace_demo(session, chosen.organisation)
        told.append(imports.report(found, imports.bring(found, session, tell), session))
        told.append(sorting.offer(session))
    return told


def _export(chosen: Settings, asked: argparse.Namespace) -> int:
    with closing(House(chosen)) as house:
        with house.store.reading(terminal.account("")) as session:
            told = exports.write(Path(asked.file), session)
        _print(told)
    return 0


def _verify(chosen: Settings, asked: argparse.Namespace) -> int:
    with closing(House(chosen)) as house:
        told, is_whole = record.verify(house.database, asked.head)
    _print(*told)
    return 0 if is_whole else 1


def _erase(chosen: Settings, asked: argparse.Namespace) -> int:
    with closing(House(chosen)) as house:
        if not asked.yes:
            with house.store.reading(terminal.account("")) as session:
                told = erase.foresee(session, asked.email)
            _print(told, zone=house.zone())
            if not terminal.is_sure():
                print("Nothing was erased. To erase it, answer yes, or add --yes.")
                return 1
        with house.store.writing(terminal.account("")) as session:
            told = erase.erase(session, asked.email)
        _print(told, zone=house.zone())
    return 0


def _backup(chosen: Settings, asked: argparse.Namespace) -> int:
    with closing(Database(chosen.database_url)) as database:
        told, is_whole = backups.backup(database, Path(asked.file))
    _print(told)
    return 0 if is_whole else 1


def _restore(chosen: Settings, asked: argparse.Namespace) -> int:
    with closing(Database(chosen.database_url)) as database:
        file, now = Path(asked.file), datetime.now(UTC)
        told, is_whole = backups.restore(database, file, asked.replace, now)
    _print(told)
    return 0 if is_whole else 1


def _check(chosen: Settings, _asked: argparse.Namespace) -> int:
    with closing(House(chosen)) as house:
        with house.store.at_home() as session:
            known, head = initiatives.count(session), chain.head(session)
        findings = doctor.look(
            chosen,
            house.database,
            datetime.now(UTC),
            house.revision,
            known,
            head.short if head else "",
            Health(house.store, ()).beat,
        )
        listens = doctor.listens(chosen, front.is_loopback(chosen.host))
        told, is_well = doctor.report([*findings, listens])
    print(told)
    return 0 if is_well else 1


def _print(*cards: Card | None, zone: ZoneInfo = ZoneInfo("UTC")) -> None:  # noqa: B008  a constant
    print("\n\n".join(plain.card(card, zone) for card in cards if card))


PROGRAMS = {
    "do": _do,
    "serve": _serve,
    "import": _import,
    "verify": _verify,
    "erase": _erase,
    "export": _export,
    "backup": _backup,
    "restore": _restore,
    "check": _check,
}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    line = argparse.ArgumentParser(
        prog="throughline", description="Throughline keeps IT and the business on one line."
    )
    programs = line.add_subparsers(dest="program", required=True)
    do = programs.add_parser("do", help="answer one command, as typed in a chat")
    do.add_argument("text", nargs="?", default="")
    do.add_argument("--as", default="", metavar="EMAIL", help="who types; without it the operator")
    do.add_argument("--in", default="terminal", dest="channel", metavar="CHANNEL")
    do.add_argument("--json", action="store_true", help="one JSON object a line")
    do.add_argument("--stdin", action="store_true", help="one command a line from standard input")
    serve = programs.add_parser("serve", help="run the bot and its pages")
    serve.add_argument("--host")
    serve.add_argument("--port", type=int)
    exporting = programs.add_parser("export", help="write the whole map to a file or a folder")
    exporting.add_argument("file", metavar="FILE.yaml|FILE.xlsx|FILE.csv|FILE.zip|FOLDER")
    importing = programs.add_parser(
        "import", help="read a list of projects (CSV or Excel), or an exported map (YAML)"
    )
    importing.add_argument("file")
    importing.add_argument("--map", action="append", default=[], metavar="FIELD=HEADER")
    importing.add_argument("--preview", action="store_true", help="only look; change nothing")
    importing.add_argument(
        "--replace-demo", action="store_true", help="take the invented company off the map first"
    )
    verify = programs.add_parser("verify", help="look whether the record is whole")
    verify.add_argument(
        "--head", action="append", default=[], help='one printed earlier: "record 214 · 7f3a91c2"'
    )
    erasing = programs.add_parser("erase", help="erase the name of somebody who has left")
    erasing.add_argument("email")
    erasing.add_argument("--yes", action="store_true", help="do not ask; for programs")
    backing_up = programs.add_parser(
        "backup", help="write everything to one file, and read it again"
    )
    backing_up.add_argument("file")
    restoring = programs.add_parser("restore", help="bring a backup back")
    restoring.add_argument("file")
    restoring.add_argument(
        "--replace", action="store_true", help="back up what stands there, then take its place"
    )
    programs.add_parser("check", help="look at this installation, and say what to mend")
    return line


if __name__ == "__main__":
    sys.exit(main())
