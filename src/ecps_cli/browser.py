"""The browser: an https address handed to the system, which opens it away from this terminal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from ecps_cli.terminal import far_away

GRAPHICAL = "x-www-browser:firefox:chromium:google-chrome"
"""What `xdg-open` may try by itself; its own list goes on with text browsers, which need the terminal we are on."""

PATIENCE = 3.0
"""Seconds after which an opener that still runs has opened something: some are the browser itself."""

_running: list[subprocess.Popen[bytes]] = []
"""The openers left to themselves; held, since Python reports those it loses sight of."""


def open_link(address: str) -> bool:
    """Open an address in a graphical browser; False where there is none at hand, or the address is not https.

    Over SSH there is none: the browser of the other machine is not before the person's eyes.
    """
    if not address.startswith("https://") or not address.isprintable() or " " in address:
        return False
    if far_away():
        return False
    if sys.platform == "win32":
        return _open_on_windows(address)
    opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    has_screen = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(opener and has_screen) and _start([str(opener), address])


def _open_on_windows(address: str) -> bool:
    if sys.platform != "win32":  # which the type checker reads
        return False
    try:
        os.startfile(address)  # noqa: S606 — an https address, never a file
    except OSError:
        return False
    return True


def _start(command: list[str]) -> bool:
    """Start an opener without our terminal, so that nothing can take it over or write on it; False when it fails."""
    environ = {**os.environ, "BROWSER": os.environ.get("BROWSER") or GRAPHICAL}
    nowhere = subprocess.DEVNULL
    try:
        opener = subprocess.Popen(  # noqa: S603 — a program of the system and one argument, no shell
            command, env=environ, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
        )
    except OSError:
        return False
    try:
        return opener.wait(PATIENCE) == 0
    except subprocess.TimeoutExpired:
        _running.append(opener)
        return True
