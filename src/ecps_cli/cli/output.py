"""Where the command line writes: what was asked for on standard output, the rest on standard error."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from ecps_cli.typography import typeset

if TYPE_CHECKING:
    from rich.console import ConsoleRenderable  # noqa: TID251 — a type


def say(thing: ConsoleRenderable | str) -> None:
    """Print what was asked for: a text as it is, or a view."""
    if isinstance(thing, str):
        sys.stdout.write(f"{thing}\n")
        return
    from ecps_cli.terminal import make_console, paint

    paint(make_console(), thing)


def say_problem(sentence: str) -> None:
    """Print a problem, as plain text."""
    with suppress(OSError):  # a terminal that is gone has nobody to tell
        sys.stdout.flush()
        sys.stderr.write(f"{_fitted(typeset(sentence))}\n")


def _fitted(text: str) -> str:
    """Return a text broken between words where a terminal would break it within one; elsewhere as it is."""
    if not sys.stderr.isatty():
        return text
    import shutil
    import textwrap

    width = shutil.get_terminal_size().columns
    lines = (textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in text.split("\n"))
    return "\n".join(lines)


def as_json_text(value: object) -> str:
    """Return a value as JSON, its letters as they are where standard output has them, as escapes where it has not."""
    import json

    from ecps_cli.terminal import can_encode

    text = json.dumps(value, ensure_ascii=False, indent=2)
    return text if can_encode(text) else json.dumps(value, indent=2)
