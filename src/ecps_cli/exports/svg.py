"""A QR code as an SVG picture: dark on white by itself, whatever the colours around it."""

from __future__ import annotations

from html import escape
from itertools import groupby

from ecps_cli.qr import Modules


def svg(modules: Modules, name: str) -> str:
    """Return a code, its quiet zone included, as an SVG picture of that name."""
    side = len(modules)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="{escape(name)}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path fill="#000" d="{"".join(_row(row, y) for y, row in enumerate(modules))}"/></svg>'
    )


def _row(row: tuple[bool, ...], y: int) -> str:
    """Return the dark runs of a row as rectangles."""
    path, x = "", 0
    for dark, run in groupby(row):
        width = len([*run])
        path += f"M{x} {y}h{width}v1h-{width}z" if dark else ""
        x += width
    return path
