"""The pictures of the pages, from real walks: `python docs/pictures.py` (extra `test`) writes docs/pictures/*.svg.

The program runs on a pseudo-terminal, as for the tests; what a terminal emulator then shows is drawn. One step is drawn
at three sizes, for docs/ecrans.md; `--before CHECKOUT` draws it as an older checkout of this repository shows it.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from itertools import groupby
from pathlib import Path
from tempfile import mkdtemp

import pyte
import pyte.graphics
from pyte.screens import Char
from rich.console import Console
from rich.style import Style
from rich.text import Text

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))
from support.real_terminal import RealTerminal  # noqa: E402 — found beside the tests

SMALL, LARGE, NARROW = (80, 24), (120, 40), (40, 20)
NAMES = {"brown": "yellow", "default": ""}
"""What pyte calls a colour → what Rich does."""
pyte.graphics.TEXT[2] = "+blink"  # pyte does not know what is dim; nothing here blinks


def fraud() -> pyte.Screen:
    """Return the first step of the fraud guide."""
    with terminal("fraud") as shown:
        shown.wait("? : aide", "6) ")
        return shown.screen


def activate_mobile(wanted: int = 9, size: tuple[int, int] = SMALL, checkout: Path | None = None) -> pyte.Screen:
    """Return a step of the mobile guide; the ninth is where the 12 digits are typed."""
    with terminal("activate", "--mobile", size=size, checkout=checkout) as shown:
        if checkout or size == NARROW:  # a page comes first
            shown.wait("Entrée : commencer")
            shown.send("Enter")
        shown.wait("Numéro RPPS du médecin", ": aide")
        shown.press("99700218896", "Enter", then="Étape 2 sur")
        while (number := step(shown)) < wanted:
            shown.press("v" if "v : " in shown.text else "Enter", then=f"Étape {number + 1} sur")
            shown.wait("aide")
        return shown.screen


def terminal(*arguments: str, size: tuple[int, int] = SMALL, checkout: Path | None = None) -> RealTerminal:
    """Return the command on a terminal, with no session but its own; that of another checkout where one is given."""
    environ = {"ECPS_DATA": mkdtemp(), "BROWSER": "true"} | ({"PYTHONPATH": str(checkout / "src")} if checkout else {})
    return RealTerminal(*arguments, columns=size[0], rows=size[1], environ=environ)


def step(shown: RealTerminal) -> int:
    """Return the number of the step on a terminal."""
    found = re.search(r"Étape (\d+) sur", shown.text)
    return int(found[1]) if found else 0


def drawn(screen: pyte.Screen) -> Text:
    """Return a screen as text with its colours."""
    text = Text()
    for row in range(screen.lines):
        cells = [screen.buffer[row][column] for column in range(screen.columns)]
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
        dim=cell.blink,
        italic=cell.italics,
        underline=cell.underscore,
        reverse=cell.reverse,
    )


def draw(name: str, command: str, screen: pyte.Screen) -> None:
    """Write a screen as a picture."""
    nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 — as long as the console
    console = Console(record=True, width=screen.columns, file=nowhere)
    console.print(drawn(screen), end="")
    svg = console.export_svg(title=f"ecps-guide {command}", unique_id=name)
    (HERE / "pictures" / f"{name}.svg").write_text(svg, encoding="utf-8")
    print(f"docs/pictures/{name}.svg")


def main() -> None:
    """Take every picture, or those of an older checkout."""
    parser = argparse.ArgumentParser(description="Take the pictures of the pages.")
    parser.add_argument("--before", type=Path, metavar="CHECKOUT", help="draw the one step as this checkout shows it")
    before = parser.parse_args().before
    for columns, rows in (SMALL, LARGE, NARROW):
        name = f"{'before' if before else 'after'}-{columns}x{rows}"
        draw(name, "activate --mobile", activate_mobile(6, (columns, rows), before))
    if not before:
        draw("fraud", "fraud", fraud())
        draw("activate-mobile", "activate --mobile", activate_mobile())


if __name__ == "__main__":
    main()
