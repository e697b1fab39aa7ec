"""What this terminal can show: streams that never raise on a character, and the console that paints on them."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, TextIO

if TYPE_CHECKING:
    from rich.console import Console, ConsoleRenderable  # noqa: TID251 — types

FOLDED = {
    "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": "...", "–": "-", "—": "-", "‑": "-",
    "œ": "oe", "Œ": "OE", "€": "EUR", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "→": "->", "·": "-", "•": "*",
    "æ": "ae", "Æ": "AE", "☑": "[x]", "☐": "[ ]", "☒": "[-]", "▶": ">", "⚠": "!", "━": "=", "─": "-", "ᵉ": "e",
    "º": "o", "°": "o", "×": "x",
}  # fmt: skip
"""How a character is written on a stream that lacks it: readable first, faithful second."""


def fold(error: UnicodeError) -> tuple[str, int]:
    """Return what to write in place of characters that a stream cannot encode (a `codecs` error handler)."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_fold_one(each) for each in error.object[error.start : error.end]), error.end


def _fold_one(character: str) -> str:
    plain = FOLDED.get(character) or unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return plain or "?"


codecs.register_error("ecps-fold", fold)


def prepare_streams() -> None:
    """Make the standard streams forgiving, once, at start: no character stops a walk, typed or printed."""
    for name, mode, errors in (("stdin", "r", "replace"), ("stdout", "w", "ecps-fold"), ("stderr", "w", "ecps-fold")):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 — open as long as we run
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def make_console(stream: TextIO | None = None) -> Console:
    """Return a console on a stream (default: standard output) on which no text is ever taken for markup."""
    from rich.console import Console  # noqa: TID251 — the console is made here, once

    class ForgivingConsole(Console):
        def on_broken_pipe(self) -> None:
            """Raise what Rich would turn into an exit: a walk has a pause to record."""
            raise

    return ForgivingConsole(file=stream or sys.stdout, markup=False, highlight=False, emoji=False)


def paint(console: Console, screen: ConsoleRenderable) -> None:
    """Print a renderable: no line is ever cut, and none ends in spaces where it goes to a file or a pipe."""
    from rich.console import Group  # noqa: TID251 — a lone text would be joined to others, and broken as Rich does

    if console.is_terminal:
        console.print(Group(screen), crop=False)
        return
    with console.capture() as captured:
        console.print(Group(screen), crop=False)
    console.file.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def can_encode(text: str, stream: IO[str] | None = None) -> bool:
    """Return whether a stream (default: standard output) has all these characters."""
    encoding = getattr(stream or sys.stdout, "encoding", None) or "ascii"
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def accessible() -> bool:
    """Return whether the environment asks for what a screen reader can read: `ACCESSIBLE=1`."""
    return os.environ.get("ACCESSIBLE", "").lower() not in ("", "0", "false", "no", "non", "off")


def conversation(plain: bool) -> Literal["keys", "lines"]:
    """Return how to ask: by single keys on a real terminal, else by lines (asked for, `TERM=dumb`, a pipe)."""
    if plain or accessible() or os.environ.get("TERM") == "dumb" or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "lines"
    return "keys"
