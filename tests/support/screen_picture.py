"""A picture of a terminal's screen, as a phone held before it would see it: each cell with its two colours."""

from __future__ import annotations

from typing import Any

import pyte
from PIL import Image, ImageDraw

DARK = {"fg": "#d4d4d4", "bg": "#1e1e1e"}
LIGHT = {"fg": "#333333", "bg": "#fdf6e3"}
"""What two themes make of the default colours."""

NAMED = {"black": "#000000", "brightwhite": "#ffffff"}
"""The colours with names that codes use; the screen's other texts may have any."""

WIDE, HIGH = 6, 12
"""Pixels of a cell, which is twice as high as it is wide."""


def pictures(screen: pyte.Screen, theme: dict[str, str]) -> list[Image.Image]:
    """Return each part of the screen that holds a code, as a picture over its full width, two lines around it.

    Where there is none, the whole screen.
    """
    coloured = [any(cell.bg != "default" for cell in screen.buffer[row].values()) for row in range(screen.lines)]
    starts = [row for row in range(screen.lines) if coloured[row] and not (row and coloured[row - 1])]
    ends = [next((row for row in range(start, screen.lines) if not coloured[row]), screen.lines) for start in starts]
    bands = list(zip(starts, ends, strict=True)) or [(0, screen.lines)]
    return [_picture(screen, theme, max(start - 2, 0), min(end + 2, screen.lines)) for start, end in bands]


def _picture(screen: pyte.Screen, theme: dict[str, str], first: int, last: int) -> Image.Image:
    image = Image.new("RGB", (screen.columns * WIDE, (last - first) * HIGH), theme["bg"])
    draw = ImageDraw.Draw(image)
    for row in range(first, last):
        for column in range(screen.columns):
            cell = screen.buffer[row][column]
            _draw(draw, column * WIDE, (row - first) * HIGH, cell, theme)
    return image


def _draw(draw: ImageDraw.ImageDraw, left: int, top: int, cell: Any, theme: dict[str, str]) -> None:
    colours = _colour(cell.fg, "fg", theme), _colour(cell.bg, "bg", theme)
    front, back = reversed(colours) if cell.reverse else colours
    right, middle, bottom = left + WIDE - 1, top + HIGH // 2, top + HIGH - 1
    draw.rectangle((left, top, right, bottom), back)
    if cell.data in ("▀", "█"):
        draw.rectangle((left, top, right, middle - 1), front)
    if cell.data in ("▄", "█"):
        draw.rectangle((left, middle, right, bottom), front)
    if cell.data.strip() and cell.data not in "▀▄█":
        draw.text((left, top), cell.data.encode("ascii", "replace").decode(), front)


def _colour(name: str, place: str, theme: dict[str, str]) -> str:
    if name == "default":
        return theme[place]
    return NAMED.get(name) or (f"#{name}" if len(name) == 6 and set(name) <= set("0123456789abcdef") else "#808080")
