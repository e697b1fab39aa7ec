"""The one command that is asked for: Typer builds all there are at each start, which takes a tenth of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from copy import copy

import typer

from ecps_cli.cli.completion import COMPLETION

_TYPED = ("COMP_WORDS", "_TYPER_COMPLETE_ARGS")
"""Where a shell says what was typed so far, when it asks for a completion: bash, and the others."""


def asked_for(environ: Mapping[str, str], arguments: list[str] | None) -> str:
    """Word where a command stands: the first argument (None: of the command line), or of what is to be completed."""
    if COMPLETION in environ:
        words = next((environ[each].split() for each in _TYPED if each in environ), [])[1:]
    else:
        words = sys.argv[1:] if arguments is None else arguments
    return next(iter(words), "")


def with_one_command(app: typer.Typer, word: str) -> typer.Typer:
    """App with the command, or the group of commands, that a word names; with all of them, if it names none."""
    alone = copy(app)
    alone.registered_commands = [each for each in app.registered_commands if word == each.name]
    alone.registered_groups = [each for each in app.registered_groups if word == each.name]
    return alone if alone.registered_commands or alone.registered_groups else app
