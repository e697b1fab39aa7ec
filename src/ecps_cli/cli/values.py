"""Values of options, as the commands take them."""

from collections.abc import Callable
from pathlib import Path

import typer

from ecps_cli import __version__
from ecps_cli.cli.output import say, say_problem


def print_version(context: typer.Context, wanted: bool) -> None:
    """Say the version and leave, where that is asked for; not while a shell completes a word."""
    if wanted and not context.resilient_parsing:
        say(f"ecps-guide {__version__}")
        raise typer.Exit


def format_among(*formats: str) -> Callable[[typer.Context, str], str]:
    """Callback that hands on one of these formats, and raises BadParameter on any other."""

    def known(context: typer.Context, fmt: str) -> str:
        if fmt not in formats and not context.resilient_parsing:  # a shell completes the word: not yet a mistake
            raise typer.BadParameter(f"« {fmt} » n’est pas un format. Choisissez parmi : {', '.join(formats)}.")
        return fmt

    return known


def unless_dash(path: Path | None) -> Path | None:
    """The file to write; none for `-`, which is standard output."""
    return None if path is None or str(path) == "-" else path


def ticket_number(context: typer.Context, number: str) -> str:
    """The number of a ticket; raise BadParameter where no collector of mail would find it."""
    if not number or context.resilient_parsing:
        return number
    from ecps_cli.exports.to_eml import ticket_mark

    if not ticket_mark(number):
        raise typer.BadParameter(f"« {number} » n’est pas un numéro de ticket. Écrivez 4711 (GLPI) ou R-004711 (iTop).")
    return number


def short_label(context: typer.Context, case: str) -> str:
    """The label of a case, its codes masked; raise BadParameter where it is too long."""
    if not case or context.resilient_parsing:  # a shell asks for a completion
        return case
    from ecps_cli.core.masking import MASKED, hides, masked
    from ecps_cli.core.moves import LONGEST_LABEL

    label = masked(case)
    if len(label) > LONGEST_LABEL:
        raise typer.BadParameter(f"« {label} » a plus de {LONGEST_LABEL} caractères. Raccourcissez ce dossier.")
    if hides(case):
        say_problem(MASKED)
    return label
