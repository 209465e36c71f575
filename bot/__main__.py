"""The command line `throughline`, over everything the roof puts together."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing

from sqlalchemy.exc import DatabaseError, OperationalError

from bot import logs, settings, terminal
from bot.messages import Refusal
from bot.roof import operating, serving
from bot.roof.house import House
from bot.settings import Settings, Unset
from bot.web.server import PortTaken
from storage import trouble
from storage.migrations import TooNew


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
    refused = False
    with closing(House(chosen)) as house:
        zone = house.zone()
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
    return 1 if refused else 0


PROGRAMS = {
    "do": _do,
    "serve": serving.serve,
    "import": operating.read_in,
    "export": operating.write_out,
    "verify": operating.verify,
    "erase": operating.forget,
    "backup": operating.back_up,
    "restore": operating.bring_back,
    "check": operating.check,
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
