"""The one command that is asked for: Typer builds all there are at each start, which takes a tenth of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from copy import copy

import typer

from ecps_cli.cli.completion import COMPLETION


def asked_for(environ: Mapping[str, str], arguments: list[str] | None) -> str:
    """Word where a command stands: the first argument (None: of the command line), or of what is to be completed.

    Empty where there is none, or where the command itself is to be completed.
    """
    asking = environ.get(COMPLETION)
    if asking:
        words = _typed(environ.get("COMP_WORDS" if asking.endswith("bash") else "_TYPER_COMPLETE_ARGS", ""))
    else:
        words = sys.argv[1:] if arguments is None else arguments
    return next(iter(words), "")


def _typed(line: str) -> list[str]:
    """Words of a line behind the program, but the one that is being typed."""
    import shlex

    try:
        words = shlex.split(line)[1:]
    except ValueError:  # a quote that is still open
        return []
    return words if line.endswith(" ") else words[:-1]


def with_one_command(app: typer.Typer, word: str) -> typer.Typer:
    """App with the command, or the group of commands, that a word names; with all of them, if it names none."""
    alone = copy(app)
    alone.registered_commands = [each for each in app.registered_commands if word == each.name]
    alone.registered_groups = [each for each in app.registered_groups if word == each.name]
    return alone if alone.registered_commands or alone.registered_groups else app
