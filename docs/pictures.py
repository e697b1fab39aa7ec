"""The pictures of the README, from real walks: `python docs/pictures.py` (extra `test`) writes docs/pictures/*.svg.

The program runs on a pseudo-terminal of 80 × 24, as for the tests; what a terminal emulator then shows is drawn.
"""

from __future__ import annotations

import os
import re
import sys
from itertools import groupby
from pathlib import Path

import pyte
from pyte.screens import Char
from rich.console import Console
from rich.style import Style
from rich.text import Text

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))
from support.fork_server import Cell, run  # noqa: E402 — found beside the tests

COLUMNS, ROWS = 80, 24
NAMES = {"brown": "yellow", "default": ""}
"""What pyte calls a colour → what Rich does."""
PICTURES = {
    "fraud": (("fraud",), ("q",)),
    "activate-mobile": (("activate", "--mobile"), ("\r", "99700218896\r", *("\r" * 7), "q")),
}
"""Each picture: the command, and the keys that lead to the screen, then out."""


def screen_of(arguments: tuple[str, ...], keys: tuple[str, ...]) -> pyte.Screen:
    """Return the screen of a walk at the moment of the last key."""
    environ = {**os.environ, "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", "BROWSER": "true"}
    kept = {name: value for name, value in environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    cell = Cell(arguments, "utf-8", COLUMNS, terminal=True, environ=kept, keys=keys, rows=ROWS)
    ended = run(cell, real=True)
    screen = pyte.Screen(COLUMNS, ROWS)
    pyte.ByteStream(screen).feed(ended.out[: ended.asked[-1]])
    return screen


def drawn(screen: pyte.Screen) -> Text:
    """Return a screen as text with its colours."""
    text = Text()
    for row in range(ROWS):
        cells = [screen.buffer[row][column] for column in range(COLUMNS)]
        for style, run_of in groupby(cells, key=style_of):
            text.append("".join(each.data for each in run_of), style)
        text.append("\n")
    return text


def style_of(cell: Char) -> Style:
    """Return how one character is shown."""
    fg, bg = (re.sub(r"^([0-9a-f]{6})$", r"#\1", NAMES.get(name, name) or "") or None for name in (cell.fg, cell.bg))
    return Style(
        color=fg,
        bgcolor=bg,
        bold=cell.bold,
        italic=cell.italics,
        underline=cell.underscore,
        reverse=cell.reverse,
    )


def main() -> None:
    """Take every picture."""
    for name, (arguments, keys) in PICTURES.items():
        console = Console(record=True, width=COLUMNS, file=Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        console.print(drawn(screen_of(arguments, keys)), end="")
        svg = console.export_svg(title=f"ecps-guide {' '.join(arguments)}", unique_id=name)
        (HERE / "pictures" / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(f"docs/pictures/{name}.svg")


if __name__ == "__main__":
    main()
