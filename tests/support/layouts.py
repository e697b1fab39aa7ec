"""What Typst holds on to of layouts that it made: dropped, lest a worker of the tests keep those of every guide."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
AGE = 10
"""Compilations after which Typst drops what none of them has used (`comemo::evict` in typst-py)."""


def drop_layouts() -> None:
    """Let Typst, where it was used, drop all layouts: by as many compilations of nothing."""
    if typst := sys.modules.get("typst"):
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
        for _ in range(AGE):
            typst.compile(b"", root=HERE, format="pdf", font_paths=fonts)
