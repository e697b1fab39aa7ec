"""Memory that a worker of the tests takes, and what of it goes back to the system after a test that made it grow."""

from __future__ import annotations

import ctypes
import gc
import sys
from pathlib import Path

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

HERE = Path(__file__).resolve().parent
AGE = 10
"""Compilations after which Typst drops what none of them has used (`comemo::evict` in typst-py)."""


def peak() -> float:
    """Return how many megabytes this process has taken at most; 0 where the system does not say."""
    if resource is None:  # whatever system a test plays
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def held() -> float:
    """Return how many megabytes this process holds now; on another system than Linux, has held at most."""
    try:
        with open("/proc/self/statm", "rb") as told:  # noqa: PTH123 — no `Path`, which a test may have patched
            return int(told.read().split()[1]) * resource.getpagesize() / 2**20
    except (AttributeError, OSError):
        return peak()


def give_back() -> None:
    """Drop garbage and the layouts that Typst keeps; give what was freed back to the system, as glibc would not."""
    gc.collect()
    if typst := sys.modules.get("typst"):
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
        for _ in range(AGE):
            typst.compile(b"", root=HERE, format="pdf", font_paths=fonts)
    trim = None if sys.platform == "win32" else getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)
