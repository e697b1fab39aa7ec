"""The pictures of the README, from real walks: `python docs/pictures.py` (extra `test`) writes docs/pictures/*.svg.

The program runs on a pseudo-terminal of 80 × 24, as for the tests; what a terminal emulator then shows is drawn.
"""

from __future__ import annotations

import os
import re
import sys
from itertools import groupby
from pathlib import Path
from tempfile import mkdtemp

import pyte
from pyte.screens import Char
from rich.console import Console
from rich.style import Style
from rich.text import Text

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))
from support.real_terminal import RealTerminal  # noqa: E402 — found beside the tests

COLUMNS, ROWS = 80, 24
NAMES = {"brown": "yellow", "default": ""}
"""What pyte calls a colour → what Rich does."""


def fraud() -> pyte.Screen:
    """Return the first step of the fraud guide."""
    with terminal("fraud") as shown:
        shown.wait("? : aide", "6) ")
        return shown.screen


def activate_mobile() -> pyte.Screen:
    """Return the step of the mobile guide where the 12 digits are typed."""
    with terminal("activate", "--mobile") as shown:
        shown.wait("Entrée : commencer")
        shown.press("Enter", then="Numéro RPPS du médecin")
        shown.press("99700218896", "Enter", then="Étape 2 sur")
        while (number := step(shown)) < 9:
            shown.press("v" if "v : " in shown.text else "Enter", then=f"Étape {number + 1} sur")
            shown.wait("? : aide")
        return shown.screen


def terminal(*arguments: str) -> RealTerminal:
    """Return the command on a terminal, with no session but its own."""
    return RealTerminal(*arguments, columns=COLUMNS, rows=ROWS, environ={"ECPS_DATA": mkdtemp(), "BROWSER": "true"})


def step(shown: RealTerminal) -> int:
    """Return the number of the step on a terminal."""
    found = re.search(r"Étape (\d+) sur", shown.text)
    return int(found[1]) if found else 0


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
    for name, command, screen_of in (
        ("fraud", "fraud", fraud),
        ("activate-mobile", "activate --mobile", activate_mobile),
    ):
        console = Console(record=True, width=COLUMNS, file=Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        console.print(drawn(screen_of()), end="")
        svg = console.export_svg(title=f"ecps-guide {command}", unique_id=name)
        (HERE / "pictures" / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(f"docs/pictures/{name}.svg")


if __name__ == "__main__":
    main()
