"""The desktop around the terminal: the browser that opens an https address, and the clipboard."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from ecps_cli.core.link import parse_link
from ecps_cli.core.text import visible
from ecps_cli.screen.terminal import beneath, far_away
from ecps_cli.walk.environment import NO_CLIPBOARD

# --------------------------------------------------------------------------------------------------------- the browser

GRAPHICAL = "x-www-browser:firefox:chromium:google-chrome"
"""What `xdg-open` may try by itself; its own list goes on with text browsers, which need the terminal we are on."""

OPENER_PATIENCE = 3.0
"""Seconds after which an opener that still runs has opened something: some are the browser itself."""

_running: list[subprocess.Popen[bytes]] = []
"""The openers left to themselves; held, since Python reports those it loses sight of."""


def open_link(address: str) -> bool:
    """Open an address in a graphical browser; False where there is none at hand, or the address is not https.

    Over SSH there is none: the browser of the other machine is not before the person's eyes.
    """
    link = parse_link(address)
    if link is None or link.scheme != "https" or far_away():
        return False
    if sys.platform == "win32":
        return _open_on_windows(link.address)
    opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    has_screen = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(opener and has_screen) and _start([str(opener), link.address])


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
        return opener.wait(OPENER_PATIENCE) == 0
    except subprocess.TimeoutExpired:
        _running.append(opener)
        return True


# ------------------------------------------------------------------------------------------------------- the clipboard

TOOL_PATIENCE = 5.0
"""Seconds after which a tool that has not taken the text is given up."""

LONGEST = 100_000
"""Characters of an escape sequence that terminals still take (the limit of Chromium's `osc52.sh`)."""


class Tool(NamedTuple):
    """A program that puts its standard input on a clipboard."""

    name: str
    arguments: tuple[str, ...] = ()
    needs: str = ""
    """The variable without which it has no clipboard."""
    encoding: str = "utf-8"
    environ: tuple[tuple[str, str], ...] = ()
    """What it must find in its environment."""
    reaches: bool = False
    """Whether over SSH too the clipboard is that of the person, and not that of the machine far away."""
    said: str = ""
    """What is said of a copy, where it takes more than the tool's name."""


TOOLS = (
    # Without a byte order mark: `clip` puts it on the clipboard with the text (node-copy-paste #45); it knows UTF-16 by
    # its zero bytes, of which every second byte of a French text is one.
    Tool("clip", needs="SystemRoot", encoding="utf-16-le"),
    # Under another LC_CTYPE it takes the bytes for Mac Roman: « é » would be pasted as « √© ».
    Tool("pbcopy", environ=(("LC_CTYPE", "UTF-8"),)),
    Tool("wl-copy", needs="WAYLAND_DISPLAY"),
    Tool("xclip", ("-selection", "clipboard"), needs="DISPLAY", reaches=True),
    # tmux drops OSC 52 from programs unless `set-clipboard` is `on`, and its pass-through is off by default (tmux(1));
    # what is loaded with -w it hands to the terminal itself.
    Tool(
        "tmux",
        ("load-buffer", "-w", "-"),
        needs="TMUX",
        reaches=True,
        said="Copié dans tmux, et par lui dans le presse-papiers si le terminal le permet.",
    ),
)
"""Windows, macOS, Wayland, X11, tmux: the first that takes the text is the one."""


def copy(text: str) -> str:
    """Put a text on the clipboard, and return the sentence that says how, or that nothing was copied.

    What nobody sees in it is copied as escapes: it may be pasted into a terminal.
    """
    text = visible(text)
    for tool in TOOLS:
        path = _find(tool)
        if path and _give(path, tool, text):
            return tool.said or f"Copié avec {tool.name}."
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return NO_CLIPBOARD
    sequence = f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"
    if len(sequence) > LONGEST:
        return "Trop long pour être copié par le terminal : rien n’a été copié."
    beneath(sys.stdout).write(sequence)
    sys.stdout.flush()
    return "Copié par le terminal (OSC 52), s’il le permet."


def _find(tool: Tool) -> str | None:
    """Return the path of a tool that has the person's clipboard, or None."""
    if tool.needs and not os.environ.get(tool.needs):
        return None
    if not tool.reaches and far_away():
        return None
    if tool.name == "clip":  # by its place: Windows would look in the current folder first, and that may be anybody's
        return shutil.which(str(Path(os.environ["SystemRoot"], "System32", "clip.exe")))  # noqa: SIM112 — its spelling
    return shutil.which(tool.name)


def _give(path: str, tool: Tool, text: str) -> bool:
    """Give a text to a tool; it may stay behind to serve the clipboard, and so must not hold our own output."""
    try:
        done = subprocess.run(  # noqa: S603 — a program of the system, no shell; the text is its input
            [path, *tool.arguments],
            input=text.encode(tool.encoding, "ignore"),
            env={**os.environ, **dict(tool.environ)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TOOL_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
