"""Commands run by the thousand: on real terminals and pipes, without starting Python anew for each.

Run as a script, this is a server: it has imported the program, reads a cell of JSON a line on its input, and answers
with how the command ended. Each command is a process of its own, forked from the server.

Real: the process, its pseudo-terminal (with its size) or its three pipes, its working folder, its whole environment,
its standard streams (made anew in their encoding, after the environment is set, as Python makes them), and all that the
program does from `__main__.main` on. Not real: the start of the interpreter and the imports, which the server has done
once. With `real=True`, `run` starts `python -m ecps_cli` instead: a test holds samples of both against each other.
"""

from __future__ import annotations

import base64
import gc
import importlib
import io
import json
import os
import pkgutil
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from fcntl import ioctl
from pathlib import Path
from typing import Any, NoReturn

LIMIT = 15.0
"""Seconds after which a command that has not ended, or not asked, is a failure."""

ASKS = b"\x1b[?2004h"
"""What prompt_toolkit writes when it begins to ask a question (it wants pastes marked)…"""
ASKED = b"\x1b[?7h"
"""… and when it stands (lines are wrapped by the terminal again)."""


@dataclass(frozen=True)
class Cell:
    """A command and what it runs on."""

    arguments: tuple[str, ...]
    encoding: str
    columns: int
    terminal: bool
    environ: dict[str, str]
    lines: tuple[str, ...] = ()
    """What is typed in lines, before the input ends."""
    keys: tuple[str, ...] = ()
    """What is pressed at each question asked by keys."""
    kept: str = ""
    """A data folder to begin with, of which the command gets a copy."""
    rows: int = 100

    @property
    def by_keys(self) -> bool:
        """Whether it is answered by keys."""
        return bool(self.keys) and self.terminal and self.environ.get("TERM") != "dumb"


@dataclass(frozen=True)
class Ended:
    """How a command ended: what it wrote (a terminal has one stream for all), and where each question was asked."""

    code: int
    out: bytes
    err: bytes
    asked: tuple[int, ...]


def run(cell: Cell, real: bool = False) -> Ended:
    """Run a command and return how it ended; with the code of a kill, if it did not."""
    home = tempfile.mkdtemp()
    try:
        if cell.kept:
            shutil.copytree(cell.kept, Path(home, "data"))
        inside, outside = _terminal(cell) if cell.terminal else _pipes()
        pid = os.fork()
        if pid == 0:
            _begin(cell, inside, outside, home, real)
        for fd in set(inside):
            os.close(fd)
        out, err, asked = _converse(cell, outside, pid)
        return Ended(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), out, err, asked)
    finally:
        shutil.rmtree(home)


def _terminal(cell: Cell) -> tuple[list[int], list[int]]:
    """Return a new terminal as the three streams of a command, and what its user has of it."""
    user, program = os.openpty()
    ioctl(program, termios.TIOCSWINSZ, struct.pack("HHHH", cell.rows, cell.columns, 0, 0))
    mode = termios.tcgetattr(program)
    mode[3] &= ~termios.ECHO  # what is typed all at once would stand anywhere in what is printed
    termios.tcsetattr(program, termios.TCSANOW, mode)
    return [program] * 3, [user] * 3


def _pipes() -> tuple[list[int], list[int]]:
    (read_in, write_in), (read_out, write_out), (read_err, write_err) = os.pipe(), os.pipe(), os.pipe()
    return [read_in, write_out, write_err], [write_in, read_out, read_err]


def _begin(cell: Cell, inside: list[int], outside: list[int], home: str, real: bool) -> NoReturn:
    """Become the command, in the process that was forked for it."""
    try:
        if cell.terminal:
            os.setsid()
            ioctl(inside[0], termios.TIOCSCTTY, 0)
        for number, fd in enumerate(inside):
            os.dup2(fd, number)
        for fd in {*inside, *outside}:
            os.close(fd)
        os.chdir(home)
        environ = {**cell.environ, "ECPS_DATA": str(Path(home, "data")), "PYTHONIOENCODING": cell.encoding}
        if real:
            os.execve(sys.executable, [sys.executable, "-m", "ecps_cli", *cell.arguments], environ)
        os.environ.clear()
        os.environ.update(environ)
        _main(cell)
    finally:
        os._exit(70)


def _main(cell: Cell) -> NoReturn:
    """Run the program from its entry point on, on streams made as Python makes them."""
    sys.modules["__main__"] = sys.modules["ecps_cli.__main__"]  # which the help names as what was run
    sys.argv = [str(Path(sys.modules["ecps_cli.__main__"].__file__ or "")), *cell.arguments]
    sys.stdin, sys.stdout, sys.stderr = (
        io.TextIOWrapper(
            io.open(number, mode, closefd=False),  # noqa: UP020, SIM115 — a descriptor, as Python opens it
            encoding=cell.encoding,
            errors="backslashreplace" if number == 2 else "strict",
            line_buffering=number == 2 or (number == 1 and cell.terminal),
        )
        for number, mode in enumerate(("rb", "wb", "wb"))
    )
    code: Any = 0
    try:
        sys.modules["ecps_cli.__main__"].main()
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _converse(cell: Cell, outside: list[int], pid: int) -> tuple[bytes, bytes, tuple[int, ...]]:
    """Type what is to be typed, and return what was written until all is closed, and where questions were asked."""
    to, out, err = outside
    written = {out: b"", err: b""}
    asked: list[int] = []
    typed = [f"{line}\n".encode(cell.encoding, "replace") for line in cell.lines]
    if not cell.terminal:
        with suppress(BrokenPipeError):  # what asks nothing may have ended
            os.write(to, b"".join(typed))
        os.close(to)
    lines = deque([*typed, b"\x04"] if cell.terminal and not cell.by_keys else [])
    open_ones, deadline = set(written), time.monotonic() + LIMIT
    while open_ones:
        patience = max(deadline - time.monotonic(), 0)
        ready, _, _ = select.select(open_ones, [], [], min(patience, 0.005) if lines else patience)
        if not ready and lines and _reads(pid):  # what is typed before a question is there is dropped
            os.write(to, lines.popleft())
            while _reads(pid) and not select.select(open_ones, [], [], 0.001)[0]:
                pass
        elif not ready and not patience:
            os.kill(pid, signal.SIGKILL)
            deadline += LIMIT
        for fd in ready:
            data = _read(fd)
            written[fd] += data
            if not data:
                open_ones.remove(fd)
                os.close(fd)
        if cell.by_keys and len(asked) < len(cell.keys) and _stands(written[out], asked):
            asked.append(len(written[out]))
            os.write(to, cell.keys[len(asked) - 1].encode(cell.encoding, "replace"))
    return written[out], written[err] if err != out else b"", tuple(asked)


def _reads(pid: int) -> bool:
    """Return whether a process waits in a `read` of its standard input, as the kernel of Linux says."""
    with suppress(OSError):
        return bool(re.match("(0|63) 0x0 ", Path(f"/proc/{pid}/syscall").read_text()))  # x86-64, ARM64
    return False


def _stands(written: bytes, asked: Sequence[int]) -> bool:
    """Return whether one more question than was answered stands on the terminal."""
    latest = written[asked[-1] if asked else 0 :]
    return ASKED in latest.partition(ASKS)[2]


def _read(fd: int) -> bytes:
    try:
        return os.read(fd, 65536)
    except OSError:  # a terminal that nobody has open any more
        return b""


def _import_all() -> None:
    """Import the program and what it imports only when it needs it, and use it once: regular expressions are made."""
    import ecps_cli

    for each in pkgutil.walk_packages(ecps_cli.__path__, "ecps_cli."):
        importlib.import_module(each.name)
    for name in ("questionary", "prompt_toolkit.shortcuts", "phonenumbers", "email_validator"):
        importlib.import_module(name)
    from ecps_cli.exports.sheet import sheet
    from ecps_cli.loading.library import open_library
    from ecps_cli.screen.document_view import document_view
    from ecps_cli.screen.terminal import make_console, paint

    library = open_library(None, {})
    for guide_id in library.ids():
        found = library.find(guide_id)
        paint(make_console(io.StringIO()), document_view(sheet(found.guide, found.facts, {})))


def serve() -> None:
    """Run each cell that is read, until there are no more."""
    _import_all()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        told = json.loads(line)
        cell = Cell(**{name: tuple(value) if isinstance(value, list) else value for name, value in told.items()})
        ended = asdict(run(cell))
        ended |= {name: base64.b64encode(ended[name]).decode() for name in ("out", "err")}
        print(json.dumps(ended), flush=True)


if __name__ == "__main__":
    serve()
