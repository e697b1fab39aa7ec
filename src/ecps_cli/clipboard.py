"""The clipboard: by the system's own tool, or else through the terminal."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from ecps_cli.terminal import far_away

PATIENCE = 5.0
"""Seconds after which a tool that has not taken the text is given up."""

LONGEST = 100_000
"""Characters of an escape sequence that terminals still take (the limit of Chromium's `osc52.sh`)."""

NOWHERE = "Pas de presse-papiers ici : rien n’a été copié."


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
    """Put a text on the clipboard, and return the sentence that says how, or that nothing was copied."""
    for tool in TOOLS:
        path = _find(tool)
        if path and _give(path, tool, text):
            return tool.said or f"Copié avec {tool.name}."
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return NOWHERE
    sequence = f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"
    if len(sequence) > LONGEST:
        return "Trop long pour être copié par le terminal : rien n’a été copié."
    sys.stdout.write(sequence)
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
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
