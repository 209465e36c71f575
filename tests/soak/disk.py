"""A disk that forgets: what the system calls of one process leave behind when the power is cut.

It is as unkind as a disk may be. Of a file, only what was written before an `fsync` began is there
for certain once that `fsync` has returned; of what was written since, any part may be there, torn
at sectors. A name that was made or taken away counts only once its folder was synced as well.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR = 512
NEVER = 1 << 62
CALLS = (
    "openat,open,creat,write,pwrite64,pwritev,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,"
    "renameat,renameat2,msync,mmap,close"
)
REBUILT = "-shm"  # SQLite's index of its WAL is in shared memory, and is made anew after a crash
_LINE = re.compile(r"(\d+) +(?:<\.\.\. (\w+) resumed>)?(.*)", re.DOTALL)
_DONE = re.compile(r"(\w+)\((.*)\) += (-?\d+)", re.DOTALL)
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FD = re.compile(r"(\d+)<")
UNFINISHED = " <unfinished ...>"


@dataclass(slots=True, eq=False)
class Change:
    """Something that is asked of a file, or of the folder; positions are lines of the trace."""

    began: int
    ended: int = NEVER
    durable: int = NEVER
    offset: int = 0
    data: bytes | None = None  # without any it is a truncation to `offset`
    name: str = ""
    file: "File | None" = None  # what a name stands for from now on; nothing where it is gone


@dataclass(slots=True, eq=False)
class File:
    """What was done to one file, or to the folder, in order."""

    changes: list[Change] = field(default_factory=list)

    def sync(self, began: int, ended: int) -> None:
        for change in reversed(self.changes):
            if change.durable != NEVER:
                return
            if change.ended < began:
                change.durable = ended


@dataclass(slots=True)
class Trace:
    """A whole run of a process: what it did to the files of a folder, and what it promised."""

    where: Path
    folder: File = field(default_factory=File)
    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    first: int = NEVER
    last: int = 0
    _open: dict[int, File] = field(default_factory=dict)
    _names: dict[str, File] = field(default_factory=dict)

    def read(self, lines: Iterator[str]) -> None:
        """Follow what `strace -f -y -xx` has written."""
        begun: dict[str, tuple[int, str]] = {}
        for number, line in enumerate(lines):
            said = _LINE.fullmatch(line.rstrip("\n"))
            assert said, line[:200]
            process, resumed, call = said.groups()
            began = number
            if resumed:
                began, head = begun.pop(process)
                call = head + call
            elif call.endswith(UNFINISHED):
                begun[process] = number, call.removesuffix(UNFINISHED)
                continue
            self.last = number
            if done := _DONE.match(call):
                self._do(done[1], done[2], int(done[3]), began, number)

    def _do(self, call: str, asked: str, gave: int, began: int, ended: int) -> None:
        if gave < 0:
            return
        match call:
            case "open" | "openat" | "creat":
                self._opened(call, asked, gave, began, ended)
            case "unlink" | "unlinkat":
                if (name := self._ours(asked)) and name in self._names:
                    del self._names[name]
                    self.folder.changes.append(Change(began, ended, name=name))
            case "rename" | "renameat" | "renameat2":
                assert not self._ours(asked), "the model of the disk knows no rename"
            case _:
                self._done(call, asked, gave, began, ended)

    def _opened(self, call: str, asked: str, gave: int, began: int, ended: int) -> None:
        self._open.pop(gave, None)
        if _said(asked) == str(self.where):
            self._open[gave] = self.folder
        elif name := self._ours(asked):
            self.first = min(self.first, began)
            if name not in self._names:
                self._names[name] = File()
                made = Change(began, ended, name=name, file=self._names[name])
                self.folder.changes.append(made)
            self._open[gave] = self._names[name]
            assert "O_TRUNC" not in asked, "the model of the disk knows no O_TRUNC"

    def _done(self, call: str, asked: str, gave: int, began: int, ended: int) -> None:
        said = _FD.search(asked)
        if said is None:
            return
        number = int(said[1])
        if call == "write" and number == 1:
            self.acknowledged += [(began, one) for one in _said(asked).splitlines()]
        file = self._open.get(number)
        if file is None:
            return
        match call:
            case "close":
                del self._open[number]
            case "fsync" | "fdatasync":
                file.sync(began, ended)
            case "ftruncate":
                file.changes.append(Change(began, ended, offset=int(asked.rpartition(", ")[2])))
            case "pwrite64":
                data, offset = _bytes(asked)[:gave], int(asked.rpartition(", ")[2])
                file.changes.append(Change(began, ended, offset=offset, data=data))
            case "mmap":
                assert "MAP_SHARED" not in asked or "PROT_WRITE" not in asked, asked
            case _:
                raise AssertionError(f"the model of the disk knows no {call}")

    def _ours(self, asked: str) -> str:
        """The name in the folder, if it is one, and one that outlives a crash."""
        path = Path(_said(asked))
        return path.name if path.parent == self.where and not path.name.endswith(REBUILT) else ""

    def cut(self, at: int, random: Random, into: Path) -> set[str]:
        """Write to a folder what a power cut leaves; give what was acknowledged before it."""
        standing: dict[str, File] = {}
        for change in _left(self.folder, at, random):
            if change.file:
                standing[change.name] = change.file
            else:
                standing.pop(change.name, None)
        for name, file in standing.items():
            (into / name).write_bytes(_content(file, at, random))
        return {said for began, said in self.acknowledged if began <= at}


def _left(file: File, at: int, random: Random) -> Iterator[Change]:
    """What was durable by then, and chance's share of the rest."""
    kindness = random.choice((0.0, 0.1, 0.5, 0.9, 1.0))
    for change in file.changes:
        if change.durable <= at or (change.began <= at and random.random() < kindness):
            yield change


def _content(file: File, at: int, random: Random) -> bytes:
    content = bytearray()
    for change in _left(file, at, random):
        if change.data is None:
            content[change.offset :] = bytes(max(0, change.offset - len(content)))
            continue
        is_torn = change.durable > at and random.random() < 0.3
        for start in range(0, len(change.data), SECTOR):
            if is_torn and random.random() < 0.5:
                continue
            part = change.data[start : start + SECTOR]
            place = change.offset + start
            content.extend(bytes(max(0, place - len(content))))
            content[place : place + len(part)] = part
    return bytes(content)


def _bytes(asked: str) -> bytes:
    found = _TEXT.search(asked)
    return bytes.fromhex(found[1].replace("\\x", "")) if found else b""


def _said(asked: str) -> str:
    return _bytes(asked).decode(errors="replace")
