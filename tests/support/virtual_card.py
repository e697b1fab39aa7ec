"""A pcscd of the test's own, and the card that a test puts into its virtual reader (vsmartcard-vpcd)."""

from __future__ import annotations

import importlib.util
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

SOCKET = Path("/run/pcscd/pcscd.comm")
LOCK = SOCKET.with_name("ecps-guide-tests.lock")
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
PORT = 35963
"""Where the first slot of the virtual reader listens; the second is at the next port."""

LIMIT = 15
"""Seconds after which what a test waits for has failed."""

POWER_OFF, POWER_ON, RESET, GET_ATR = b"\x00", b"\x01", b"\x02", b"\x04"


def why_not() -> str:
    """Return why no pcscd can be started here, or an empty text."""
    if sys.platform != "linux":
        return "the virtual reader is for Linux"
    if not shutil.which("pcscd") or not DRIVER.exists():
        return "pcscd and vsmartcard-vpcd are not installed"
    if importlib.util.find_spec("smartcard") is None:
        return "pyscard is not installed"
    try:
        LOCK.parent.mkdir(exist_ok=True)
        LOCK.touch()
    except OSError:
        return "only root may start a pcscd"
    return ""


def answers() -> bool:
    """Return whether a pcscd runs."""
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(SOCKET)) == 0


@contextmanager
def exclusive() -> Iterator[None]:
    """Hold the one place where a pcscd can be on this machine: the tests run in several processes."""
    import fcntl

    with LOCK.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def daemon(configuration: Path | None = None) -> Iterator[None]:
    """Run pcscd in the foreground; with the readers of a folder, else those of the system."""
    options = ["--config", str(configuration)] if configuration else []
    running = subprocess.Popen(
        ["pcscd", "--foreground", "--critical", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(answers)
        yield
    finally:
        running.terminate()
        running.wait(LIMIT)


class VirtualCard:
    """A card with this ATR, in the virtual reader until it is pulled."""

    def __init__(self, atr: str, slot: int = 0) -> None:
        self.received: list[bytes] = []
        """All that the reader asked of it."""
        self._atr = bytes.fromhex(atr)
        self._reader = socket.create_connection(("localhost", PORT + slot), LIMIT)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while (head := self._take(2)) and (asked := self._take(*struct.unpack(">H", head))):
            self.received.append(asked)
            if asked == GET_ATR:
                self._reader.sendall(struct.pack(">H", len(self._atr)) + self._atr)
            elif len(asked) > 1:
                self._reader.sendall(b"\x00\x02\x90\x00")

    def _take(self, count: int) -> bytes:
        taken = b""
        try:
            while len(taken) < count and (more := self._reader.recv(count - len(taken))):
                taken += more
        except OSError:  # pulled
            return b""
        return taken

    @property
    def commands(self) -> list[bytes]:
        """What was sent to the card itself, a PIN for example: all but power and ATR."""
        return [each for each in self.received if each not in (POWER_OFF, POWER_ON, RESET, GET_ATR)]

    def pull(self) -> None:
        """Take the card out, if it is there."""
        with suppress(OSError):
            self._reader.shutdown(socket.SHUT_RDWR)
        self._reader.close()


def wait_for(look: Callable[[], T]) -> T:
    """Return the first result that is true."""
    end = time.monotonic() + LIMIT
    while not (seen := look()):
        assert time.monotonic() < end, "never came"
        time.sleep(0.05)
    return seen
