"""The command line for tests: called in this process, or run in one of its own, with its exit code and both streams."""

from __future__ import annotations

import gc
import io
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from ecps_cli.interrupts import handle, interrupt

LIMIT = 45
"""Seconds after which a command that has not ended is a failure."""

STEERING = (
    *("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM"),
    *("PYTHONIOENCODING", "PYTHONUTF8", "LC_ALL", "LC_CTYPE", "LANG"),
)
"""What in the environment changes how a command prints; a test sets what it means to."""

CACHES = str(Path(tempfile.gettempdir()) / "ecps-guide-tests")
"""What commands and libraries may forget, kept from one test to the next, and apart from the user's."""


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it wrote, with plain spaces for the no-break ones of French typography."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Both streams as one line with plain spaces, since a sentence may be broken over two."""
        return " ".join(f"{self.out} {self.err}".split())


def quiet(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which nothing of this machine steers the output, and what `environ` adds."""
    kept = {name: value for name, value in os.environ.items() if name not in STEERING}
    screen = {"COLUMNS": "80", "LINES": "24", "TERM": "xterm-256color"}
    return {**kept, **screen, "PYTHONUTF8": "1", "XDG_CACHE_HOME": CACHES, **(environ or {})}


def call(*arguments: str, typed: str = "", encoding: str = "utf-8", environ: Mapping[str, str] | None = None) -> Ran:
    """Run a command in this process, through its entry point, with streams of this encoding."""
    from ecps_cli.__main__ import main

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True) for _ in range(2))
    with (
        as_before(),
        mock.patch.dict(os.environ, quiet(environ), clear=True),
        mock.patch.object(sys, "argv", ["ecps-guide", *arguments]),
        mock.patch.object(sys, "stdin", io.StringIO(typed)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int)
    return Ran(code, *(spaced(stream.buffer.getvalue().decode(encoding)) for stream in (out, err)))


@contextmanager
def as_before() -> Iterator[None]:
    """Undo what a command does to the process, which is about to end wherever else: no garbage collected, no signals.

    Left so, a worker of the tests keeps all the garbage of its walks, gigabytes of it, and cannot be told to stop.
    """
    collects, handlers = gc.isenabled(), handle(interrupt)
    try:
        with mock.patch("gc.freeze"):  # what is frozen is never collected: not the garbage of the tests before
            yield
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)
        if collects:
            gc.enable()


def spawn(
    *arguments: str,
    typed: str = "",
    environ: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
    python: tuple[str, ...] = ("-m", "ecps_cli"),
) -> Ran:
    """Run a command as a process, by `python -m ecps_cli` unless said otherwise."""
    done = subprocess.run(
        [sys.executable, *python, *arguments],
        input=typed.encode(encoding, "ignore"),
        capture_output=True,
        env=quiet(environ),
        timeout=LIMIT,
        check=False,
    )
    return Ran(done.returncode, spaced(done.stdout.decode(encoding)), spaced(done.stderr.decode(encoding)))


def spaced(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\u00a0", " ")


def problems(text: str, path: Path) -> list[str]:
    """Return the lines of a text that name a place in this file."""
    return [line for line in text.splitlines() if line.startswith(f"{path}:")]


def name(value: object) -> str | None:
    """Return the name under which a command, or an environment, stands among the parameters of a test."""
    if isinstance(value, dict):
        return " ".join(f"{variable}={given}" for variable, given in value.items()) or "pipe"
    return (" ".join(value) or "menu") if isinstance(value, tuple) else None
