"""A QR code on the screen: black on white whatever the theme, with what it says under it. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.console import (
    Console,
    ConsoleOptions,
    ConsoleRenderable,
    Group,
    RenderResult,
)
from rich.segment import Segment
from rich.style import Style

from ecps_cli.core.guide import Fact
from ecps_cli.qr import Modules, modules, payload
from ecps_cli.screen.painting import ADDRESS, Text, contact_line, encoding_of, reference, rows_of, whole

CAMERA = "À lire avec l’appareil photo du téléphone, pas avec l’application e-CPS."
NO_SCREEN = "Pas de QR code ici : il lui faut un écran en couleurs, sans --plain ni NO_COLOR."

BLACK_ON_WHITE = Style(color="#000000", bgcolor="#ffffff")
WHITE_ON_BLACK = Style(color="#ffffff", bgcolor="#000000")
HALVES = " ▄▀█"
"""Two modules one above the other in one character: light, the lower one dark, the upper one, both."""

BESIDE = 30
"""Columns right of a code that are enough for the sentence; where there are fewer, it stands under the code."""

Row = list[Segment]


class CodeScreen(NamedTuple):
    """The code of an address or a number, how to read it, and the address or number itself, whole."""

    fact: Fact
    drawn: bool = True
    """False where a code would be read aloud, or nobody looks."""
    reserve: int = 1
    """Lines to leave free under it."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the code over what it says, where the screen has the colours and the room for it; or else why not."""
        if not self.drawn or console.no_color or console.color_system is None:
            yield from (Text(NO_SCREEN), reference(self.fact))
            return
        rows = code_rows(modules(payload(self.fact)), encoding_of(console))
        width = Segment.get_line_length(rows[0])
        beside = options.max_width - width - 2
        stacked = beside < BESIDE
        sentences = self._sentences(console, options.update(width=options.max_width if stacked else beside))
        under = rows_of(console.render(self._bare(), options), options.max_width) + self.reserve
        height = len(rows) + (len(sentences) if stacked else 0) + under
        if width > options.max_width or height > console.size.height:
            size = f"{width} colonnes et {height} lignes"
            yield Text(f"La fenêtre est trop petite pour le QR code : agrandissez-la à {size} au moins.")
            yield reference(self.fact)
            return
        yield from _lines([*rows, *sentences]) if stacked else _lines(rows, sentences)
        yield self._bare()

    def _sentences(self, console: Console, options: ConsoleOptions) -> list[Row]:
        """Return the lines that stand with the code: the name of an address, and how to read the code."""
        name = [Text(self.fact.name, style="bold")] if self.fact.kind == "url" else []
        return console.render_lines(Group(*name, Text(CAMERA)), options, pad=False)

    def _bare(self) -> ConsoleRenderable:
        """Text of the code, for people who cannot read it or are on the phone."""
        return contact_line(self.fact) if self.fact.kind == "phone" else whole(self.fact.value, ADDRESS)


def code_rows(code: Modules, encoding: str) -> list[Row]:
    """Return the rows of a code as characters: half blocks, or pairs of coloured spaces where these are lacking."""
    try:
        HALVES.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return [[Segment("  ", WHITE_ON_BLACK if dark else BLACK_ON_WHITE) for dark in row] for row in code]
    light = (False,) * len(code[0])
    pairs = zip_longest(code[::2], code[1::2], fillvalue=light)
    return [
        [Segment("".join(HALVES[2 * upper + lower] for upper, lower in zip(*pair, strict=True)), BLACK_ON_WHITE)]
        for pair in pairs
    ]


def _lines(left: Sequence[Row], right: Sequence[Row] = ()) -> Iterator[Segment]:
    """Yield lines side by side."""
    nothing: Row = []
    for row, beside in zip_longest(left, right, fillvalue=nothing):
        yield from row
        if beside:
            yield Segment("  ")
            yield from beside
        yield Segment.line()
