"""Where the command line writes: what was asked for on standard output, the rest on standard error."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from ecps_cli.typography import broken, fold, typeset

if TYPE_CHECKING:
    from rich.console import ConsoleRenderable  # noqa: TID251 — a type


def say(thing: ConsoleRenderable | str) -> None:
    """Print what was asked for: a text as it is, or a view."""
    if isinstance(thing, str):
        sys.stdout.write(f"{thing}\n")
        return
    from ecps_cli.terminal import make_console, paint

    paint(make_console(), thing)


def say_line(line: str) -> None:
    """Print one line of a list: broken between its words on a terminal, whole where another program reads it."""
    say(_fitted(line, sys.stdout))


def say_problem(sentence: str) -> None:
    """Print a problem, as plain text."""
    with suppress(OSError):  # a terminal that is gone has nobody to tell
        sys.stdout.flush()
        sys.stderr.write(f"{_fitted(typeset(sentence), sys.stderr)}\n")


def _fitted(text: str, stream: TextIO) -> str:
    """Return a text broken between words where a terminal would break it within one; elsewhere as it is."""
    if not stream.isatty():
        return text
    import shutil

    encoding = getattr(stream, "encoding", None) or "utf-8"
    return "\n".join(broken(fold(text, encoding), shutil.get_terminal_size().columns))


def as_json_text(value: object) -> str:
    """Return a value as JSON, its letters as they are where standard output has them, as escapes where it has not."""
    import json

    from ecps_cli.terminal import can_encode

    text = json.dumps(value, ensure_ascii=False, indent=2)
    return text if can_encode(text) else json.dumps(value, indent=2)
