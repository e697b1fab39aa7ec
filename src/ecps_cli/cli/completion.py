"""What a shell offers at Tab: ids of guides, facts, sessions and rules; and how a shell comes to ask for it.

A person waits for each of these: they read names and not guides, and import no library; Typer loads Pydantic itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from ecps_cli.cli.output import say, say_problem

COMPLETION = "_ECPS_GUIDE_COMPLETE"
"""Set by the shell when it asks for a completion."""

NAME = "ecps-guide"
POWERSHELL = (
    "Sous PowerShell, ajoutez vous-même la complétion à votre profil : "
    "ecps-guide --show-completion | Add-Content $PROFILE. L’installer d’ici demanderait d’autoriser tous les scripts."
)
"""Typer would run `Set-ExecutionPolicy Unrestricted`, which no tool is to do to a PC that it was lent."""
NO_SHELL = "Ce shell n’a pas de complétion ici. Il en existe pour bash, zsh, fish et PowerShell."

Completer = Callable[..., Any]


def guide_ids(ctx: typer.Context) -> list[str]:
    """Ids of the guides that the command would know, by its `--guides` or the environment."""
    from ecps_cli.loading.folders import listing

    return sorted({guide_id for folder in _folders(ctx) for guide_id in listing(folder).guides})


def coded_facts(ctx: typer.Context) -> list[str]:
    """Ids of the facts that the command would know and that a QR code can say."""
    from ecps_cli.loading.folders import CODED, FACTS, fact_kinds, yaml_file

    files = filter(Path.is_file, (yaml_file(folder / FACTS) for folder in _folders(ctx)))
    kinds = {each: kind for file in files for each, kind in fact_kinds(file.read_text("utf-8", "replace")).items()}
    return sorted(each for each, kind in kinds.items() if kind in CODED)


def _folders(ctx: typer.Context) -> list[Path]:
    from ecps_cli.cli.installed import installed
    from ecps_cli.core.journal import JournalError
    from ecps_cli.loading.folders import guide_folders
    from ecps_cli.loading.problems import NotFound

    try:
        return guide_folders(ctx.params.get("guides"), os.environ, installed())
    except (NotFound, JournalError):
        return []


def session_ids() -> list[tuple[str, str]]:
    """Ids of the kept sessions, with their guides."""
    from ecps_cli.core.journal import JournalError
    from ecps_cli.storage.folder import data_folder
    from ecps_cli.storage.session_ids import session_ids as kept_in

    try:
        return kept_in(data_folder(os.environ))
    except JournalError:  # an account without a folder of its own
        return []


def rule_codes() -> list[tuple[str, str]]:
    """Codes of the rules, with their titles."""
    from ecps_cli.authoring.rulebook import find_rulebook, read_rulebook

    rules = read_rulebook(find_rulebook().read_text("utf-8"))
    return [(rule.code, rule.title) for rule in rules.values()]


def one_of(*words: str) -> Completer:
    """Completer that offers these words."""
    return lambda: list(words)


def offer_as_written() -> None:
    """Make Typer hand the help of a word to the shell as it is: to take Rich's markup out of it, it would load Rich."""
    from typer import _completion_classes

    _completion_classes._sanitize_help_text = str  # type: ignore[assignment]


# ------------------------------------------------------------------------------------- how a shell comes to ask for it


def install(ctx: typer.Context, _: Any, wanted: bool) -> bool:
    """Install the completion for the shell that this was typed in."""
    if not wanted or ctx.resilient_parsing:
        return wanted
    from typer._completion_shared import install as write

    shell = _shell()
    if shell == "powershell":
        say_problem(POWERSHELL)
        raise typer.Exit(1)
    _, path = write(shell=shell, prog_name=NAME, complete_var=COMPLETION)
    say_problem(f"La complétion de {shell} est écrite dans {path}. Elle vaut dans tout nouveau terminal.")
    raise typer.Exit


def show(ctx: typer.Context, _: Any, wanted: bool) -> bool:
    """Print the script that asks for completions in the shell that this was typed in."""
    if not wanted or ctx.resilient_parsing:
        return wanted
    from typer._completion_shared import get_completion_script

    say(get_completion_script(prog_name=NAME, complete_var=COMPLETION, shell=_shell()))
    raise typer.Exit


def _shell() -> str:
    """Name of the shell above this process. cmd has no completion: it stands between PowerShell and a `.cmd` file."""
    from typer._completion_shared import _get_shell_name

    found = _get_shell_name() or ""
    shell = {"cmd": "powershell", "pwsh": "powershell"}.get(found, found)
    if shell not in ("bash", "zsh", "fish", "powershell"):
        say_problem(NO_SHELL)
        raise typer.Exit(1)
    return shell
