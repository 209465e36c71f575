"""What only an operator does, from the command line."""

import argparse
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import doctor, plain, terminal
from bot.messages import Card, Refusal
from bot.roof.house import House
from bot.settings import Settings
from bot.web import front
from handlers import backups, erase, exports, imports, record, sorting
from storage import chain, initiatives
from storage.database import Database, Session
from storage.health import Health


def read_in(chosen: Settings, asked: argparse.Namespace) -> int:
    """Read a list of projects, or an exported map."""
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


def write_out(chosen: Settings, asked: argparse.Namespace) -> int:
    """Write the map to a file or a folder."""
    with closing(House(chosen)) as house:
        with house.store.reading(terminal.account("")) as session:
            told = exports.write(Path(asked.file), session)
        _print(told)
    return 0


def verify(chosen: Settings, asked: argparse.Namespace) -> int:
    """Look whether the record is whole."""
    with closing(House(chosen)) as house:
        told, is_whole = record.verify(house.database, asked.head)
    _print(*told)
    return 0 if is_whole else 1


def forget(chosen: Settings, asked: argparse.Namespace) -> int:
    """Erase the name of somebody who has left."""
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


def back_up(chosen: Settings, asked: argparse.Namespace) -> int:
    """Write everything to one file."""
    with closing(Database(chosen.database_url)) as database:
        told, is_whole = backups.backup(database, Path(asked.file))
    _print(told)
    return 0 if is_whole else 1


def bring_back(chosen: Settings, asked: argparse.Namespace) -> int:
    """Bring a backup back."""
    with closing(Database(chosen.database_url)) as database:
        file, now = Path(asked.file), datetime.now(UTC)
        told, is_whole = backups.restore(database, file, asked.replace, now)
    _print(told)
    return 0 if is_whole else 1


def check(chosen: Settings, _asked: argparse.Namespace) -> int:
    """Say what to mend."""
    with closing(House(chosen)) as house:
        with house.store.at_home() as session:
            known, head = initiatives.count(session), chain.head(session)
            backed_up_at = session.organisation.backed_up_at
        findings = doctor.look(
            chosen,
            house.database,
            datetime.now(UTC),
            house.revision,
            known,
            head.short if head else "",
            Health(house.store, ()).beat,
            backed_up_at,
        )
        listens = doctor.listens(chosen, front.is_loopback(chosen.host))
        told, is_well = doctor.report([*findings, listens])
    print(told)
    return 0 if is_well else 1


def _print(*cards: Card | None, zone: ZoneInfo = ZoneInfo("UTC")) -> None:  # noqa: B008  a constant
    print("\n\n".join(plain.card(card, zone) for card in cards if card))
