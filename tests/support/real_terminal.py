"""A real terminal for tests: a pseudo-terminal, its screen read back through pyte; nothing waits without a limit."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
import warnings
from collections.abc import Callable, Mapping
from fcntl import ioctl
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

LIMIT = 15.0
"""Seconds after which something that has not appeared is a failure."""

AGAIN = 0.5
"""Seconds between two presses of the same key: less is a key that is held down."""

KEYS = {"Enter": "\r", "Up": "\x1b[A", "Down": "\x1b[B", "C-c": "\x03", "C-d": "\x04", "C-u": "\x15"}


class _Screen(pyte.Screen):
    """A screen that answers the questions a program asks of its terminal (where is the cursor?)."""

    answer: Callable[[bytes], None]

    def write_process_input(self, data: str) -> None:
        self.answer(data.encode())


class RealTerminal:
    """`ecps-guide` with these arguments, on a terminal of so many columns and rows."""

    def __init__(
        self,
        *arguments: str,
        columns: int = 80,
        rows: int = 24,
        environ: Mapping[str, str] | None = None,
        python: tuple[str, ...] = ("-m", "ecps_cli"),
    ) -> None:
        """Start the command."""
        self.screen = _Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self._pressed, self._at, self._painted = "", 0.0, 0.0
        with warnings.catch_warnings():  # Python 3.12 and later warn where threads run; this child only replaces itself
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid, self.fd = pty.fork()
        if self.pid == 0:
            kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
            told = {**kept, "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONUTF8": "1", **(environ or {})}
            # Given in full: readline, which pytest imports, sets COLUMNS and LINES behind Python's back.
            os.execve(sys.executable, [sys.executable, *python, *arguments], told)
        ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.answer = lambda data: _write(self.fd, data)

    def __enter__(self) -> Self:
        """Give the terminal."""
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the command if it still runs."""
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.fd)

    @property
    def text(self) -> str:
        """What is on the screen now, its no-break spaces as plain ones."""
        return "\n".join(line.rstrip() for line in self.screen.display).replace("\u00a0", " ")

    def send(self, *keys: str) -> None:
        """Press keys, named as in `KEYS`, or type text, once the program has painted what it had to paint."""
        deadline = time.monotonic() + 5
        while (self._read(0.02) or not self._asks() or not self._waits()) and time.monotonic() < deadline:
            pass
        for key in keys:
            self._pace(KEYS.get(key, key)[-1:])
            _write(self.fd, KEYS.get(key, key).encode())

    def _pace(self, pressed: str) -> None:
        """Wait as a person does before the same key is pressed at another question: sooner, it is one held down."""
        if pressed == self._pressed:
            while time.monotonic() - max(self._at, self._painted) < AGAIN:
                self._read(0.02)
        self._pressed, self._at = pressed, time.monotonic()

    def _asks(self) -> bool:
        """Return whether a question is on the screen: what is typed before it is there is dropped."""
        return any(
            line.startswith("> ") or "Entrée" in line or "? : aide" in line or "(o/n)" in line or line.endswith(":")
            for line in self.screen.display
        )

    def _waits(self) -> bool:
        """Return whether the program in the foreground sleeps: it has painted all, and reads what is typed.

        Only Linux says so at once; elsewhere one more silence does.
        """
        try:
            stat = Path(f"/proc/{os.tcgetpgrp(self.fd)}/stat").read_text()
        except OSError:
            return not self._read(0.15)
        return stat.rpartition(")")[2].split()[0] == "S"

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size, as its user does: the kernel tells the program by SIGWINCH."""
        self._read(0)
        self.screen.resize(rows, columns)
        ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def wait(self, *texts: str, without: str = "") -> str:
        """Wait until all these texts are on the screen (and `without` is not), and return what is there."""
        return self._until(
            lambda: all(text in self._joined() for text in texts) and not (without and without in self._joined()),
            f"{texts!r}{f' without {without!r}' if without else ''}",
        )

    def until_asked(self, after: int) -> None:
        """Wait for a question after so many: each begins as a line that takes pastes as one text."""
        self._until(lambda: self.raw.count(b"\x1b[?2004h") > after, f"question number {after + 1}")

    def press(self, *keys: str, then: str, without: str = "") -> str:
        """Press keys, then wait for a text."""
        self.send(*keys)
        return self.wait(then, without=without)

    def go_on(self) -> str:
        """Press Enter at a step, and wait for the question of another one, or for the end."""
        here = self._step()
        self.send("Enter")
        return self._until(
            lambda: "Pour le ticket" in self.text or (self._step() not in ("", here) and ": aide" in self._joined()),
            f"a step after {here!r}",
        )

    def _step(self) -> str:
        found = re.search(r"Étape \d+", self.text)
        return found[0] if found else ""

    def end(self) -> int:
        """Wait for the command to end, and return its exit code."""
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            self._read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                while self._read(0.05):
                    pass
                self.pid = 2**22 + 1  # nobody: the process is gone, and is not to be killed again
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"still running; on the screen:\n{self.text}")

    def _joined(self) -> str:
        """Return the screen as one line, since a sentence may be broken over two."""
        return " ".join(self.text.replace("│", " ").split())

    def _until(self, seen: Callable[[], bool], what: str) -> str:
        deadline = time.monotonic() + LIMIT
        while not seen():
            if time.monotonic() > deadline:
                raise AssertionError(f"never seen: {what}; on the screen:\n{self.text}")
            self._read(0.05)
        return self.text

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # the other side is closed
            return False
        self.raw += data
        self._painted = time.monotonic()
        self.stream.feed(data)
        return bool(data)


def _write(fd: int, data: bytes) -> None:
    try:
        os.write(fd, data)
    except OSError:  # the other side is closed
        return
